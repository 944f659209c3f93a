import { Button } from '@mantine/core'
import { IconCash, IconX } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useRows } from '../../api/pages'
import { useBusiness } from '../../app/BusinessProvider'
import { Page } from '../../components/Page'
import { EmptyState } from '../../components/States'
import { DataTable } from '../../components/table/DataTable'
import { ExportCsv } from '../../components/table/ExportCsv'
import { CustomerName } from '../customers/customerNames'
import { words as invoiceWords } from '../invoices/words'
import { PaymentDrawer } from './PaymentDrawer'
import { paymentColumns, paymentExportColumns } from './paymentColumns'
import { words } from './words'

const route = getRouteApi('/payments')

/** Every payment of the business. */
export function PaymentsPage() {
  const business = useBusiness()
  const { payment, customer } = route.useSearch()
  const navigate = route.useNavigate()
  const filter = { businessId: business.id, ...(customer ? { customerId: customer } : {}) }
  const list = useRows('payments.list', filter)
  const open = (id: string | undefined) =>
    void navigate({ search: (was) => ({ ...was, payment: id }), replace: payment !== undefined })
  return (
    <Page
      fill
      title={words.title}
      actions={
        <ExportCsv
          name="payments.list"
          filter={filter}
          columns={paymentExportColumns}
          fileName="payments.csv"
          disabled={list.rows.length === 0}
        />
      }
      toolbar={
        customer ? (
          <Button
            variant="light"
            size="xs"
            rightSection={<IconX size={13} />}
            aria-label={invoiceWords.clearCustomer}
            onClick={() => void navigate({ search: {}, replace: true })}
          >
            <CustomerName customerId={customer} />
          </Button>
        ) : undefined
      }
    >
      <DataTable
        label={words.title}
        list={list}
        columns={paymentColumns}
        rowId={(row) => row.id}
        onOpen={(row) => open(row.id)}
        openId={payment}
        empty={
          <EmptyState
            icon={<IconCash size={22} stroke={1.6} />}
            title={words.empty}
            action={
              <Button variant="default" onClick={() => void navigate({ to: '/invoices' })}>
                {words.toInvoices}
              </Button>
            }
          >
            {words.emptyText}
          </EmptyState>
        }
      />
      <PaymentDrawer paymentId={payment} onClose={() => open(undefined)} />
    </Page>
  )
}
