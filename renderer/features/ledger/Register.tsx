import { Select } from '@mantine/core'
import { IconListDetails } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { RegisterRow } from '../../../shared/contract/ledger'
import { toDecimalString } from '../../../shared/domain/money'
import { useRows } from '../../api/pages'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { dateText } from '../../components/format'
import { Money } from '../../components/Money'
import { EmptyState } from '../../components/States'
import type { Column } from '../../components/table/column'
import { DataTable } from '../../components/table/DataTable'
import { ExportCsv } from '../../components/table/ExportCsv'
import { useToday } from '../../components/useToday'
import { AccountFilter } from './AccountFilter'
import { PeriodPicker } from './PeriodPicker'
import { currenciesOf, rootOf } from './reports'
import styles from './reports.module.css'
import { words } from './words'

const route = getRouteApi('/ledger/register')

const columns: readonly Column<RegisterRow>[] = [
  {
    id: 'date',
    head: words.columns.date,
    width: '108px',
    cell: (row) => dateText(row.occurredOn),
    sort: (row) => row.occurredOn,
    csv: (row) => row.occurredOn,
  },
  {
    id: 'description',
    head: words.columns.description,
    width: 'minmax(200px, 1fr)',
    cell: (row) => row.description,
    sort: (row) => row.description,
    csv: (row) => row.description,
  },
  {
    id: 'amount',
    head: words.columns.amount,
    width: '136px',
    align: 'end',
    cell: (row) => <Money amount={row.amount} />,
    sort: (row) => row.amount.minor,
    csv: (row) => toDecimalString(row.amount),
  },
  {
    id: 'balance',
    head: words.columns.balance,
    width: '136px',
    align: 'end',
    cell: (row) => <Money amount={row.balance} />,
    csv: (row) => toDecimalString(row.balance),
  },
  { id: 'currency', head: words.currency, width: '0px', wide: true, cell: () => null, csv: (row) => row.amount.currency },
]
/** Accounts that usually stand in credit, and so show as negative here. */
const creditSide: ReadonlySet<string> = new Set(['liabilities', 'equity', 'income'])
const shown = columns.filter((column) => column.id !== 'currency')

/** Every posting of one account with the balance after it. */
export function Register() {
  const { account } = route.useSearch()
  const navigate = route.useNavigate()
  if (account !== undefined) return <RegisterOf account={account} />
  return (
    <>
      <div className={styles.bar}>
        <AccountFilter
          value={undefined}
          autoFocus
          placeholder={words.chooseAccount}
          onChange={(next) => void navigate({ search: { account: next } })}
        />
      </div>
      <EmptyState icon={<IconListDetails size={22} stroke={1.6} />} title={words.chooseAccount}>
        {words.chooseAccountText}
      </EmptyState>
    </>
  )
}

function RegisterOf({ account }: { readonly account: string }) {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const { currency, from, to } = route.useSearch()
  const navigate = route.useNavigate()
  const go = useNavigate()
  const balances = useRead('ledger.trialBalance', { businessId: business.id })
  const held = currenciesOf(balances.data?.rows.filter((row) => row.account === account) ?? [], business.currency)
  const offered = currency && !held.includes(currency) ? [...held, currency] : held
  const filter = {
    businessId: business.id,
    account,
    ...(currency ? { currency } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  }
  const list = useRows('ledger.register', filter)
  return (
    <>
      <div className={styles.bar}>
        <AccountFilter
          value={account}
          placeholder={words.chooseAccount}
          onChange={(next) => void navigate({ search: (was) => ({ ...was, account: next, currency: undefined }) })}
        />
        {offered.length > 1 || currency ? (
          <Select
            aria-label={words.currency}
            data={offered}
            clearable
            placeholder={words.anyCurrency}
            w={150}
            value={currency ?? null}
            onChange={(next) => void navigate({ search: (was) => ({ ...was, currency: next ?? undefined }), replace: true })}
          />
        ) : null}
        <PeriodPicker
          today={today}
          withAllTime
          value={from || to ? { from: from ?? '1900-01-01', to: to ?? today } : null}
          onChange={(period) =>
            void navigate({ search: (was) => ({ ...was, from: period?.from, to: period?.to }), replace: true })
          }
        />
        {creditSide.has(rootOf(account)) ? <span className={styles.sign}>{words.signNote}</span> : null}
        <span className={styles.spring} />
        <ExportCsv name="ledger.register" filter={filter} columns={columns} fileName={`${account.replaceAll(':', '-')}.csv`} />
      </div>
      <DataTable
        label={words.openRegister(account)}
        list={list}
        columns={shown}
        rowId={(row) => `${row.entryId} ${row.amount.currency} ${row.amount.minor} ${row.balance.minor}`}
        onOpen={(row) => void go({ to: '/ledger/entries/$entryId', params: { entryId: row.entryId } })}
        empty={
          <EmptyState icon={<IconListDetails size={22} stroke={1.6} />} title={words.noEntries}>
            {words.emptyText}
          </EmptyState>
        }
      />
    </>
  )
}
