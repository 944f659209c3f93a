import { readOptions, useRead } from '../../api/queries'
import { queryClient } from '../../api/queryClient'
import { words } from './words'

/** The number of an invoice, by id. */
export function InvoiceNumber({ invoiceId }: { readonly invoiceId: string | null }) {
  const invoice = useRead('invoices.get', { invoiceId: invoiceId ?? '-' }, { enabled: invoiceId !== null })
  if (invoiceId === null) return <span>—</span>
  return <span>{invoice.data ? (invoice.data.number ?? words.draft) : '\u00a0'}</span>
}

/** The number for an export; the id where it cannot be read. */
export async function invoiceNumberOf(invoiceId: string | null): Promise<string> {
  if (invoiceId === null) return ''
  try {
    return (await queryClient.ensureQueryData(readOptions('invoices.get', { invoiceId }))).number ?? ''
  } catch {
    return invoiceId
  }
}
