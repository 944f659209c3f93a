import { AppError } from '../../../shared/errors'
import type { ReadDb, WriteDb } from '../db'
import { findEntry, postingsOf, type StoredEntry } from './entries.repository'
import { publicEntryId } from './entryId'
import { assertOpen, closedThrough } from './periodClose'
import { insertAndSum } from './posting'

export interface NewReversal {
  /** Number of the entry to mirror. */
  readonly entryId: number
  readonly occurredOn: string
  /** Stands as the reversal's description. No personal data. */
  readonly reason: string
  readonly now: number
}

/**
 * The entry that may be reversed: visible, not all zeros, not reversed yet and no reversal itself. Undoing a reversal is posting the original again: were
 * reversals reversed, an entry's effect would hang on the length of a chain.
 * @throws AppError not_found, conflict
 */
function reversibleEntry(r: ReadDb, entryId: number | undefined): StoredEntry {
  const entry = entryId === undefined ? undefined : findEntry(r, entryId)
  if (!entry) throw new AppError('not_found', 'There is no such journal entry. Nothing was reversed.')
  if (entry.reverses !== null) {
    throw new AppError(
      'conflict',
      `This entry is itself the reversal of ${publicEntryId(entry.reverses)}. Nothing was reversed. Post the original entry again instead.`,
    )
  }
  if (entry.reversedBy !== null) {
    throw new AppError(
      'conflict',
      `This entry was reversed before, by ${publicEntryId(entry.reversedBy)}. Nothing was reversed again.`,
      { reversedBy: publicEntryId(entry.reversedBy) },
    )
  }
  if (postingsOf(r, entry.id).every(({ minor }) => minor === 0)) {
    throw new AppError('conflict', 'Every amount of this entry is zero, so there is nothing to reverse. Nothing was posted.')
  }
  return entry
}

/**
 * The entry that a person may reverse: one posted by hand or imported. Entries of documents follow their document, or its state and the
 * books would part.
 * @throws AppError as `reversibleEntry`, and conflict
 */
export function reversibleByHand(r: ReadDb, entryId: number | undefined): StoredEntry {
  const entry = reversibleEntry(r, entryId)
  if (entry.sourceKind === 'manual' || entry.sourceKind === 'import') return entry
  throw new AppError(
    'conflict',
    `This entry belongs to the ${entry.sourceKind} ${entry.sourceId} and follows it. Nothing was reversed. Void the invoice or refund the payment instead.`,
  )
}

/**
 * Posts the exact mirror of an entry: every line negated, at the same base value and rate, so that both together are nothing.
 * @returns the reversal's number
 * @throws AppError not_found, conflict (reversed before, or itself a reversal), period_closed
 */
export function reverse(w: WriteDb, { entryId, occurredOn, reason, now }: NewReversal): number {
  const entry = reversibleEntry(w, entryId)
  assertOpen(closedThrough(w, entry.bookId), occurredOn)
  const mirrored = postingsOf(w, entry.id).map((posting) => ({
    ...posting,
    minor: -posting.minor,
    base: posting.base === null ? null : -posting.base,
  }))
  return insertAndSum(
    w,
    {
      bookId: entry.bookId,
      occurredOn,
      description: reason,
      sourceKind: 'reversal',
      sourceId: publicEntryId(entry.id),
      valued: entry.valued,
      postedAt: now,
      reverses: entry.id,
      providerOn: null,
    },
    mirrored,
  )
}
