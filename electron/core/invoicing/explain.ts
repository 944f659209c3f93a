import { formatDate } from '../../../shared/domain/invoiceDocument'
import { formatMoney } from '../../../shared/domain/money'
import type { ReadDb } from '../db/index'
import { linesOf, readInvoiceRow } from './invoices.repository'
import { accounts, invoiceComponents } from './postingRules'

/** Sentences on an entry whose source is an invoice: what it is and how its amounts came about; no names. Throws AppError not_found. */
export function explainInvoice(db: ReadDb, invoiceId: string): string[] {
  const row = readInvoiceRow(db, invoiceId)
  const amount = (minor: number) => formatMoney({ minor, currency: row.currency })
  const components = invoiceComponents(linesOf(db, invoiceId))
  const income = components.filter(({ account }) => account !== accounts.salesTax)
  return [
    `Invoice ${row.number} over ${amount(row.total)} was issued on ${formatDate(row.issued_on ?? row.due_on)} and is due on ${formatDate(row.due_on)}. From then on the customer owes it, so it stands in ${accounts.receivable}.`,
    `Its net amount of ${amount(row.subtotal)} went to ${income.map(({ account, minor }) => `${account} (${amount(minor)})`).join(', ')}.`,
    ...(row.tax > 0
      ? [`Its tax of ${amount(row.tax)} is owed to the tax office, so it stands in ${accounts.salesTax} and is no income.`]
      : []),
    ...(row.status === 'void' ? ['The invoice is void now: a reversal of this entry takes all of it out again.'] : []),
  ]
}
