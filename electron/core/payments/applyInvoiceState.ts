import { dateIn } from '../../../shared/domain/dates'
import { formatMoney } from '../../../shared/domain/money'
import { AppError, assertNever } from '../../../shared/errors'
import { getBusiness } from '../businesses/index'
import type { WriteDb } from '../db/index'
import {
  type Change,
  findInvoiceByRef,
  findInvoiceRow,
  type InvoiceRow,
  markIssued,
  markPaid,
  markUncollectible,
  markVoided,
  postOnOpenDay,
  readInvoiceRow,
  setAmountPaid,
  setHostedUrl,
  setProblem,
} from '../invoicing/index'
import { newId } from '../ports/ids'
import type { Notice } from '../ports/notifier'
import type { ProviderInvoice, ProviderPayment } from '../ports/paymentGateway'
import { refundChanges } from './applyRefundState'
import {
  findPaymentByRef,
  insertPayment,
  type PaymentRow,
  paidOfInvoice,
  readPaymentRow,
  setSettlement,
} from './payments.repository'
import { feeKnown, paymentReceived } from './postingRules'
import { type Projected, type ProjectionContext, projectedOf } from './projected'
import { takeEarlyRefunds } from './refunds.repository'

function bookPayment(w: WriteDb, invoice: InvoiceRow, seen: ProviderPayment, now: number): [PaymentRow, Change] {
  if (seen.amount.currency !== invoice.currency) {
    throw new AppError('conflict', 'The provider reports a payment in another currency than its invoice. Nothing was booked.')
  }
  const { business_id: businessId, id: invoiceId, customer_id: customerId } = invoice
  const id = newId('pay', now)
  const receivedAt = seen.receivedAt > 0 ? seen.receivedAt : now
  const receivedOn = dateIn(getBusiness(w, businessId).timeZone, receivedAt)
  insertPayment(w, { id, businessId, invoiceId, customerId, receivedAt, receivedOn }, seen)
  const entryId = postOnOpenDay(w, {
    businessId,
    occurredOn: receivedOn,
    description: `Payment of invoice ${invoice.number}`,
    source: { kind: 'payment', id },
    postings: paymentReceived(seen.amount),
    now,
  })
  const amount = { minor: seen.amount.minor, currency: seen.amount.currency }
  return [readPaymentRow(w, id), { did: 'payments.received', paymentId: id, invoiceId, amount, entryId }]
}

function bookFee(
  w: WriteDb,
  invoice: InvoiceRow,
  payment: PaymentRow,
  settlement: NonNullable<ProviderPayment['settlement']>,
  now: number,
): Change {
  setSettlement(w, payment.id, settlement)
  const postings = feeKnown({ minor: payment.amount, currency: payment.currency }, payment.refunded, settlement)
  const entryId =
    postings.length === 0
      ? null
      : postOnOpenDay(w, {
          businessId: payment.business_id,
          occurredOn: payment.received_on,
          description: `Fee for the payment of invoice ${invoice.number}`,
          source: { kind: 'fee', id: payment.id },
          postings,
          now,
        })
  const fee = { minor: settlement.fee.minor, currency: settlement.fee.currency }
  return { did: 'payments.feeKnown', paymentId: payment.id, invoiceId: invoice.id, fee, entryId }
}

/** Records a payment once, what the provider kept of it once that is known, and refunds that were reported before it. */
function recordPayment(w: WriteDb, invoice: InvoiceRow, seen: ProviderPayment, now: number): Change[] {
  const { business_id: businessId } = invoice
  const changes: Change[] = []
  let payment = findPaymentByRef(w, businessId, seen.paymentRef)
  const isNew = payment === undefined
  if (payment === undefined) {
    const [booked, change] = bookPayment(w, invoice, seen, now)
    payment = booked
    changes.push(change)
  }
  if (seen.settlement !== null && payment.fee === null) changes.push(bookFee(w, invoice, payment, seen.settlement, now))
  const early = isNew ? takeEarlyRefunds(w, businessId, seen.paymentRef) : []
  return [...changes, ...early.flatMap((refund) => refundChanges(w, businessId, refund, now) ?? [])]
}

/** Tells the owner when the payments of an invoice do not fit its state, and takes it back when they do again. */
function tellMoneyProblem(w: WriteDb, invoice: InvoiceRow, paidHere: number): void {
  if (invoice.status === 'paid' || (invoice.status === 'void' && paidHere > 0)) {
    setProblem(w, invoice.id, moneyProblem(invoice, paidHere))
  }
}

function moneyProblem(invoice: InvoiceRow, paidHere: number): string | null {
  const amount = (minor: number) => formatMoney({ minor, currency: invoice.currency })
  if (invoice.status === 'void') {
    return `${amount(paidHere)} was paid for this void invoice. Nothing is owed, so it stands as the customer's credit in assets:receivable; refund it.`
  }
  if (paidHere < invoice.total) {
    return `It counts as paid at Stripe, but ${amount(invoice.total - paidHere)} of it did not arrive there. Where it was paid otherwise, post it: debit your bank account, credit assets:receivable.`
  }
  return null
}

/** The invoice that a report is about, when it is one that we sent. */
function ourInvoice(w: WriteDb, businessId: string, seen: ProviderInvoice): InvoiceRow | undefined {
  const named = seen.invoiceId === null ? undefined : findInvoiceRow(w, businessId, seen.invoiceId)
  const invoice = named ?? findInvoiceByRef(w, businessId, seen.invoiceRef)
  if (invoice === undefined || invoice.status === 'draft' || seen.status === 'draft') return undefined
  return invoice.provider_ref === null || invoice.provider_ref === seen.invoiceRef ? invoice : undefined
}

/** Void there, it is what a sending that did not come to its end left, whatever its total; nothing follows from it. */
function wasNeverIssued(invoice: InvoiceRow): boolean {
  return invoice.status === 'sending' || (invoice.status === 'void' && invoice.provider_ref === null)
}

/** An invoice that is still on its way here is open there: its settling was lost or comes later. */
function catchUp(w: WriteDb, invoice: InvoiceRow, seen: ProviderInvoice, now: number): Change | undefined {
  const { invoiceRef, hostedInvoiceUrl: hostedUrl } = seen
  if (invoice.status === 'sending') return markIssued(w, invoice, { invoiceRef, hostedUrl }, now)
  if (hostedUrl !== null) setHostedUrl(w, invoice.id, hostedUrl)
  return undefined
}

/** Moves the invoice on to what the provider counts it as. */
function settleStatus(w: WriteDb, invoice: InvoiceRow, status: ProviderInvoice['status'], now: number): Change | undefined {
  switch (status) {
    case 'paid':
      return markPaid(w, invoice)
    case 'void':
      return markVoided(w, invoice, now)
    case 'uncollectible':
      return markUncollectible(w, invoice)
    case 'open':
    case 'draft':
      return undefined
    default:
      return assertNever(status)
  }
}

/** What the owner is told when an invoice turns paid: document and amount, never the customer. */
function paidNotice(invoice: InvoiceRow): Notice {
  const amount = formatMoney({ minor: invoice.total, currency: invoice.currency })
  return {
    title: `Invoice ${invoice.number} is paid`,
    body: invoice.problem ?? `${amount} arrived at Stripe and is in the books.`,
    route: `/invoices/${invoice.id}`,
  }
}

/**
 * Applies an invoice as the provider has it now, by its state machine: repeated, late and shuffled reports end in the same state, and
 * each payment and fee is booked once.
 * @throws AppError conflict when the provider's total or currency is not ours; nothing may be booked then
 */
export function applyInvoiceState(w: WriteDb, seen: ProviderInvoice, { businessId, now }: ProjectionContext): Projected {
  const known = ourInvoice(w, businessId, seen)
  if (known === undefined || (seen.status === 'void' && wasNeverIssued(known))) return { kind: 'foreign' }
  if (seen.total.minor !== known.total || seen.total.currency !== known.currency) {
    throw new AppError('conflict', `The provider's total of invoice ${known.number} is not ours. Nothing was booked.`)
  }
  const issued = catchUp(w, known, seen, now)
  const invoice = readInvoiceRow(w, known.id)
  const payments = seen.payments.flatMap((payment) => recordPayment(w, invoice, payment, now))
  const paidHere = paidOfInvoice(w, businessId, invoice.id)
  const amountPaid = { minor: Math.max(invoice.amount_paid, seen.amountPaid.minor, paidHere), currency: invoice.currency }
  const more = setAmountPaid(w, invoice.id, amountPaid.minor)
  const moved = settleStatus(w, invoice, seen.status, now)
  tellMoneyProblem(w, readInvoiceRow(w, invoice.id), paidHere)
  const counted: Change | undefined = more ? { did: 'invoices.amountPaid', invoiceId: invoice.id, amountPaid } : undefined
  const changes = [issued, ...payments, counted, moved].filter((change) => change !== undefined)
  const turnedPaid = moved !== undefined && seen.status === 'paid'
  return projectedOf(changes, turnedPaid ? paidNotice(readInvoiceRow(w, invoice.id)) : null)
}
