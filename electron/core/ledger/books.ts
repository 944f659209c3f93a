import type { Business } from '../../../shared/contract/businesses'
import { getBusiness } from '../businesses'
import { type ReadDb, type SqlFragment, sql, type WriteDb } from '../db'
import { joinSql } from '../db/sql'

/** The books of one business: `id` stands for the business in the ledger's tables. */
export interface Book {
  readonly id: number
  readonly businessId: string
  /** Base currency. */
  readonly currency: string
}

/** @throws AppError not_found when there is no such business */
export function bookOf(r: ReadDb, businessId: string): Book {
  const { currency } = getBusiness(r, businessId)
  const row = r.get<{ id: number }>(sql`SELECT id FROM book WHERE business_id = ${businessId}`)
  if (!row) throw new Error('A business has no book')
  return { id: row.id, businessId, currency }
}

export function openBook(w: WriteDb, business: Business): Book {
  const { lastId } = w.run(sql`INSERT INTO book (business_id) VALUES (${business.id})`)
  return { id: lastId, businessId: business.id, currency: business.currency }
}

/** Imports of a book whose rows nobody may see: running ones, and failed ones that are not yet swept. Nearly always empty. */
export function hiddenImports(r: ReadDb, bookId: number): readonly number[] {
  return r
    .all<{ id: number }>(sql`SELECT id FROM import WHERE tidied = 0 AND status <> 'published' AND book_id = ${bookId}`)
    .map((row) => row.id)
}

/** A condition `AND ...` that leaves out the rows of hidden imports; empty when there are none. */
export function andVisible(hidden: readonly number[], importId: SqlFragment): SqlFragment {
  if (hidden.length === 0) return sql``
  const list = joinSql(
    hidden.map((id) => sql`${id}`),
    ', ',
  )
  return sql`AND coalesce(${importId}, 0) NOT IN (${list})`
}

/**
 * A condition `AND ...` that, where imports are hidden, jumps over days on which nothing else was posted: a hidden import may be a million
 * entries that a reader would otherwise pass one by one. Empty when there are none.
 */
export function andVisibleDay(
  bookId: number,
  hidden: readonly number[],
  day: SqlFragment,
  { from, to }: { readonly from: string; readonly to: string },
): SqlFragment {
  if (hidden.length === 0) return sql``
  return sql`AND ${day} IN (
    SELECT occurred_on FROM entry_day
    WHERE book_id = ${bookId} AND occurred_on BETWEEN ${from} AND ${to} ${andVisible(hidden, sql`import_id`)})`
}
