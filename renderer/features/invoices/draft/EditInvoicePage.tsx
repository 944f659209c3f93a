import { getRouteApi, Link, Navigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useRead } from '../../../api/queries'
import { FailedPage } from '../../../components/FailedPage'
import { LoadingRows } from '../../../components/States'
import { words as common } from '../words'
import { InvoiceEditor } from './InvoiceEditor'
import { draftOfInvoice } from './invoiceDraft'

const route = getRouteApi('/invoices/$invoiceId/edit')

/** A stored draft, to be changed. An invoice that was sent cannot be changed and is shown instead. */
export function EditInvoicePage() {
  const { invoiceId } = route.useParams()
  const invoice = useRead('invoices.get', { invoiceId })
  const [generation, setGeneration] = useState(0)
  if (invoice.isPending) return <LoadingRows />
  if (invoice.isError) return <FailedPage what={common.one} query={invoice} back={<Link to="/invoices">{common.title}</Link>} />
  if (invoice.data.status !== 'draft') return <Navigate to="/invoices/$invoiceId" params={{ invoiceId }} replace />
  const reload = () => void invoice.refetch().then(() => setGeneration((was) => was + 1))
  return (
    <InvoiceEditor
      key={`${invoiceId}-${generation}`}
      stored={invoice.data}
      initial={draftOfInvoice(invoice.data)}
      onReload={reload}
    />
  )
}
