import { z } from 'zod'
import { formatMoney, type Money } from '../../../shared/domain/money'
import { AppError } from '../../../shared/errors'
import { getBusiness } from '../businesses/index'
import { type CustomerDirectory, customerHead } from '../customers/index'
import type { ReadDb } from '../db/index'
import { decodeCursor, defaultLimit, pageOfRows } from '../db/paging'
import type { Handlers } from '../dispatch/handler'
import { findInvoiceRow, invoiceOf, queryOf } from '../invoicing/index'
import { enqueue } from '../outbox/index'
import { newId } from '../ports/ids'
import { findPayments, type PaymentKey } from './paymentSearch'
import { type PaymentRow, readPaymentRow, toPayment } from './payments.repository'
import { decideRefund, type Refundable } from './refundPolicy'
import { insertRefund, listRefunds, readRefundRow, refundSums, toRefund } from './refunds.repository'

export interface PaymentDeps {
  readonly directory: CustomerDirectory
  /** Throws AppError not_connected unless the business has a connected provider. */
  readonly connectedOrThrow: (businessId: string) => void
}

type PaymentProcedures = 'payments.list' | 'payments.get' | 'payments.requestRefund' | 'payments.refunds'

const newestReceived = z.tuple([z.int(), z.int().positive()])
const newestAsked = z.tuple([z.int().positive()])

function refundableOf(db: ReadDb, payment: PaymentRow): Refundable {
  const { succeeded: refunded, inFlight } = refundSums(db, payment.business_id, payment.id)
  return { captured: payment.amount, refunded, inFlight, currency: payment.currency }
}

function checkFilters(
  db: ReadDb,
  input: { businessId: string; invoiceId?: string | undefined; customerId?: string | undefined },
): void {
  getBusiness(db, input.businessId)
  if (input.invoiceId !== undefined && findInvoiceRow(db, input.businessId, input.invoiceId) === undefined) {
    throw new AppError('not_found', 'There is no such invoice in this business.')
  }
  if (input.customerId !== undefined && customerHead(db, input.customerId).businessId !== input.businessId) {
    throw new AppError('not_found', 'There is no such customer in this business.')
  }
}

/** The handlers of `payments.*`. */
export function paymentHandlers({ directory, connectedOrThrow }: PaymentDeps): Handlers<PaymentProcedures> {
  /** What cannot be carried out is refused at once, also where it would have to wait for an approval first. */
  const checkRefund = (db: ReadDb, payment: PaymentRow, amount: Money): void => {
    const decision = decideRefund(refundableOf(db, payment), amount)
    if (decision.kind === 'refused') throw new AppError(decision.code, decision.why)
    connectedOrThrow(payment.business_id)
  }
  return {
    'payments.list': async (context, input) => {
      checkFilters(context.db, input)
      const after: PaymentKey =
        input.cursor === undefined ? [Number.MAX_SAFE_INTEGER, 0] : decodeCursor(input.cursor, newestReceived)
      const limit = input.limit ?? defaultLimit
      const query = await queryOf(context.db, directory, input)
      const rows = findPayments(context.db, input, query, { after, limit: limit + 1 })
      return pageOfRows(rows, limit, (row) => [row.received_at, row.seq], toPayment)
    },
    'payments.get': (context, input) => toPayment(readPaymentRow(context.db, input.paymentId)),
    'payments.requestRefund': {
      editable: (input) => [
        { field: 'amount', kind: 'money', value: input.amount },
        { field: 'reason', kind: 'text', value: input.reason },
      ],
      facts: (db, input) => {
        const payment = readPaymentRow(db, input.paymentId)
        checkRefund(db, payment, input.amount)
        const { refunded, inFlight } = refundableOf(db, payment)
        const { number } = invoiceOf(db, payment.business_id, payment.invoice_id)
        const given = refunded + inFlight
        const figures = (minor: number) => ({
          'Refunded or on its way': formatMoney({ minor, currency: payment.currency }),
          'Kept of the payment': formatMoney({ minor: payment.amount - minor, currency: payment.currency }),
        })
        return {
          businessId: payment.business_id,
          what: `Refund ${formatMoney(input.amount)} of the payment of invoice ${number}.`,
          amount: input.amount,
          payee: payment.customer_id,
          about: payment.id,
          before: figures(given),
          after: figures(given + input.amount.minor),
          undo: 'no',
        }
      },
      run: (context, input) => {
        const { db, now } = context
        const payment = readPaymentRow(db, input.paymentId)
        checkRefund(db, payment, input.amount)
        const id = newId('ref', now)
        const { business_id: businessId } = payment
        insertRefund(db, {
          id,
          businessId,
          paymentId: payment.id,
          amount: input.amount.minor,
          reason: input.reason,
          requestedAt: now,
        })
        enqueue(db, { businessId, kind: 'refund', subjectId: id, now })
        const amount = { minor: input.amount.minor, currency: input.amount.currency }
        context.note({ businessId, refundId: id, paymentId: payment.id, invoiceId: payment.invoice_id, amount })
        context.changed('payments')
        return toRefund(readRefundRow(db, id))
      },
    },
    'payments.refunds': (context, input) => {
      const payment = readPaymentRow(context.db, input.paymentId)
      const [before] = input.cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(input.cursor, newestAsked)
      const limit = input.limit ?? defaultLimit
      const rows = listRefunds(context.db, { businessId: payment.business_id, paymentId: payment.id }, before, limit + 1)
      return pageOfRows(rows, limit, (row) => [row.seq], toRefund)
    },
  }
}
