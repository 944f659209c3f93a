import { AppError } from '../../../shared/errors'
import { sql, type WriteDb } from '../db'

/** Months in the summary tables are numbers: 202601 for January 2026. */
export function monthNumber(on: string): number {
  return Number(on.slice(0, 4)) * 100 + Number(on.slice(5, 7))
}

/** The month `YYYY-MM` of a month number. */
export function monthName(month: number): string {
  return `${String(Math.floor(month / 100)).padStart(4, '0')}-${String(month % 100).padStart(2, '0')}`
}

export interface BalanceDelta {
  readonly accountId: number
  readonly currency: string
  readonly month: number
  readonly minor: number
}

const addBalance = `
  INSERT INTO balance (account_id, currency, month, import_id, book_id, minor) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (account_id, currency, month, import_id) DO UPDATE SET minor = minor + excluded.minor`

/** Adds postings to the balances of their month. `importId` 0: visible at once; else with the import. */
export function addBalances(w: WriteDb, bookId: number, importId: number, deltas: Iterable<BalanceDelta>): void {
  const statement = w.prepare(addBalance)
  for (const { accountId, currency, month, minor } of deltas) {
    statement.run(accountId, currency, month, importId, bookId, minor)
  }
}

const addEntryMonth = `
  INSERT INTO entry_month (book_id, month, import_id, entries, unvalued) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (book_id, month, import_id)
  DO UPDATE SET entries = entries + excluded.entries, unvalued = unvalued + excluded.unvalued`

/** Counts entries of a month, and those among them without a base value. */
export function addEntryCount(
  w: WriteDb,
  bookId: number,
  importId: number,
  count: { readonly month: number; readonly entries: number; readonly unvalued: number },
): void {
  w.prepare(addEntryMonth).run(bookId, count.month, importId, count.entries, count.unvalued)
}

const addTurnover = `
  INSERT INTO turnover (book_id, currency, import_id, debit_minor) VALUES (?, ?, ?, ?)
  ON CONFLICT (book_id, currency, import_id) DO UPDATE SET debit_minor = debit_minor + excluded.debit_minor`

/**
 * Adds to the sum of all debits ever posted in a currency. As long as it is a safe integer, so is every balance and every report, whatever
 * part of the journal it covers.
 * @throws AppError invalid_input when the books would hold more than can be kept exactly
 */
export function addDebits(w: WriteDb, bookId: number, importId: number, currency: string, debits: bigint): void {
  const row = w.get<{ total: number }>(
    sql`SELECT coalesce(sum(debit_minor), 0) AS total FROM turnover WHERE book_id = ${bookId} AND currency = ${currency}`,
  )
  const total = BigInt(row?.total ?? 0) + debits
  if (total > BigInt(Number.MAX_SAFE_INTEGER)) throw tooLarge(currency)
  w.prepare(addTurnover).run(bookId, currency, importId, Number(debits))
}

export function tooLarge(currency: string): AppError {
  return new AppError(
    'invalid_input',
    `The amounts in ${currency} are larger than these books can keep exactly. Nothing was posted. Check the amounts.`,
  )
}
