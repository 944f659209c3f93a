import { dateIn } from '../../../shared/domain/dates'
import { nextRefundState } from '../../../shared/domain/paymentState'
import { AppError, assertNever } from '../../../shared/errors'
import { getBusiness } from '../businesses/index'
import type { WriteDb } from '../db/index'
import { type Change, invoiceOf, postOnOpenDay, reverseSource } from '../invoicing/index'
import { newId } from '../ports/ids'
import type { ProviderRefund } from '../ports/paymentGateway'
import { findPaymentByRef, type PaymentRow, readPaymentRow, setRefunded } from './payments.repository'
import { refundFeeKnown, refundPaid } from './postingRules'
import { type Projected, type ProjectionContext, projectedOf } from './projected'
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

function changeOf(did: string, row: RefundRow, payment: PaymentRow, entryId: string | null): Change {
  const amount = { minor: row.amount, currency: row.currency }
  return { did, refundId: row.id, paymentId: payment.id, invoiceId: payment.invoice_id, amount, entryId }
}

/** The money went back: revenue and tax shrink in proportion, and the payment counts it as refunded. */
function bookRefund(w: WriteDb, row: RefundRow, payment: PaymentRow, refundedOn: string, now: number): Change {
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
function unbookRefund(w: WriteDb, row: RefundRow, payment: PaymentRow, why: string, now: number): Change {
  setRefundStatus(w, row.id, 'declined', `${why} The money is back in the balance, and the refund's entry was reversed.`)
  setRefunded(w, payment.id, payment.refunded - row.amount)
  const source = { businessId: row.business_id, kind: 'refund' as const, id: row.id }
  const { number } = invoiceOf(w, row.business_id, payment.invoice_id)
  return changeOf('payments.refundFailed', row, payment, reverseSource(w, source, `Refund of invoice ${number} came back`, now))
}

function bookFee(
  w: WriteDb,
  row: RefundRow,
  fee: NonNullable<ProviderRefund['fee']>,
  refundedOn: string,
  now: number,
): Change | undefined {
  setRefundFee(w, row.id, fee)
  const postings = refundFeeKnown(fee)
  if (postings.length === 0) return undefined
  const entryId = postOnOpenDay(w, {
    businessId: row.business_id,
    occurredOn: refundedOn,
    description: 'Fee for a refund',
    source: { kind: 'fee', id: row.id },
    postings,
    now,
  })
  return changeOf('payments.refundFeeKnown', row, readPaymentRow(w, row.payment_id), entryId)
}

function whyFailed(seen: ProviderRefund): string {
  return `Stripe could not complete this refund${seen.failureReason === null ? '' : ` (${seen.failureReason})`}.`
}

function moveRefund(w: WriteDb, row: RefundRow, seen: ProviderRefund, refundedOn: string, now: number): Change | undefined {
  const payment = readPaymentRow(w, row.payment_id)
  const { to, effect } = nextRefundState(refundStateOf(row), seen.status)
  setRefundRef(w, row.id, seen.refundRef)
  switch (effect) {
    case 'stay':
      return undefined
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
export function observeRefund(w: WriteDb, row: RefundRow, seen: ProviderRefund, now: number): Change[] {
  if (row.provider_ref !== null && row.provider_ref !== seen.refundRef) return []
  if (seen.amount.minor !== row.amount || seen.amount.currency !== row.currency) {
    throw new AppError('conflict', 'The provider reports this refund with another amount than was asked for. Nothing was booked.')
  }
  const refundedOn = dateIn(getBusiness(w, row.business_id).timeZone, seen.createdAt)
  const moved = moveRefund(w, row, seen, refundedOn, now)
  const fee = seen.fee !== null && row.fee === null ? bookFee(w, row, seen.fee, refundedOn, now) : undefined
  return [moved, fee].filter((change) => change !== undefined)
}

/** Makes the record of a refund that was not asked for here. */
function recordForeign(w: WriteDb, payment: PaymentRow, seen: ProviderRefund, now: number): RefundRow {
  const id = newId('ref', now)
  const { amount, createdAt: requestedAt } = seen
  const reason = 'Refunded at Stripe, not asked for here'
  insertRefund(w, { id, businessId: payment.business_id, paymentId: payment.id, amount: amount.minor, reason, requestedAt })
  return readRefundRow(w, id)
}

/**
 * The changes that a refund's state brings: of one asked for here, or of one made in the provider's own dashboard, which is recorded and
 * posted by the same rule.
 * @returns null when it is about no payment of ours, or of none that is known yet; then it is kept until the payment is
 */
export function refundChanges(w: WriteDb, businessId: string, seen: ProviderRefund, now: number): Change[] | null {
  const known =
    (seen.refundId === null ? undefined : findRefund(w, businessId, seen.refundId)) ??
    findRefundByRef(w, businessId, seen.refundRef)
  if (known !== undefined) return observeRefund(w, known, seen, now)
  if (seen.paymentRef === null) return null
  const payment = findPaymentByRef(w, businessId, seen.paymentRef)
  if (payment !== undefined) return observeRefund(w, recordForeign(w, payment, seen, now), seen, now)
  keepEarlyRefund(w, businessId, seen.paymentRef, seen)
  return null
}

/** Applies a refund as the provider has it now, once, whatever the order and number of reports; see `refundChanges`. */
export function applyRefundState(w: WriteDb, seen: ProviderRefund, { businessId, now }: ProjectionContext): Projected {
  const changes = refundChanges(w, businessId, seen, now)
  return changes === null ? { kind: 'foreign' } : projectedOf(changes)
}
