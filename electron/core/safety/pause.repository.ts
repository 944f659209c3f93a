import { type ReadDb, sql, type WriteDb } from '../db'

/** Why and since when everything is paused. */
export interface PauseRow {
  /** UTC epoch milliseconds. */
  readonly since: number
  readonly by: string
  readonly reason: string | null
  /** Number of the last audit row before the pause. */
  readonly afterAuditRow: number
}

/** @returns undefined while nothing is paused */
export function readPause(r: ReadDb): PauseRow | undefined {
  return r.get<PauseRow>(
    sql`SELECT since, by_actor AS "by", reason, after_audit_row AS afterAuditRow FROM pause WHERE only_one = 1`,
  )
}

/** Nothing happens when everything is paused already: the first pause stays. @returns whether it was begun now */
export function beginPause(w: WriteDb, pause: PauseRow): boolean {
  return (
    w.run(sql`INSERT INTO pause (only_one, since, by_actor, reason, after_audit_row)
      VALUES (1, ${pause.since}, ${pause.by}, ${pause.reason}, ${pause.afterAuditRow}) ON CONFLICT DO NOTHING`).changes > 0
  )
}

/** @returns whether there was a pause */
export function endPause(w: WriteDb): boolean {
  return w.run(sql`DELETE FROM pause`).changes > 0
}
