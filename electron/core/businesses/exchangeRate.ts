import { parseDecimal } from '../../../shared/domain/decimal'
import { inverse, type Ratio, ratioOf } from '../../../shared/domain/ratio'
import type { ReadDb } from '../db'
import { latestRate } from './rates.repository'

export interface StoredRate extends Ratio {
  /** The rate as it was entered, "1.0845"; "1/1.0845" where the stored pair runs the other way. */
  readonly text: string
  /** The day it was stored for. */
  readonly on: string
}

function storedRatio(text: string): Ratio {
  const parsed = parseDecimal(text, 12)
  if (!parsed) throw new Error('A stored rate is no decimal number')
  return ratioOf(parsed)
}

/**
 * The latest stored rate on or before a day, of the pair or of its reverse as an exact inverse; of the same day the direct one.
 * Rates of third currencies are not combined: nobody entered such a rate.
 * @param stoodSince only rates that the owner set, or that have stood since this instant; any when left out
 * @returns how many `to` one `from` is, or null when no rate is stored
 */
export function findRate(
  r: ReadDb,
  businessId: string,
  from: string,
  to: string,
  on: string,
  stoodSince?: number,
): StoredRate | null {
  const direct = latestRate(r, businessId, from, to, on, stoodSince)
  const reverse = latestRate(r, businessId, to, from, on, stoodSince)
  if (reverse && (!direct || reverse.on > direct.on)) {
    return { ...inverse(storedRatio(reverse.rate)), text: `1/${reverse.rate}`, on: reverse.on }
  }
  return direct ? { ...storedRatio(direct.rate), text: direct.rate, on: direct.on } : null
}
