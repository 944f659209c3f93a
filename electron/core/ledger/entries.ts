import { z } from 'zod'
import type { JournalEntry } from '../../../shared/contract/ledger'
import { AppError } from '../../../shared/errors'
import { type ReadDb, type SqlFragment, sql } from '../db'
import { decodeCursor, type Page, pageOfRows } from '../db/paging'
import { findAccount } from './accounts.repository'
import { andVisible, andVisibleDay, bookOf, hiddenImports } from './books'
import { readEntries, type SourceKind } from './entries.repository'
import { currenciesOf } from './register'
import { compareText } from './reports/sums'

export interface EntriesQuery {
  readonly businessId: string
  readonly account?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly source?: { readonly kind: SourceKind; readonly id: string } | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

interface Place {
  readonly occurredOn: string
  readonly id: number
}

interface Range {
  readonly from: string
  readonly before: Place
  readonly visible: SqlFragment
  readonly limit: number
}

const cursorKey = z.tuple([z.iso.date(), z.int()])

/**
 * Journal entries newest first (by day, then by number), of the whole journal, of one account or of one source, which has one at most.
 * @throws AppError not_found for an unknown business or account, invalid_input for a cursor of another list
 */
export function listEntries(r: ReadDb, query: EntriesQuery): Page<JournalEntry> {
  const book = bookOf(r, query.businessId)
  const { from = '0000-01-01', limit } = query
  const before = beforePlace(query)
  const hidden = hiddenImports(r, book.id)
  const days = andVisibleDay(book.id, hidden, sql`occurred_on`, { from, to: before.occurredOn })
  const range = { from, before, visible: sql`${andVisible(hidden, sql`import_id`)} ${days}`, limit: limit + 1 }
  const account = query.account === undefined ? null : (findAccount(r, book.id, query.account)?.id ?? missing(query.account))
  const places =
    query.source !== undefined
      ? placesOfSource(r, book.id, query.source, account, range)
      : account === null
        ? placesOfBook(r, book.id, range)
        : placesOfAccount(r, book.id, account, range)
  const page = pageOfRows(
    places,
    limit,
    (place) => [place.occurredOn, place.id],
    (place) => place.id,
  )
  return { items: readEntries(r, query.businessId, page.items), nextCursor: page.nextCursor }
}

function missing(account: string): never {
  throw new AppError('not_found', `There is no account ${account} in the books of this business.`)
}

function beforePlace({ cursor, to }: EntriesQuery): Place {
  if (cursor !== undefined) {
    const [occurredOn, id] = decodeCursor(cursor, cursorKey)
    return { occurredOn, id }
  }
  return to === undefined ? { occurredOn: '9999-12-31', id: 0 } : { occurredOn: to, id: Number.MAX_SAFE_INTEGER }
}

function placesOfBook(r: ReadDb, bookId: number, { from, before, visible, limit }: Range): Place[] {
  return r.all<Place>(sql`
    SELECT occurred_on AS occurredOn, id FROM journal_entry
    WHERE book_id = ${bookId} AND occurred_on >= ${from} AND (occurred_on, id) < (${before.occurredOn}, ${before.id}) ${visible}
    ORDER BY occurred_on DESC, id DESC LIMIT ${limit}`)
}

function placesOfSource(
  r: ReadDb,
  bookId: number,
  source: { readonly kind: SourceKind; readonly id: string },
  accountId: number | null,
  { from, before, visible, limit }: Range,
): Place[] {
  return r.all<Place>(sql`
    SELECT occurred_on AS occurredOn, id FROM journal_entry e
    WHERE book_id = ${bookId} AND source_kind = ${source.kind} AND source_id = ${source.id}
      AND occurred_on >= ${from} AND (occurred_on, id) < (${before.occurredOn}, ${before.id}) ${visible}
      AND (${accountId} IS NULL OR EXISTS (SELECT 1 FROM posting p WHERE p.entry_id = e.id AND p.account_id = ${accountId}))
    LIMIT ${limit}`)
}

/** Merged from the account's currencies, each of which the index holds in order; an entry with several postings counts once. */
function placesOfAccount(r: ReadDb, bookId: number, accountId: number, { from, before, visible, limit }: Range): Place[] {
  const places = currenciesOf(r, bookId, accountId).flatMap((currency) =>
    r.all<Place>(sql`
      SELECT DISTINCT occurred_on AS occurredOn, entry_id AS id FROM posting
      WHERE account_id = ${accountId} AND currency = ${currency} AND occurred_on >= ${from}
        AND (occurred_on, entry_id) < (${before.occurredOn}, ${before.id}) ${visible}
      ORDER BY occurred_on DESC, entry_id DESC LIMIT ${limit}`),
  )
  return [...new Map(places.map((place) => [place.id, place])).values()]
    .sort((a, b) => compareText(b.occurredOn, a.occurredOn) || b.id - a.id)
    .slice(0, limit)
}
