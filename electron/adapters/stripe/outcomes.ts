import Stripe from 'stripe'
import type { z } from 'zod'
import type { GatewayOutcome } from '../../core/ports/paymentGateway'

/** An outcome without a value. */
export type Failure = Exclude<GatewayOutcome<never>, { value: never }>

/** Ends a call with an outcome that is known already. */
export class Ended extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

/** Stripe answered in a way that we do not understand. */
export class StrangeReply extends Error {}

/**
 * The part of a reply that is used.
 * @throws StrangeReply when it has not the expected shape; unknown keys are ignored
 */
export function understand<T>(schema: z.ZodType<T>, reply: unknown): T {
  const parsed = schema.safeParse(reply)
  if (!parsed.success) throw new StrangeReply(parsed.error.issues.map(({ path }) => path.join('.')).join(', '))
  return parsed.data
}

/**
 * Runs a call and names how it ended; it never throws.
 * @param kind a `read` that cannot be understood is final for this object; an `act` that cannot be understood may have happened
 */
export async function outcomeOf<T>(kind: 'read' | 'act', call: () => Promise<GatewayOutcome<T>>): Promise<GatewayOutcome<T>> {
  try {
    return await call()
  } catch (error) {
    return failureOf(error, kind)
  }
}

export function succeeded<T>(value: T): GatewayOutcome<T> {
  return { kind: 'succeeded', value }
}

/** True when an error says that the object does not exist at Stripe (any more). */
export function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing'
}

/** Refusals that are about the account or the key, not about what was asked. */
const accountCodes = new Set([
  'account_closed',
  'account_invalid',
  'account_information_mismatch',
  'api_key_expired',
  'livemode_mismatch',
  'platform_api_key_expired',
  'secret_key_required',
  'testmode_charges_only',
  'tls_version_unsupported',
])

/** What a refusal means, for the ones an owner can do something about (https://docs.stripe.com/error-codes). */
const refusals: Readonly<Record<string, string>> = {
  amount_too_large: 'The amount is above what Stripe takes in this currency.',
  amount_too_small: 'The amount is below what Stripe takes in this currency.',
  balance_insufficient: 'The Stripe balance does not cover it. Add money to the balance, then try again.',
  charge_already_refunded: 'The payment is fully refunded at Stripe already.',
  charge_disputed: 'The payment is disputed, so it cannot be refunded. Answer the dispute in the Stripe dashboard.',
  charge_exceeds_source_limit: 'The amount is above what this payment method takes.',
  charge_not_refundable: 'The payment cannot be refunded: it did not succeed at Stripe.',
  email_invalid: 'Stripe does not accept the customer’s e-mail address. Correct it, then try again.',
  insufficient_funds: 'The Stripe balance does not cover it. Add money to the balance, then try again.',
  invalid_charge_amount: 'Stripe does not take this amount in this currency.',
  invoice_no_customer_line_items: 'The invoice has no lines at Stripe.',
  invoice_not_editable: 'The invoice cannot be changed at Stripe any more.',
  refund_disputed_payment: 'The payment is disputed, so it cannot be refunded. Answer the dispute in the Stripe dashboard.',
  resource_missing: 'It does not exist in this Stripe account.',
}

const takenNumber = 'Stripe does not take this invoice number: another invoice of the account has it already.'

/** Words of the wire that may stand in our messages: they name fields and reasons, never values. */
function plainWord(text: string | undefined): string | null {
  return text !== undefined && /^[a-z][a-z0-9_[\].]{0,79}$/.test(text) ? text : null
}

function reference(error: Stripe.errors.StripeError): string {
  return error.requestId !== undefined && /^req_[A-Za-z0-9]{4,40}$/.test(error.requestId)
    ? ` (Stripe’s request ${error.requestId})`
    : ''
}

/** @returns milliseconds, from a Retry-After of whole seconds */
function retryAfter(error: Stripe.errors.StripeError): { retryAfterMs?: number } {
  const seconds = error.headers?.['retry-after']
  return seconds !== undefined && /^[0-9]{1,6}$/.test(seconds) ? { retryAfterMs: Number(seconds) * 1000 } : {}
}

/**
 * The kind of failure that an error of the SDK, or of our reading of its replies, stands for. No text of Stripe's is passed on.
 * Acts come from the outbox, which repeats them; what becomes of a read is for its caller to say.
 */
export function failureOf(error: unknown, kind: 'read' | 'act'): Failure {
  const again = kind === 'act' ? ' It is tried again by itself.' : ''
  if (error instanceof Ended) return error.failure
  if (error instanceof StrangeReply) {
    return kind === 'read'
      ? { kind: 'declined', code: 'unexpected_reply', message: 'Stripe’s answer has a shape that this version does not know.' }
      : {
          kind: 'uncertain',
          message: 'Stripe’s answer has a shape that this version does not know. It is asked again; nothing is done twice.',
        }
  }
  if (!(error instanceof Stripe.errors.StripeError)) {
    return { kind: 'uncertain', message: 'The call to Stripe failed on this side. It is repeated; nothing is done twice.' }
  }
  const status = error.statusCode ?? 0
  const code = plainWord(error.code)
  if (status === 409) {
    return { kind: 'uncertain', message: 'Stripe is still working on the same request. It is asked again.', ...retryAfter(error) }
  }
  if (error instanceof Stripe.errors.StripeIdempotencyError || error.rawType === 'idempotency_error') {
    return {
      kind: 'misconfigured',
      message: `Stripe knows this request with other contents, so it was not carried out again${reference(error)}. Look in the Stripe dashboard whether it happened.`,
    }
  }
  if (error instanceof Stripe.errors.StripeRateLimitError || status === 429 || code === 'rate_limit' || code === 'lock_timeout') {
    return { kind: 'uncertain', message: `Stripe asks to slow down.${again}`, ...retryAfter(error) }
  }
  if (status === 401) {
    return {
      kind: 'misconfigured',
      message: `Stripe refuses the key${reference(error)}: it is mistyped, expired or was revoked. Connect Stripe again with a key from its dashboard.`,
    }
  }
  if (status === 403) {
    return {
      kind: 'misconfigured',
      message: `The key may not do this${reference(error)}. A restricted key needs to write Customers, Invoices, Charges and Refunds and PaymentIntents, and to read Events and Balance. Change it in the Stripe dashboard or connect another key.`,
    }
  }
  if (code !== null && accountCodes.has(code)) {
    return {
      kind: 'misconfigured',
      message: `Stripe does not allow this for the account as it is (${code})${reference(error)}. Look in the Stripe dashboard what it asks for.`,
    }
  }
  if (status === 400 || status === 402 || status === 404) {
    const param = plainWord(error.param)
    const about = param === null ? '' : `, at ${param}`
    const words = param === 'number' ? takenNumber : code === null ? undefined : refusals[code]
    return {
      kind: 'declined',
      code: code ?? 'refused',
      message: words ?? `Stripe refused it (${code ?? 'no reason code'}${about})${reference(error)}.`,
    }
  }
  if (error instanceof Stripe.errors.StripeConnectionError) {
    return { kind: 'uncertain', message: `Stripe could not be reached.${again}` }
  }
  return { kind: 'uncertain', message: `Stripe did not answer properly.${again}`, ...retryAfter(error) }
}
