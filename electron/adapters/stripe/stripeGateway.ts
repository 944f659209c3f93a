import Stripe from 'stripe'
import type { PaymentGateway } from '../../core/ports/paymentGateway'
import { issueInvoice } from './issueInvoice'
import { toStripeAmount } from './stripeAmounts'
import { asOutcome, Decided, StrangeReply } from './stripeErrors'
import { readAll, readInvoice, refundExpansions, refundIdKey, refundOf, withPayments } from './stripeReads'
import { accountReply, balanceReply, chargeReply, idOf, invoicePaymentReply, invoiceReply, listReply } from './stripeReplies'
import { hintOf } from './webhookReader'

export interface StripeGatewayOptions {
  readonly secretKey: string
  /** Another server than Stripe's, e.g. `http://127.0.0.1:12111`: the practice world's. */
  readonly baseUrl?: string
  /** Milliseconds until a call counts as uncertain. */
  readonly timeout?: number
}

const pageSize = 100

/** The payment gateway port on Stripe's API, in the version that its SDK pins. Every POST carries a key of ours. */
export function createStripeGateway(options: StripeGatewayOptions): PaymentGateway {
  const stripe = new Stripe(options.secretKey, {
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: options.timeout ?? 20_000,
    ...(options.baseUrl === undefined ? {} : serverOf(options.baseUrl)),
  })
  return {
    checkAccount: () =>
      asOutcome(async () => {
        const { livemode } = balanceReply.parse(await stripe.balance.retrieve())
        return { accountId: await accountId(stripe), livemode }
      }),

    issueInvoice: (request) => asOutcome(() => issueInvoice(stripe, request)),

    voidInvoice: ({ invoiceRef, idempotencyKey }) =>
      asOutcome(async () => {
        const now = invoiceReply.parse(await stripe.invoices.retrieve(invoiceRef))
        if (now.status !== 'open' && now.status !== 'uncollectible') return withPayments(stripe, now)
        return withPayments(stripe, invoiceReply.parse(await stripe.invoices.voidInvoice(invoiceRef, {}, { idempotencyKey })))
      }),

    readInvoice: (invoiceRef) => asOutcome(() => readInvoice(stripe, invoiceRef)),

    invoiceOf: (objectKind, objectId) => asOutcome(() => invoiceOf(stripe, objectKind, objectId)),

    refund: async (request) => {
      const outcome = await asOutcome(async () => {
        if (request.lookUpFirst) {
          const earlier = await listRefunds(stripe, request.paymentRef)
          const found = earlier.find((refund) => refund.refundId === request.refundId)
          if (found !== undefined) return found
        }
        const amount = toStripeAmount(request.amount)
        if (amount === null) {
          throw new Decided({
            kind: 'declined',
            code: 'amount_not_expressible',
            message: 'Stripe takes fewer digits in this currency. Refund an amount whose last digit is zero.',
          })
        }
        return refundOf(
          await stripe.refunds.create(
            {
              payment_intent: request.paymentRef,
              amount,
              metadata: { [refundIdKey]: request.refundId, reason: request.reason.slice(0, 500) },
              expand: refundExpansions,
            },
            { idempotencyKey: request.idempotencyKey },
          ),
        )
      })
      if (outcome.kind !== 'succeeded') return outcome
      if (outcome.value.status === 'pending') return { kind: 'pending', value: outcome.value }
      if (outcome.value.status === 'failed') {
        return {
          kind: 'declined',
          code: outcome.value.failureReason ?? 'failed',
          message: 'Stripe could not carry out the refund.',
        }
      }
      return outcome
    },

    readRefund: (refundRef) =>
      asOutcome(async () => refundOf(await stripe.refunds.retrieve(refundRef, { expand: refundExpansions }))),

    listRefunds: (paymentRef) => asOutcome(() => listRefunds(stripe, paymentRef)),

    listEvents: ({ since, cursor }) =>
      asOutcome(async () => {
        const reply = listReply.parse(
          await stripe.events.list({
            limit: pageSize,
            created: { gte: Math.floor(since / 1000) },
            ...(cursor === null ? {} : { starting_after: cursor }),
          }),
        )
        const events = reply.data.map((event) => {
          const hint = hintOf(event)
          if (hint === null) throw new StrangeReply('an event of an unknown form')
          return hint
        })
        return { events, nextCursor: reply.has_more ? (events.at(-1)?.providerEventId ?? null) : null }
      }),

    listInvoices: ({ since, cursor }) =>
      asOutcome(async () => {
        const reply = listReply.parse(
          await stripe.invoices.list({
            limit: pageSize,
            created: { gte: Math.floor(since / 1000) },
            ...(cursor === null ? {} : { starting_after: cursor }),
          }),
        )
        const invoiceRefs = reply.data.map((item) => invoiceReply.parse(item).id)
        return { invoiceRefs, nextCursor: reply.has_more ? (invoiceRefs.at(-1) ?? null) : null }
      }),
  }
}

/** Restricted keys may read the balance and not the account; the account's id then stays unknown. */
async function accountId(stripe: Stripe): Promise<string> {
  try {
    return accountReply.parse(await stripe.accounts.retrieveCurrent()).id
  } catch (error) {
    if (error instanceof Stripe.errors.StripePermissionError) return 'restricted'
    throw error
  }
}

async function listRefunds(stripe: Stripe, paymentRef: string) {
  const items = await readAll(
    (after) =>
      stripe.refunds.list({
        payment_intent: paymentRef,
        limit: pageSize,
        expand: refundExpansions.map((field) => `data.${field}`),
        ...(after === undefined ? {} : { starting_after: after }),
      }),
    1000,
  )
  return items.map((item) => refundOf(item))
}

async function invoiceOf(stripe: Stripe, objectKind: string, objectId: string): Promise<string | null> {
  switch (objectKind) {
    case 'invoice':
      return objectId
    case 'invoice_payment':
      return idOf(invoicePaymentReply.parse(await stripe.invoicePayments.retrieve(objectId)).invoice)
    case 'charge': {
      const intent = idOf(chargeReply.parse(await stripe.charges.retrieve(objectId)).payment_intent)
      return intent === null ? null : invoiceOf(stripe, 'payment_intent', intent)
    }
    case 'payment_intent': {
      const { data } = listReply.parse(
        await stripe.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: objectId }, limit: 1 }),
      )
      const [row] = data.map((item) => invoicePaymentReply.parse(item))
      return idOf(row?.invoice)
    }
    default:
      return null
  }
}

function serverOf(baseUrl: string): { protocol: 'http' | 'https'; host: string; port: string } {
  const { protocol, hostname, port } = new URL(baseUrl)
  const secure = protocol === 'https:'
  return { protocol: secure ? 'https' : 'http', host: hostname, port: port === '' ? (secure ? '443' : '80') : port }
}
