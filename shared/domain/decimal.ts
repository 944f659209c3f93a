/** An exact decimal number: `units / 10^scale`. */
export interface Decimal {
  readonly units: bigint
  readonly scale: number
}

const decimalPattern = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/

/**
 * Parses a plain decimal string ("1.5", "0.20"); no exponent, no grouping, no sign other than a leading minus, ASCII digits only.
 * @param maxScale most digits allowed after the point
 * @returns null when the text is not such a number or has too many digits
 */
export function parseDecimal(text: string, maxScale = 12): Decimal | null {
  if (!decimalPattern.test(text) || text.length > 40) return null
  const [whole = '', fraction = ''] = text.split('.')
  if (fraction.length > maxScale) return null
  return { units: BigInt(whole + fraction), scale: fraction.length }
}

/** Quotient rounded half away from zero. `divisor` must be positive. */
export function divideHalfAwayFromZero(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n
  const magnitude = negative ? -dividend : dividend
  const rounded = (magnitude * 2n + divisor) / (divisor * 2n)
  return negative ? -rounded : rounded
}

/** A bigint as a JS number. Throws RangeError outside the safe integers. */
export function toSafeInteger(value: bigint): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new RangeError('The amount is larger than can be kept exactly')
  return number
}
