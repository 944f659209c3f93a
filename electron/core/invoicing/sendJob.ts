import { getBusiness } from '../businesses/index'
import {
  customerAtProvider,
  customerHead,
  readCustomerVersion,
  setCustomerAtProvider,
  withoutPersonalData,
} from '../customers/index'
import type { ReadDb, WriteDb } from '../db/index'
import { type OutboxKind, type OutboxRow, overlapsWork } from '../outbox/index'
import type { GatewayOutcome, InvoiceContent, IssuedInvoice, IssueInvoiceRequest, PaymentGateway } from '../ports/paymentGateway'
import { dueInstant } from './dueInstant'
import { markIssued, markSendDeclined } from './invoiceLifecycle'
import type { InvoiceRow } from './invoiceRow'
import { invoicesToOtherVersions, linesOf, readInvoiceRow, setProblem, setProviderRefs } from './invoices.repository'

export interface JobDeps {
  readonly read: ReadDb
  /** The connected gateway of a business; null when none is. */
  readonly gatewayFor: (businessId: string) => PaymentGateway | null
}

/** The answer of a job whose business has no connected provider: it waits until there is one. */
export const notConnected = {
  kind: 'misconfigured',
  message: 'Stripe is not connected. Connect it, and this goes on by itself.',
} as const

/** An answer whose words may be kept beside the outbox row and the document: the customer's name and e-mail are taken out of them. */
export function withoutNames<T>(db: ReadDb, customerId: string | null, outcome: GatewayOutcome<T>): GatewayOutcome<T> {
  if (!('message' in outcome)) return outcome
  return { ...outcome, message: withoutPersonalData(db, customerId, outcome.message) }
}

/** What an invoice comes to and for what, as the provider is told. */
export function contentOf(db: ReadDb, invoice: InvoiceRow): InvoiceContent {
  return {
    currency: invoice.currency,
    lines: linesOf(db, invoice.id).map((line) => ({
      description: line.description,
      amount: line.amount,
      tax: line.tax,
      taxRate: line.tax_rate,
    })),
    total: { minor: invoice.total, currency: invoice.currency },
  }
}

function issueRequest(db: ReadDb, invoice: InvoiceRow, row: OutboxRow): IssueInvoiceRequest {
  const { timeZone } = getBusiness(db, invoice.business_id)
  const customer = readCustomerVersion(db, invoice.customer_id, invoice.customer_version ?? 0)
  const { ref, version } = customerAtProvider(db, customer.id)
  // An older version than the current one is always sent: an invoice with a newer one may have been on its way meanwhile.
  const unchanged = version === customer.version && version === customerHead(db, customer.id).version
  return {
    invoiceId: invoice.id,
    ...contentOf(db, invoice),
    number: invoice.number ?? '',
    customer: {
      id: customer.id,
      ref,
      unchanged,
      name: customer.name,
      email: customer.email,
      address: customer.address,
    },
    dueAt: dueInstant(timeZone, invoice.due_on),
    memo: invoice.memo,
    idempotencyKey: row.idempotencyKey,
    lookUpFirst: row.lookUpFirst,
  }
}

/**
 * Keeps which version of the customer the provider has now. Not certain when an invoice with another version was on its way at the same
 * time: nobody knows whose came last.
 */
function noteCustomer(w: WriteDb, invoice: InvoiceRow, outboxId: string, ref: string): void {
  const { customer_id: id, customer_version: version } = invoice
  const others = customerAtProvider(w, id).version === version ? [] : invoicesToOtherVersions(w, invoice)
  const isCertain = others.length === 0 || !overlapsWork(w, outboxId, invoice.business_id, others)
  setCustomerAtProvider(w, id, { ref, version: isCertain ? version : null })
}

/** The outbox's part of `invoices.send`: issue at the provider, then open the invoice here. */
export function sendJob({ read, gatewayFor }: JobDeps): OutboxKind<IssuedInvoice> {
  return {
    topics: ['invoices', 'ledger'],
    async perform(row) {
      const invoice = readInvoiceRow(read, row.subjectId)
      const gateway = gatewayFor(invoice.business_id)
      if (gateway === null) return notConnected
      return withoutNames(read, invoice.customer_id, await gateway.issueInvoice(issueRequest(read, invoice, row)))
    },
    settle(w, row, outcome, now) {
      const invoice = readInvoiceRow(w, row.subjectId)
      if (outcome.kind === 'declined') {
        const problem = `Stripe refused this invoice: ${outcome.message} Nothing was sent and nothing was booked; the number stays taken. Duplicate it, correct it and send it again.`
        return markSendDeclined(w, invoice, problem, outcome.code)
      }
      const { invoiceRef, hostedInvoiceUrl: hostedUrl, customerRef } = outcome.value
      noteCustomer(w, invoice, row.id, customerRef)
      if (outcome.kind === 'succeeded') return markIssued(w, invoice, { invoiceRef, hostedUrl }, now)
      setProviderRefs(w, invoice.id, { invoiceRef, hostedUrl })
      return undefined
    },
    problem(w, row, message) {
      const invoice = readInvoiceRow(w, row.subjectId)
      if (invoice.status === 'sending') setProblem(w, invoice.id, message)
    },
  }
}
