import type { Money } from '../../../shared/domain/money'

/**
 * How a call to the outside ended.
 * - `succeeded`: done there. `pending`: accepted there and not final; never send again, poll.
 * - `declined`: final no. `misconfigured`: our key, account or data is at fault; do not hammer, tell the owner.
 * - `uncertain`: nobody knows whether it happened (timeout, connection, 5xx, 429); repeat with the same key.
 */
export type GatewayOutcome<T> =
  | { readonly kind: 'succeeded'; readonly value: T }
  | { readonly kind: 'pending'; readonly value: T }
  | { readonly kind: 'declined'; readonly code: string; readonly message: string }
  | { readonly kind: 'misconfigured'; readonly message: string }
  | { readonly kind: 'uncertain'; readonly message: string; readonly retryAfterMs?: number }

export interface GatewayAccount {
  /** Empty when the key may not see it. */
  readonly accountId: string
  readonly livemode: boolean
}

export interface GatewayCustomer {
  readonly id: string
  /** The provider's id when it is already known there. */
  readonly ref: string | null
  /** The provider has this name, e-mail and address under `ref` already. */
  readonly unchanged: boolean
  readonly name: string
  readonly email: string
  readonly address: {
    readonly line1: string
    readonly line2?: string | undefined
    readonly city?: string | undefined
    readonly state?: string | undefined
    readonly postalCode?: string | undefined
    readonly country?: string | undefined
  } | null
}

/** What an invoice comes to, and for what. */
export interface InvoiceContent {
  readonly currency: string
  readonly lines: readonly {
    readonly description: string
    /** Net amount and tax of the line, exact. */
    readonly amount: number
    readonly tax: number
    /** Decimal fraction such as "0.20", null for no tax. */
    readonly taxRate: string | null
  }[]
  readonly total: Money
}

export interface IssueInvoiceRequest extends InvoiceContent {
  readonly invoiceId: string
  readonly number: string
  readonly customer: GatewayCustomer
  /** The instant the invoice is due: end of the due date in the business's time zone, UTC epoch milliseconds. */
  readonly dueAt: number
  readonly memo: string | null
  /** Prefix of this attempt's idempotency keys: a database row written first; each step appends its name. */
  readonly idempotencyKey: string
  /** The first attempt is older than the provider keeps its keys: look the invoice up by metadata before creating anything. */
  readonly lookUpFirst: boolean
}

export interface IssuedInvoice {
  readonly invoiceRef: string
  readonly customerRef: string
  readonly hostedInvoiceUrl: string | null
}

export interface ProviderPayment {
  /** Stable id of the payment at the provider (payment intent or charge). */
  readonly paymentRef: string
  readonly amount: Money
  /** UTC epoch milliseconds. */
  readonly receivedAt: number
  /** What the provider kept and what reached the balance; null until it tells. In the balance's own currency. */
  readonly settlement: {
    readonly fee: Money
    readonly net: Money
    /** Decimal string: 1 unit of the payment's currency = rate units of the balance's currency; null when they are the same. */
    readonly exchangeRate: string | null
  } | null
}

export interface ProviderInvoice {
  readonly invoiceRef: string
  /** `invoiceId` that we put into its metadata, when it is ours. */
  readonly invoiceId: string | null
  readonly status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible'
  readonly hostedInvoiceUrl: string | null
  readonly total: Money
  readonly amountPaid: Money
  readonly payments: readonly ProviderPayment[]
}

export interface RefundRequest {
  readonly refundId: string
  readonly paymentRef: string
  readonly amount: Money
  /** Free text of the owner; goes to metadata. */
  readonly reason: string
  readonly idempotencyKey: string
  readonly lookUpFirst: boolean
}

export interface ProviderRefund {
  readonly refundRef: string
  /** `refundId` that we put into its metadata, when it is ours. */
  readonly refundId: string | null
  readonly paymentRef: string | null
  readonly amount: Money
  readonly status: 'pending' | 'succeeded' | 'failed'
  readonly failureReason: string | null
  /** UTC epoch milliseconds. */
  readonly createdAt: number
  /** What the provider charged for refunding (usually zero: it keeps the first fee); null until it tells. */
  readonly fee: Money | null
}

export interface ProviderEventHint {
  readonly providerEventId: string
  readonly type: string
  /**
   * Kind and id of the object to read again; a hint only. `invoice` and `refund` are read themselves, `payment` (a payment intent) leads
   * to its invoice, any other kind changes nothing in the books.
   */
  readonly objectKind: string
  readonly objectId: string | null
  /** UTC epoch milliseconds. */
  readonly occurredAt: number
  readonly livemode: boolean
}

export interface PaymentGateway {
  /** Tries the key: who is this account, and is it the live or the test side? */
  checkAccount(): Promise<GatewayOutcome<GatewayAccount>>
  /** What `issueInvoice` would be refused for because of the amounts, in a sentence; null when nothing is known. Asks nobody. */
  invoiceProblem(content: InvoiceContent): string | null
  /** Customer, invoice, lines, finalize, send. A total that differs from ours after finalizing is voided there and `misconfigured`. */
  issueInvoice(request: IssueInvoiceRequest): Promise<GatewayOutcome<IssuedInvoice>>
  voidInvoice(request: { readonly invoiceRef: string; readonly idempotencyKey: string }): Promise<GatewayOutcome<ProviderInvoice>>
  /**
   * Takes down what an `issueInvoice` that is not to be carried on may have left: a draft is deleted, an open invoice voided.
   * The value is how the invoice stands then, null when there is none (any more).
   */
  withdrawInvoice(request: {
    readonly invoiceId: string
    readonly idempotencyKey: string
  }): Promise<GatewayOutcome<ProviderInvoice | null>>
  readInvoice(invoiceRef: string): Promise<GatewayOutcome<ProviderInvoice>>
  /** The invoice that a payment (payment intent, charge or invoice payment id) belongs to; null when it is not an invoice's. */
  invoiceOf(objectKind: string, objectId: string): Promise<GatewayOutcome<string | null>>
  refund(request: RefundRequest): Promise<GatewayOutcome<ProviderRefund>>
  readRefund(refundRef: string): Promise<GatewayOutcome<ProviderRefund>>
  /** Every refund of a payment, as the provider has them now. */
  listRefunds(paymentRef: string): Promise<GatewayOutcome<readonly ProviderRefund[]>>
  /** One page of events at or after `since`, newest first as the provider lists them. */
  listEvents(request: {
    /** UTC epoch milliseconds. */
    readonly since: number
    readonly cursor: string | null
  }): Promise<GatewayOutcome<{ readonly events: readonly ProviderEventHint[]; readonly nextCursor: string | null }>>
  /** Invoices that may have changed since an instant, refunds included, for a cursor older than the provider keeps its events. */
  listInvoices(request: {
    readonly since: number
    readonly cursor: string | null
  }): Promise<GatewayOutcome<{ readonly invoiceRefs: readonly string[]; readonly nextCursor: string | null }>>
}

/** Checks and reads a webhook. The adapter knows the provider's scheme; core knows only the hint. */
export interface WebhookReader {
  /**
   * @param rawBody the exact bytes received
   * @param secrets signing secrets that may be in use (two during a rotation)
   * @param now UTC epoch milliseconds
   * @returns the hint, or why it was refused; never throws on bad input
   */
  read(request: {
    readonly rawBody: Uint8Array
    readonly signature: string | undefined
    readonly secrets: readonly string[]
    readonly now: number
  }): { readonly ok: true; readonly hint: ProviderEventHint } | { readonly ok: false; readonly reason: string }
}
