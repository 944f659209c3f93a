import { invalid } from '../http/errors'

interface Fraction {
  numerator: bigint
  denominator: bigint
}

/** `"1.50"` as 150/100. The text must be a plain decimal. */
function fraction(decimal: string): Fraction {
  const [whole = '0', part = ''] = decimal.split('.')
  return { numerator: BigInt(`${whole}${part}`), denominator: 10n ** BigInt(part.length) }
}

/** Rounds half away from zero. */
function divide(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n
  const magnitude = negative ? -numerator : numerator
  const rounded = (2n * magnitude + denominator) / (2n * denominator)
  return negative ? -rounded : rounded
}

function toAmount(value: bigint, param: string): number {
  const amount = Number(value)
  if (!Number.isSafeInteger(amount))
    throw invalid('Invalid integer: the amount is too large', { code: 'parameter_invalid_integer', param })
  return amount
}

/** Unit price in minor units times quantity, both decimal text, rounded half away from zero to a minor unit. */
export function multiply(unitAmount: string, quantity: string, param: string): number {
  const a = fraction(unitAmount)
  const b = fraction(quantity)
  return toAmount(divide(a.numerator * b.numerator, a.denominator * b.denominator), param)
}

/** Tax on an amount. Inclusive tax is the part contained in the amount: `amount * p / (100 + p)`. */
export function taxOn(amount: number, percentage: string, inclusive: boolean): number {
  const { numerator, denominator } = fraction(percentage)
  const hundred = 100n * denominator
  return Number(divide(BigInt(amount) * numerator, inclusive ? hundred + numerator : hundred))
}

/** Stripe's list price for a domestic card: 2.9 % + 30 minor units, half up. */
export function processingFee(amount: number): number {
  return Number((BigInt(amount) * 29n + 500n) / 1000n) + 30
}

/** @throws ApiError when the sum leaves the range of exact integers. */
export function sum(amounts: readonly number[]): number {
  return toAmount(
    amounts.reduce((total, amount) => total + BigInt(amount), 0n),
    'amount',
  )
}
