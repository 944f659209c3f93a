import type Stripe from 'stripe'

/** Everything kept in the `object` table, by the wire's `object` name. Stored invoices hold all their lines. */
export interface Documents {
  balance_transaction: Stripe.BalanceTransaction
  charge: Stripe.Charge
  customer: Stripe.Customer
  invoice: Stripe.Invoice
  invoice_payment: Stripe.InvoicePayment
  invoiceitem: Stripe.InvoiceItem
  payment_intent: Stripe.PaymentIntent
  refund: Stripe.Refund
  tax_rate: Stripe.TaxRate
  webhook_endpoint: Stripe.WebhookEndpoint
}
export type DocumentType = keyof Documents
export type AnyDocument = Documents[DocumentType]

export interface Columns {
  status?: string | null
  customer?: string | null
  invoice?: string | null
  payment_intent?: string | null
  charge?: string | null
  source?: string | null
  kind?: string | null
  currency?: string | null
  email?: string | null
  number?: string | null
  token?: string | null
}

/** An expandable field as stored is always the id, never the object. */
const id = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** The last part of the hosted page's path is its token. */
export function tokenOf(hostedPath: string | null | undefined): string | null {
  return hostedPath?.split('/').at(-1) ?? null
}

/** The searchable columns of a document. */
export function columnsOf(doc: AnyDocument): Columns {
  switch (doc.object) {
    case 'balance_transaction':
      return { source: id(doc.source), kind: doc.type, currency: doc.currency }
    case 'charge':
      return { customer: id(doc.customer), payment_intent: id(doc.payment_intent), status: doc.status }
    case 'customer':
      return { email: doc.email }
    case 'invoice':
      return { customer: id(doc.customer), status: doc.status, number: doc.number, token: tokenOf(doc.hosted_invoice_url) }
    case 'invoice_payment':
      return { invoice: id(doc.invoice), payment_intent: id(doc.payment.payment_intent), status: doc.status }
    case 'invoiceitem':
      return { customer: id(doc.customer), invoice: id(doc.invoice) }
    case 'payment_intent':
      return { customer: id(doc.customer), status: doc.status }
    case 'refund':
      return { charge: id(doc.charge), payment_intent: id(doc.payment_intent), status: doc.status }
    case 'tax_rate':
      return { status: doc.active ? 'active' : 'inactive', kind: doc.inclusive ? 'inclusive' : 'exclusive' }
    case 'webhook_endpoint':
      return { status: doc.status }
  }
}

/** The instant a document is listed by, in unix seconds. Invoice items call it `date`. */
export function createdOf(doc: AnyDocument): number {
  return doc.object === 'invoiceitem' ? doc.date : doc.created
}
