import { type ReadDb, sql } from '../db'

/** Sends of one kind and business that wait. */
export interface HeldWork {
  readonly kind: string
  readonly businessId: string
  readonly count: number
  /** When the first of them was decided. UTC epoch milliseconds. */
  readonly oldestAt: number
}

/** What would be sent if nothing held the outbox back, by kind and business, oldest first. Rows that wait for a key are not among it. */
export function heldWork(r: ReadDb): HeldWork[] {
  return r.all<HeldWork>(sql`SELECT kind, business_id AS businessId, count(*) AS count, min(created_at) AS oldestAt
    FROM outbox WHERE state = 'waiting' GROUP BY kind, business_id ORDER BY oldestAt, kind, businessId`)
}
