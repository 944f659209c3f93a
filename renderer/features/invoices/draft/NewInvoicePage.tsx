import { getRouteApi } from '@tanstack/react-router'
import { addDays } from '../../../../shared/domain/dates'
import { useBusiness } from '../../../app/BusinessProvider'
import { useToday } from '../../../components/useToday'
import { InvoiceEditor } from './InvoiceEditor'
import { emptyDraft } from './invoiceDraft'

const route = getRouteApi('/invoices/new')
const usualTerm = 30

/** A new invoice: nothing is stored until it says for whom and what. */
export function NewInvoicePage() {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const { customer } = route.useSearch()
  return <InvoiceEditor stored={null} initial={emptyDraft(business.currency, addDays(today, usualTerm), customer ?? null)} />
}
