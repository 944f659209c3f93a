import type { Payment } from '../../../shared/contract/payments'
import { paymentStatus } from '../../../shared/domain/paymentState'
import { AppError } from '../../../shared/errors'
import { type ReadDb, sql, type WriteDb } from '../db/index'
import type { ProviderPayment } from '../ports/paymentGateway'

/** A payment as stored. `amount` and `refunded` are minor units of `currency`, `fee` and `net` of `balance_currency`. */
export interface PaymentRow {
  readonly seq: number
  readonly id: string
  readonly business_id: string
  readonly invoice_id: string
  readonly invoice_number: string | null
  readonly customer_id: string
  readonly provider_ref: string
  readonly currency: string
  readonly amount: number
  readonly fee: number | null
  readonly net: number | null
  readonly balance_currency: string | null
  readonly refunded: number
  readonly received_at: number
  readonly received_on: string
}

export const paymentColumns = sql`p.seq, p.id, p.business_id, p.invoice_id, p.customer_id, p.provider_ref, p.currency, p.amount, p.fee, p.net,
  p.balance_currency, p.refunded, p.received_at, p.received_on,
  (SELECT i.number FROM invoice i WHERE i.business_id = p.business_id AND i.id = p.invoice_id) AS invoice_number`

/** Throws AppError not_found. */
export function readPaymentRow(db: ReadDb, id: string): PaymentRow {
  const row = db.get<PaymentRow>(sql`SELECT ${paymentColumns} FROM payment p WHERE p.id = ${id}`)
  if (row === undefined) throw new AppError('not_found', 'There is no such payment. Nothing was done.')
  return row
}

/** A payment of this business by the provider's id. */
export function findPaymentByRef(db: ReadDb, businessId: string, ref: string): PaymentRow | undefined {
  return db.get<PaymentRow>(
    sql`SELECT ${paymentColumns} FROM payment p WHERE p.business_id = ${businessId} AND p.provider_ref = ${ref}`,
  )
}

export function toPayment(row: PaymentRow): Payment {
  const { currency, balance_currency: balance } = row
  const inBalance = (minor: number | null) => (minor === null || balance === null ? null : { minor, currency: balance })
  return {
    id: row.id,
    businessId: row.business_id,
    invoiceId: row.invoice_id,
    invoiceNumber: row.invoice_number,
    customerId: row.customer_id,
    amount: { minor: row.amount, currency },
    fee: inBalance(row.fee),
    net: inBalance(row.net),
    refunded: { minor: row.refunded, currency },
    status: paymentStatus(row.amount, row.refunded),
    receivedOn: row.received_on,
  }
}

export function insertPayment(
  w: WriteDb,
  payment: {
    readonly id: string
    readonly businessId: string
    readonly invoiceId: string
    readonly customerId: string
    /** UTC epoch milliseconds. */
    readonly receivedAt: number
    readonly receivedOn: string
  },
  seen: ProviderPayment,
): void {
  const { minor, currency } = seen.amount
  w.run(sql`
    INSERT INTO payment (id, business_id, invoice_id, customer_id, provider_ref, currency, amount, received_at, received_on)
    VALUES (${payment.id}, ${payment.businessId}, ${payment.invoiceId}, ${payment.customerId}, ${seen.paymentRef}, ${currency},
            ${minor}, ${payment.receivedAt}, ${payment.receivedOn})`)
}

export function setSettlement(w: WriteDb, id: string, settlement: NonNullable<ProviderPayment['settlement']>): void {
  const { fee, net, exchangeRate } = settlement
  w.run(sql`UPDATE payment SET fee = ${fee.minor}, net = ${net.minor}, balance_currency = ${net.currency},
              exchange_rate = ${exchangeRate} WHERE id = ${id}`)
}

export function setRefunded(w: WriteDb, id: string, refunded: number): void {
  w.run(sql`UPDATE payment SET refunded = ${refunded} WHERE id = ${id}`)
}

/** What was paid of an invoice through the provider, in the invoice's currency. */
export function paidOfInvoice(db: ReadDb, businessId: string, invoiceId: string): number {
  const row = db.get<{ paid: number | null }>(
    sql`SELECT sum(amount) AS paid FROM payment WHERE business_id = ${businessId} AND invoice_id = ${invoiceId}`,
  )
  return row?.paid ?? 0
}
