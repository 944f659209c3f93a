import { IconBook2 } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useRows } from '../../api/pages'
import { useBusiness } from '../../app/BusinessProvider'
import { EmptyState } from '../../components/States'
import { DataTable } from '../../components/table/DataTable'
import { ExportCsv } from '../../components/table/ExportCsv'
import { useToday } from '../../components/useToday'
import { AccountFilter } from './AccountFilter'
import { journalColumns } from './journalColumns'
import { PeriodPicker } from './PeriodPicker'
import styles from './reports.module.css'
import { words } from './words'

const route = getRouteApi('/ledger/journal')

/** Every entry, newest first. */
export function Journal() {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const { from, to, account } = route.useSearch()
  const navigate = route.useNavigate()
  const go = useNavigate()
  const filter = {
    businessId: business.id,
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(account ? { account } : {}),
  }
  const list = useRows('ledger.entries', filter)
  return (
    <>
      <div className={styles.bar}>
        <PeriodPicker
          today={today}
          withAllTime
          value={from && to ? { from, to } : null}
          onChange={(period) =>
            void navigate({ search: (was) => ({ ...was, from: period?.from, to: period?.to }), replace: true })
          }
        />
        <AccountFilter
          value={account}
          placeholder={words.anyAccount}
          onChange={(next) => void navigate({ search: (was) => ({ ...was, account: next }), replace: true })}
        />
        <span className={styles.spring} />
        <ExportCsv name="ledger.entries" filter={filter} columns={journalColumns} fileName="journal.csv" />
      </div>
      <DataTable
        label={words.journal}
        list={list}
        columns={journalColumns}
        rowId={(entry) => entry.id}
        onOpen={(entry) => void go({ to: '/ledger/entries/$entryId', params: { entryId: entry.id } })}
        empty={
          <EmptyState icon={<IconBook2 size={22} stroke={1.6} />} title={words.noEntries}>
            {words.emptyText}
          </EmptyState>
        }
      />
    </>
  )
}
