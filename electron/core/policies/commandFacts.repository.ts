import type { LocalTime } from '../../../shared/domain/localTime'
import type { Money } from '../../../shared/domain/money'
import { joinSql, type ReadDb, type SqlFragment, sql, type WriteDb } from '../db/index'

/** What an executed or parked command stated. */
export interface CommandFact {
  readonly auditSeq: number
  readonly at: number
  readonly local: LocalTime
  readonly procedure: string
  readonly businessId: string | null
  readonly actor: string
  readonly amount: Money | null
  /** The amount in the business's currency at the rate of the time; null where none was stored. */
  readonly baseMinor: number | null
  readonly payee: string | null
  readonly sensitive: boolean
  readonly outcome: 'done' | 'parked'
  /** The approval that it was parked as, or carried out after. */
  readonly approvalId: string | null
}

/** Writes what a command stated, in the transaction of its audit row. */
export function insertCommandFact(w: WriteDb, fact: CommandFact): void {
  w.run(sql`INSERT INTO command_fact (audit_seq, at, on_date, minute, procedure, business_id, actor, amount_minor, amount_currency,
                                      base_minor, payee, sensitive, outcome, approval_id)
            VALUES (${fact.auditSeq}, ${fact.at}, ${fact.local.date}, ${fact.local.minute}, ${fact.procedure}, ${fact.businessId},
                    ${fact.actor}, ${fact.amount?.minor ?? null}, ${fact.amount?.currency ?? null}, ${fact.baseMinor}, ${fact.payee},
                    ${fact.sensitive ? 1 : 0}, ${fact.outcome}, ${fact.approvalId})`)
}

const doneWithAmount = sql`outcome = 'done' AND amount_minor IS NOT NULL`

function oneOf(names: readonly string[]): SqlFragment {
  return joinSql(
    names.map((name) => sql`${name}`),
    ', ',
  )
}

/** A sum in two parts, and how many amounts have no value. */
interface Halves {
  readonly high: number
  readonly low: number
  readonly unstated: number
}

/**
 * Sum of what a procedure did on a day of the business, in its currency; null where one amount has no value in it.
 * Summed in two halves, each exact as a double however many there are, since the engine refuses an integer sum that passes 64 bits.
 */
export function doneOn(db: ReadDb, businessId: string | null, procedure: string, date: string): bigint | null {
  const { high, low, unstated } = db.get<Halves>(
    sql`SELECT total(base_minor >> 20) AS high, total(base_minor & 1048575) AS low, count(*) - count(base_minor) AS unstated
        FROM command_fact WHERE business_id IS ${businessId} AND procedure = ${procedure} AND on_date = ${date} AND ${doneWithAmount}`,
  ) as Halves
  return unstated > 0 ? null : (BigInt(high) << 20n) + BigInt(low)
}

/** What each command of the procedures paid to a payee after an instant, in the business's currency. */
export function* paidSince(
  db: ReadDb,
  of: {
    readonly businessId: string | null
    readonly payee: string
    readonly procedures: readonly string[]
    readonly after: number
  },
): Generator<number | null> {
  const rows = db.all<{ base: number | null }>(
    sql`SELECT base_minor AS base FROM command_fact
        WHERE business_id IS ${of.businessId} AND payee = ${of.payee} AND procedure IN (${oneOf(of.procedures)}) AND at > ${of.after}
          AND ${doneWithAmount}`,
  )
  for (const { base } of rows) yield base
}

/** Whether one of the procedures was done to a payee before. */
export function paidBefore(
  db: ReadDb,
  of: { readonly businessId: string | null; readonly payee: string; readonly procedures: readonly string[] },
): boolean {
  return (
    db.get(
      sql`SELECT 1 FROM command_fact
          WHERE business_id IS ${of.businessId} AND payee = ${of.payee} AND procedure IN (${oneOf(of.procedures)}) AND ${doneWithAmount}
          LIMIT 1`,
    ) !== undefined
  )
}
