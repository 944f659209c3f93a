import type Stripe from 'stripe'

/** A decimal as it travels: text. The SDK's types show what its client makes of that text, a `Decimal`, hence the cast. */
export function wireDecimal(text: string): Stripe.Decimal {
  return text as unknown as Stripe.Decimal
}

/** `"1.50"` -> 1: `quantity` is `quantity_decimal` with its decimals cut off. */
export function truncated(decimal: string): number {
  return Number(decimal.split('.')[0])
}

/** The time zone that the practice account is set to: what customers are shown is dated in it. */
export const ACCOUNT_TIME_ZONE = 'America/New_York'

export const NO_ADDRESS: Stripe.Address = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null }

/** An address as it is answered: every part, `null` where none was given. */
export function fullAddress(given: { [K in keyof Stripe.Address]?: string | null | undefined }): Stripe.Address {
  return {
    city: given.city ?? null,
    country: given.country ?? null,
    line1: given.line1 ?? null,
    line2: given.line2 ?? null,
    postal_code: given.postal_code ?? null,
    state: given.state ?? null,
  }
}
