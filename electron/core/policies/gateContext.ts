import { type LocalTime, localTime } from '../../../shared/domain/localTime'
import { findRate, getBusiness } from '../businesses/index'
import type { ReadDb } from '../db/index'
import { sql } from '../db/index'
import type { CommandFacts } from '../dispatch/handler'
import { inQuarantine } from '../payees/index'
import { actorClassOf } from './actorClass'
import { doneOn, paidBefore, paidSince } from './commandFacts.repository'
import type { History, RateLookup, Subject } from './subject'

const hourMs = 3_600_000

/** A command that rules are held against. */
export interface Asked {
  readonly procedure: string
  readonly actor: string
  /** UTC epoch milliseconds. */
  readonly now: number
  readonly facts: CommandFacts
}

/** The calendar and clock for what is of no business: those of the vault's first one, since its owner lives by them. */
function homeZone(db: ReadDb): string {
  return db.get<{ zone: string }>(sql`SELECT time_zone AS zone FROM business ORDER BY created_at, id LIMIT 1`)?.zone ?? 'UTC'
}

/** The calendar day and minute of a business at an instant. */
export function localTimeOf(db: ReadDb, businessId: string | null, at: number): LocalTime {
  return localTime(businessId === null ? homeZone(db) : getBusiness(db, businessId).timeZone, at)
}

/** How long a rate that somebody but the owner set has to stand before rules compare by it: it could be made for the amount. */
const rateStandsMs = 24 * hourMs

/**
 * The exchange rates of a business as stored for a day; none for what is of no business.
 * @param now of the command that is judged, UTC epoch milliseconds; left out where the past is looked at, whose rates have stood
 */
export function ratesOn(db: ReadDb, businessId: string | null, date: string, now?: number): RateLookup {
  const stoodSince = now === undefined ? undefined : now - rateStandsMs
  return (from, to) => (businessId === null ? null : findRate(db, businessId, from, to, date, stoodSince))
}

/** A command as rules look at it. */
export function subjectOf(db: ReadDb, { procedure, actor, now, facts }: Asked): Subject {
  const { businessId, amount, payee, sensitive = false } = facts
  return {
    procedure,
    actor: actorClassOf(actor),
    local: localTimeOf(db, businessId, now),
    amount,
    base: businessId === null ? null : getBusiness(db, businessId).currency,
    payee,
    sensitive,
  }
}

/** What was done before a command, read where a rule asks for it. */
export function historyOf(db: ReadDb, { now, facts }: Asked, { local }: Subject): History {
  const { businessId, payee } = facts
  return {
    rateOf: ratesOn(db, businessId, local.date, now),
    doneToday: (procedure) => doneOn(db, businessId, procedure, local.date),
    paidWithin: (procedures, hours) =>
      payee === null ? [] : paidSince(db, { businessId, payee, procedures, after: now - hours * hourMs }),
    paidBefore: (procedures) => payee !== null && paidBefore(db, { businessId, payee, procedures }),
    inQuarantine: () => payee !== null && inQuarantine(db, businessId, payee, now),
  }
}
