import { z } from 'zod'
import { type Currency, currencyCode, exponentOf } from './currency'
import { toSafeInteger } from './decimal'

/** An amount in whole minor units of its currency (cents for USD, yen for JPY). */
export interface Money {
  readonly minor: number
  readonly currency: Currency
}

const safeInteger = z.int({ error: 'must be a whole number of minor units within +-9007199254740991' })

/** Any amount; debit positive, credit negative where it is a posting. */
export const money = z.strictObject({ minor: safeInteger, currency: currencyCode })
/** An amount above zero. */
export const positiveMoney = z.strictObject({
  minor: safeInteger.positive({ error: 'must be above zero' }),
  currency: currencyCode,
})
/** An amount of zero or more. */
export const nonNegativeMoney = z.strictObject({
  minor: safeInteger.nonnegative({ error: 'must not be negative' }),
  currency: currencyCode,
})

export function zero(currency: Currency): Money {
  return { minor: 0, currency }
}

/** Exact sum of minor units. Throws RangeError outside the safe integers. */
export function sumMinor(minors: Iterable<number>): number {
  let total = 0n
  for (const minor of minors) total += BigInt(minor)
  return toSafeInteger(total)
}

/**
 * Splits `total` in proportion to `weights` by the largest-remainder (Hamilton) method; the parts sum to `total` exactly and each is
 * within one minor unit of its exact share. Equal remainders go to the earlier weight.
 * Throws RangeError when the weights are negative or sum to zero while the total does not.
 */
export function allocate(total: number, weights: readonly number[]): number[] {
  const weightSum = weights.reduce((sum, weight) => sum + BigInt(weight), 0n)
  if (weights.some((weight) => weight < 0)) throw new RangeError('Weights must not be negative')
  if (weightSum === 0n) {
    if (total !== 0) throw new RangeError('Nothing to allocate to: all weights are zero')
    return weights.map(() => 0)
  }
  const sign = total < 0 ? -1n : 1n
  const magnitude = BigInt(total) * sign
  const shares = weights.map((weight, index) => {
    const product = magnitude * BigInt(weight)
    return { index, floor: product / weightSum, remainder: product % weightSum }
  })
  let left = magnitude - shares.reduce((sum, share) => sum + share.floor, 0n)
  const parts = shares.map((share) => share.floor)
  for (const share of [...shares].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1,
  )) {
    if (left === 0n) break
    parts[share.index] = share.floor + 1n
    left -= 1n
  }
  return parts.map((part) => toSafeInteger(part * sign))
}

/** A plain decimal string with the currency's full exponent: 125000 USD -> "1250.00", 5 JPY -> "5". */
export function toDecimalString(amount: Money): string {
  const exponent = exponentOf(amount.currency)
  const digits = String(Math.abs(amount.minor)).padStart(exponent + 1, '0')
  const sign = amount.minor < 0 ? '-' : ''
  return exponent === 0 ? sign + digits : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

/**
 * Reads a decimal string typed by a person or a bank ("1,250.00" is refused, "1250.5" is accepted) as minor units.
 * @returns null when it is not a plain decimal or has more digits than the currency
 */
export function fromDecimalString(text: string, currency: Currency): Money | null {
  const match = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text)
  if (!match) return null
  const [, sign = '', whole = '', fraction = ''] = match
  const exponent = exponentOf(currency)
  if (fraction.length > exponent || whole.length > 16) return null
  const minor = Number(`${sign}${whole}${fraction.padEnd(exponent, '0')}`)
  return Number.isSafeInteger(minor) ? { minor: minor === 0 ? 0 : minor, currency } : null
}

/** "USD 1,250.00": for sentences and logs; the window formats with the reader's own conventions. */
export function formatMoney(amount: Money): string {
  const [whole = '0', fraction] = toDecimalString(amount).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return `${amount.currency} ${fraction === undefined ? grouped : `${grouped}.${fraction}`}`
}
