import type { Payment, Refund } from '../../../shared/contract/payments'
import { type Money, sumMinor } from '../../../shared/domain/money'

/** What can still be refunded: the payment less everything refunded or on its way. Declined refunds gave nothing back. */
export function refundable(payment: Payment, refunds: readonly Refund[]): Money {
  const asked = sumMinor(refunds.filter((refund) => refund.status !== 'declined').map((refund) => refund.amount.minor))
  const gone = Math.max(asked, payment.refunded.minor)
  return { minor: Math.max(0, payment.amount.minor - gone), currency: payment.amount.currency }
}
