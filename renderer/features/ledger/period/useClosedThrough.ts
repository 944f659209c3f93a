import { useRead } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'

/** The last closed day of the books; null while nothing is closed or it is not known. */
export function useClosedThrough(): string | null {
  const business = useBusiness()
  return useRead('ledger.accounts', { businessId: business.id, limit: 1 }).data?.closedThrough ?? null
}
