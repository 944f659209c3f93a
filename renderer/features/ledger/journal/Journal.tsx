import { Button } from '@mantine/core'
import { IconBook2 } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useRows } from '../../../api/pages'
import { useBusiness } from '../../../app/BusinessProvider'
import { EmptyState } from '../../../components/States'
import { DataTable } from '../../../components/table/DataTable'
import { ExportCsv } from '../../../components/table/ExportCsv'
import { useToday } from '../../../components/useToday'
import { AccountFilter } from '../accounts/AccountFilter'
import { PeriodPicker } from '../period/PeriodPicker'
import { useFollow } from '../view/trail'
import { View } from '../view/View'
import { words as common } from '../words'
import { journalColumns, journalExportColumns } from './journalColumns'
import { words } from './words'

const route = getRouteApi('/ledger/journal')

/** Every entry, newest first. */
export function Journal() {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const { account, from, to } = route.useSearch()
  const navigate = route.useNavigate()
  const go = useNavigate()
  const follow = useFollow(common.journal)
  const filter = {
    businessId: business.id,
    ...(account === undefined ? {} : { account }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }
  const list = useRows('ledger.entries', filter)
  const unfiltered = account === undefined && from === undefined && to === undefined
  return (
    <View
      title={common.journal}
      toolbar={
        <>
          <AccountFilter
            value={account}
            placeholder={words.anyAccount}
            clearable
            onChange={(next) => void navigate({ search: (was) => ({ ...was, account: next }), replace: true })}
          />
          <PeriodPicker
            value={{ from, to }}
            today={today}
            open
            onChange={(period) => void navigate({ search: (was) => ({ account: was.account, ...period }), replace: true })}
          />
        </>
      }
      actions={<ExportCsv name="ledger.entries" filter={filter} columns={journalExportColumns} fileName="journal.csv" />}
    >
      <DataTable
        label={common.journal}
        list={list}
        columns={journalColumns}
        rowId={(entry) => entry.id}
        onOpen={(entry) => void go({ to: '/ledger/entries/$entryId', params: { entryId: entry.id }, state: follow })}
        empty={
          <EmptyState
            icon={<IconBook2 size={22} stroke={1.6} />}
            title={unfiltered ? common.emptyBooks : words.noneFound}
            action={
              unfiltered ? (
                <Button onClick={() => void go({ to: '/ledger/post' })}>{common.newEntry}</Button>
              ) : (
                <Button variant="default" onClick={() => void navigate({ search: {}, replace: true })}>
                  {words.clear}
                </Button>
              )
            }
          >
            {unfiltered ? common.emptyBooksText : words.noneFoundText}
          </EmptyState>
        }
      />
    </View>
  )
}
