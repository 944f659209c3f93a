import { type ReadDb, sql } from '../../db/index'
import { andVisible, bookOf, hiddenImports } from '../books'
import { readEntries } from '../entries.repository'
import { type ExportFormat, journalFormats } from './formats'

/** Entries read at a time, so that a long export never holds the connection. */
const entriesPerChunk = 500

/**
 * The whole journal, oldest first, as text in chunks that are read as they are asked for: other work goes on between them. Entries posted
 * after the export began are left out.
 * @throws AppError not_found for an unknown business
 */
export function exportJournal(
  r: ReadDb,
  businessId: string,
  format: ExportFormat,
): { readonly fileName: string; readonly mediaType: string; readonly chunks: Iterable<string> } {
  const book = bookOf(r, businessId)
  const { extension, mediaType } = journalFormats[format]
  return { fileName: `journal.${extension}`, mediaType, chunks: chunksOf(r, businessId, book.id, format) }
}

function* chunksOf(r: ReadDb, businessId: string, bookId: number, format: ExportFormat): Generator<string> {
  const rules = journalFormats[format]
  const visible = andVisible(hiddenImports(r, bookId), sql`import_id`)
  const last = r.get<{ id: number | null }>(sql`SELECT max(id) AS id FROM journal_entry WHERE book_id = ${bookId}`)?.id ?? 0
  yield rules.head(openedAccounts(r, bookId))
  let after = { on: '', id: 0 }
  for (;;) {
    const rows = r.all<{ on: string; id: number }>(
      sql`SELECT occurred_on AS "on", id FROM journal_entry
          WHERE book_id = ${bookId} AND (occurred_on, id) > (${after.on}, ${after.id}) AND id <= ${last} ${visible}
          ORDER BY occurred_on, id LIMIT ${entriesPerChunk}`,
    )
    const end = rows.at(-1)
    if (end === undefined) return
    yield readEntries(
      r,
      businessId,
      rows.map(({ id }) => id),
    )
      .map((entry) => rules.entry(entry))
      .join('')
    after = end
  }
}

/** Accounts that have postings, each with the day of its first one. */
function openedAccounts(r: ReadDb, bookId: number): { name: string; openedOn: string }[] {
  return r.all<{ name: string; openedOn: string }>(
    sql`SELECT a.name, (SELECT min(p.occurred_on) FROM posting p WHERE p.account_id = a.id) AS openedOn
        FROM account a WHERE a.book_id = ${bookId} AND EXISTS (SELECT 1 FROM posting p WHERE p.account_id = a.id) ORDER BY a.name`,
  )
}
