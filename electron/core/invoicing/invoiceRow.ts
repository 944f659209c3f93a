import type { InvoiceStatus } from '../../../shared/contract/invoices'
import { sql } from '../db/index'

/** An invoice as stored. Amounts are minor units of `currency`. */
export interface InvoiceRow {
  readonly seq: number
  readonly id: string
  readonly business_id: string
  readonly customer_id: string
  /** The version of the customer that the invoice was issued to. */
  readonly customer_version: number | null
  readonly number: string | null
  readonly status: InvoiceStatus
  readonly voiding: number
  readonly currency: string
  readonly issued_on: string | null
  readonly due_on: string
  readonly memo: string | null
  readonly subtotal: number
  readonly tax: number
  readonly total: number
  readonly amount_paid: number
  readonly provider_ref: string | null
  readonly hosted_url: string | null
  readonly problem: string | null
  readonly created_at: number
  readonly version: number
}

/** The columns of an `InvoiceRow`, of `invoice i`. */
export const invoiceColumns = sql`i.seq, i.id, i.business_id, i.customer_id, i.customer_version, i.number, i.status, i.voiding, i.currency,
  i.issued_on, i.due_on, i.memo, i.subtotal, i.tax, i.total, i.amount_paid, i.provider_ref, i.hosted_url, i.problem, i.created_at,
  i.version`
