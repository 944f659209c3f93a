import { Button, Switch } from '@mantine/core'
import { IconListDetails, IconPlus } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useRead } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { SearchField } from '../../../components/SearchField'
import { EmptyState, ErrorState, LoadingRows } from '../../../components/States'
import { AccountLink } from '../figures/AccountLink'
import { Figure } from '../figures/Figure'
import { useFigureKeys } from '../figures/useFigureKeys'
import styles from '../table.module.css'
import { Blank, Paper, View } from '../view/View'
import { words as common } from '../words'
import { CreateAccount } from './CreateAccount'
import { type ChartGroup, type ChartLine, chartGroups } from './chart'
import { useAccounts } from './useAccounts'
import { words } from './words'

/** The chart of accounts by type, with what each holds now. */
export function Accounts() {
  const business = useBusiness()
  const [query, setQuery] = useState('')
  const [onlyUsed, setOnlyUsed] = useState(false)
  const [creating, setCreating] = useState<string | null>(null)
  const accounts = useAccounts()
  const balances = useRead('ledger.trialBalance', { businessId: business.id })
  const groups = useMemo(
    () =>
      accounts.data && balances.data ? chartGroups(accounts.data, balances.data, business.currency, { query, onlyUsed }) : [],
    [accounts.data, balances.data, business.currency, query, onlyUsed],
  )
  const error = accounts.error ?? balances.error
  const retry = () => void Promise.all([accounts.refetch(), balances.refetch()])
  return (
    <View
      title={words.title}
      toolbar={
        <>
          <SearchField value={query} onChange={setQuery} placeholder={words.search} width={232} />
          <Switch
            size="xs"
            label={words.onlyUsed}
            checked={onlyUsed}
            onChange={(event) => setOnlyUsed(event.currentTarget.checked)}
          />
        </>
      }
      actions={
        <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setCreating('')}>
          {words.create}
        </Button>
      }
    >
      {error ? (
        <ErrorState what={words.title} error={error} onRetry={retry} />
      ) : accounts.isPending || balances.isPending ? (
        <LoadingRows />
      ) : groups.length === 0 ? (
        <Blank>
          <EmptyState icon={<IconListDetails size={22} stroke={1.6} />} title={words.none}>
            {words.noneText}
          </EmptyState>
        </Blank>
      ) : (
        <Paper>
          <Chart groups={groups} />
        </Paper>
      )}
      <CreateAccount path={creating} onClose={() => setCreating(null)} />
    </View>
  )
}

function Chart({ groups }: { readonly groups: readonly ChartGroup[] }) {
  const keys = useFigureKeys()
  return (
    <div {...keys}>
      <table className={`${styles.table} ${styles.narrow}`} aria-label={words.title}>
        <thead>
          <tr>
            <th scope="col" className={styles.head}>
              {common.account}
            </th>
            <th scope="col" className={`${styles.head} ${styles.headEnd}`}>
              {common.balance}
            </th>
          </tr>
        </thead>
        {groups.map(({ type, lines }) => (
          <tbody key={type}>
            <tr>
              <th scope="rowgroup" colSpan={2} className={styles.group}>
                {common.types[type]}
                <span className={styles.groupNote}>{words.count(lines.length)}</span>
              </th>
            </tr>
            {lines.map((line) => (
              <Line key={line.account} line={line} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  )
}

function Line({ line: { account, amounts } }: { readonly line: ChartLine }) {
  return (
    <tr className={styles.line}>
      <th scope="row" className={styles.name}>
        <AccountLink account={account} bare />
      </th>
      <td className={styles.value}>
        {amounts.length === 0 ? <span className={styles.zero}>{words.noBalance}</span> : null}
        {amounts.map(({ currency, minor }) => (
          <span key={currency} className={styles.amount}>
            <Figure account={account} currency={currency} minor={minor} withSymbol />
          </span>
        ))}
      </td>
    </tr>
  )
}
