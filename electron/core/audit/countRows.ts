import { type ReadDb, sql } from '../db'
import { hashOf, lastRow } from './audit.repository'

/** Where the log ends: the number of its last row, which is also how many there are, and that row's hash, which binds all before it. */
export function auditEnd(r: ReadDb): { readonly rows: number; readonly hash: string } {
  const last = lastRow(r)
  return { rows: last?.seq ?? 0, hash: Buffer.from(last?.hash ?? []).toString('hex') }
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

/** Hash of one row, in hex; empty for row 0 and where there is no such row. */
export function auditHashAt(r: ReadDb, seq: number): string {
  return Buffer.from(hashOf(r, seq) ?? []).toString('hex')
}
