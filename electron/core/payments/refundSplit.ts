import type { Money } from '../../../shared/domain/money'
import type { ReadDb } from '../db/index'
import { accounts, type InvoiceComponent, invoiceOf } from '../invoicing/index'
import { type PaymentRow, paidOfInvoice } from './payments.repository'
import { type RefundSplit, refundSplit, shareOfBalance } from './postingRules'
import { type RefundSums, sharesOfInvoice } from './refunds.repository'

/**
 * What a refund of a payment takes from which account of its invoice, given what earlier refunds took. Of a void invoice nothing is
 * revenue any more, so all that was paid of it is the customer's.
 */
export function splitOfRefund(db: ReadDb, payment: PaymentRow, amount: number): { split: RefundSplit; number: string } {
  const invoice = invoiceOf(db, payment.business_id, payment.invoice_id)
  const taken = sharesOfInvoice(db, payment.business_id, payment.invoice_id)
  const owed = invoice.components.reduce((sum, { minor }) => sum + minor, 0)
  const paid = paidOfInvoice(db, payment.business_id, payment.invoice_id)
  const overpaidLeft = Math.max(0, paid - owed) - (taken.get(accounts.receivable) ?? 0)
  const components = invoice.components.map(({ account, minor }) => ({ account, minor, left: minor - (taken.get(account) ?? 0) }))
  return { split: refundSplit(amount, overpaidLeft, components), number: invoice.number }
}

/**
 * What a refund takes out of the balance where that is in another currency than the payment: its share of what the payment came to, so
 * that the whole payment refunded takes exactly the whole. Null when the balance is in the payment's own currency or not known yet.
 */
export function leavesBalance(payment: PaymentRow, sums: RefundSums, amount: number): Money | null {
  const { balance_currency: currency, fee, net } = payment
  if (currency === null || fee === null || net === null || currency === payment.currency) return null
  const share = (part: number) => shareOfBalance(fee + net, part, payment.amount)
  const minor = share(sums.succeeded + amount) - share(sums.unexchanged) - sums.exchanged
  return { minor: Math.max(0, minor), currency }
}

/** What a refund took of each account, as it is remembered for the refunds after it. */
export function takenBy({ shares, overpaid }: RefundSplit): readonly InvoiceComponent[] {
  return overpaid === 0 ? shares : [...shares, { account: accounts.receivable, minor: overpaid }]
}
