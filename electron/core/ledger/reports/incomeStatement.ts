import type { Output } from '../../../../shared/contract'
import { addDays, lastDayOf, monthsBetween } from '../../../../shared/domain/dates'
import type { AccountType } from '../../../../shared/domain/ids'
import { sumMinor } from '../../../../shared/domain/money'
import { AppError } from '../../../../shared/errors'
import { type ReadDb, sql } from '../../db'
import { monthNumber } from '../balances'
import { andVisible, andVisibleDay, type Book, bookOf, hiddenImports } from '../books'
import { compareText, inReportOrder, unvaluedThrough } from './sums'

/** A hundred years: more columns than anyone reads, and a bound on the answer. */
const mostMonths = 1200

interface MonthlySums {
  readonly accountId: number
  readonly account: string
  readonly type: AccountType
  readonly currency: string
  /** JSON array of pairs: a month number, which may recur, and a sum. */
  readonly months: string
}

/** The sums of one account and currency by month number. */
function byMonthNumber(months: string): Map<number, number> {
  const sums = new Map<number, number>()
  for (const [month, minor] of JSON.parse(months) as [number, number][]) add(sums, month, minor)
  return sums
}

function add<K>(sums: Map<K, number>, key: K, minor: number): void {
  sums.set(key, (sums.get(key) ?? 0) + minor)
}

/**
 * Income and expenses of the days `from` to `to`, both included, per account, currency and month, debit positive: income is negative, and so
 * is a net that is a profit.
 * @throws AppError invalid_input when `to` is before `from` or the period is longer than 1200 months
 */
export function incomeStatement(r: ReadDb, businessId: string, from: string, to: string): Output<'ledger.incomeStatement'> {
  const book = bookOf(r, businessId)
  if (to < from) throw new AppError('invalid_input', `The period ends on ${to}, before it begins on ${from}. Swap the two days.`)
  const months = monthsBetween(from, to)
  if (months.length > mostMonths) {
    throw new AppError('invalid_input', `The period is longer than ${mostMonths} months. Choose a shorter one.`)
  }
  const rows = monthlySums(r, book, monthNumber(from), monthNumber(to)).map((row) => ({
    ...row,
    sums: byMonthNumber(row.months),
  }))
  const known = new Map(rows.map((row) => [`${row.accountId} ${row.currency}`, row.sums]))
  for (const days of daysOutside(from, to)) {
    for (const { accountId, currency, minor } of sumsOfDays(r, book, days.from, days.to)) {
      const sums = known.get(`${accountId} ${currency}`)
      if (sums) add(sums, monthNumber(days.from), -minor)
    }
  }
  const numbers = months.map(monthNumber)
  const shown = rows
    .map(({ sums, ...row }) => ({ ...row, byMonth: numbers.map((month) => sums.get(month) ?? 0) }))
    .filter((row) => row.byMonth.some((minor) => minor !== 0))
    .sort(inReportOrder)
    .map(({ account, currency, byMonth }) => ({ account, currency, minor: sumMinor(byMonth), byMonth }))
  const net = new Map<string, number>()
  for (const { currency, minor } of shown) add(net, currency, minor)
  return {
    months,
    rows: shown,
    net: [...net].map(([currency, minor]) => ({ currency, minor })).sort((a, b) => compareText(a.currency, b.currency)),
    unvaluedEntries: unvaluedThrough(r, book, to) - unvaluedThrough(r, book, addDays(from, -1)),
  }
}

/** The days of the first and last month that lie outside the period. */
function daysOutside(from: string, to: string): { from: string; to: string }[] {
  const ranges = [
    { from: `${from.slice(0, 7)}-01`, to: addDays(from, -1) },
    { from: addDays(to, 1), to: lastDayOf(to.slice(0, 7)) },
  ]
  return ranges.filter((range) => range.from <= range.to)
}

/** The kept monthly sums, each account and currency as one row: a row per month would cost more to hand over than to add up. */
function monthlySums(r: ReadDb, book: Book, firstMonth: number, lastMonth: number): MonthlySums[] {
  return r.all<MonthlySums>(sql`
    SELECT s.accountId, a.name AS account, a.type, s.currency, s.months
    FROM (
      SELECT account_id AS accountId, currency, json_group_array(json_array(month, minor)) AS months
      FROM balance
      WHERE book_id = ${book.id} AND month BETWEEN ${firstMonth} AND ${lastMonth}
        AND account_id IN (SELECT id FROM account WHERE book_id = ${book.id} AND type IN ('income', 'expenses'))
        ${andVisible(hiddenImports(r, book.id), sql`import_id`)}
      GROUP BY account_id, currency
    ) s JOIN account a ON a.id = s.accountId`)
}

function sumsOfDays(r: ReadDb, book: Book, from: string, to: string): { accountId: number; currency: string; minor: number }[] {
  const month = monthNumber(from)
  const hidden = hiddenImports(r, book.id)
  return r.all(sql`
    SELECT b.account_id AS accountId, b.currency, (
      SELECT coalesce(sum(p.amount_minor), 0) FROM posting p
      WHERE p.account_id = b.account_id AND p.currency = b.currency AND p.occurred_on BETWEEN ${from} AND ${to}
        ${andVisible(hidden, sql`p.import_id`)} ${andVisibleDay(book.id, hidden, sql`p.occurred_on`, { from, to })}) AS minor
    FROM account a JOIN balance b ON b.account_id = a.id
    WHERE a.book_id = ${book.id} AND a.type IN ('income', 'expenses') AND b.book_id = ${book.id} AND b.month = ${month}
    GROUP BY b.account_id, b.currency`)
}
