import type { JournalEntry } from '../../../shared/contract/ledger'
import { type ReadDb, sql, type WriteDb } from '../db'
import { andVisible, type Book, bookOf, hiddenImports } from './books'
import { publicEntryId } from './entryId'

export type SourceKind = JournalEntry['source']['kind']

export interface EntryRow {
  readonly bookId: number
  readonly occurredOn: string
  readonly description: string
  readonly sourceKind: SourceKind
  readonly sourceId: string
  readonly valued: boolean
  readonly postedAt: number
  readonly reverses: number | null
  readonly providerOn: string | null
}

export interface PostingRow {
  readonly accountId: number
  readonly currency: string
  readonly minor: number
  readonly base: number | null
  readonly rate: string | null
}

export const insertPostingText = `
  INSERT INTO posting
    (entry_id, line, lines, book_id, account_id, currency, amount_minor, base_minor, rate, occurred_on, import_id)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/**
 * Writes an entry with its postings; the last one seals it. Kept sums are the caller's.
 * @returns the entry's number
 */
export function insertEntry(w: WriteDb, entry: EntryRow, postings: readonly PostingRow[]): number {
  const { lastId } = w.run(sql`
    INSERT INTO journal_entry
      (book_id, occurred_on, description, source_kind, source_id, lines, valued, posted_at, reverses, provider_on)
    VALUES (${entry.bookId}, ${entry.occurredOn}, ${entry.description}, ${entry.sourceKind}, ${entry.sourceId},
      ${postings.length}, ${entry.valued ? 1 : 0}, ${entry.postedAt}, ${entry.reverses}, ${entry.providerOn})`)
  const statement = w.prepare(insertPostingText)
  for (const [index, { accountId, currency, minor, base, rate }] of postings.entries()) {
    statement.run(
      lastId,
      index + 1,
      postings.length,
      entry.bookId,
      accountId,
      currency,
      minor,
      base,
      rate,
      entry.occurredOn,
      null,
    )
  }
  return lastId
}

/** The entry of a source; a staged one is not found. */
export function findBySource(r: ReadDb, book: Book, kind: SourceKind, id: string): number | undefined {
  const visible = andVisible(hiddenImports(r, book.id), sql`import_id`)
  return r.get<{ id: number }>(sql`
    SELECT id FROM journal_entry WHERE book_id = ${book.id} AND source_kind = ${kind} AND source_id = ${id} ${visible}`)?.id
}

export interface StoredEntry extends EntryRow {
  readonly id: number
  readonly businessId: string
  readonly reversedBy: number | null
}

interface EntryRecord extends Omit<StoredEntry, 'valued'> {
  readonly valued: 0 | 1
}

const entryColumns = sql`
  e.id, e.book_id AS bookId, b.business_id AS businessId, e.occurred_on AS occurredOn, e.description,
  e.source_kind AS sourceKind, e.source_id AS sourceId, e.valued, e.posted_at AS postedAt, e.reverses, e.provider_on AS providerOn,
  (SELECT v.id FROM journal_entry v WHERE v.reverses = e.id) AS reversedBy`

/** An entry by its number; undefined when there is none or its import is not published. */
export function findEntry(r: ReadDb, entryId: number): StoredEntry | undefined {
  const row = r.get<EntryRecord>(sql`
    SELECT ${entryColumns} FROM journal_entry e JOIN book b ON b.id = e.book_id
    WHERE e.id = ${entryId} AND (e.import_id IS NULL OR (SELECT status FROM import WHERE id = e.import_id) = 'published')`)
  return row && { ...row, valued: row.valued === 1 }
}

export function postingsOf(r: ReadDb, entryId: number): PostingRow[] {
  return r.all<PostingRow>(sql`
    SELECT account_id AS accountId, currency, amount_minor AS minor, base_minor AS base, rate
    FROM posting WHERE entry_id = ${entryId} ORDER BY line`)
}

interface NamedPosting {
  readonly entryId: number
  readonly account: string
  readonly currency: string
  readonly minor: number
  readonly base: number | null
}

/** Entries as callers see them, in the order of the given numbers; all belong to one business. Unknown numbers are left out. */
export function readEntries(r: ReadDb, businessId: string, entryIds: readonly number[]): JournalEntry[] {
  const { currency: baseCurrency } = bookOf(r, businessId)
  const ids = JSON.stringify(entryIds)
  const rows = new Map(
    r
      .all<EntryRecord>(sql`
        SELECT ${entryColumns} FROM journal_entry e JOIN book b ON b.id = e.book_id
        WHERE e.id IN (SELECT value FROM json_each(${ids}))`)
      .map((row) => [row.id, row]),
  )
  const postings = Map.groupBy(
    r.all<NamedPosting>(sql`
      SELECT p.entry_id AS entryId, a.name AS account, p.currency, p.amount_minor AS minor, p.base_minor AS base
      FROM posting p JOIN account a ON a.id = p.account_id
      WHERE p.entry_id IN (SELECT value FROM json_each(${ids})) ORDER BY p.entry_id, p.line`),
    (posting) => posting.entryId,
  )
  return entryIds.flatMap((entryId) => {
    const row = rows.get(entryId)
    const own = postings.get(entryId)
    return row && own ? [toJournalEntry(row, own, baseCurrency)] : []
  })
}

function toJournalEntry(row: EntryRecord, postings: readonly NamedPosting[], baseCurrency: string): JournalEntry {
  return {
    id: publicEntryId(row.id),
    businessId: row.businessId,
    occurredOn: row.occurredOn,
    description: row.description,
    source: { kind: row.sourceKind, id: row.sourceId },
    postings: postings.map(({ account, currency, minor, base }) => ({
      account,
      amount: { minor, currency },
      base: base === null ? null : { minor: base, currency: baseCurrency },
    })),
    reverses: row.reverses === null ? null : publicEntryId(row.reverses),
    reversedBy: row.reversedBy === null ? null : publicEntryId(row.reversedBy),
    providerOn: row.providerOn,
    postedAt: row.postedAt,
  }
}
