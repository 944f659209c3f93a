import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'

/** The last closed day of the books, as the activity log tells it; null while nothing is closed or it is not known. */
export function useClosedThrough(): string | null {
  const business = useBusiness()
  const closings = useRead('audit.list', { businessId: business.id, procedure: 'ledger.closePeriod', limit: 50 })
  const days = (closings.data?.items ?? []).flatMap(({ outcome, details }) =>
    outcome === 'done' && typeof details.through === 'string' ? [details.through] : [],
  )
  return days.toSorted().at(-1) ?? null
}
