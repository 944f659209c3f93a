import { formatMoney } from '../../../shared/domain/money'
import type { Database } from '../db/index'
import { findInvoiceRow } from '../invoicing/index'
import type { Notifier } from '../ports/notifier'

/**
 * Tells the owner that an invoice was paid, once it is true: a report is applied inside a transaction that may still roll back, so each
 * notice waits for the commit and is given only if the invoice then is paid. Texts name the document and the amount, never the customer.
 */
export class PaidNotices {
  readonly #database: Database
  readonly #notifier: Notifier
  #waiting: { readonly businessId: string; readonly invoiceId: string }[] = []

  constructor(database: Database, notifier: Notifier) {
    this.#database = database
    this.#notifier = notifier
    database.afterCommit(() => this.#flush())
  }

  /** Called inside the transaction in which the invoice turns paid. */
  expect(businessId: string, invoiceId: string): void {
    this.#waiting.push({ businessId, invoiceId })
  }

  #flush(): void {
    if (this.#waiting.length === 0) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const { businessId, invoiceId } of waiting) {
      const invoice = findInvoiceRow(this.#database.read, businessId, invoiceId)
      if (invoice?.status !== 'paid') continue
      const amount = formatMoney({ minor: invoice.total, currency: invoice.currency })
      this.#notifier.notify({
        title: `Invoice ${invoice.number} is paid`,
        body: invoice.problem ?? `${amount} arrived at Stripe and is in the books.`,
        route: `/invoices/${invoice.id}`,
      })
    }
  }
}
