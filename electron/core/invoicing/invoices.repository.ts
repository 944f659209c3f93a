import type { Invoice, InvoiceLine } from '../../../shared/contract/invoices'
import { type InvoiceState, isOverdue } from '../../../shared/domain/invoiceState'
import { AppError } from '../../../shared/errors'
import { type ReadDb, type SqlFragment, sql, type WriteDb } from '../db/index'
import { type InvoiceRow, invoiceColumns } from './invoiceRow'
import { indexInvoice } from './invoiceSearch'
import { type InvoiceComponent, invoiceComponents } from './postingRules'

export interface LineRow {
  readonly invoice_id: string
  readonly description: string
  readonly quantity: string
  readonly unit_price: number
  readonly tax_rate: string | null
  readonly account: string
  readonly amount: number
  readonly tax: number
}

/** What the owner writes into a draft, with its totals worked out. */
export interface Draft {
  readonly customerId: string
  readonly currency: string
  readonly dueOn: string
  readonly memo: string | null
  readonly lines: readonly Omit<LineRow, 'invoice_id'>[]
  readonly subtotal: number
  readonly tax: number
  readonly total: number
}

export function invoiceNotFound(): AppError {
  return new AppError('not_found', 'There is no such invoice in this business. Nothing was changed.')
}

function find(db: ReadDb, where: SqlFragment): InvoiceRow | undefined {
  return db.get<InvoiceRow>(sql`SELECT ${invoiceColumns} FROM invoice i WHERE ${where}`)
}

/** Throws AppError not_found. */
export function readInvoiceRow(db: ReadDb, id: string): InvoiceRow {
  const row = find(db, sql`i.id = ${id}`)
  if (row === undefined) throw invoiceNotFound()
  return row
}

/** An invoice of this business by our id. */
export function findInvoiceRow(db: ReadDb, businessId: string, id: string): InvoiceRow | undefined {
  return find(db, sql`i.business_id = ${businessId} AND i.id = ${id}`)
}

/** An invoice of this business by the provider's id. */
export function findInvoiceByRef(db: ReadDb, businessId: string, ref: string): InvoiceRow | undefined {
  return find(db, sql`i.business_id = ${businessId} AND i.provider_ref = ${ref}`)
}

/** Ids of the invoices sent to another version of the same customer than this one's. */
export function invoicesToOtherVersions(db: ReadDb, row: InvoiceRow): string[] {
  const others = db.all<{ id: string }>(sql`SELECT id FROM invoice WHERE business_id = ${row.business_id}
    AND customer_id = ${row.customer_id} AND customer_version <> ${row.customer_version}`)
  return others.map(({ id }) => id)
}

export function readLines(db: ReadDb, invoiceIds: readonly string[]): ReadonlyMap<string, readonly LineRow[]> {
  const rows = db.all<LineRow>(sql`
    SELECT invoice_id, description, quantity, unit_price, tax_rate, account, amount, tax FROM invoice_line
    WHERE invoice_id IN (SELECT value FROM json_each(${JSON.stringify(invoiceIds)})) ORDER BY invoice_id, position`)
  return Map.groupBy(rows, (row) => row.invoice_id)
}

/** Lines of one invoice, in order. */
export function linesOf(db: ReadDb, invoiceId: string): readonly LineRow[] {
  return readLines(db, [invoiceId]).get(invoiceId) ?? []
}

export function stateOf(row: InvoiceRow): InvoiceState {
  const voiding = row.voiding === 1
  return row.status === 'open' || row.status === 'uncollectible' ? { status: row.status, voiding } : { status: row.status }
}

const voidUnderWay =
  'This invoice is being voided. Until the provider confirms it, the customer can still pay it; then the payment counts.'

/**
 * The invoice as callers see it.
 * @param today in the business's time zone
 */
export function toInvoice(row: InvoiceRow, lines: readonly LineRow[], today: string): Invoice {
  const { currency } = row
  const money = (minor: number) => ({ minor, currency })
  const due = row.status === 'void' ? 0 : Math.max(0, row.total - row.amount_paid)
  return {
    id: row.id,
    businessId: row.business_id,
    customerId: row.customer_id,
    number: row.number,
    status: row.status,
    currency,
    issuedOn: row.issued_on,
    dueOn: row.due_on,
    lines: lines.map(
      (line): InvoiceLine => ({
        description: line.description,
        quantity: line.quantity,
        unitPrice: money(line.unit_price),
        taxRate: line.tax_rate,
        account: line.account,
        amount: money(line.amount),
        tax: money(line.tax),
      }),
    ),
    subtotal: money(row.subtotal),
    tax: money(row.tax),
    total: money(row.total),
    amountPaid: money(row.amount_paid),
    amountDue: money(due),
    hostedInvoiceUrl: row.hosted_url,
    memo: row.memo,
    overdue: isOverdue(row.status, row.due_on, today),
    problem: row.problem ?? (row.voiding === 1 ? voidUnderWay : null),
    createdAt: row.created_at,
    version: row.version,
  }
}

function writeLines(w: WriteDb, businessId: string, invoiceId: string, lines: Draft['lines']): void {
  const insert = w.prepare(`INSERT INTO invoice_line
    (business_id, invoice_id, position, description, quantity, unit_price, tax_rate, account, amount, tax)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  lines.forEach((line, position) => {
    const { description, quantity, unit_price, tax_rate, account, amount, tax } = line
    insert.run(businessId, invoiceId, position, description, quantity, unit_price, tax_rate, account, amount, tax)
  })
}

export function insertDraft(w: WriteDb, id: string, businessId: string, draft: Draft, now: number): void {
  const { lastId } = w.run(sql`
    INSERT INTO invoice (id, business_id, customer_id, status, currency, due_on, memo, subtotal, tax, total, created_at)
    VALUES (${id}, ${businessId}, ${draft.customerId}, 'draft', ${draft.currency}, ${draft.dueOn}, ${draft.memo}, ${draft.subtotal},
            ${draft.tax}, ${draft.total}, ${now})`)
  writeLines(w, businessId, id, draft.lines)
  indexInvoice(w, lastId, null, draft)
}

export function updateDraft(w: WriteDb, row: InvoiceRow, draft: Draft): void {
  w.run(sql`UPDATE invoice SET customer_id = ${draft.customerId}, currency = ${draft.currency}, due_on = ${draft.dueOn},
              memo = ${draft.memo}, subtotal = ${draft.subtotal}, tax = ${draft.tax}, total = ${draft.total}, version = version + 1
            WHERE id = ${row.id}`)
  w.run(sql`DELETE FROM invoice_line WHERE invoice_id = ${row.id}`)
  writeLines(w, row.business_id, row.id, draft.lines)
  indexInvoice(w, row.seq, null, draft)
}

/** The number that the next sent invoice of a business takes, counted from 1. */
export function nextNumber(db: ReadDb, businessId: string): number {
  const row = db.get<{ last: number | null }>(sql`SELECT max(number_seq) AS last FROM invoice WHERE business_id = ${businessId}`)
  return (row?.last ?? 0) + 1
}

/** Whether a business has taken a number. */
export function hasNumbers(db: ReadDb, businessId: string): boolean {
  return nextNumber(db, businessId) > 1
}

/** Gives a draft its number and puts it on its way. */
export function numberInvoice(
  w: WriteDb,
  row: InvoiceRow,
  taken: { readonly seq: number; readonly number: string; readonly issuedOn: string; readonly customerVersion: number },
): void {
  w.run(sql`UPDATE invoice SET status = 'sending', number_seq = ${taken.seq}, number = ${taken.number}, issued_on = ${taken.issuedOn},
              customer_version = ${taken.customerVersion}, problem = NULL, version = version + 1
            WHERE id = ${row.id}`)
  indexInvoice(w, row.seq, taken.number, { memo: row.memo, lines: linesOf(w, row.id) })
}

/** Moves an invoice to a state; `problem` is what its owner is told of it from now on. */
export function setState(w: WriteDb, id: string, to: InvoiceState, problem: string | null = null): void {
  const voiding = 'voiding' in to && to.voiding ? 1 : 0
  w.run(
    sql`UPDATE invoice SET status = ${to.status}, voiding = ${voiding}, problem = ${problem}, version = version + 1 WHERE id = ${id}`,
  )
}

export function setProblem(w: WriteDb, id: string, problem: string | null): void {
  w.run(sql`UPDATE invoice SET problem = ${problem}, version = version + 1 WHERE id = ${id} AND problem IS NOT ${problem}`)
}

export function setVoidReason(w: WriteDb, id: string, reason: string): void {
  w.run(sql`UPDATE invoice SET void_reason = ${reason} WHERE id = ${id}`)
}

export function setProviderRefs(
  w: WriteDb,
  id: string,
  refs: { readonly invoiceRef: string; readonly hostedUrl: string | null },
): void {
  w.run(
    sql`UPDATE invoice SET provider_ref = ${refs.invoiceRef}, hosted_url = coalesce(${refs.hostedUrl}, hosted_url) WHERE id = ${id}`,
  )
}

export function setHostedUrl(w: WriteDb, id: string, hostedUrl: string): void {
  w.run(sql`UPDATE invoice SET hosted_url = ${hostedUrl} WHERE id = ${id} AND hosted_url IS NOT ${hostedUrl}`)
}

/** What an invoice is made of, for refunds of its payments; nothing any more once it is void. */
export function invoiceOf(
  db: ReadDb,
  businessId: string,
  id: string,
): { number: string; components: readonly InvoiceComponent[] } {
  const row = findInvoiceRow(db, businessId, id)
  if (row === undefined) throw invoiceNotFound()
  return { number: row.number ?? '', components: row.status === 'void' ? [] : invoiceComponents(linesOf(db, id)) }
}

/** What has been paid of an invoice, in its own currency. @returns whether that was not known before */
export function setAmountPaid(w: WriteDb, id: string, amountPaid: number): boolean {
  const { changes } = w.run(
    sql`UPDATE invoice SET amount_paid = ${amountPaid}, version = version + 1 WHERE id = ${id} AND amount_paid <> ${amountPaid}`,
  )
  return changes > 0
}

/**
 * Moves the hosted addresses of a business to another origin: the practice stand-in may take a new port at a start.
 * @param origin e.g. `http://127.0.0.1:12111`, without a slash at the end
 * @returns how many invoices changed
 */
export function rebaseHostedUrls(w: WriteDb, businessId: string, origin: string): number {
  const path = sql`substr(hosted_url, instr(hosted_url, '://') + 2 + instr(substr(hosted_url, instr(hosted_url, '://') + 3), '/'))`
  return w.run(sql`UPDATE invoice SET hosted_url = ${origin} || ${path}
                   WHERE business_id = ${businessId} AND hosted_url IS NOT NULL AND hosted_url <> ${origin} || ${path}`).changes
}
