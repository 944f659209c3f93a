import { exponentOf, isCurrency } from '../../../shared/domain/currency'
import { toSafeInteger } from '../../../shared/domain/decimal'
import type { Money } from '../../../shared/domain/money'
import { Ended, StrangeReply } from './outcomes'

/*
 * Stripe's amounts are ISO 4217 minor units with exceptions (https://docs.stripe.com/currencies#special-cases): ISK and UGX carry two
 * decimals that must be zero, MGA carries none although it has two, and three-decimal amounts end in zero.
 */
const zeroDecimal = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '))
const threeDecimal = new Set('BHD JOD KWD OMR TND'.split(' '))
const unknownToStripe = new Set('CLF IQD IRR KPW LYD SDG SYP UYI UYW'.split(' '))

function stripeExponent(currency: string): number {
  if (zeroDecimal.has(currency)) return 0
  return threeDecimal.has(currency) ? 3 : 2
}

function refuse(code: string, message: string): never {
  throw new Ended({ kind: 'declined', code, message })
}

/**
 * An amount of ours in Stripe's units.
 * @throws Ended declined when Stripe cannot state it exactly
 */
export function toStripe({ minor, currency }: Money): number {
  if (unknownToStripe.has(currency)) refuse('currency_unsupported', `Stripe does not take ${currency}. Nothing was sent to it.`)
  const shift = stripeExponent(currency) - exponentOf(currency)
  if (shift >= 0) return toSafeInteger(BigInt(minor) * 10n ** BigInt(shift))
  const factor = 10 ** -shift
  if (minor % factor !== 0) {
    refuse(
      'amount_precision',
      `Stripe takes ${currency} in whole units only, and this amount has a fraction. Nothing was sent to it.`,
    )
  }
  return minor / factor
}

/**
 * As `toStripe`, for an amount that will be charged or refunded.
 * @throws Ended declined also when the last of three decimals is not zero
 */
export function toStripeCharge(amount: Money): number {
  const value = toStripe(amount)
  if (threeDecimal.has(amount.currency) && value % 10 !== 0) {
    refuse(
      'amount_precision',
      `Stripe takes ${amount.currency} with two decimals only: the third must be zero, and in this amount it is not. Nothing was sent to it.`,
    )
  }
  return value
}

/**
 * An amount of Stripe's as money.
 * @param code lower-case ISO code
 * @throws StrangeReply when the currency is unknown or the amount is no whole number of minor units
 */
export function fromStripe(amount: number, code: string): Money {
  const currency = code.toUpperCase()
  if (!isCurrency(currency)) throw new StrangeReply(`currency ${code}`)
  const shift = exponentOf(currency) - stripeExponent(currency)
  const value = shift >= 0 ? BigInt(amount) * 10n ** BigInt(shift) : BigInt(amount) / 10n ** BigInt(-shift)
  if (shift < 0 && amount % 10 ** -shift !== 0) throw new StrangeReply(`amount ${amount} ${code}`)
  return { minor: toSafeInteger(value), currency }
}
