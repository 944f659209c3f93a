import { type ReadDb, sql } from '../db'
import { lastRow } from './audit.repository'

/** Number of the last audit row; 0 when there is none. */
export function lastAuditRow(r: ReadDb): number {
  return lastRow(r)?.seq ?? 0
}

/** How often a procedure has ended in one way since a row. */
export function countOutcomes(
  r: ReadDb,
  wanted: { readonly after: number; readonly procedure: string; readonly outcome: string },
): number {
  return (
    r.get<{ n: number }>(sql`SELECT count(*) AS n FROM audit_row
      WHERE seq > ${wanted.after} AND procedure = ${wanted.procedure} AND outcome = ${wanted.outcome}`)?.n ?? 0
  )
}
