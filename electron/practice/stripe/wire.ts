import type Stripe from 'stripe'

/** A decimal as it travels: text. The SDK's types show what its client makes of that text, a `Decimal`, hence the cast. */
export function wireDecimal(text: string): Stripe.Decimal {
  return text as unknown as Stripe.Decimal
}

/** `"1.50"` -> 1: `quantity` is `quantity_decimal` with its decimals cut off. */
export function truncated(decimal: string): number {
  return Number(decimal.split('.')[0])
}
