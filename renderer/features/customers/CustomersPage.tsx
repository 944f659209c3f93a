import { Button } from '@mantine/core'
import { IconUserPlus, IconUsers } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useRows } from '../../api/pages'
import { useBusiness } from '../../app/BusinessProvider'
import { useShortcut } from '../../app/shortcuts'
import { Page } from '../../components/Page'
import { SearchField } from '../../components/SearchField'
import { EmptyState } from '../../components/States'
import { DataTable } from '../../components/table/DataTable'
import { ExportCsv } from '../../components/table/ExportCsv'
import { CustomerDrawer } from './CustomerDrawer'
import { customerColumns } from './customerColumns'
import { words } from './words'

const route = getRouteApi('/customers')

/** Whom the business works for. */
export function CustomersPage() {
  const business = useBusiness()
  const { query = '', customer } = route.useSearch()
  const navigate = route.useNavigate()
  const filter = { businessId: business.id, ...(query === '' ? {} : { query }) }
  const list = useRows('customers.list', filter)
  const columns = useMemo(() => customerColumns(business.timeZone), [business.timeZone])
  const open = (id: string | undefined) =>
    void navigate({ search: (was) => ({ ...was, customer: id }), replace: customer !== undefined })
  useShortcut('n', words.add, () => open('new'))
  const add = (
    <Button leftSection={<IconUserPlus size={16} />} onClick={() => open('new')}>
      {words.add}
    </Button>
  )
  return (
    <Page
      fill
      title={words.title}
      actions={
        <>
          <ExportCsv
            name="customers.list"
            filter={filter}
            columns={columns}
            fileName="customers.csv"
            disabled={list.rows.length === 0}
          />
          {add}
        </>
      }
      toolbar={
        <SearchField
          value={query}
          placeholder={words.search}
          onChange={(text) => void navigate({ search: (was) => ({ ...was, query: text || undefined }), replace: true })}
        />
      }
    >
      <DataTable
        label={words.title}
        list={list}
        columns={columns}
        rowId={(row) => row.id}
        onOpen={(row) => open(row.id)}
        openId={customer}
        empty={
          query === '' ? (
            <EmptyState icon={<IconUsers size={22} stroke={1.6} />} title={words.empty} action={add}>
              {words.emptyText}
            </EmptyState>
          ) : (
            <EmptyState icon={<IconUsers size={22} stroke={1.6} />} title={words.noneFound}>
              {words.noneFoundText}
            </EmptyState>
          )
        }
      />
      <CustomerDrawer customerId={customer} onClose={() => open(undefined)} onOpen={open} />
    </Page>
  )
}
