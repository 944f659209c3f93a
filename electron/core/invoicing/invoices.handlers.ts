import { z } from 'zod'
import type { Parsed } from '../../../shared/contract/index'
import type { Invoice } from '../../../shared/contract/invoices'
import { addDays, dateIn } from '../../../shared/domain/dates'
import { invoiceDocument } from '../../../shared/domain/invoiceDocument'
import { formatMoney } from '../../../shared/domain/money'
import { getBusiness, today } from '../businesses/index'
import { type CustomerDirectory, customerHead, readCustomer, readCustomerVersion } from '../customers/index'
import type { ReadDb } from '../db/index'
import { decodeCursor, defaultLimit, pageOfRows } from '../db/paging'
import type { CommandFacts, Handlers } from '../dispatch/handler'
import { cancelPaused, enqueue } from '../outbox/index'
import { newId } from '../ports/ids'
import type { PaymentGateway } from '../ports/paymentGateway'
import { checkAmounts, checkCustomer, checkDraft, checkDueDate, checkSendable, checkVoidable, sendingOf } from './invoiceChecks'
import { buildDraft, type DraftInput } from './invoiceDraft'
import { invoiceNumber } from './invoiceNumber'
import type { InvoiceRow } from './invoiceRow'
import { findInvoices, queryOf } from './invoiceSearch'
import {
  type Draft,
  insertDraft,
  linesOf,
  nextNumber,
  numberInvoice,
  readInvoiceRow,
  readLines,
  setState,
  setVoidReason,
  toInvoice,
  updateDraft,
} from './invoices.repository'
import { renderInvoicePdf } from './pdf/renderInvoicePdf'
import { contentOf } from './sendJob'
import { withdrawalUnderWay } from './voidJob'

export interface InvoiceDeps {
  readonly directory: CustomerDirectory
  /** The provider of a business. Throws AppError not_connected when none is connected. */
  readonly connectedOrThrow: (businessId: string) => Pick<PaymentGateway, 'invoiceProblem'>
}

type InvoiceProcedures =
  | 'invoices.create'
  | 'invoices.update'
  | 'invoices.send'
  | 'invoices.get'
  | 'invoices.list'
  | 'invoices.void'
  | 'invoices.duplicate'
  | 'invoices.pdf'

const newestFirst = z.tuple([z.int().positive()])

/**
 * The invoice as callers see it, overdue or not at `now` in its business's time zone.
 * @throws AppError not_found
 */
export function readInvoice(db: ReadDb, id: string, now: number): Invoice {
  const row = readInvoiceRow(db, id)
  return toInvoice(row, linesOf(db, id), today(getBusiness(db, row.business_id), now))
}

/** How the invoice is called in sentences. */
function nameOf(row: InvoiceRow): string {
  return row.number === null ? 'a draft invoice' : `invoice ${row.number}`
}

function factsOf(row: InvoiceRow, what: string, after: string, undo: CommandFacts['undo']): CommandFacts {
  return {
    businessId: row.business_id,
    what,
    amount: { minor: row.total, currency: row.currency },
    payee: row.customer_id,
    about: row.id,
    before: { Status: row.status },
    after: { Status: after },
    undo,
  }
}

/** What voiding does besides, for the approval's card. */
const voidEffects = {
  discard: '',
  requestVoid: '; its entry is reversed and its number stays taken',
  withdraw: '; its sending is paused and stops for good, nothing was booked, and its number stays taken',
} as const

const withdrawn = 'The invoice was voided here while its sending was paused.'

/** The draft's contents as its owner could have written them, to be changed or copied. */
function inputOf(db: ReadDb, row: InvoiceRow): DraftInput {
  return {
    customerId: row.customer_id,
    currency: row.currency,
    dueOn: row.due_on,
    memo: row.memo,
    lines: linesOf(db, row.id).map((line) => ({
      description: line.description,
      quantity: line.quantity,
      unitPrice: { minor: line.unit_price, currency: row.currency },
      account: line.account,
      ...(line.tax_rate === null ? {} : { taxRate: line.tax_rate }),
    })),
  }
}

/** A new draft of what its owner wrote. Throws AppError not_found, invalid_input. */
function newDraft(db: ReadDb, input: Parsed<'invoices.create'>): Draft {
  getBusiness(db, input.businessId)
  checkCustomer(db, input.businessId, input.customerId)
  return buildDraft({ ...input, memo: input.memo ?? null })
}

/** A draft with its owner's changes. Throws AppError not_found, conflict, invalid_input. */
function changedDraft(db: ReadDb, row: InvoiceRow, input: Parsed<'invoices.update'>): Draft {
  checkDraft(row, input.version)
  if (input.customerId !== undefined) checkCustomer(db, row.business_id, input.customerId)
  const before = inputOf(db, row)
  return buildDraft({
    customerId: input.customerId ?? before.customerId,
    currency: input.currency ?? before.currency,
    dueOn: input.dueOn ?? before.dueOn,
    lines: input.lines ?? before.lines,
    memo: input.memo === undefined ? before.memo : input.memo,
  })
}

/** Whole days between two dates. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}

/** The handlers of `invoices.*`. */
export function invoiceHandlers({ directory, connectedOrThrow }: InvoiceDeps): Handlers<InvoiceProcedures> {
  return {
    'invoices.create': {
      facts: (db, input) => {
        const draft = newDraft(db, input)
        const total = { minor: draft.total, currency: draft.currency }
        return {
          businessId: input.businessId,
          what: `Write a draft invoice over ${formatMoney(total)}.`,
          amount: total,
          payee: draft.customerId,
          before: {},
          after: { Status: 'draft' },
          undo: 'yes',
        }
      },
      run: (context, input) => {
        const draft = newDraft(context.db, input)
        const invoiceId = newId('inv', context.now)
        insertDraft(context.db, invoiceId, input.businessId, draft, context.now)
        context.note({ invoiceId, customerId: input.customerId })
        context.changed('invoices')
        return readInvoice(context.db, invoiceId, context.now)
      },
    },
    'invoices.update': {
      facts: (db, input) => {
        const row = readInvoiceRow(db, input.invoiceId)
        const { total, currency } = changedDraft(db, row, input)
        const facts = factsOf(row, `Change ${nameOf(row)}.`, row.status, 'yes')
        const before = formatMoney({ minor: row.total, currency: row.currency })
        const after = { minor: total, currency }
        const shown = { before: { Version: String(row.version), Total: before }, after: { Total: formatMoney(after) } }
        return { ...facts, ...shown, amount: after }
      },
      run: (context, input) => {
        const row = readInvoiceRow(context.db, input.invoiceId)
        updateDraft(context.db, row, changedDraft(context.db, row, input))
        context.note({ businessId: row.business_id, invoiceId: row.id })
        context.changed('invoices')
        return readInvoice(context.db, row.id, context.now)
      },
    },
    'invoices.send': {
      facts: (db, input) => {
        const row = readInvoiceRow(db, input.invoiceId)
        checkSendable(row)
        checkAmounts(contentOf(db, row), connectedOrThrow(row.business_id))
        return factsOf(
          row,
          `Send ${nameOf(row)} over ${formatMoney({ minor: row.total, currency: row.currency })}.`,
          'open',
          'by_reversal',
        )
      },
      run: (context, input) => {
        const row = readInvoiceRow(context.db, input.invoiceId)
        const business = getBusiness(context.db, row.business_id)
        const issuedOn = today(business, context.now)
        checkSendable(row)
        checkDueDate(row, issuedOn)
        checkAmounts(contentOf(context.db, row), connectedOrThrow(row.business_id))
        const seq = nextNumber(context.db, row.business_id)
        const number = invoiceNumber(business.invoicePrefix, seq)
        const customerVersion = customerHead(context.db, row.customer_id).version
        numberInvoice(context.db, row, { seq, number, issuedOn, customerVersion })
        enqueue(context.db, { ...sendingOf(row), now: context.now })
        context.note({ businessId: row.business_id, invoiceId: row.id, number })
        context.changed('invoices')
        return readInvoice(context.db, row.id, context.now)
      },
    },
    'invoices.void': {
      facts: (db, input) => {
        const row = readInvoiceRow(db, input.invoiceId)
        const { by } = checkVoidable(db, row)
        if (by === 'requestVoid') connectedOrThrow(row.business_id)
        return factsOf(row, `Void ${nameOf(row)}${voidEffects[by]}.`, 'void', 'no')
      },
      run: (context, input) => {
        const row = readInvoiceRow(context.db, input.invoiceId)
        const { to, by } = checkVoidable(context.db, row)
        if (by === 'requestVoid') connectedOrThrow(row.business_id)
        if (by === 'withdraw') {
          context.note({ cancelledOutboxId: cancelPaused(context.db, { ...sendingOf(row), reason: withdrawn }, context.now) })
        }
        if (by !== 'discard') {
          enqueue(context.db, { businessId: row.business_id, kind: 'invoice.void', subjectId: row.id, now: context.now })
        }
        setState(context.db, row.id, to, by === 'withdraw' ? withdrawalUnderWay : null)
        setVoidReason(context.db, row.id, input.reason)
        context.note({ businessId: row.business_id, invoiceId: row.id, number: row.number })
        context.changed('invoices')
        return readInvoice(context.db, row.id, context.now)
      },
    },
    'invoices.duplicate': {
      facts: (db, input) => {
        const row = readInvoiceRow(db, input.invoiceId)
        return factsOf(row, `Copy ${nameOf(row)} into a new draft.`, row.status, 'yes')
      },
      run: (context, input) => {
        const row = readInvoiceRow(context.db, input.invoiceId)
        const business = getBusiness(context.db, row.business_id)
        const writtenOn = row.issued_on ?? dateIn(business.timeZone, row.created_at)
        const dueOn = addDays(today(business, context.now), Math.max(0, daysBetween(writtenOn, row.due_on)))
        const invoiceId = newId('inv', context.now)
        insertDraft(context.db, invoiceId, row.business_id, buildDraft({ ...inputOf(context.db, row), dueOn }), context.now)
        context.note({ businessId: row.business_id, invoiceId, copyOf: row.id })
        context.changed('invoices')
        return readInvoice(context.db, invoiceId, context.now)
      },
    },
    'invoices.get': (context, input) => readInvoice(context.db, input.invoiceId, context.now),
    'invoices.list': async (context, input) => {
      const { db } = context
      const business = getBusiness(db, input.businessId)
      if (input.customerId !== undefined) checkCustomer(db, input.businessId, input.customerId)
      const [before] = input.cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(input.cursor, newestFirst)
      const query = await queryOf(db, directory, input)
      const todayHere = today(business, context.now)
      const limit = input.limit ?? defaultLimit
      const rows = findInvoices(db, input, query, { today: todayHere, before, limit: limit + 1 })
      const lines = readLines(
        db,
        rows.map((row) => row.id),
      )
      return pageOfRows(
        rows,
        limit,
        (row) => [row.seq],
        (row) => toInvoice(row, lines.get(row.id) ?? [], todayHere),
      )
    },
    'invoices.pdf': async (context, input) => {
      const { db } = context
      const row = readInvoiceRow(db, input.invoiceId)
      const customer =
        row.customer_version === null
          ? readCustomer(db, row.customer_id)
          : readCustomerVersion(db, row.customer_id, row.customer_version)
      const business = getBusiness(db, row.business_id)
      const document = invoiceDocument(business, customer, readInvoice(db, row.id, context.now))
      const pdf = await renderInvoicePdf(document)
      return { fileName: document.fileName, mediaType: 'application/pdf', base64: pdf.toString('base64') }
    },
  }
}
