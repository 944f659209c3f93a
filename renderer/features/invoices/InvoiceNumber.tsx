import { useEffect, useSyncExternalStore } from 'react'
import { call } from '../../api/bridge'
import { NameStore } from '../../api/nameStore'
import { onChanged } from '../../api/queryClient'
import { words } from './words'

const numbers = new NameStore(async (invoiceId) => (await call('invoices.get', { invoiceId })).number ?? words.draft)

/** Keeps shown numbers in step with main; once, in the frame. */
export function useFollowInvoiceNumbers(): void {
  useEffect(
    () =>
      onChanged((domains) => {
        if (domains.has('invoices')) numbers.invalidate()
      }),
    [],
  )
}

/** The number of an invoice, by id. */
export function InvoiceNumber({ invoiceId }: { readonly invoiceId: string | null }) {
  const number = useSyncExternalStore(numbers.subscribe, () => (invoiceId === null ? '—' : numbers.get(invoiceId)))
  return <span>{number ?? '\u00a0'}</span>
}
