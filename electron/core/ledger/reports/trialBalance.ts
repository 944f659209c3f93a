import type { Output } from '../../../../shared/contract'
import type { ReadDb } from '../../db'
import { bookOf } from '../books'
import { sumsThrough, unvaluedThrough } from './sums'

/**
 * Balance of every account per currency, debit positive, so that the rows of a currency sum to zero.
 * @param asOf the last day that counts; without it every entry does, also future ones
 */
export function trialBalance(r: ReadDb, businessId: string, asOf: string | null): Output<'ledger.trialBalance'> {
  const book = bookOf(r, businessId)
  return {
    rows: sumsThrough(r, book, asOf).map(({ account, currency, minor }) => ({ account, currency, minor })),
    unvaluedEntries: unvaluedThrough(r, book, asOf),
  }
}
