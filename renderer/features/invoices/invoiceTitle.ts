import type { Invoice } from '../../../shared/contract/invoices'
import { words } from './words'

/** What an invoice is called on screen: its number, or what it is for while it has none. */
export function invoiceTitle(invoice: Pick<Invoice, 'number' | 'lines'>): string {
  return invoice.number ?? `${words.draft}: ${invoice.lines[0]?.description ?? words.noLines}`
}
