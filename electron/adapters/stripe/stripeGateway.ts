import Stripe from 'stripe'
import type { PaymentGateway, ProviderInvoice } from '../../core/ports/paymentGateway'
import { listChangedInvoices, listEvents } from './changes'
import { findInvoice, invoiceProblem, issueInvoice } from './issueInvoice'
import { isMissing, outcomeOf, succeeded, understand } from './outcomes'
import { invoiceOf, readInvoice, toInvoice } from './readInvoice'
import { listRefunds, readRefund, sendRefund } from './refunds'
import { accountReply, balanceReply, type InvoiceReply, invoiceReply } from './replies'

export interface StripeOptions {
  /** Secret (`sk_`) or restricted (`rk_`) key; kept in memory by the SDK, never logged. */
  readonly secretKey: string
  /** Origin of a practice provider on this machine, e.g. http://127.0.0.1:12111. Left out: Stripe itself. */
  readonly baseUrl?: string
  /** Milliseconds until a call counts as unanswered. */
  readonly timeout?: number
  /**
   * How often the SDK repeats a call that stumbles (closed connection, 409, 429, 5xx), with the same key: an invoice takes six calls, and
   * one of them failing should not put the whole off by the outbox's clock. A closed connection is repeated once at least.
   */
  readonly repeats?: number
}

function connect({ secretKey, baseUrl, timeout = 20_000, repeats = 2 }: StripeOptions): Stripe {
  const own = { maxNetworkRetries: repeats, telemetry: false, timeout }
  if (baseUrl === undefined) return new Stripe(secretKey, own)
  const { hostname, port, protocol } = new URL(baseUrl)
  const secure = protocol === 'https:'
  return new Stripe(secretKey, {
    ...own,
    host: hostname,
    port: port === '' ? (secure ? 443 : 80) : port,
    protocol: secure ? 'https' : 'http',
  })
}

/**
 * Stripe behind the payment gateway port, at the API version that the SDK pins. Every POST carries a key of ours, every reply is read by
 * a schema, and every error becomes an outcome: nothing is thrown.
 */
export function createStripeGateway(options: StripeOptions): PaymentGateway {
  const stripe = connect(options)
  return {
    checkAccount: () =>
      outcomeOf('read', async () => {
        const accountId = await accountOf(stripe)
        const { livemode } = understand(balanceReply, await stripe.balance.retrieve())
        // Without the event list nothing would ever be learned of payments, so a key that may not read it is of no use.
        await stripe.events.list({ limit: 1 })
        return succeeded({ accountId, livemode })
      }),
    invoiceProblem,
    issueInvoice: (request) => outcomeOf('act', () => issueInvoice(stripe, request)),
    voidInvoice: ({ invoiceRef, idempotencyKey }) =>
      outcomeOf('act', async () => {
        const before = understand(invoiceReply, await stripe.invoices.retrieve(invoiceRef))
        return succeeded(await voided(stripe, before, idempotencyKey))
      }),
    withdrawInvoice: ({ invoiceId, idempotencyKey }) =>
      outcomeOf('act', async () => {
        const held = await findInvoice(stripe, invoiceId)
        if (held !== null && held.status !== 'draft') return succeeded(await voided(stripe, held, idempotencyKey))
        if (held !== null) await deleteDraft(stripe, held.id)
        return succeeded(null)
      }),
    readInvoice: (invoiceRef) => outcomeOf('read', async () => succeeded(await readInvoice(stripe, invoiceRef))),
    invoiceOf: (kind, id) => outcomeOf('read', async () => succeeded(await invoiceOf(stripe, kind, id))),
    refund: (request) => outcomeOf('act', () => sendRefund(stripe, request)),
    readRefund: (refundRef) => outcomeOf('read', async () => succeeded(await readRefund(stripe, refundRef))),
    listRefunds: (paymentRef) => outcomeOf('read', async () => succeeded(await listRefunds(stripe, paymentRef))),
    listEvents: (request) => outcomeOf('read', async () => succeeded(await listEvents(stripe, request))),
    listInvoices: (request) => outcomeOf('read', async () => succeeded(await listChangedInvoices(stripe, request))),
  }
}

/** Deletes a draft, or finds it deleted: the answer to a first try may have been lost. */
async function deleteDraft(stripe: Stripe, invoiceRef: string): Promise<void> {
  try {
    await stripe.invoices.del(invoiceRef)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

/** Voids an invoice that can still be paid; any other stays as it is. */
async function voided(stripe: Stripe, invoice: InvoiceReply, key: string): Promise<ProviderInvoice> {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') return toInvoice(stripe, invoice)
  const reply = await stripe.invoices.voidInvoice(invoice.id, {}, { idempotencyKey: `${key}:void` })
  return toInvoice(stripe, understand(invoiceReply, reply))
}

/** @returns the account's id; empty when a restricted key may not see it */
async function accountOf(stripe: Stripe): Promise<string> {
  try {
    return understand(accountReply, await stripe.accounts.retrieveCurrent()).id
  } catch (error) {
    if (error instanceof Stripe.errors.StripePermissionError) return ''
    throw error
  }
}
