import { createHash } from 'node:crypto'
import { type ReadDb, sql, type WriteDb } from '../db'

/**
 * Tells a restored profile from the vault that it was made from, which has the same id: each keeps its heads in places of its own outside
 * the data folder, since after the restore their logs differ. Null for a vault that was never restored.
 */
export function auditProfile(r: ReadDb): string | null {
  return r.get<{ id: string }>(sql`SELECT id FROM audit_profile`)?.id ?? null
}

/** The profile of a restore: of which backup, and when. */
export function profileOfRestore({ backupId, restoredAt }: { readonly backupId: string; readonly restoredAt: number }): string {
  return createHash('sha256').update(`${backupId}/${restoredAt}`).digest('hex').slice(0, 12)
}

export function keepAuditProfile(w: WriteDb, id: string): void {
  w.run(sql`INSERT INTO audit_profile (only_one, id) VALUES (1, ${id}) ON CONFLICT (only_one) DO UPDATE SET id = excluded.id`)
}
