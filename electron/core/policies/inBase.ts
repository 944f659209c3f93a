import type { Money } from '../../../shared/domain/money'
import { convertRatio } from '../../../shared/domain/ratio'
import type { RateLookup } from './subject'

/** Minor units of the base currency, or why they cannot be stated: no rate is stored, or they pass what is exact. */
export type BaseValue = number | 'no_rate' | 'too_large'

/**
 * Rounds an amount up to two significant digits of its minor units (923,412 -> 930,000), so that a converted limit is a round figure.
 * Amounts are positive.
 */
export function roundUpToTwoDigits(minor: number): number {
  const step = 10 ** Math.max(0, String(minor).length - 2)
  return Math.ceil(minor / step) * step
}

/** An amount in the base currency at the stored rate. */
export function inBase(amount: Money, base: string, rateOf: RateLookup): BaseValue {
  if (amount.currency === base) return amount.minor
  const rate = rateOf(amount.currency, base)
  if (rate === null) return 'no_rate'
  try {
    return convertRatio(amount, base, rate)
  } catch (error) {
    if (error instanceof RangeError) return 'too_large'
    throw error
  }
}

/** A limit in the base currency: at the stored rate and rounded up to two digits, so that it is a round figure there too. */
export function limitInBase(limit: Money, base: string, rateOf: RateLookup): BaseValue {
  const value = inBase(limit, base, rateOf)
  return typeof value === 'number' && limit.currency !== base ? roundUpToTwoDigits(value) : value
}
