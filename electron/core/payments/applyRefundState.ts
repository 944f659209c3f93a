import { dateIn } from '../../../shared/domain/dates'
import { nextRefundState } from '../../../shared/domain/paymentState'
import { AppError, assertNever } from '../../../shared/errors'
import { getBusiness } from '../businesses/index'
import type { WriteDb } from '../db/index'
import type { AuditDetail } from '../dispatch/handler'
import { auditReport, invoiceOf, postOnOpenDay, reverseSource } from '../invoicing/index'
import { newId } from '../ports/ids'
import type { ProviderRefund } from '../ports/paymentGateway'
import { findPaymentByRef, type PaymentRow, readPaymentRow, setRefunded } from './payments.repository'
import { refundFeeKnown, refundPaid } from './postingRules'
import { leavesBalance, splitOfRefund, takenBy } from './refundSplit'
import {
  findRefund,
  findRefundByRef,
  insertRefund,
  insertShares,
  keepEarlyRefund,
  type RefundRow,
  readRefundRow,
  refundStateOf,
  refundSums,
  setRefundFee,
  setRefundRef,
  setRefundStatus,
} from './refunds.repository'

/** What became of a report: `ignored` when it is about nothing of ours, or about nothing of ours yet. */
export type Applied = 'applied' | 'ignored'

/** What changed, for the audit row of whoever brought the report; null when nothing did. */
export type RefundChange = { readonly procedure: string; readonly details: Readonly<Record<string, AuditDetail>> } | null

function changeOf(procedure: string, row: RefundRow, payment: PaymentRow, entryId: string | null): RefundChange {
  return {
    procedure,
    details: {
      refundId: row.id,
      paymentId: payment.id,
      invoiceId: payment.invoice_id,
      amount: { minor: row.amount, currency: row.currency },
      entryId,
    },
  }
}

/** The money went back: revenue and tax shrink in proportion, and the payment counts it as refunded. */
function bookRefund(w: WriteDb, row: RefundRow, payment: PaymentRow, refundedOn: string, now: number): RefundChange {
  const sums = refundSums(w, row.business_id, payment.id)
  const { split, number } = splitOfRefund(w, payment, row.amount)
  const leaves = leavesBalance(payment, sums, row.amount)
  insertShares(w, row, takenBy(split), leaves?.minor ?? null)
  setRefundStatus(w, row.id, 'succeeded', null)
  setRefunded(w, payment.id, sums.succeeded + row.amount)
  const entryId = postOnOpenDay(w, {
    businessId: row.business_id,
    occurredOn: refundedOn,
    description: `Refund of invoice ${number}`,
    source: { kind: 'refund', id: row.id },
    postings: refundPaid(row.currency, split, leaves),
    now,
  })
  return changeOf('payments.refunded', row, payment, entryId)
}

/** The money came back to the balance after all: the entry is reversed, and the payment counts as before. */
function unbookRefund(w: WriteDb, row: RefundRow, payment: PaymentRow, why: string, now: number): RefundChange {
  setRefundStatus(w, row.id, 'declined', `${why} The money is back in the balance, and the refund's entry was reversed.`)
  setRefunded(w, payment.id, payment.refunded - row.amount)
  const source = { businessId: row.business_id, kind: 'refund' as const, id: row.id }
  const { number } = invoiceOf(w, row.business_id, payment.invoice_id)
  return changeOf('payments.refundFailed', row, payment, reverseSource(w, source, `Refund of invoice ${number} came back`, now))
}

function bookFee(w: WriteDb, row: RefundRow, fee: NonNullable<ProviderRefund['fee']>, refundedOn: string, now: number): void {
  setRefundFee(w, row.id, fee)
  const postings = refundFeeKnown(fee)
  if (postings.length === 0) return
  postOnOpenDay(w, {
    businessId: row.business_id,
    occurredOn: refundedOn,
    description: 'Fee for a refund',
    source: { kind: 'fee', id: row.id },
    postings,
    now,
  })
}

function whyFailed(seen: ProviderRefund): string {
  return `Stripe could not complete this refund${seen.failureReason === null ? '' : ` (${seen.failureReason})`}.`
}

function moveRefund(w: WriteDb, row: RefundRow, seen: ProviderRefund, refundedOn: string, now: number): RefundChange {
  const payment = readPaymentRow(w, row.payment_id)
  const { to, effect } = nextRefundState(refundStateOf(row), seen.status)
  setRefundRef(w, row.id, seen.refundRef)
  switch (effect) {
    case 'stay':
      return null
    case 'post':
      return bookRefund(w, row, payment, refundedOn, now)
    case 'reverse':
      return unbookRefund(w, row, payment, whyFailed(seen), now)
    case 'move': {
      const failed = to.status === 'declined'
      const problem = failed ? `${whyFailed(seen)} The money stays in the balance, and nothing was booked.` : null
      setRefundStatus(w, row.id, to.status, problem)
      return changeOf(failed ? 'payments.refundFailed' : 'payments.refundPending', row, payment, null)
    }
    default:
      return assertNever(effect)
  }
}

/**
 * Moves a refund of ours to what the provider says of it: posts it once when it is done, reverses it when it failed later. Late and
 * repeated reports change nothing.
 * @throws AppError conflict when the provider's amount is not the one asked for
 */
export function observeRefund(w: WriteDb, row: RefundRow, seen: ProviderRefund, now: number): RefundChange {
  if (row.provider_ref !== null && row.provider_ref !== seen.refundRef) return null
  if (seen.amount.minor !== row.amount || seen.amount.currency !== row.currency) {
    throw new AppError('conflict', 'The provider reports this refund with another amount than was asked for. Nothing was booked.')
  }
  const refundedOn = dateIn(getBusiness(w, row.business_id).timeZone, seen.createdAt)
  const change = moveRefund(w, row, seen, refundedOn, now)
  if (seen.fee !== null && row.fee === null) bookFee(w, row, seen.fee, refundedOn, now)
  return change
}

function observeAndAudit(w: WriteDb, row: RefundRow, seen: ProviderRefund, now: number): void {
  const change = observeRefund(w, row, seen, now)
  if (change !== null) auditReport(w, { now, businessId: row.business_id }, change)
}

/**
 * Applies a refund as the provider has it now: one asked for here, or one made in the provider's own dashboard, which is recorded and
 * posted by the same rule. A refund of a payment that is not known yet is kept until the payment is.
 */
export function applyRefundState(w: WriteDb, businessId: string, seen: ProviderRefund, now: number): Applied {
  const known =
    (seen.refundId === null ? undefined : findRefund(w, businessId, seen.refundId)) ??
    findRefundByRef(w, businessId, seen.refundRef)
  if (known !== undefined) {
    observeAndAudit(w, known, seen, now)
    return 'applied'
  }
  if (seen.paymentRef === null) return 'ignored'
  const payment = findPaymentByRef(w, businessId, seen.paymentRef)
  if (payment === undefined) {
    keepEarlyRefund(w, businessId, seen.paymentRef, seen)
    return 'ignored'
  }
  const id = newId('ref', now)
  const { amount, createdAt: requestedAt } = seen
  const reason = 'Refunded at Stripe, not asked for here'
  insertRefund(w, { id, businessId, paymentId: payment.id, amount: amount.minor, reason, requestedAt })
  observeAndAudit(w, readRefundRow(w, id), seen, now)
  return 'applied'
}
