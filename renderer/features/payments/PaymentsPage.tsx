import { Button } from '@mantine/core'
import { IconCash } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { paymentStatuses } from '../../../shared/contract/payments'
import { useRows } from '../../api/pages'
import { useBusiness } from '../../app/BusinessProvider'
import { Page } from '../../components/Page'
import { SearchField } from '../../components/SearchField'
import { Segments } from '../../components/Segments'
import { EmptyState } from '../../components/States'
import { DataTable } from '../../components/table/DataTable'
import { ExportCsv } from '../../components/table/ExportCsv'
import { CustomerChip } from '../customers/CustomerChip'
import { PaymentDrawer } from './PaymentDrawer'
import { paymentColumns, paymentExportColumns } from './paymentColumns'
import { words } from './words'

const route = getRouteApi('/payments')

const filters = [
  { value: 'all', label: words.all },
  ...paymentStatuses.map((status) => ({ value: status, label: words.statuses[status] })),
] as const

/** Every payment of the business. */
export function PaymentsPage() {
  const business = useBusiness()
  const { payment, customer, query = '', status } = route.useSearch()
  const navigate = route.useNavigate()
  const filter = {
    businessId: business.id,
    ...(query === '' ? {} : { query }),
    ...(status === undefined ? {} : { status }),
    ...(customer ? { customerId: customer } : {}),
  }
  const unfiltered = query === '' && status === undefined && customer === undefined
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
        <>
          <SearchField
            value={query}
            placeholder={words.search}
            onChange={(text) => void navigate({ search: (was) => ({ ...was, query: text || undefined }), replace: true })}
          />
          <Segments
            label={words.columns.status}
            value={status ?? 'all'}
            options={filters}
            onChange={(value) =>
              void navigate({ search: (was) => ({ ...was, status: value === 'all' ? undefined : value }), replace: true })
            }
          />
          {customer ? (
            <CustomerChip
              customerId={customer}
              onClear={() => void navigate({ search: (was) => ({ ...was, customer: undefined }), replace: true })}
            />
          ) : null}
        </>
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
            title={unfiltered ? words.empty : words.noneFound}
            action={
              unfiltered ? (
                <Button variant="default" onClick={() => void navigate({ to: '/invoices' })}>
                  {words.toInvoices}
                </Button>
              ) : undefined
            }
          >
            {unfiltered ? words.emptyText : words.noneFoundText}
          </EmptyState>
        }
      />
      <PaymentDrawer paymentId={payment} onClose={() => open(undefined)} />
    </Page>
  )
}
