import type { Invoice, InvoiceStatus } from '../../../shared/contract/invoices'

const statuses: Readonly<Record<InvoiceStatus, string>> = {
  draft: 'Draft',
  sending: 'Sending',
  open: 'Open',
  paid: 'Paid',
  void: 'Void',
  uncollectible: 'Uncollectible',
}

/** The word for where an invoice stands; "Overdue" is read from its due date, not stored. */
export function invoiceWord(invoice: Pick<Invoice, 'status' | 'overdue'>): string {
  return invoice.overdue ? 'Overdue' : statuses[invoice.status]
}

/** Words of the invoice screens. */
export const words = {
  draft: 'Draft',
  noLines: 'no lines yet',
  statuses,
} as const
