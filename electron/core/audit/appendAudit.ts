import type { WriteDb } from '../db'
import type { AuditDetail } from '../dispatch/handler'
import { insertRow, insertSubject, lastRow } from './audit.repository'
import { type AuditEntry, link, noHash } from './chain'
import { subjectsOf } from './subjects'

export interface NewAuditRow extends AuditEntry {
  readonly details: Readonly<Record<string, AuditDetail>>
}

/**
 * Writes an audit row in the transaction of what it records, linked to the row before it.
 * @returns the row's number: 1, 2, 3, ...
 * @throws TypeError when a name is empty, too long or not printable, or when `details` are no JSON; the transaction must then roll back.
 */
export function appendAudit(w: WriteDb, row: NewAuditRow): { seq: number } {
  const last = lastRow(w)
  const stored = link(row, (last?.seq ?? 0) + 1, last?.hash ?? noHash)
  insertRow(w, stored)
  for (const subject of subjectsOf(row.details)) insertSubject(w, stored.seq, subject)
  return { seq: stored.seq }
}
