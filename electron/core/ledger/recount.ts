import { type ReadDb, type Sql, sql } from '../db'
import { andVisible, bookOf, hiddenImports } from './books'

/** A difference between the kept sums and the postings; a sound database has none. */
export interface RecountDifference {
  readonly sum: 'balance' | 'total' | 'entries' | 'unvalued' | 'turnover'
  /** Account number, currency and month, or day, as far as the sum is kept by them. */
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
    ...(['entries', 'unvalued'] as const).flatMap((sum) =>
      compare(
        sum,
        sql`
          SELECT occurred_on AS key, sum(${sum === 'entries' ? sql`entries` : sql`unvalued`}) AS value FROM entry_day
          WHERE book_id = ${book.id} ${visible} GROUP BY occurred_on`,
        sql`
          SELECT occurred_on AS key, sum(${sum === 'entries' ? sql`1` : sql`valued = 0`}) AS value FROM journal_entry
          WHERE book_id = ${book.id} ${visible} GROUP BY occurred_on`,
      ),
    ),
    ...compare(
      'turnover',
      sql`SELECT currency AS key, sum(debit_minor) AS value FROM turnover WHERE book_id = ${book.id} ${visible} GROUP BY currency`,
      sql`SELECT currency AS key, sum(max(amount_minor, 0)) AS value FROM posting WHERE ${ours} GROUP BY currency`,
    ),
  ]
}
