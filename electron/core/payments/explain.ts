import { formatDate } from '../../../shared/domain/invoiceDocument'
import { formatMoney } from '../../../shared/domain/money'
import type { ReadDb } from '../db/index'
import { accounts, invoiceOf } from '../invoicing/index'
import { type PaymentRow, readPaymentRow } from './payments.repository'
import { findRefundById, sharesOfRefund } from './refunds.repository'

function amountOf(payment: PaymentRow): string {
  return formatMoney({ minor: payment.amount, currency: payment.currency })
}

function numberOf(db: ReadDb, payment: PaymentRow): string {
  return invoiceOf(db, payment.business_id, payment.invoice_id).number
}

/** Sentences on an entry whose source is a payment. No names. Throws AppError not_found. */
export function explainPayment(db: ReadDb, paymentId: string): string[] {
  const payment = readPaymentRow(db, paymentId)
  return [
    `${amountOf(payment)} was paid for invoice ${numberOf(db, payment)} on ${formatDate(payment.received_on)}, as Stripe reported (its payment ${payment.provider_ref}).`,
    `Stripe holds the money, so it stands in ${accounts.balance}; the customer owes that much less in ${accounts.receivable}.`,
  ]
}

/** Sentences on an entry whose source is the fee of a payment, or of a refund. No names. Throws AppError not_found. */
export function explainFee(db: ReadDb, sourceId: string): string[] {
  const refund = findRefundById(db, sourceId)
  if (refund !== undefined) {
    const payment = readPaymentRow(db, refund.payment_id)
    return [`Stripe charged this for a refund of the payment of invoice ${numberOf(db, payment)}; it left ${accounts.balance}.`]
  }
  const payment = readPaymentRow(db, sourceId)
  const { balance_currency: currency, fee, net } = payment
  const told =
    currency === null || fee === null || net === null
      ? null
      : { fee: formatMoney({ minor: fee, currency }), net: formatMoney({ minor: net, currency }) }
  return [
    `Of the ${amountOf(payment)} paid for invoice ${numberOf(db, payment)} Stripe kept ${told?.fee ?? 'a fee'} and put ${told?.net ?? 'the rest'} into the balance.`,
    ...(currency !== null && currency !== payment.currency
      ? [`The balance is kept in ${currency}, so Stripe exchanged the payment first; ${accounts.conversion} shows both sides.`]
      : []),
    'Stripe keeps its fee also when the payment is refunded, so it stays an expense.',
  ]
}

/** Sentences on an entry whose source is a refund. No names. Throws AppError not_found. */
export function explainRefund(db: ReadDb, refundId: string): string[] {
  const refund = findRefundById(db, refundId)
  if (refund === undefined) return []
  const payment = readPaymentRow(db, refund.payment_id)
  const money = (minor: number) => formatMoney({ minor, currency: refund.currency })
  const shares = sharesOfRefund(db, refundId).map(({ account, minor }) => `${account} (${money(minor)})`)
  return [
    `${money(refund.amount)} of the ${amountOf(payment)} paid for invoice ${numberOf(db, payment)} was refunded and left ${accounts.balance}.`,
    `It is taken back from what the invoice was made of, in proportion: ${shares.join(', ')}.`,
    payment.fee === null || payment.balance_currency === null
      ? 'What Stripe keeps of the payment is not known yet.'
      : `Stripe keeps its fee of ${formatMoney({ minor: payment.fee, currency: payment.balance_currency })} for the payment; it stays an expense.`,
  ]
}
