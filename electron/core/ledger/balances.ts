import { AppError } from '../../../shared/errors'
import { sql, type WriteDb } from '../db'
import { scalar } from './scalar'

/** Months in the summary tables are numbers: 202601 for January 2026. */
export function monthNumber(on: string): number {
  return Number(on.slice(0, 4)) * 100 + Number(on.slice(5, 7))
}

export interface BalanceDelta {
  readonly accountId: number
  readonly currency: string
  readonly month: number
  readonly minor: number
}

const addBalance = `
  INSERT INTO balance (book_id, account_id, currency, month, import_id, minor) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (book_id, account_id, currency, month, import_id) DO UPDATE SET minor = minor + excluded.minor`
const addTotal = `
  INSERT INTO account_total (book_id, account_id, currency, import_id, minor) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (book_id, account_id, currency, import_id) DO UPDATE SET minor = minor + excluded.minor`

/** Adds postings to the balances of their month and of all time. `importId` 0: visible at once; else with the import. */
export function addBalances(w: WriteDb, bookId: number, importId: number, deltas: readonly BalanceDelta[]): void {
  const statement = w.prepare(addBalance)
  for (const { accountId, currency, month, minor } of deltas) {
    statement.run(bookId, accountId, currency, month, importId, minor)
  }
  addTotals(w, bookId, importId, deltas)
}

/** Adds postings to the balances of all time alone. */
export function addTotals(w: WriteDb, bookId: number, importId: number, deltas: readonly BalanceDelta[]): void {
  const statement = w.prepare(addTotal)
  for (const { accountId, currency, minor } of deltas) statement.run(bookId, accountId, currency, importId, minor)
}

const addEntryDay = `
  INSERT INTO entry_day (book_id, occurred_on, import_id, entries, unvalued) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (book_id, occurred_on, import_id)
  DO UPDATE SET entries = entries + excluded.entries, unvalued = unvalued + excluded.unvalued`

/** Entries of one day, and those among them without a base value. */
export interface EntryCount {
  readonly occurredOn: string
  readonly entries: number
  readonly unvalued: number
}

export function addEntryCount(w: WriteDb, bookId: number, importId: number, count: EntryCount): void {
  w.prepare(addEntryDay).run(bookId, count.occurredOn, importId, count.entries, count.unvalued)
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
  const before = scalar(
    w,
    sql`SELECT sum(debit_minor) AS value FROM turnover WHERE book_id = ${bookId} AND currency = ${currency}`,
  )
  const total = BigInt(before) + debits
  if (total > BigInt(Number.MAX_SAFE_INTEGER)) throw tooLarge(currency)
  w.prepare(addTurnover).run(bookId, currency, importId, Number(debits))
}

export function tooLarge(currency: string): AppError {
  return new AppError(
    'invalid_input',
    `The amounts in ${currency} are larger than these books can keep exactly. Nothing was posted. Check the amounts.`,
  )
}
