import { exponentOf, isCurrency } from '../../../shared/domain/currency'
import type { Money } from '../../../shared/domain/money'

/** Currencies whose Stripe amounts have another number of digits than ISO 4217 says (https://docs.stripe.com/currencies). */
const stripeExponents: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 }

/** Three-decimal currencies take amounts whose last digit is zero. */
const roundedToTens = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])

/** An amount as Stripe writes it. @returns null when Stripe cannot express it exactly */
export function toStripeAmount(amount: Money): number | null {
  if (roundedToTens.has(amount.currency) && amount.minor % 10 !== 0) return null
  const shift = (stripeExponents[amount.currency] ?? exponentOf(amount.currency)) - exponentOf(amount.currency)
  if (shift === 0) return amount.minor
  const converted = shift > 0 ? amount.minor * 10 ** shift : amount.minor / 10 ** -shift
  return Number.isSafeInteger(converted) ? converted : null
}

/** Stripe's amount in ISO minor units. @returns null for an unknown currency or an amount with digits that ISO does not have */
export function fromStripeAmount(amount: number, stripeCurrency: string): Money | null {
  const currency = stripeCurrency.toUpperCase()
  if (!isCurrency(currency)) return null
  const shift = (stripeExponents[currency] ?? exponentOf(currency)) - exponentOf(currency)
  const minor = shift > 0 ? amount / 10 ** shift : amount * 10 ** -shift
  return Number.isSafeInteger(minor) ? { minor, currency } : null
}
