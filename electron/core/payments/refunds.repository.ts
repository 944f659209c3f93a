import type { Refund } from '../../../shared/contract/payments'
import type { RefundState } from '../../../shared/domain/paymentState'
import { type ReadDb, sql, type WriteDb } from '../db/index'
import type { InvoiceComponent } from '../invoicing/index'
import type { ProviderRefund } from '../ports/paymentGateway'

/** A refund as stored; `amount` is in the payment's currency. */
export interface RefundRow {
  readonly seq: number
  readonly id: string
  readonly business_id: string
  readonly payment_id: string
  readonly amount: number
  readonly currency: string
  readonly reason: string
  readonly status: Refund['status']
  readonly problem: string | null
  readonly provider_ref: string | null
  readonly fee: number | null
  readonly requested_at: number
}

const selectRow = sql`SELECT r.seq, r.id, r.business_id, r.payment_id, r.amount, p.currency, r.reason, r.status, r.problem,
  r.provider_ref, r.fee, r.requested_at FROM refund r JOIN payment p ON p.id = r.payment_id`

export function findRefund(db: ReadDb, businessId: string, id: string): RefundRow | undefined {
  return db.get<RefundRow>(sql`${selectRow} WHERE r.business_id = ${businessId} AND r.id = ${id}`)
}

export function findRefundByRef(db: ReadDb, businessId: string, ref: string): RefundRow | undefined {
  return db.get<RefundRow>(sql`${selectRow} WHERE r.business_id = ${businessId} AND r.provider_ref = ${ref}`)
}

export function findRefundById(db: ReadDb, id: string): RefundRow | undefined {
  return db.get<RefundRow>(sql`${selectRow} WHERE r.id = ${id}`)
}

/** A refund that must exist: its id comes from our own outbox or was just written. */
export function readRefundRow(db: ReadDb, id: string): RefundRow {
  const row = findRefundById(db, id)
  if (row === undefined) throw new Error('A refund that was asked for is gone')
  return row
}

export function toRefund(row: RefundRow): Refund {
  return {
    refundId: row.id,
    paymentId: row.payment_id,
    amount: { minor: row.amount, currency: row.currency },
    reason: row.reason,
    status: row.status,
    problem: row.problem,
    requestedAt: row.requested_at,
  }
}

export function refundStateOf(row: RefundRow): RefundState {
  return row.status === 'declined' ? { status: 'declined', accepted: row.provider_ref !== null } : { status: row.status }
}

export function insertRefund(
  w: WriteDb,
  refund: {
    readonly id: string
    readonly businessId: string
    readonly paymentId: string
    readonly amount: number
    readonly reason: string
    readonly requestedAt: number
  },
): void {
  w.run(sql`
    INSERT INTO refund (id, business_id, payment_id, amount, reason, status, requested_at)
    VALUES (${refund.id}, ${refund.businessId}, ${refund.paymentId}, ${refund.amount}, ${refund.reason}, 'submitted',
            ${refund.requestedAt})`)
}

export function setRefundStatus(w: WriteDb, id: string, status: Refund['status'], problem: string | null): void {
  w.run(sql`UPDATE refund SET status = ${status}, problem = ${problem} WHERE id = ${id}`)
}

export function setRefundProblem(w: WriteDb, id: string, problem: string | null): void {
  w.run(sql`UPDATE refund SET problem = ${problem} WHERE id = ${id}`)
}

export function setRefundRef(w: WriteDb, id: string, ref: string): void {
  w.run(sql`UPDATE refund SET provider_ref = ${ref} WHERE id = ${id} AND provider_ref IS NULL`)
}

export function setRefundFee(w: WriteDb, id: string, fee: { readonly minor: number; readonly currency: string }): void {
  w.run(sql`UPDATE refund SET fee = ${fee.minor}, fee_currency = ${fee.currency} WHERE id = ${id}`)
}

/** What left the balance, in the balance's own currency, and what was taken of each component. */
export function insertShares(
  w: WriteDb,
  row: RefundRow,
  shares: readonly InvoiceComponent[],
  balanceAmount: number | null,
): void {
  for (const { account, minor } of shares) {
    w.run(sql`INSERT INTO refund_share (business_id, refund_id, account, amount)
              VALUES (${row.business_id}, ${row.id}, ${account}, ${minor})`)
  }
  w.run(sql`UPDATE refund SET balance_amount = ${balanceAmount} WHERE id = ${row.id}`)
}

/** What the refunds of an invoice that stand have taken of each account, over all its payments. */
export function sharesOfInvoice(db: ReadDb, businessId: string, invoiceId: string): ReadonlyMap<string, number> {
  const rows = db.all<InvoiceComponent>(sql`
    SELECT s.account, sum(s.amount) AS minor
    FROM payment p JOIN refund r ON r.business_id = p.business_id AND r.payment_id = p.id AND r.status = 'succeeded'
    JOIN refund_share s ON s.refund_id = r.id
    WHERE p.business_id = ${businessId} AND p.invoice_id = ${invoiceId} GROUP BY s.account`)
  return new Map(rows.map(({ account, minor }) => [account, minor]))
}

/** What a refund took of each account. */
export function sharesOfRefund(db: ReadDb, refundId: string): InvoiceComponent[] {
  return db.all<InvoiceComponent>(
    sql`SELECT account, amount AS minor FROM refund_share WHERE refund_id = ${refundId} ORDER BY account`,
  )
}

/** Sums over the refunds of a payment, in its currency; the last two over those that stand. */
export interface RefundSums {
  readonly succeeded: number
  readonly inFlight: number
  /** Of the succeeded ones: those that left the balance unexchanged (its currency was not known yet, or is the same). */
  readonly unexchanged: number
  /** What the others took of the balance, in its own currency. */
  readonly exchanged: number
}

export function refundSums(db: ReadDb, businessId: string, paymentId: string): RefundSums {
  const row = db.get<RefundSums>(sql`
    SELECT coalesce(sum(amount) FILTER (WHERE status = 'succeeded'), 0) AS succeeded,
      coalesce(sum(amount) FILTER (WHERE status IN ('submitted', 'pending')), 0) AS inFlight,
      coalesce(sum(amount) FILTER (WHERE status = 'succeeded' AND balance_amount IS NULL), 0) AS unexchanged,
      coalesce(sum(balance_amount) FILTER (WHERE status = 'succeeded'), 0) AS exchanged
    FROM refund WHERE business_id = ${businessId} AND payment_id = ${paymentId}`)
  return row ?? { succeeded: 0, inFlight: 0, unexchanged: 0, exchanged: 0 }
}

/** Refunds of a payment, newest first. */
export function listRefunds(
  db: ReadDb,
  row: { readonly businessId: string; readonly paymentId: string },
  before: number,
  limit: number,
): RefundRow[] {
  return db.all<RefundRow>(sql`${selectRow}
    WHERE r.business_id = ${row.businessId} AND r.payment_id = ${row.paymentId} AND r.seq < ${before} ORDER BY r.seq DESC LIMIT ${limit}`)
}

/** Keeps the newest report of a refund whose payment is not known yet. */
export function keepEarlyRefund(w: WriteDb, businessId: string, paymentRef: string, refund: ProviderRefund): void {
  const { refundRef, refundId, amount, status, failureReason, fee, createdAt } = refund
  w.run(sql`
    INSERT INTO early_refund
      (business_id, provider_ref, payment_ref, refund_id, currency, amount, status, failure_reason, fee, fee_currency, created_at)
    VALUES (${businessId}, ${refundRef}, ${paymentRef}, ${refundId}, ${amount.currency}, ${amount.minor}, ${status}, ${failureReason},
            ${fee?.minor ?? null}, ${fee?.currency ?? null}, ${createdAt})
    ON CONFLICT (business_id, provider_ref) DO UPDATE SET status = excluded.status, failure_reason = excluded.failure_reason,
      fee = excluded.fee, fee_currency = excluded.fee_currency
      WHERE excluded.status <> 'pending' OR early_refund.status = 'pending'`)
}

interface EarlyRow {
  readonly provider_ref: string
  readonly payment_ref: string
  readonly refund_id: string | null
  readonly currency: string
  readonly amount: number
  readonly status: ProviderRefund['status']
  readonly failure_reason: string | null
  readonly fee: number | null
  readonly fee_currency: string | null
  readonly created_at: number
}

/** Takes the refunds that waited for a payment out of waiting, oldest first. */
export function takeEarlyRefunds(w: WriteDb, businessId: string, paymentRef: string): ProviderRefund[] {
  const rows = w.all<EarlyRow>(sql`
    SELECT provider_ref, payment_ref, refund_id, currency, amount, status, failure_reason, fee, fee_currency, created_at
    FROM early_refund WHERE business_id = ${businessId} AND payment_ref = ${paymentRef} ORDER BY created_at, provider_ref`)
  w.run(sql`DELETE FROM early_refund WHERE business_id = ${businessId} AND payment_ref = ${paymentRef}`)
  return rows.map((row) => ({
    refundRef: row.provider_ref,
    refundId: row.refund_id,
    paymentRef: row.payment_ref,
    amount: { minor: row.amount, currency: row.currency },
    status: row.status,
    failureReason: row.failure_reason,
    createdAt: row.created_at,
    fee: row.fee === null || row.fee_currency === null ? null : { minor: row.fee, currency: row.fee_currency },
  }))
}
