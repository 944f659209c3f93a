import type { JournalEntry } from '../../../../shared/contract/ledger'
import { type ReadDb, sql } from '../../db'
import { andVisible, type Book, hiddenImports } from '../books'
import { readEntries } from '../entries.repository'
import { scalar } from '../scalar'

const pageSize = 200

/** Names of the accounts that have postings. */
export function usedAccounts(r: ReadDb, book: Book): string[] {
  const visible = andVisible(hiddenImports(r, book.id), sql`t.import_id`)
  return r
    .all<{ name: string }>(sql`
      SELECT DISTINCT a.name FROM account_total t JOIN account a ON a.id = t.account_id
      WHERE t.book_id = ${book.id} ${visible} ORDER BY a.name`)
    .map((row) => row.name)
}

/** Currencies that have postings. */
export function usedCurrencies(r: ReadDb, book: Book): string[] {
  const visible = andVisible(hiddenImports(r, book.id), sql`import_id`)
  return r
    .all<{ currency: string }>(
      sql`SELECT DISTINCT currency FROM account_total WHERE book_id = ${book.id} ${visible} ORDER BY currency`,
    )
    .map((row) => row.currency)
}

/** Number of entries that an export would hold. */
export function entryCount(r: ReadDb, book: Book): number {
  const visible = andVisible(hiddenImports(r, book.id), sql`import_id`)
  return scalar(r, sql`SELECT sum(entries) AS value FROM entry_day WHERE book_id = ${book.id} ${visible}`)
}

/**
 * Every entry of a business by day and number, as the books stood when the first page was read: what is posted or published meanwhile is
 * left out. Read page by page, so that nothing is held open in between.
 */
export function* journalPages(r: ReadDb, book: Book): Generator<JournalEntry[]> {
  const visible = andVisible(hiddenImports(r, book.id), sql`import_id`)
  const last = scalar(r, sql`SELECT max(id) AS value FROM journal_entry`)
  let after = { occurredOn: '', id: 0 }
  for (;;) {
    const rows = r.all<typeof after>(sql`
      SELECT occurred_on AS occurredOn, id FROM journal_entry
      WHERE book_id = ${book.id} AND (occurred_on, id) > (${after.occurredOn}, ${after.id}) AND id <= ${last} ${visible}
      ORDER BY occurred_on, id LIMIT ${pageSize}`)
    const end = rows.at(-1)
    if (end === undefined) return
    yield readEntries(
      r,
      book.businessId,
      rows.map((row) => row.id),
    )
    after = end
  }
}
