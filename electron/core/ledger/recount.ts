import { type ReadDb, type Sql, sql } from '../db'
import { andVisible, bookOf, hiddenImports } from './books'

/** A difference between the kept sums and the postings; a sound database has none. */
export interface RecountDifference {
  readonly sum: 'balance' | 'total' | 'entries' | 'unvalued' | 'turnover'
  /** Account number, currency and month, as far as the sum is kept by them. */
  readonly key: string
  readonly kept: number
  readonly counted: number
}

/**
 * Sums every visible entry and posting of a business again and compares with the kept sums.
 * Reads the whole journal: in the order of a second for a million entries.
 */
export function recount(r: ReadDb, businessId: string): RecountDifference[] {
  const book = bookOf(r, businessId)
  const visible = andVisible(hiddenImports(r, book.id), sql`import_id`)
  const month = sql`CAST(substr(occurred_on, 1, 4) || substr(occurred_on, 6, 2) AS INTEGER)`
  const ours = sql`account_id IN (SELECT id FROM account WHERE book_id = ${book.id}) ${visible}`
  const compare = (sum: RecountDifference['sum'], kept: Sql, counted: Sql): RecountDifference[] => {
    const read = (query: Sql) => new Map(r.all<{ key: string; value: number }>(query).map((row) => [row.key, row.value]))
    const left = read(kept)
    const right = read(counted)
    return [...new Set([...left.keys(), ...right.keys()])]
      .map((key) => ({ sum, key, kept: left.get(key) ?? 0, counted: right.get(key) ?? 0 }))
      .filter((row) => row.kept !== row.counted)
  }
  return [
    ...compare(
      'balance',
      sql`
        SELECT account_id || ' ' || currency || ' ' || month AS key, sum(minor) AS value FROM balance
        WHERE book_id = ${book.id} ${visible} GROUP BY account_id, currency, month`,
      sql`
        SELECT account_id || ' ' || currency || ' ' || ${month} AS key, sum(amount_minor) AS value FROM posting
        WHERE ${ours} GROUP BY account_id, currency, ${month}`,
    ),
    ...compare(
      'total',
      sql`
        SELECT account_id || ' ' || currency AS key, sum(minor) AS value FROM account_total
        WHERE book_id = ${book.id} ${visible} GROUP BY account_id, currency`,
      sql`
        SELECT account_id || ' ' || currency AS key, sum(amount_minor) AS value FROM posting
        WHERE ${ours} GROUP BY account_id, currency`,
    ),
    ...compare(
      'entries',
      sql`SELECT '' || month AS key, sum(entries) AS value FROM entry_month WHERE book_id = ${book.id} ${visible} GROUP BY month`,
      sql`
        SELECT '' || ${month} AS key, count(*) AS value FROM journal_entry
        WHERE book_id = ${book.id} ${visible} GROUP BY ${month}`,
    ),
    ...compare(
      'unvalued',
      sql`SELECT '' || month AS key, sum(unvalued) AS value FROM entry_month WHERE book_id = ${book.id} ${visible} GROUP BY month`,
      sql`
        SELECT '' || ${month} AS key, count(*) AS value FROM journal_entry
        WHERE book_id = ${book.id} AND valued = 0 ${visible} GROUP BY ${month}`,
    ),
    ...compare(
      'turnover',
      sql`SELECT currency AS key, sum(debit_minor) AS value FROM turnover WHERE book_id = ${book.id} ${visible} GROUP BY currency`,
      sql`SELECT currency AS key, sum(max(amount_minor, 0)) AS value FROM posting WHERE ${ours} GROUP BY currency`,
    ),
  ]
}
