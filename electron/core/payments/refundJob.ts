import { nextRefundState } from '../../../shared/domain/paymentState'
import type { WriteDb } from '../db/index'
import { type JobDeps, notConnected, withoutNames } from '../invoicing/index'
import type { OutboxKind } from '../outbox/index'
import type { ProviderRefund } from '../ports/paymentGateway'
import { observeRefund } from './applyRefundState'
import { readPaymentRow } from './payments.repository'
import { type RefundRow, readRefundRow, refundStateOf, setRefundProblem, setRefundStatus } from './refunds.repository'

function decline(w: WriteDb, row: RefundRow, message: string): void {
  const { effect, to } = nextRefundState(refundStateOf(row), 'refused')
  if (effect !== 'move') return
  setRefundStatus(w, row.id, to.status, `Stripe refused this refund: ${message} Nothing was paid back and nothing was booked.`)
}

/** The outbox's part of `payments.requestRefund`: ask the provider, then book what it did. */
export function refundJob({ read, gatewayFor }: JobDeps): OutboxKind<ProviderRefund> {
  return {
    topics: ['payments', 'invoices', 'ledger'],
    async perform(row) {
      const refund = readRefundRow(read, row.subjectId)
      const payment = readPaymentRow(read, refund.payment_id)
      const gateway = gatewayFor(refund.business_id)
      if (gateway === null) return notConnected
      const outcome = await gateway.refund({
        refundId: refund.id,
        paymentRef: payment.provider_ref,
        amount: { minor: refund.amount, currency: refund.currency },
        reason: refund.reason,
        idempotencyKey: row.idempotencyKey,
        lookUpFirst: row.lookUpFirst,
      })
      return withoutNames(read, payment.customer_id, outcome)
    },
    settle(w, row, outcome, now) {
      const refund = readRefundRow(w, row.subjectId)
      const about = { refundId: refund.id, paymentId: refund.payment_id }
      if (outcome.kind === 'declined') {
        decline(w, refund, outcome.message)
        return { ...about, code: outcome.code }
      }
      return { ...about, changes: observeRefund(w, refund, outcome.value, now) }
    },
    problem(w, row, message) {
      if (readRefundRow(w, row.subjectId).status === 'submitted') setRefundProblem(w, row.subjectId, message)
    },
  }
}
