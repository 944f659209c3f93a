import { useEffect } from 'react'
import { readOptions, useRead } from '../../api/queries'
import { queryClient } from '../../api/queryClient'
import { words } from './words'

/** Reads the first customers in one call, so that lists need not ask for each name. */
export function useSeedCustomers(businessId: string): void {
  const list = useRead('customers.list', { businessId, limit: 200 })
  useEffect(() => {
    for (const customer of list.data?.items ?? []) {
      queryClient.setQueryData(readOptions('customers.get', { customerId: customer.id }).queryKey, customer)
    }
  }, [list.data])
}

/** The name of a customer, by id; the ids alone stand on invoices and approvals. */
export function CustomerName({ customerId }: { readonly customerId: string | null }) {
  const customer = useRead('customers.get', { customerId: customerId ?? '-' }, { enabled: customerId !== null })
  if (customerId === null || customer.isError) return <span>{words.unknown}</span>
  return <span>{customer.data?.name ?? '\u00a0'}</span>
}

/** The name of a customer for an export; the id where it cannot be read. */
export async function customerNameOf(customerId: string | null): Promise<string> {
  if (customerId === null) return ''
  try {
    return (await queryClient.ensureQueryData(readOptions('customers.get', { customerId }))).name
  } catch {
    return customerId
  }
}

/** The name as far as it is known already, for sorting; empty while it is not. */
export function knownCustomerName(customerId: string | null): string {
  if (customerId === null) return ''
  return queryClient.getQueryData(readOptions('customers.get', { customerId }).queryKey)?.name ?? ''
}
