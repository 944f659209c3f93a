import { exponentOf, isCurrency } from '../../../shared/domain/currency'
import { toSafeInteger } from '../../../shared/domain/decimal'
import { formatMoney, type Money } from '../../../shared/domain/money'
import { Ended, StrangeReply } from './outcomes'

/*
 * Stripe's amounts are ISO 4217 minor units with exceptions (https://docs.stripe.com/currencies#special-cases): ISK and UGX carry two
 * decimals that must be zero, MGA carries none although it has two, and three-decimal amounts end in zero.
 */
const zeroDecimal = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '))
const threeDecimal = new Set('BHD JOD KWD OMR TND'.split(' '))
const unknownToStripe = new Set(
  'BOV BTN CHE CHW CLF COU CUP ERN GHS IQD IRR KPW LYD MRU MXV SDG SSP SVC SYP TMT USN UYI UYW VED VES XAD ZWG'.split(' '),
)

/** How many digits a charge may have in Stripe's units (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). */
const mostDigits: Readonly<Record<string, number>> = { IDR: 12, COP: 10, HUF: 10, JPY: 10, LBP: 10, INR: 9 }
const usualDigits = 8

/**
 * The least that Stripe charges, in its units (same source). Stripe holds the settlement currency's against the charge; which that is,
 * and at what rate, it alone knows, so a charge is held here against the least of its own currency. Others have none that is published.
 */
const least: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries({
    30: 'GBP',
    50: 'ARS AUD BRL CAD CHF COP EUR IDR ILS INR JPY KRW NZD PHP RUB SGD USD ZAR',
    200: 'AED MYR PLN RON',
    250: 'DKK',
    300: 'NOK SEK',
    400: 'HKD',
    1000: 'MXN THB',
    1500: 'CZK',
    17500: 'HUF',
  }).flatMap(([amount, currencies]) => currencies.split(' ').map((currency) => [currency, Number(amount)])),
)

function stripeExponent(currency: string): number {
  if (zeroDecimal.has(currency)) return 0
  return threeDecimal.has(currency) ? 3 : 2
}

function refuse(code: string, message: string): never {
  throw new Ended({ kind: 'declined', code, message })
}

function assertKnown(currency: string): void {
  if (unknownToStripe.has(currency))
    refuse('currency_unsupported', `Stripe does not charge in ${currency}. Nothing was sent to it.`)
}

/**
 * An amount of ours in Stripe's units.
 * @throws Ended declined when Stripe cannot state it exactly
 */
export function toStripe({ minor, currency }: Money): number {
  assertKnown(currency)
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

/** The largest amount of a currency that Stripe charges at once. */
function mostOf(currency: string): Money {
  const shift = stripeExponent(currency) - exponentOf(currency)
  const most = 10 ** (mostDigits[currency] ?? usualDigits) - 1
  return { minor: shift >= 0 ? Math.floor(most / 10 ** shift) : most * 10 ** -shift, currency }
}

/**
 * Refuses the total of an invoice that Stripe could not charge.
 * @throws Ended declined as `toStripeCharge`, and above the most or below the least that Stripe charges
 */
export function assertChargeable(total: Money): void {
  assertKnown(total.currency)
  const most = mostOf(total.currency)
  if (total.minor > most.minor) {
    refuse(
      'amount_too_large',
      `Stripe charges ${formatMoney(most)} at most, and this comes to ${formatMoney(total)}. Nothing was sent to it.`,
    )
  }
  const value = toStripeCharge(total)
  const minimum = least[total.currency]
  if (minimum !== undefined && value < minimum) {
    const amount = fromStripe(minimum, total.currency)
    refuse(
      'amount_too_small',
      `Stripe charges ${formatMoney(amount)} at least, and this comes to ${formatMoney(total)}. Nothing was sent to it.`,
    )
  }
}

/**
 * An amount of Stripe's as money.
 * @param code ISO code, as Stripe writes it in lower case
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
