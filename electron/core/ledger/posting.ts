import type { Money } from '../../../shared/domain/money'
import { AppError } from '../../../shared/errors'
import { findRate } from '../businesses'
import type { ReadDb, WriteDb } from '../db'
import { findAccount } from './accounts.repository'
import { assertBalanced, debitsByCurrency } from './balanced'
import { addBalances, addDebits, addEntryCount, monthNumber, tooLarge } from './balances'
import { withBaseValues } from './baseValue'
import { type Book, bookOf } from './books'
import { findBySource, insertEntry, type PostingRow, type SourceKind } from './entries.repository'
import { assertOpen, closedThrough } from './periodClose'

export interface NewEntry {
  readonly businessId: string
  /** `YYYY-MM-DD`, after the last closed day; see `postingDate` for events of a closed period. */
  readonly occurredOn: string
  /** No personal data: ids and document numbers only. */
  readonly description: string
  /** What caused the entry; one entry per source. */
  readonly source: { readonly kind: Exclude<SourceKind, 'import' | 'reversal'>; readonly id: string }
  /** 2 to 200; debit positive; each currency sums to zero. */
  readonly postings: readonly { readonly account: string; readonly amount: Money }[]
  /** The provider's own date, where a closed period moved the entry. */
  readonly providerOn?: string
  /** UTC epoch milliseconds. */
  readonly now: number
}

/**
 * Posts an entry: sealed, valued in the base currency at the stored rates of its day, added to the balances, all in the given transaction.
 * @returns the entry's number; `publicEntryId` makes the id that callers see
 * @throws AppError invalid_input (unbalanced, too large), not_found (business, account), period_closed, conflict (source posted before)
 */
export function post(w: WriteDb, entry: NewEntry): number {
  const book = bookOf(w, entry.businessId)
  const amounts = entry.postings.map((posting) => posting.amount)
  assertBalanced(amounts)
  assertOpen(closedThrough(w, book.id), entry.occurredOn)
  if (findBySource(w, book, entry.source.kind, entry.source.id) !== undefined) {
    throw new AppError('conflict', 'This was posted before, so nothing was posted again. Look it up in the journal.')
  }
  const lines = entry.postings.map(({ account, amount }) => ({ accountId: accountNumber(w, book, account), ...amount }))
  const rateOf = (currency: string) => findRate(w, book.businessId, currency, book.currency, entry.occurredOn)
  const postings = withBaseValues(lines, book.currency, rateOf)
  if (postings === null) throw tooLarge(book.currency)
  const { occurredOn, description, source, providerOn = null, now } = entry
  return insertAndSum(
    w,
    {
      bookId: book.id,
      occurredOn,
      description,
      sourceKind: source.kind,
      sourceId: source.id,
      valued: postings.every((posting) => posting.base !== null),
      postedAt: now,
      reverses: null,
      providerOn,
    },
    postings,
  )
}

/** Writes a balanced entry and adds it to the kept sums. */
export function insertAndSum(w: WriteDb, entry: Parameters<typeof insertEntry>[1], postings: readonly PostingRow[]): number {
  for (const [currency, debits] of debitsByCurrency(postings)) addDebits(w, entry.bookId, 0, currency, debits)
  const entryId = insertEntry(w, entry, postings)
  const month = monthNumber(entry.occurredOn)
  addBalances(
    w,
    entry.bookId,
    0,
    postings.map(({ accountId, currency, minor }) => ({ accountId, currency, month, minor })),
  )
  addEntryCount(w, entry.bookId, 0, { occurredOn: entry.occurredOn, entries: 1, unvalued: entry.valued ? 0 : 1 })
  return entryId
}

/** @throws AppError not_found naming the account */
export function accountNumber(r: ReadDb, book: Book, name: string): number {
  const account = findAccount(r, book.id, name)
  if (account) return account.id
  throw new AppError(
    'not_found',
    `There is no account ${name} in the books of this business. Nothing was posted. Create the account first, or correct its name.`,
    { account: name },
  )
}
