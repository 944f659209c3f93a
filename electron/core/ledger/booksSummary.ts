import { createHash } from 'node:crypto'
import { type ReadDb, sql } from '../db'
import { recount } from './recount'

/** The books of all businesses in two numbers, for holding one copy of a vault against another. */
export interface BooksSummary {
  /** Journal entries, hidden ones of imports under way among them. */
  readonly entries: number
  /** SHA-256 over every kept total by account and currency, in hex: equal when the trial balances are. */
  readonly balances: string
}

export function summariseBooks(r: ReadDb): BooksSummary {
  const hash = createHash('sha256')
  const totals = r.iterate<{
    line: string
  }>(sql`SELECT book_id || ' ' || account_id || ' ' || currency || ' ' || import_id || ' ' || minor AS line
    FROM account_total ORDER BY book_id, account_id, currency, import_id`)
  for (const { line } of totals) hash.update(`${line}\n`)
  const entries = r.get<{ n: number }>(sql`SELECT count(*) AS n FROM journal_entry`)?.n ?? 0
  return { entries, balances: hash.digest('hex') }
}

/** Whether the kept sums of every business are what its postings give, see `recount`. Reads every journal. */
export function booksAgree(r: ReadDb): boolean {
  return r.all<{ id: string }>(sql`SELECT id FROM business`).every(({ id }) => recount(r, id).length === 0)
}
