import type { ReadDb } from '../db'
import { bookOf } from './books'
import { findBySource, type SourceKind } from './entries.repository'

export { type BooksSummary, booksAgree, summariseBooks } from './booksSummary'
export { ensureAccount, openChart } from './chartOfAccounts'
export { publicEntryId } from './entryId'
export type { ExplainSource } from './explain'
export { exportJournal } from './export/exportJournal'
export { type ImportRequest, LedgerImporter } from './import/importer'
export { type LedgerDeps, ledgerHandlers } from './ledger.handlers'
export { type LedgerFileDeps, ledgerFileHandlers } from './ledgerFiles.handlers'
export { postingDate } from './periodClose'
export { type NewEntry, post } from './posting'
export { type RecountDifference, recount } from './recount'
export { type NewReversal, reverse } from './reversal'

/** The number of the entry that a source caused; undefined when it has none. */
export function entryBySource(r: ReadDb, businessId: string, kind: SourceKind, id: string): number | undefined {
  return findBySource(r, bookOf(r, businessId), kind, id)
}
