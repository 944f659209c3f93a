import { type Currency, exponentOf } from './currency'
import { type Decimal, divideHalfAwayFromZero, toSafeInteger } from './decimal'
import type { Money } from './money'

/** An exact exchange rate: 1 unit of the source currency = numerator / denominator units of the target. Both are positive. */
export interface Ratio {
  readonly numerator: bigint
  readonly denominator: bigint
}

export function ratioOf(rate: Decimal): Ratio {
  return { numerator: rate.units, denominator: 10n ** BigInt(rate.scale) }
}

export function inverse(ratio: Ratio): Ratio {
  return { numerator: ratio.denominator, denominator: ratio.numerator }
}

/**
 * Converts minor units between currencies, rounded half away from zero to the target's minor unit.
 * Throws RangeError outside the safe integers.
 */
export function convertRatio(amount: Money, to: Currency, ratio: Ratio): number {
  const dividend = BigInt(amount.minor) * ratio.numerator * 10n ** BigInt(exponentOf(to))
  return toSafeInteger(divideHalfAwayFromZero(dividend, ratio.denominator * 10n ** BigInt(exponentOf(amount.currency))))
}
