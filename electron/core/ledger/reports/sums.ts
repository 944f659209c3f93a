import type { AccountType } from '../../../../shared/domain/ids'
import { accountTypes } from '../../../../shared/domain/ids'
import { type ReadDb, type SqlFragment, sql } from '../../db'
import { andVisible, andVisibleDay, type Book, hiddenImports } from '../books'
import { scalar } from '../scalar'
import { type ThroughDay, throughDay } from './monthPart'

export interface AccountSum {
  readonly account: string
  readonly type: AccountType
  readonly currency: string
  readonly minor: number
}

/**
 * Balances of all accounts per currency through a day (null: of everything), in the order of reports; zeros left out. Made of the totals of
 * all time less the months after, so that a recent day costs about as little as none.
 */
export function sumsThrough(r: ReadDb, book: Book, asOf: string | null): AccountSum[] {
  const hidden = hiddenImports(r, book.id)
  const later = asOf === null ? sql`` : lessLater(book, throughDay(asOf), hidden)
  return r
    .all<AccountSum>(sql`
      SELECT a.name AS account, a.type, t.currency, t.minor ${later} AS minor
      FROM (
        SELECT account_id, currency, sum(minor) AS minor FROM account_total
        WHERE book_id = ${book.id} ${andVisible(hidden, sql`import_id`)} GROUP BY account_id, currency
      ) t JOIN account a ON a.id = t.account_id`)
    .filter((row) => row.minor !== 0)
    .sort(inReportOrder)
}

function lessLater(book: Book, { lastMonth, days }: ThroughDay, hidden: readonly number[]): SqlFragment {
  const months = sql`- coalesce((
    SELECT sum(b.minor) FROM balance b
    WHERE b.book_id = ${book.id} AND b.account_id = t.account_id AND b.currency = t.currency AND b.month > ${lastMonth}
      ${andVisible(hidden, sql`b.import_id`)}), 0)`
  if (days === null) return months
  return sql`${months} + ${days.sign} * coalesce((
    SELECT sum(p.amount_minor) FROM posting p
    WHERE p.account_id = t.account_id AND p.currency = t.currency AND p.occurred_on BETWEEN ${days.from} AND ${days.to}
      ${andVisible(hidden, sql`p.import_id`)} ${andVisibleDay(book.id, hidden, sql`p.occurred_on`, days)}), 0)`
}

/** Number of entries without a base value through a day (null: of all). */
export function unvaluedThrough(r: ReadDb, book: Book, asOf: string | null): number {
  const visible = andVisible(hiddenImports(r, book.id), sql`import_id`)
  const through = asOf === null ? sql`` : sql`AND occurred_on <= ${asOf}`
  return scalar(r, sql`SELECT sum(unvalued) AS value FROM entry_day WHERE book_id = ${book.id} ${through} ${visible}`)
}

/** Assets, liabilities, equity, income, expenses; within a type by name and currency. */
export function inReportOrder(
  a: { type: AccountType; account: string; currency: string },
  b: { type: AccountType; account: string; currency: string },
): number {
  return (
    accountTypes.indexOf(a.type) - accountTypes.indexOf(b.type) ||
    compareText(a.account, b.account) ||
    compareText(a.currency, b.currency)
  )
}

/** Order by code units, which no locale changes. */
export function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
