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
  return invoice.overdue ? words.overdue : statuses[invoice.status]
}

/** Words that all rooms of the invoices share. */
export const words = {
  title: 'Invoices',
  one: 'Invoice',
  statuses,
  overdue: 'Overdue',
  draft: 'Draft',
  noLines: 'no lines yet',
  currency: 'Currency',
  due: 'Due',
  total: 'Total',
  sendTitle: (total: string) => `Send this invoice over ${total}?`,
  sendText:
    'It gets the next number and today’s date, is issued at Stripe, and Stripe mails it to the customer. From then on it can be voided, not changed.',
  sendTo: 'To',
  sendNow: 'Send invoice',
  sent: (number: string | null) => `${number ?? 'Invoice'} is on its way`,
  sentText: 'It turns open when Stripe has it.',
  notSent: 'The invoice was not sent',
  notConnected: 'Connect Stripe to send invoices. The draft stays as it is.',
  connect: 'Connect Stripe',
  waits: 'Waiting for approval',
  waitsText: 'A rule asks first. Decide it under Approvals.',
  cancel: 'Cancel',
} as const
