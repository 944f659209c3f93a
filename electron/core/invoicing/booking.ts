import { AppError } from '../../../shared/errors'
import { getBusiness, today } from '../businesses/index'
import type { WriteDb } from '../db/index'
import { ensureAccount, entryBySource, type NewEntry, post, postingDate, publicEntryId, reverse } from '../ledger/index'

/**
 * Posts an entry on its own day, or on the first open day with the own day kept, where that period is closed. Missing accounts are opened.
 * @returns the entry's id as it is shown outside (`je_...`)
 */
export function postOnOpenDay(w: WriteDb, entry: Omit<NewEntry, 'providerOn'>): string {
  const occurredOn = postingDate(w, entry.businessId, entry.occurredOn)
  for (const { account } of entry.postings) ensureAccount(w, entry.businessId, account, entry.now)
  const moved = occurredOn === entry.occurredOn ? {} : { providerOn: entry.occurredOn }
  return publicEntryId(post(w, { ...entry, occurredOn, ...moved }))
}

/**
 * Reverses the entry of a source today (or on the first open day).
 * @returns the reversal's id; null when the source has no entry, or its owner reversed it by hand before
 */
export function reverseSource(
  w: WriteDb,
  source: { readonly businessId: string; readonly kind: NewEntry['source']['kind']; readonly id: string },
  reason: string,
  now: number,
): string | null {
  const entryId = entryBySource(w, source.businessId, source.kind, source.id)
  if (entryId === undefined) return null
  const occurredOn = postingDate(w, source.businessId, today(getBusiness(w, source.businessId), now))
  try {
    return publicEntryId(reverse(w, { entryId, occurredOn, reason, now }))
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return null
    throw error
  }
}
