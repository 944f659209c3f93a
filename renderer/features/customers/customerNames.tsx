import { useEffect, useSyncExternalStore } from 'react'
import { call } from '../../api/bridge'
import { NameStore } from '../../api/nameStore'
import { useRead } from '../../api/queries'
import { onChanged } from '../../api/queryClient'
import { words } from './words'

/** Ids alone stand on invoices, payments and approvals; their names are read here. */
const names = new NameStore(async (customerId) => (await call('customers.get', { customerId })).name)

/** Reads the first customers in one call, so that lists need not ask for each name, and follows changes. */
export function useSeedCustomers(businessId: string): void {
  const list = useRead('customers.list', { businessId, limit: 200 })
  useEffect(() => {
    for (const customer of list.data?.items ?? []) names.put(customer.id, customer.name)
  }, [list.data])
  useEffect(
    () =>
      onChanged((domains) => {
        if (domains.has('customers')) names.invalidate()
      }),
    [],
  )
}

/** The name of a customer, by id. */
export function CustomerName({ customerId }: { readonly customerId: string | null }) {
  const name = useSyncExternalStore(names.subscribe, () => (customerId === null ? words.unknown : names.get(customerId)))
  return <span>{name ?? '\u00a0'}</span>
}

/** The name of a customer for an export; the id where it cannot be read. */
export async function customerNameOf(customerId: string | null): Promise<string> {
  if (customerId === null) return ''
  return await names.read(customerId).catch(() => customerId)
}

/** The name as far as it is known already, for sorting; empty while it is not. */
export function knownCustomerName(customerId: string | null): string {
  return customerId === null ? '' : (names.get(customerId) ?? '')
}
