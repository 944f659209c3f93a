import { exponentOf } from '../../../shared/domain/currency'
import { toSafeInteger } from '../../../shared/domain/decimal'
import type { Money } from '../../../shared/domain/money'
import type { Ratio } from '../../../shared/domain/ratio'

/** What a posting is worth in the base currency; both null where no rate is stored, `rate` null in the base currency itself. */
export interface BaseValue {
  readonly base: number | null
  readonly rate: string | null
}

/** An exact rate with the text that is kept on the posting. */
export interface NamedRatio extends Ratio {
  readonly text: string
}

/**
 * Converts amounts of one currency that sum to zero, so that the results sum to zero as well: each exact value is rounded down, and what is
 * missing goes, one minor unit each, to the largest remainders (Hamilton's method); equal remainders to the earlier amount. Every result is
 * within one minor unit of its exact value.
 * @throws RangeError outside the safe integers
 */
export function convertBalanced(minors: readonly number[], from: string, to: string, rate: Ratio): number[] {
  const factor = rate.numerator * 10n ** BigInt(exponentOf(to))
  const divisor = rate.denominator * 10n ** BigInt(exponentOf(from))
  const shares = minors.map((minor, index) => {
    const product = BigInt(minor) * factor
    const truncated = product / divisor
    const floor = product < truncated * divisor ? truncated - 1n : truncated
    return { index, floor, remainder: product - floor * divisor }
  })
  const values = shares.map((share) => share.floor)
  let missing = -values.reduce((sum, value) => sum + value, 0n)
  for (const share of shares.toSorted((a, b) => compare(b.remainder, a.remainder) || a.index - b.index)) {
    if (missing === 0n) break
    values[share.index] = share.floor + 1n
    missing -= 1n
  }
  return values.map(toSafeInteger)
}

function compare(a: bigint, b: bigint): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/**
 * Base values of the postings of one entry, which sums to zero in every currency.
 * @param rateOf the stored rate from a currency to the base currency on the entry's day, or null
 * @returns one value per posting in order; `valued` is false when any has none
 * @throws RangeError outside the safe integers
 */
export function baseValues(
  amounts: readonly Money[],
  base: string,
  rateOf: (currency: string) => NamedRatio | null,
): { valued: boolean; values: BaseValue[] } {
  const values: BaseValue[] = amounts.map(({ minor }) => ({ base: minor, rate: null }))
  let valued = true
  for (const currency of new Set(amounts.map((amount) => amount.currency))) {
    if (currency === base) continue
    const lines = [...amounts.keys()].filter((line) => amounts[line]?.currency === currency)
    const rate = rateOf(currency)
    const converted = rate
      ? convertBalanced(
          lines.map((line) => amounts[line]?.minor ?? 0),
          currency,
          base,
          rate,
        )
      : []
    if (!rate) valued = false
    for (const [index, line] of lines.entries()) {
      values[line] = { base: converted[index] ?? null, rate: rate?.text ?? null }
    }
  }
  return { valued, values }
}
