import { setImmediate } from 'node:timers/promises'
import { appendAudit } from '../audit/index'
import type { Database, ReadDb, WriteDb } from '../db'
import { sql } from '../db'
import { type Head, headsDueBy, idsDeletedBy, retiringIds } from './heads.repository'
import type { Items } from './items'
import { deleteRemovedFiles } from './removedFiles'
import { dayMs, type Stage, stagesReached } from './rotationPolicy'
import { retire } from './rotations'
import type { Act } from './secretItems'

/** How long a deleted item can be brought back. */
export const daysInBin = 30

const itemsAtOnce = 20

/** Work of the schedule is in the log with a row of its own, which proves the uses that it records. */
function scheduledAct(w: WriteDb, procedure: string, secretIds: readonly string[], now: number): { act: Act; auditSeq: number } {
  const act: Act = { actor: 'schedule:secrets', door: 'schedule', procedure, now }
  const { seq } = appendAudit(w, {
    at: now,
    actor: act.actor,
    door: act.door,
    procedure,
    businessId: null,
    outcome: 'done',
    details: { secretIds },
  })
  return { act, auditSeq: seq }
}

/** Retires the old values whose overlap has ended. @returns ids of their items */
export function retireRotations(w: WriteDb, items: Items, now: number): string[] {
  const ids = retiringIds(w, now)
  if (ids.length === 0) return ids
  const { act, auditSeq } = scheduledAct(w, 'secrets.retire', ids, now)
  for (const id of ids) retire(w, items, id, act, auditSeq)
  return ids
}

/**
 * Destroys what has been in the bin for 30 days, and the content of files that were removed, in short transactions.
 * @returns how many items are gone for good
 */
export async function purgeBin(database: Database, items: Items, now: number): Promise<number> {
  let destroyed = 0
  for (;;) {
    const ids = database.write((w) => {
      const due = idsDeletedBy(w, now - daysInBin * dayMs, itemsAtOnce)
      if (due.length === 0) return due
      const { act, auditSeq } = scheduledAct(w, 'secrets.purge', due, now)
      for (const id of due) items.destroyFor(w, id, act, auditSeq)
      return due
    })
    destroyed += ids.length
    if (ids.length < itemsAtOnce) break
    await setImmediate()
  }
  await deleteRemovedFiles(database)
  return destroyed
}

/** One warning that an item is due. */
export interface DueNotice {
  readonly secretId: string
  readonly businessId: string | null
  readonly title: string
  readonly dueAt: number
  /** The most pressing stage reached: days left, or overdue. */
  readonly stage: Stage
}

interface Warned {
  readonly secretId: string
  readonly dueAt: number
  readonly stage: Stage
}

/** What must be warned about now: items that reached a stage of which nobody was told yet, soonest first. */
export function dueNotices(r: ReadDb, now: number): DueNotice[] {
  const heads = headsDueBy(r, now + 14 * dayMs)
  const given = new Set(
    r
      .all<Warned>(sql`SELECT secret_id AS secretId, due_at AS dueAt, stage FROM secret_warning`)
      .map(({ secretId, dueAt, stage }) => `${secretId} ${dueAt} ${stage}`),
  )
  return heads.flatMap(({ id, businessId, title, dueAt, phase }) => {
    const stage = dueAt === null ? undefined : stagesReached(dueAt, now).at(-1)
    if (dueAt === null || stage === undefined || phase === 'added' || phase === 'tested') return []
    return given.has(`${id} ${dueAt} ${stage}`) ? [] : [{ secretId: id, businessId, title, dueAt, stage }]
  })
}

/** Remembers that warnings were given: none is given twice for the same item, due date and stage. */
export function markWarned(w: WriteDb, notices: readonly DueNotice[], now: number): void {
  for (const { secretId, dueAt, stage } of notices) {
    w.run(sql`INSERT INTO secret_warning (secret_id, due_at, stage, at) VALUES (${secretId}, ${dueAt}, ${stage}, ${now})
      ON CONFLICT DO NOTHING`)
  }
}

/** How much is due, for the week's summary. */
export interface DueSummary {
  readonly overdue: readonly DueItem[]
  /** Within 7 days, then within 30. */
  readonly week: readonly DueItem[]
  readonly month: readonly DueItem[]
}

export interface DueItem {
  readonly secretId: string
  readonly businessId: string | null
  readonly title: string
  readonly dueAt: number
}

/** What is overdue and what comes due, each item once, soonest first. */
export function weeklySummary(r: ReadDb, now: number): DueSummary {
  const items = headsDueBy(r, now + 30 * dayMs).flatMap(itemOf)
  return {
    overdue: items.filter(({ dueAt }) => dueAt <= now),
    week: items.filter(({ dueAt }) => dueAt > now && dueAt <= now + 7 * dayMs),
    month: items.filter(({ dueAt }) => dueAt > now + 7 * dayMs),
  }
}

function itemOf({ id, businessId, title, dueAt }: Head): DueItem[] {
  return dueAt === null ? [] : [{ secretId: id, businessId, title, dueAt }]
}
