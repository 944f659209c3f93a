import { type InvoiceState, nextInvoiceState } from '../../../shared/domain/invoiceState'
import { AppError } from '../../../shared/errors'
import { customerHead } from '../customers/index'
import type { ReadDb } from '../db/index'
import { isPaused } from '../outbox/index'
import type { InvoiceContent, PaymentGateway } from '../ports/paymentGateway'
import type { InvoiceRow } from './invoiceRow'
import { stateOf } from './invoices.repository'

/** Throws AppError not_found unless the customer is of this business. */
export function checkCustomer(db: ReadDb, businessId: string, customerId: string): void {
  if (customerHead(db, customerId).businessId !== businessId) {
    throw new AppError('not_found', 'There is no such customer in this business. Nothing was changed.')
  }
}

/** Whether a draft may be changed by someone who saw that version of it. Throws AppError conflict. */
export function checkDraft(row: InvoiceRow, version: number | undefined): void {
  if (row.status !== 'draft') {
    throw new AppError(
      'conflict',
      'Only a draft can be changed, and this invoice was sent or voided. Duplicate it to make a new draft.',
    )
  }
  if (version !== undefined && version !== row.version) {
    throw new AppError(
      'conflict',
      'This draft was changed meanwhile. Nothing was saved; look at the current draft and change it again.',
      { version: row.version },
    )
  }
}

/** Whether an invoice may be sent as it stands. Throws AppError. */
export function checkSendable(row: InvoiceRow): void {
  const transition = nextInvoiceState(stateOf(row), 'send')
  if (transition.kind === 'refuse') throw new AppError('conflict', `${transition.why} Nothing was done.`)
  if (row.total <= 0) {
    throw new AppError(
      'invalid_input',
      'This invoice comes to nothing, and there is nothing to pay. Nothing was sent; add a price first.',
    )
  }
}

/** Refuses what the provider would refuse, before a number is taken for it. Throws AppError. */
export function checkAmounts(content: InvoiceContent, provider: Pick<PaymentGateway, 'invoiceProblem'>): void {
  const problem = provider.invoiceProblem(content)
  if (problem === null) return
  throw new AppError('invalid_input', `${problem} The draft took no number; change its lines or its currency, then send it.`)
}

/** Stripe takes no due date in the past. Throws AppError. */
export function checkDueDate(row: InvoiceRow, todayHere: string): void {
  if (row.due_on >= todayHere) return
  throw new AppError(
    'invalid_input',
    `This invoice was due on ${row.due_on}, and Stripe takes no due date in the past. Nothing was sent; set a due date from ${todayHere} on.`,
  )
}

/** The outbox's work of sending an invoice. */
export function sendingOf(row: InvoiceRow) {
  return { businessId: row.business_id, kind: 'invoice.send', subjectId: row.id } as const
}

/**
 * - `discard`: a draft, at once. `requestVoid`: at the provider first.
 * - `withdraw`: its sending is paused, so nobody knows when it will go on: at once here, and the provider is told to take down what it
 *   may hold of it.
 */
type VoidEvent = 'discard' | 'requestVoid' | 'withdraw'

function voidEvent(db: ReadDb, row: InvoiceRow): VoidEvent {
  if (row.status === 'draft') return 'discard'
  return row.status === 'sending' && isPaused(db, sendingOf(row)) ? 'withdraw' : 'requestVoid'
}

/** How an invoice is voided as it stands. Throws AppError conflict when it cannot be. */
export function checkVoidable(db: ReadDb, row: InvoiceRow): { readonly to: InvoiceState; readonly by: VoidEvent } {
  const by = voidEvent(db, row)
  const transition = nextInvoiceState(stateOf(row), by)
  if (transition.kind === 'refuse') throw new AppError('conflict', `${transition.why} Nothing was done.`)
  if (row.amount_paid > 0) {
    throw new AppError(
      'conflict',
      'This invoice is paid in part and cannot be voided. Nothing was done; refund what was paid instead.',
    )
  }
  return { to: transition.kind === 'move' ? transition.to : stateOf(row), by }
}
