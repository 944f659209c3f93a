import type { Parsed } from '../../../../shared/contract'
import type { JournalEntry } from '../../../../shared/contract/ledger'
import type { ReadDb } from '../../db'
import { type Book, bookOf } from '../books'
import { BeancountNames, beancountEntry, beancountHead } from './beancount'
import { csvEntry, csvHead } from './csv'
import { hledgerEntry, hledgerHead } from './hledger'
import { journalPages, usedAccounts, usedCurrencies } from './journal'

export type ExportFormat = Parsed<'ledger.export'>['format']

interface Format {
  readonly extension: string
  readonly mediaType: string
  /** Writers of one export: what stands before the first entry, and each entry. */
  open(r: ReadDb, book: Book): { readonly head: string; readonly entry: (entry: JournalEntry) => string }
}

const formats: Readonly<Record<ExportFormat, Format>> = {
  csv: { extension: 'csv', mediaType: 'text/csv', open: () => ({ head: csvHead(), entry: csvEntry }) },
  hledger: {
    extension: 'journal',
    mediaType: 'text/plain',
    open: (r, book) => ({ head: hledgerHead(usedCurrencies(r, book), usedAccounts(r, book)), entry: hledgerEntry }),
  },
  beancount: {
    extension: 'beancount',
    mediaType: 'text/plain',
    open: (_r, book) => {
      const names = new BeancountNames()
      return { head: beancountHead(book.currency), entry: (entry) => beancountEntry(entry, names) }
    },
  },
}

/**
 * The whole journal of a business as text, oldest first, in chunks of at most 200 entries that are read when they are asked for: a caller
 * that streams them gives way in between. What is posted after the first chunk is left out.
 * @throws AppError not_found for an unknown business
 */
export function exportJournal(
  r: ReadDb,
  businessId: string,
  format: ExportFormat,
): { readonly fileName: string; readonly mediaType: string; readonly chunks: Iterable<string> } {
  const book = bookOf(r, businessId)
  const { extension, mediaType } = formats[format]
  return { fileName: `journal.${extension}`, mediaType, chunks: chunksOf(r, book, formats[format]) }
}

function* chunksOf(r: ReadDb, book: Book, format: Format): Generator<string> {
  const { head, entry } = format.open(r, book)
  yield head
  for (const entries of journalPages(r, book)) yield entries.map(entry).join('')
}
