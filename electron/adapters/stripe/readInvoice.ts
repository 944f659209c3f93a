import type Stripe from 'stripe'
import { exponentOf } from '../../../shared/domain/currency'
import { divideHalfAwayFromZero } from '../../../shared/domain/decimal'
import type { Money } from '../../../shared/domain/money'
import type { ProviderInvoice, ProviderPayment } from '../../core/ports/paymentGateway'
import { fromStripe } from './amounts'
import { ourInvoiceId } from './issueInvoice'
import { understand } from './outcomes'
import {
  type BalanceTransactionReply,
  bareCharge,
  type ChargeReply,
  chargeReply,
  type InvoicePaymentReply,
  type InvoiceReply,
  invoiceOfPayment,
  invoiceOfPaymentList,
  invoicePaymentList,
  invoiceReply,
  paymentIntentReply,
} from './replies'

/** An invoice as it is now, with its payments and, where Stripe tells, what they cost. */
export async function readInvoice(stripe: Stripe, invoiceRef: string): Promise<ProviderInvoice> {
  const invoice = understand(invoiceReply, await stripe.invoices.retrieve(invoiceRef, { expand: ['payments'] }))
  return toInvoice(stripe, invoice)
}

/** An invoice with its payments, from a reply that may have been given without them. */
export async function toInvoice(stripe: Stripe, invoice: InvoiceReply): Promise<ProviderInvoice> {
  const payments: ProviderPayment[] = []
  for (const part of await paymentsOf(stripe, invoice)) {
    const payment = await readPayment(stripe, part)
    if (payment !== null) payments.push(payment)
  }
  return {
    invoiceRef: invoice.id,
    invoiceId: invoice.metadata?.[ourInvoiceId] ?? null,
    status: invoice.status,
    hostedInvoiceUrl: invoice.hosted_invoice_url ?? null,
    total: fromStripe(invoice.total, invoice.currency),
    amountPaid: fromStripe(invoice.amount_paid, invoice.currency),
    payments,
  }
}

/** All payments of an invoice; a reply includes the first few. */
async function paymentsOf(stripe: Stripe, invoice: InvoiceReply): Promise<InvoicePaymentReply[]> {
  if (invoice.payments && !invoice.payments.has_more) return invoice.payments.data
  if (invoice.amount_paid === 0) return []
  const all: InvoicePaymentReply[] = []
  for (;;) {
    const last = all.at(-1)
    const page = understand(
      invoicePaymentList,
      await stripe.invoicePayments.list({
        invoice: invoice.id,
        limit: 100,
        ...(last === undefined ? {} : { starting_after: last.id }),
      }),
    )
    all.push(...page.data)
    if (!page.has_more || page.data.length === 0) return all
  }
}

/** @returns null for what is not paid, and for payments noted by hand at Stripe, which move no balance there */
async function readPayment(stripe: Stripe, part: InvoicePaymentReply): Promise<ProviderPayment | null> {
  const paid = part.amount_paid ?? 0
  if (part.status !== 'paid' || paid <= 0) return null
  const { payment_intent: intent, charge: chargeRef } = part.payment
  const charge = intent ? await chargeOfIntent(stripe, intent) : chargeRef ? await readCharge(stripe, chargeRef) : null
  const paymentRef = intent ?? chargeRef
  if (!paymentRef) return null
  const amount = fromStripe(paid, part.currency)
  const paidAt = part.status_transitions?.paid_at ?? charge?.created
  return {
    paymentRef,
    amount,
    receivedAt: (paidAt ?? 0) * 1000,
    settlement: charge?.balance_transaction ? settlementOf(amount, charge.balance_transaction) : null,
  }
}

async function chargeOfIntent(stripe: Stripe, intent: string): Promise<ChargeReply | null> {
  const reply = await stripe.paymentIntents.retrieve(intent, { expand: ['latest_charge.balance_transaction'] })
  return understand(paymentIntentReply, reply).latest_charge ?? null
}

async function readCharge(stripe: Stripe, charge: string): Promise<ChargeReply> {
  return understand(chargeReply, await stripe.charges.retrieve(charge, { expand: ['balance_transaction'] }))
}

/** @returns null where the balance moved by another amount than this payment's, so that the fee is not this payment's alone */
function settlementOf(amount: Money, transaction: BalanceTransactionReply): ProviderPayment['settlement'] {
  const gross = fromStripe(transaction.amount, transaction.currency)
  const fee = fromStripe(transaction.fee, transaction.currency)
  const net = fromStripe(transaction.net, transaction.currency)
  if (gross.currency === amount.currency) return gross.minor === amount.minor ? { fee, net, exchangeRate: null } : null
  return { fee, net, exchangeRate: rateBetween(amount, gross) }
}

const rateDigits = 12

/**
 * The rate at which `from` became `to`, from the amounts themselves: what Stripe tells as a rate is a rounded float of the same.
 * @returns decimal string with at most 12 decimals: 1 unit of `from` = so many units of `to`
 */
export function rateBetween(from: Money, to: Money): string {
  const numerator = BigInt(to.minor) * 10n ** BigInt(exponentOf(from.currency) + rateDigits)
  const units = divideHalfAwayFromZero(numerator, BigInt(from.minor) * 10n ** BigInt(exponentOf(to.currency)))
  const digits = String(units).padStart(rateDigits + 1, '0')
  return `${digits.slice(0, -rateDigits)}.${digits.slice(-rateDigits)}`.replace(/\.?0+$/, '')
}

/** The invoice that a payment belongs to; null when it is not an invoice's. */
export async function invoiceOf(stripe: Stripe, objectKind: string, objectId: string): Promise<string | null> {
  if (objectKind === 'invoice_payment')
    return understand(invoiceOfPayment, await stripe.invoicePayments.retrieve(objectId)).invoice
  if (objectKind === 'charge') {
    const intent = understand(bareCharge, await stripe.charges.retrieve(objectId)).payment_intent
    return intent ? invoiceOf(stripe, 'payment_intent', intent) : null
  }
  const reply = await stripe.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: objectId }, limit: 1 })
  return understand(invoiceOfPaymentList, reply).data[0]?.invoice ?? null
}
