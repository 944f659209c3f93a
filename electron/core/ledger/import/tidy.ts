import { type Database, sql, type WriteDb } from '../../db'
import { addBalances, addDebits, addEntryCount, addTotals, type BalanceDelta, type EntryCount } from '../balances'
import { markTidied, nextUntidy, type UntidyImport } from './imports.repository'
import { inSlices, type SliceOptions } from './slices'

/** Rows handled between two looks at the clock. */
const batch = 100

/**
 * Clears up after imports that have ended, in short transactions: rows of cancelled and failed ones are deleted, sums of published ones are
 * folded into those of the books. What readers see does not change. Stopped at any point it goes on where it was the next time.
 */
export async function tidyImports(database: Database, options: SliceOptions & { readonly signal: AbortSignal }): Promise<void> {
  for (let ended = nextUntidy(database.read); ended; ended = nextUntidy(database.read)) {
    const current = ended
    let from = current.firstEntry
    await inSlices(database, options, (w, more) => {
      while (more()) {
        if (current.status === 'published') {
          if (foldBalances(w, current)) continue
          foldCounts(w, current)
        } else {
          const next = sweepEntries(w, current, from)
          if (next !== null) {
            from = next
            continue
          }
          if (sweepSums(w, current) || sweepAccounts(w, current)) continue
        }
        markTidied(w, current.id)
        return true
      }
      return false
    })
  }
}

/** Deletes some entries of an import from a number on. @returns the number to go on from, or null when none are left */
function sweepEntries(w: WriteDb, { id }: UntidyImport, from: number): number | null {
  const entries = w.all<{ id: number }>(
    sql`SELECT id FROM journal_entry WHERE id >= ${from} AND import_id = ${id} ORDER BY id LIMIT ${batch}`,
  )
  for (const entry of entries) {
    w.run(sql`DELETE FROM posting WHERE entry_id = ${entry.id}`)
    w.run(sql`DELETE FROM journal_entry WHERE id = ${entry.id}`)
  }
  return entries.at(-1)?.id ?? null
}

function sweepSums(w: WriteDb, ended: UntidyImport): boolean {
  if (takeBalances(w, ended).length > 0) return true
  takeCounts(w, ended)
  return false
}

function sweepAccounts(w: WriteDb, { id, bookId }: UntidyImport): boolean {
  const { changes } = w.run(sql`
    DELETE FROM account WHERE id IN (SELECT id FROM account WHERE book_id = ${bookId} AND import_id = ${id} LIMIT ${batch})`)
  return changes > 0
}

function foldBalances(w: WriteDb, ended: UntidyImport): boolean {
  const rows = takeBalances(w, ended)
  addBalances(w, ended.bookId, 0, rows)
  return rows.length > 0
}

function foldCounts(w: WriteDb, ended: UntidyImport): void {
  const { days, turnovers } = takeCounts(w, ended)
  for (const day of days) addEntryCount(w, ended.bookId, 0, day)
  for (const { currency, debits } of turnovers) addDebits(w, ended.bookId, 0, currency, BigInt(debits))
}

/** Removes some of an import's own monthly sums, also from its totals. */
function takeBalances(w: WriteDb, { id, bookId }: UntidyImport): BalanceDelta[] {
  const rows = w.all<BalanceDelta>(sql`
    DELETE FROM balance WHERE (book_id, account_id, currency, month, import_id) IN (
      SELECT book_id, account_id, currency, month, import_id FROM balance
      WHERE book_id = ${bookId} AND import_id = ${id} LIMIT ${batch * 10})
    RETURNING account_id AS accountId, currency, month, minor`)
  addTotals(
    w,
    bookId,
    id,
    rows.map((row) => ({ ...row, minor: -row.minor })),
  )
  return rows
}

/** Removes an import's own counts, debits and totals, which are zero once its monthly sums are taken. */
function takeCounts(w: WriteDb, { id, bookId }: UntidyImport) {
  w.run(sql`DELETE FROM account_total WHERE book_id = ${bookId} AND import_id = ${id}`)
  const days = w.all<EntryCount>(sql`
    DELETE FROM entry_day WHERE book_id = ${bookId} AND import_id = ${id}
    RETURNING occurred_on AS occurredOn, entries, unvalued`)
  const turnovers = w.all<{ currency: string; debits: number }>(sql`
    DELETE FROM turnover WHERE book_id = ${bookId} AND import_id = ${id} RETURNING currency, debit_minor AS debits`)
  return { days, turnovers }
}
