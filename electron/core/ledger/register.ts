import { z } from 'zod'
import type { RegisterRow } from '../../../shared/contract/ledger'
import { lastDayOf, monthOf } from '../../../shared/domain/dates'
import { AppError } from '../../../shared/errors'
import { type ReadDb, type SqlFragment, sql } from '../db'
import { decodeCursor, type Page, pageOfRows } from '../db/paging'
import { findAccount } from './accounts.repository'
import { monthNumber } from './balances'
import { andVisible, andVisibleDay, bookOf, hiddenImports } from './books'
import { publicEntryId } from './entryId'
import { compareText } from './reports/sums'
import { scalar } from './scalar'

export interface RegisterQuery {
  readonly businessId: string
  readonly account: string
  readonly currency?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

/** The place of a posting in its register: day, entry, line. */
interface Place {
  readonly occurredOn: string
  readonly entryId: number
  readonly line: number
}

interface PostingInRegister extends Place {
  readonly currency: string
  readonly minor: number
  readonly description: string
}

const cursorKey = z.tuple([z.iso.date(), z.int(), z.int()])
const afterAll: Place = { occurredOn: '9999-12-31', entryId: 0, line: 0 }

/**
 * Postings of one account, newest first, each with the balance of the account in its currency after it. The balance comes from the kept
 * monthly sums and at most half a month of postings, so that the newest page costs the same however long the register is.
 * @throws AppError not_found for an unknown business or account, invalid_input for a cursor of another list
 */
export function register(r: ReadDb, query: RegisterQuery): Page<RegisterRow> {
  const book = bookOf(r, query.businessId)
  const account = findAccount(r, book.id, query.account)
  if (!account) throw new AppError('not_found', `There is no account ${query.account} in the books of this business.`)
  const visible = visibleIn(book.id, hiddenImports(r, book.id))
  const before = beforePlace(query)
  const currencies = query.currency === undefined ? currenciesOf(r, book.id, account.id) : [query.currency]
  const rows = currencies
    .flatMap((currency) => postingsBefore(r, account.id, currency, before, query, visible))
    .sort(newestFirst)
    .slice(0, query.limit + 1)
  const balances = new Map<string, number>()
  return pageOfRows(
    rows,
    query.limit,
    (row) => [row.occurredOn, row.entryId, row.line],
    (row) => {
      const balance =
        balances.get(row.currency) ?? balanceAt(r, { bookId: book.id, accountId: account.id }, row.currency, row, visible)
      balances.set(row.currency, balance - row.minor)
      return {
        entryId: publicEntryId(row.entryId),
        occurredOn: row.occurredOn,
        description: row.description,
        amount: { minor: row.minor, currency: row.currency },
        balance: { minor: balance, currency: row.currency },
      }
    },
  )
}

/** Leaves out hidden imports: their rows, and where days are given also the days that hold nothing else. */
type Visible = (days: { readonly from: string; readonly to: string } | null) => SqlFragment

function visibleIn(bookId: number, hidden: readonly number[]): Visible {
  const rows = andVisible(hidden, sql`p.import_id`)
  return (days) => (days === null ? rows : sql`${rows} ${andVisibleDay(bookId, hidden, sql`p.occurred_on`, days)}`)
}

/** Where a page begins: before the cursor, else before the end of the last day asked for. */
function beforePlace({ cursor, to }: RegisterQuery): Place {
  if (cursor !== undefined) {
    const [occurredOn, entryId, line] = decodeCursor(cursor, cursorKey)
    return { occurredOn, entryId, line }
  }
  return to === undefined ? afterAll : { occurredOn: to, entryId: Number.MAX_SAFE_INTEGER, line: 0 }
}

function newestFirst(a: Place & { currency: string }, b: Place & { currency: string }): number {
  return compareText(b.occurredOn, a.occurredOn) || b.entryId - a.entryId || b.line - a.line
}

/** The currencies that an account was ever used in. */
export function currenciesOf(r: ReadDb, bookId: number, accountId: number): string[] {
  return r
    .all<{ currency: string }>(
      sql`SELECT DISTINCT currency FROM account_total WHERE book_id = ${bookId} AND account_id = ${accountId}`,
    )
    .map((row) => row.currency)
}

function postingsBefore(
  r: ReadDb,
  accountId: number,
  currency: string,
  before: Place,
  { from = '0000-01-01', limit }: RegisterQuery,
  visible: Visible,
): PostingInRegister[] {
  return r.all<PostingInRegister>(sql`
    SELECT p.occurred_on AS occurredOn, p.entry_id AS entryId, p.line, p.currency, p.amount_minor AS minor, e.description
    FROM posting p JOIN journal_entry e ON e.id = p.entry_id
    WHERE p.account_id = ${accountId} AND p.currency = ${currency} AND p.occurred_on >= ${from}
      AND (p.occurred_on, p.entry_id, p.line) < (${before.occurredOn}, ${before.entryId}, ${before.line})
      ${visible({ from, to: before.occurredOn })}
    ORDER BY p.occurred_on DESC, p.entry_id DESC, p.line DESC LIMIT ${limit + 1}`)
}

/** Balance of an account in one currency after the posting at a place. */
function balanceAt(
  r: ReadDb,
  { bookId, accountId }: { readonly bookId: number; readonly accountId: number },
  currency: string,
  place: Place,
  visible: Visible,
): number {
  const month = monthOf(place.occurredOn)
  const early = Number(place.occurredOn.slice(8)) <= 15
  const first = `${month}-01`
  const last = lastDayOf(month)
  const sumOf = (condition: SqlFragment) => sql`
    SELECT coalesce(sum(p.amount_minor), 0) FROM posting p
    WHERE p.account_id = ${accountId} AND p.currency = ${currency} AND ${condition}
      ${visible({ from: first, to: last })}`
  const here = sql`(${place.occurredOn}, ${place.entryId}, ${place.line})`
  const part = early
    ? sql`+ (${sumOf(sql`p.occurred_on >= ${first} AND (p.occurred_on, p.entry_id, p.line) <= ${here}`)})`
    : sql`- (${sumOf(sql`p.occurred_on <= ${last} AND (p.occurred_on, p.entry_id, p.line) > ${here}`)})`
  const lastMonth = monthNumber(place.occurredOn) - (early ? 1 : 0)
  return scalar(
    r,
    sql`
    SELECT coalesce(sum(p.minor), 0) ${part} AS value FROM balance p
    WHERE p.book_id = ${bookId} AND p.account_id = ${accountId} AND p.currency = ${currency} AND p.month <= ${lastMonth}
      ${visible(null)}`,
  )
}
