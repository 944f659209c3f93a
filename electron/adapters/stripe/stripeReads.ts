import type Stripe from 'stripe'
import type { Money } from '../../../shared/domain/money'
import type { ProviderInvoice, ProviderPayment, ProviderRefund } from '../../core/ports/paymentGateway'
import { fromStripeAmount } from './stripeAmounts'
import { StrangeReply } from './stripeErrors'
import {
  balanceTransactionReply,
  type InvoiceReply,
  idOf,
  invoicePaymentReply,
  invoiceReply,
  listReply,
  paymentIntentReply,
  refundReply,
} from './stripeReplies'

/** Names under which we write our own ids into Stripe's metadata. */
export const invoiceIdKey = 'countinghouse_invoice_id'
export const customerIdKey = 'countinghouse_customer_id'
export const refundIdKey = 'countinghouse_refund_id'

export function moneyOf(amount: number, currency: string): Money {
  const money = fromStripeAmount(amount, currency)
  if (money === null) throw new StrangeReply('an amount in a currency that is not known')
  return money
}

/** Every page of a list, at most `most` items. */
export async function readAll(page: (startingAfter: string | undefined) => Promise<unknown>, most: number): Promise<unknown[]> {
  const items: unknown[] = []
  let startingAfter: string | undefined
  for (;;) {
    const { data, has_more } = listReply.parse(await page(startingAfter))
    items.push(...data)
    const last = data.at(-1)
    if (!has_more || last === undefined || items.length >= most) return items
    startingAfter = (last as { id: string }).id
  }
}

/** An invoice with its payments, each with what Stripe kept. */
export async function readInvoice(stripe: Stripe, invoiceRef: string): Promise<ProviderInvoice> {
  return withPayments(stripe, invoiceReply.parse(await stripe.invoices.retrieve(invoiceRef)))
}

export async function withPayments(stripe: Stripe, invoice: InvoiceReply): Promise<ProviderInvoice> {
  return {
    invoiceRef: invoice.id,
    invoiceId: invoice.metadata?.[invoiceIdKey] ?? null,
    status: invoice.status,
    hostedInvoiceUrl: invoice.hosted_invoice_url ?? null,
    total: moneyOf(invoice.total, invoice.currency),
    amountPaid: moneyOf(invoice.amount_paid, invoice.currency),
    payments: invoice.amount_paid === 0 ? [] : await readPayments(stripe, invoice.id),
  }
}

async function readPayments(stripe: Stripe, invoiceRef: string): Promise<ProviderPayment[]> {
  const rows = await readAll(
    (after) =>
      stripe.invoicePayments.list({
        invoice: invoiceRef,
        status: 'paid',
        limit: 100,
        ...(after === undefined ? {} : { starting_after: after }),
      }),
    1000,
  )
  const payments: ProviderPayment[] = []
  for (const row of rows.map((item) => invoicePaymentReply.parse(item))) {
    const amount = row.amount_paid ?? 0
    if (row.status !== 'paid' || amount === 0) continue
    const intent = idOf(row.payment.payment_intent)
    const settled = intent === null ? null : await readSettlement(stripe, intent)
    payments.push({
      paymentRef: intent ?? idOf(row.payment.charge) ?? row.id,
      amount: moneyOf(amount, row.currency),
      receivedAt: settled?.receivedAt ?? (row.status_transitions?.paid_at ?? row.created) * 1000,
      settlement: settled?.settlement ?? null,
    })
  }
  return payments
}

async function readSettlement(
  stripe: Stripe,
  intent: string,
): Promise<{ receivedAt: number; settlement: ProviderPayment['settlement'] } | null> {
  const reply = paymentIntentReply.parse(
    await stripe.paymentIntents.retrieve(intent, { expand: ['latest_charge.balance_transaction'] }),
  )
  const charge = reply.latest_charge
  if (charge === null || charge === undefined || typeof charge === 'string') return null
  const receivedAt = charge.created * 1000
  const transaction = charge.balance_transaction
  if (transaction === null || transaction === undefined || typeof transaction === 'string')
    return { receivedAt, settlement: null }
  const { fee, net, currency, exchange_rate } = transaction
  return {
    receivedAt,
    settlement: {
      fee: moneyOf(fee, currency),
      net: moneyOf(net, currency),
      exchangeRate:
        exchange_rate === null || exchange_rate === undefined ? null : exchange_rate.toFixed(12).replace(/\.?0+$/, ''),
    },
  }
}

export const refundExpansions = ['balance_transaction']

/** A refund as Stripe has it now. */
export function refundOf(reply: unknown): ProviderRefund {
  const refund = refundReply.parse(reply)
  const transaction = balanceTransactionReply.safeParse(refund.balance_transaction)
  const failed = refund.status === 'failed' || refund.status === 'canceled'
  return {
    refundRef: refund.id,
    refundId: refund.metadata?.[refundIdKey] ?? null,
    paymentRef: idOf(refund.payment_intent),
    amount: moneyOf(refund.amount, refund.currency),
    status: failed ? 'failed' : refund.status === 'succeeded' ? 'succeeded' : 'pending',
    failureReason: refund.failure_reason ?? null,
    createdAt: refund.created * 1000,
    fee: transaction.success ? moneyOf(transaction.data.fee, transaction.data.currency) : null,
  }
}
