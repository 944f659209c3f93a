import { exponentOf } from '../../../shared/domain/currency'
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
 */
export function convertBalanced(minors: readonly number[], from: string, to: string, rate: Ratio): bigint[] {
  const factor = rate.numerator * 10n ** BigInt(exponentOf(to))
  const divisor = rate.denominator * 10n ** BigInt(exponentOf(from))
  const shares = minors.map((minor, index) => {
    const product = BigInt(minor) * factor
    const remainder = ((product % divisor) + divisor) % divisor
    return { index, floor: (product - remainder) / divisor, remainder }
  })
  const missing = -shares.reduce((sum, share) => sum + share.floor, 0n)
  const raised = new Set(
    shares
      .toSorted((a, b) => Number(b.remainder > a.remainder) - Number(b.remainder < a.remainder) || a.index - b.index)
      .slice(0, Number(missing))
      .map((share) => share.index),
  )
  return shares.map((share) => share.floor + (raised.has(share.index) ? 1n : 0n))
}

/**
 * Adds base values to the postings of one entry, which sums to zero in every currency.
 * @param rateOf the stored rate from a currency to the base currency on the entry's day, or null
 * @returns the postings in order with their values, or null when a value is no safe integer
 */
export function withBaseValues<T extends Money>(
  postings: readonly T[],
  base: string,
  rateOf: (currency: string) => NamedRatio | null,
): (T & BaseValue)[] | null {
  const valued = postings.map((posting) => ({ ...posting, base: posting.minor as number | null, rate: null as string | null }))
  const groups = Map.groupBy(valued, ({ currency }) => currency)
  groups.delete(base)
  for (const [currency, group] of groups) {
    const rate = rateOf(currency)
    const minors = group.map(({ minor }) => minor)
    const converted = rate ? convertBalanced(minors, currency, base, rate).map(Number) : []
    if (!converted.every(Number.isSafeInteger)) return null
    for (const [index, posting] of group.entries()) {
      posting.base = converted[index] ?? null
      posting.rate = rate?.text ?? null
    }
  }
  return valued
}
