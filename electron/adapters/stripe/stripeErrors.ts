import Stripe from 'stripe'
import { z } from 'zod'
import type { GatewayOutcome } from '../../core/ports/paymentGateway'

export type Failure = Exclude<GatewayOutcome<never>, { kind: 'succeeded' | 'pending' }>

/** A reply that does not have the form that the API version promises. */
export class StrangeReply extends Error {}

/** Something that this adapter decided itself; carries the outcome. */
export class Decided extends Error {
  readonly outcome: Failure

  constructor(outcome: Failure) {
    super(outcome.message)
    this.outcome = outcome
  }
}

const inWords: Readonly<Record<string, string>> = {
  charge_already_refunded: 'Stripe says that this payment was refunded in full already.',
  charge_disputed: 'The customer disputes this payment at their bank, so Stripe does not refund it.',
  insufficient_funds: 'There is not enough money in the Stripe balance.',
  balance_insufficient: 'There is not enough money in the Stripe balance.',
  invoice_not_editable: 'Stripe does not let this invoice be changed any more.',
  email_invalid: 'Stripe does not accept the customer’s e-mail address.',
  invalid_currency: 'Stripe does not offer this currency to your account.',
  amount_too_small: 'The amount is below the smallest that Stripe charges in this currency.',
  amount_too_large: 'The amount is above the largest that Stripe takes.',
  resource_missing: 'Stripe does not know this object, so it may belong to another account.',
}

/** Retry-After in milliseconds, where it is a number of seconds (RFC 9110 section 10.2.3). */
function retryAfterMs(headers: Record<string, string> | undefined): number | undefined {
  const seconds = Number(headers?.['retry-after'])
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined
}

function uncertain(message: string, headers?: Record<string, string>): Failure {
  const wait = retryAfterMs(headers)
  return { kind: 'uncertain', message, ...(wait === undefined ? {} : { retryAfterMs: wait }) }
}

/**
 * What a failed call to Stripe means. Messages are ours: Stripe's own may hold parts of keys or personal data.
 * @throws the error itself when it is a defect of ours
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof Decided) return error.outcome
  if (error instanceof StrangeReply || error instanceof z.ZodError || error instanceof SyntaxError) {
    return uncertain('Stripe answered in a form that this version does not understand.')
  }
  if (!(error instanceof Stripe.errors.StripeError)) throw error
  const { statusCode } = error
  const headers = error.headers as Record<string, string> | undefined
  if (error instanceof Stripe.errors.StripeConnectionError) return uncertain('Stripe could not be reached.')
  if (error instanceof Stripe.errors.StripeRateLimitError) return uncertain('Stripe asks to slow down.', headers)
  if (statusCode === 409) return uncertain('Stripe is still working on the same request.', headers)
  if (error instanceof Stripe.errors.StripeAuthenticationError) {
    return {
      kind: 'misconfigured',
      message: 'Stripe does not accept the key: it may have been rolled or revoked. Connect Stripe again with a current key.',
    }
  }
  if (error instanceof Stripe.errors.StripePermissionError) {
    return {
      kind: 'misconfigured',
      message: 'The Stripe key lacks a permission that this needs. Allow it in Stripe’s dashboard or connect another key.',
    }
  }
  if (error instanceof Stripe.errors.StripeIdempotencyError) {
    return {
      kind: 'misconfigured',
      message: 'Stripe has this request on record with other contents. It was not repeated; look at it in Stripe’s dashboard.',
    }
  }
  if (error instanceof Stripe.errors.StripeCardError || error instanceof Stripe.errors.StripeInvalidRequestError) {
    const code = error.code ?? error.type
    const param = /^[a-z0-9_[\].]{1,80}$/.test(error.param ?? '') ? `, ${error.param}` : ''
    return {
      kind: 'declined',
      code,
      message: inWords[code] ?? `Stripe refused this (${/^[a-z0-9_]{1,80}$/.test(code) ? code : 'invalid request'}${param}).`,
    }
  }
  return uncertain('Stripe had a problem on its side.', headers)
}

/** Runs a call and turns every way it can end into an outcome. */
export async function asOutcome<T>(call: () => Promise<T>): Promise<GatewayOutcome<T>> {
  try {
    return { kind: 'succeeded', value: await call() }
  } catch (error) {
    return failureOf(error)
  }
}
