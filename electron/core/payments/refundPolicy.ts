import { formatMoney, type Money } from '../../../shared/domain/money'

/** Amounts are minor units of the payment's currency. */
export interface Refundable {
  readonly captured: number
  /** Given back for good so far. */
  readonly refunded: number
  /** Asked for and not final yet. */
  readonly inFlight: number
  readonly currency: string
}

export type RefundDecision =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly code: 'invalid_input' | 'conflict'; readonly why: string }

/** What may still be asked back: captured - refunded - in flight, never below zero. */
export function refundableOf({ captured, refunded, inFlight }: Refundable): number {
  return Math.max(0, captured - refunded - inFlight)
}

/** Whether a refund may be asked for. Limits that need an approval are the policy gate's; this is what the payment allows at all. */
export function decideRefund(payment: Refundable, amount: Money): RefundDecision {
  const { currency, inFlight } = payment
  if (amount.currency !== currency) {
    return {
      kind: 'refused',
      code: 'invalid_input',
      why: `The payment was made in ${currency}, so it can only be refunded in ${currency}. Nothing was refunded.`,
    }
  }
  const left = refundableOf(payment)
  if (amount.minor <= left) return { kind: 'allowed' }
  const onItsWay = inFlight > 0 ? `, with ${formatMoney({ minor: inFlight, currency })} on its way back already` : ''
  const why =
    left === 0
      ? `Nothing of this payment is left to refund${onItsWay}. Nothing was done.`
      : `At most ${formatMoney({ minor: left, currency })} of this payment can still be refunded${onItsWay}. Nothing was refunded; ask for less.`
  return { kind: 'refused', code: 'conflict', why }
}
