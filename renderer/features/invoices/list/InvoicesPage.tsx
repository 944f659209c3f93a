import { Button } from '@mantine/core'
import { IconFileInvoice, IconFilePlus } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useRows } from '../../../api/pages'
import { useBusiness } from '../../../app/BusinessProvider'
import { useShortcut } from '../../../app/shortcuts'
import { Page } from '../../../components/Page'
import { SearchField } from '../../../components/SearchField'
import { Segments } from '../../../components/Segments'
import { EmptyState } from '../../../components/States'
import { DataTable } from '../../../components/table/DataTable'
import { ExportCsv } from '../../../components/table/ExportCsv'
import { CustomerChip } from '../../customers/CustomerChip'
import { words as common } from '../words'
import { invoiceColumns, invoiceExportColumns } from './invoiceColumns'
import { words } from './words'

const route = getRouteApi('/invoices')

const filters = [
  { value: 'all', label: words.all },
  { value: 'draft', label: common.statuses.draft },
  { value: 'open', label: common.statuses.open },
  { value: 'overdue', label: common.overdue },
  { value: 'paid', label: common.statuses.paid },
  { value: 'void', label: common.statuses.void },
] as const

/** Every invoice of the business, found, filtered, sorted and exported. */
export function InvoicesPage() {
  const business = useBusiness()
  const { status, query = '', customer } = route.useSearch()
  const navigate = route.useNavigate()
  const filter = {
    businessId: business.id,
    ...(status === 'overdue' ? { overdue: true } : status ? { status } : {}),
    ...(query === '' ? {} : { query }),
    ...(customer ? { customerId: customer } : {}),
  }
  const list = useRows('invoices.list', filter)
  const write = () => void navigate({ to: '/invoices/new', search: customer ? { customer } : {} })
  useShortcut('n', words.create, write)
  const create = (
    <Button leftSection={<IconFilePlus size={16} />} onClick={write}>
      {words.create}
    </Button>
  )
  const unfiltered = status === undefined && query === '' && customer === undefined
  return (
    <Page
      fill
      title={common.title}
      actions={
        <>
          <ExportCsv
            name="invoices.list"
            filter={filter}
            columns={invoiceExportColumns}
            fileName="invoices.csv"
            disabled={list.rows.length === 0}
          />
          {create}
        </>
      }
      toolbar={
        <>
          <SearchField
            value={query}
            placeholder={words.search}
            onChange={(text) => void navigate({ search: (was) => ({ ...was, query: text || undefined }), replace: true })}
          />
          <Segments
            label={words.filter}
            value={filters.find((option) => option.value === status)?.value ?? 'all'}
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
        label={common.title}
        list={list}
        columns={invoiceColumns}
        rowId={(invoice) => invoice.id}
        onOpen={(invoice) => void navigate({ to: '/invoices/$invoiceId', params: { invoiceId: invoice.id } })}
        empty={
          <EmptyState
            icon={<IconFileInvoice size={22} stroke={1.6} />}
            title={unfiltered ? words.empty : words.noneFound}
            action={unfiltered ? create : undefined}
          >
            {unfiltered ? words.emptyText : words.noneFoundText}
          </EmptyState>
        }
      />
    </Page>
  )
}
