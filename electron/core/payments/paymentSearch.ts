import type { Payment } from '../../../shared/contract/payments'
import { joinSql, type ReadDb, type SqlFragment, sql } from '../db/index'
import { type InvoiceQuery, invoiceIdsOf } from '../invoicing/index'
import { type PaymentRow, paymentColumns } from './payments.repository'

export interface PaymentFilter {
  readonly businessId: string
  readonly invoiceId?: string | undefined
  readonly customerId?: string | undefined
  readonly status?: Payment['status'] | undefined
}

/** The sort key of a payment: UTC epoch milliseconds and row number. */
export type PaymentKey = readonly [receivedAt: number, seq: number]

// As `paymentStatus` of shared/domain decides it for one payment.
const ofStatus: Record<Payment['status'], SqlFragment> = {
  succeeded: sql`p.refunded = 0`,
  partially_refunded: sql`p.refunded > 0 AND p.refunded < p.amount`,
  refunded: sql`p.refunded = p.amount`,
}

/**
 * Payments newest first by when the money was received.
 * @param query words of the invoice, or customers, of which one must fit; null for all
 * @param page `after` is the key of the last payment of the page before
 */
export function findPayments(
  db: ReadDb,
  filter: PaymentFilter,
  query: InvoiceQuery | null,
  page: { readonly after: PaymentKey; readonly limit: number },
): PaymentRow[] {
  const [receivedAt, seq] = page.after
  const where = joinSql(
    [
      sql`p.business_id = ${filter.businessId} AND (p.received_at, p.seq) < (${receivedAt}, ${seq})`,
      ...(filter.invoiceId === undefined ? [] : [sql`p.invoice_id = ${filter.invoiceId}`]),
      ...(filter.customerId === undefined ? [] : [sql`p.customer_id = ${filter.customerId}`]),
      ...(filter.status === undefined ? [] : [ofStatus[filter.status]]),
    ],
    ' AND ',
  )
  const newest = sql`SELECT ${paymentColumns} FROM payment p WHERE`
  const order = sql`ORDER BY p.received_at DESC, p.seq DESC`
  if (query === null) return db.all<PaymentRow>(sql`${newest} ${where} ${order} LIMIT ${page.limit}`)

  const among = (ids: ReadonlySet<string>) => sql`(SELECT value FROM json_each(${JSON.stringify([...ids])}))`
  const invoiceIds = invoiceIdsOf(db, filter.businessId, query.text)
  return db.all<PaymentRow>(sql`${newest} ${where}
    AND (p.invoice_id IN ${among(invoiceIds)} OR p.customer_id IN ${among(query.customerIds)}) ${order} LIMIT ${page.limit}`)
}
