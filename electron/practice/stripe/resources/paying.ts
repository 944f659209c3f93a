import type Stripe from 'stripe'
import type { Context } from '../context'
import { invalid } from '../http/errors'
import type { TestCard } from '../rules/cards'
import { buildCharge, buildChargeTransaction } from './paymentObjects'

export interface Attempt {
  invoice: Stripe.Invoice
  intent: Stripe.PaymentIntent
  charge: Stripe.Charge
}

/** @throws ApiError 400 unless the invoice waits for its money */
export function mustBePayable(invoice: Stripe.Invoice): void {
  if (invoice.status === 'paid') throw invalid('Invoice is already paid')
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible')
    throw invalid(`This invoice can no longer be paid: it is ${invoice.status}.`, { code: 'status_transition_invalid' })
}

/** The payment made at finalization, through which the invoice is paid. */
export function defaultPayment(
  ctx: Context,
  invoice: Stripe.Invoice,
): { payment: Stripe.InvoicePayment; intent: Stripe.PaymentIntent } {
  const payment = ctx.store.allBy('invoice_payment', 'invoice', invoice.id).find((candidate) => candidate.is_default)
  const intent = ctx.store.find('payment_intent', String(payment?.payment.payment_intent))
  if (payment === undefined || intent === undefined) throw invalid(`Invoice ${invoice.id} has nothing to pay.`)
  return { payment, intent }
}

/**
 * Tries to take what the invoice asks from a card. A decline leaves the invoice as it is, with a failed charge and its events;
 * success pays it in full.
 * @throws ApiError 400 when the invoice is not payable
 */
export function payWithCard(ctx: Context, invoice: Stripe.Invoice, card: TestCard): Attempt {
  mustBePayable(invoice)
  const { payment, intent } = defaultPayment(ctx, invoice)
  const charge = buildCharge(ctx, invoice, intent, card)
  const attempted = { ...invoice, attempt_count: Math.max(1, invoice.attempt_count), attempted: true }
  return card.decline === undefined
    ? succeed(ctx, attempted, payment, intent, charge)
    : fail(ctx, attempted, invoice, intent, charge, card.decline)
}

function succeed(
  ctx: Context,
  invoice: Stripe.Invoice,
  payment: Stripe.InvoicePayment,
  intent: Stripe.PaymentIntent,
  attempt: Stripe.Charge,
): Attempt {
  const transaction = ctx.store.put(buildChargeTransaction(ctx, attempt))
  const charge = ctx.store.put({ ...attempt, balance_transaction: transaction.id })
  const paidIntent = ctx.store.put({
    ...intent,
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    payment_method: charge.payment_method,
    status: 'succeeded',
  } satisfies Stripe.PaymentIntent)
  const paidPayment = ctx.store.put({
    ...payment,
    amount_paid: intent.amount,
    status: 'paid',
    status_transitions: { ...payment.status_transitions, paid_at: ctx.now },
  } satisfies Stripe.InvoicePayment)
  const paid = ctx.store.put(settled(ctx, invoice, intent.amount))
  ctx.emit('charge.succeeded', charge)
  ctx.emit('payment_intent.succeeded', paidIntent)
  ctx.emit('invoice_payment.paid', paidPayment)
  announcePaid(ctx, paid)
  return { invoice: paid, intent: paidIntent, charge }
}

/** The invoice as paid in full. */
export function settled(ctx: Context, invoice: Stripe.Invoice, amountPaid: number): Stripe.Invoice {
  return {
    ...invoice,
    amount_paid: amountPaid,
    amount_remaining: 0,
    ending_balance: 0,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...invoice.status_transitions, paid_at: ctx.now },
  }
}

export function announcePaid(ctx: Context, invoice: Stripe.Invoice): void {
  ctx.emit('invoice.paid', invoice)
  ctx.emit('invoice.payment_succeeded', invoice)
}

function fail(
  ctx: Context,
  invoice: Stripe.Invoice,
  before: Stripe.Invoice,
  intent: Stripe.PaymentIntent,
  attempt: Stripe.Charge,
  decline: NonNullable<TestCard['decline']>,
): Attempt {
  const charge = ctx.store.put(attempt)
  const failedIntent = ctx.store.put({
    ...intent,
    last_payment_error: {
      advice_code: decline.advice,
      charge: charge.id,
      code: decline.code,
      ...(decline.declineCode === undefined ? {} : { decline_code: decline.declineCode }),
      doc_url: `https://stripe.com/docs/error-codes/${decline.code.replaceAll('_', '-')}`,
      message: decline.message,
      network_decline_code: decline.networkDeclineCode,
      type: 'card_error',
    },
    latest_charge: charge.id,
    status: 'requires_payment_method',
  } satisfies Stripe.PaymentIntent)
  const still = ctx.store.put(invoice)
  ctx.emit('charge.failed', charge)
  ctx.emit('payment_intent.payment_failed', failedIntent)
  ctx.emit('invoice.updated', still, before)
  ctx.emit('invoice.payment_failed', still)
  return { invoice: still, intent: failedIntent, charge }
}
