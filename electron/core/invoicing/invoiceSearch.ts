import type { CustomerDirectory } from '../customers/index'
import { joinSql, type ReadDb, type SqlFragment, sql, type WriteDb } from '../db/index'
import { type InvoiceRow, invoiceColumns } from './invoiceRow'

interface Searchable {
  readonly memo: string | null
  readonly lines: readonly { readonly description: string }[]
}

/** The digits of a number also without leading zeros, so that "42" finds INV-0042. */
function numberWords(number: string | null): string[] {
  const digits = /\d+$/.exec(number ?? '')?.[0]
  return number === null ? [] : [number, ...(digits === undefined ? [] : [String(Number(digits))])]
}

/** Writes what an invoice is found by, in place of what stood there. */
export function indexInvoice(w: WriteDb, seq: number, number: string | null, { memo, lines }: Searchable): void {
  const words = [...numberWords(number), memo ?? '', ...lines.map((line) => line.description)].join('\n')
  w.run(sql`DELETE FROM invoice_text WHERE rowid = ${seq}`)
  w.run(sql`INSERT INTO invoice_text (rowid, words) VALUES (${seq}, ${words})`)
}

/**
 * A full-text query that wants every word of `query` as the start of a word; null when the query has no letter or digit.
 * (https://www.sqlite.org/fts5.html#full_text_query_syntax: a double-quoted string takes any character but the quote and NUL, which
 * here only part words.)
 */
export function textQuery(query: string): string | null {
  const words = query
    .replace(/["\p{Cc}]/gu, ' ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
  return words.length === 0 ? null : words.map((word) => `"${word}"*`).join(' AND ')
}

export interface InvoiceFilter {
  readonly businessId: string
  readonly status?: string | undefined
  readonly overdue?: boolean | undefined
  readonly customerId?: string | undefined
}

/** What a search looks for: words of the invoice itself, and customers whose name or e-mail match. */
export interface InvoiceQuery {
  readonly text: string | null
  readonly customerIds: ReadonlySet<string>
}

/** What a search field asks for; null where it is empty. */
export async function queryOf(
  db: ReadDb,
  directory: CustomerDirectory,
  { businessId, query }: { readonly businessId: string; readonly query?: string | undefined },
): Promise<InvoiceQuery | null> {
  const text = query?.trim() ?? ''
  return text === '' ? null : { text: textQuery(text), customerIds: await directory.search(db, businessId, text) }
}

/** The invoices of a business that hold the words of a text query; none for null. */
export function invoiceIdsOf(db: ReadDb, businessId: string, text: string | null): ReadonlySet<string> {
  if (text === null) return new Set()
  const rows = db.all<{ id: string }>(sql`
    SELECT i.id FROM invoice_text t CROSS JOIN invoice i ON i.seq = t.rowid
    WHERE t.invoice_text MATCH ${text} AND i.business_id = ${businessId}`)
  return new Set(rows.map(({ id }) => id))
}

/** Above this many matching customers their invoices are so dense that reading all invoices newest first finds a page sooner. */
const manyCustomers = 2000

function conditions(filter: InvoiceFilter, today: string, before: number): SqlFragment {
  const late = sql`(i.status = 'open' AND i.due_on < ${today})`
  return joinSql(
    [
      sql`i.business_id = ${filter.businessId} AND i.seq < ${before}`,
      ...(filter.status === undefined ? [] : [sql`i.status = ${filter.status}`]),
      ...(filter.overdue === undefined
        ? []
        : [filter.overdue ? sql`i.status = 'open' AND i.due_on < ${today}` : sql`NOT ${late}`]),
      ...(filter.customerId === undefined ? [] : [sql`i.customer_id = ${filter.customerId}`]),
    ],
    ' AND ',
  )
}

/**
 * Invoices newest first (by order of making).
 * @param query null for all
 * @param today in the business's time zone; decides what is overdue
 * @param before `seq` of the last invoice of the page before
 */
export function findInvoices(
  db: ReadDb,
  filter: InvoiceFilter,
  query: InvoiceQuery | null,
  page: { readonly today: string; readonly before: number; readonly limit: number },
): InvoiceRow[] {
  const where = conditions(filter, page.today, page.before)
  const newest = sql`ORDER BY i.seq DESC LIMIT ${page.limit}`
  if (query === null) return db.all<InvoiceRow>(sql`SELECT ${invoiceColumns} FROM invoice i WHERE ${where} ${newest}`)
  const byText =
    query.text === null
      ? []
      : db.all<InvoiceRow>(sql`
          SELECT ${invoiceColumns} FROM invoice_text t CROSS JOIN invoice i ON i.seq = t.rowid
          WHERE t.invoice_text MATCH ${query.text} AND t.rowid < ${page.before} AND ${where}
          ORDER BY t.rowid DESC LIMIT ${page.limit}`)
  const byCustomer =
    query.customerIds.size > manyCustomers
      ? ofManyCustomers(db, where, query.customerIds, page.limit)
      : ofFewCustomers(db, where, query.customerIds, page.limit)
  const found = new Map([...byText, ...byCustomer].map((row) => [row.seq, row]))
  return [...found.values()].sort((a, b) => b.seq - a.seq).slice(0, page.limit)
}

function ofFewCustomers(db: ReadDb, where: SqlFragment, ids: ReadonlySet<string>, limit: number): InvoiceRow[] {
  if (ids.size === 0) return []
  const among = sql`i.customer_id IN (SELECT value FROM json_each(${JSON.stringify([...ids])}))`
  return db.all<InvoiceRow>(
    sql`SELECT ${invoiceColumns} FROM invoice i WHERE ${where} AND ${among} ORDER BY i.seq DESC LIMIT ${limit}`,
  )
}

function ofManyCustomers(db: ReadDb, where: SqlFragment, ids: ReadonlySet<string>, limit: number): InvoiceRow[] {
  const found: InvoiceRow[] = []
  for (const row of db.iterate<InvoiceRow>(sql`SELECT ${invoiceColumns} FROM invoice i WHERE ${where} ORDER BY i.seq DESC`)) {
    if (ids.has(row.customer_id)) found.push(row)
    if (found.length === limit) break
  }
  return found
}
