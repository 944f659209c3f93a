import { Button, Switch } from '@mantine/core'
import { IconListDetails, IconPlus } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useRead } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { SearchField } from '../../../components/SearchField'
import { EmptyState, ErrorState, LoadingRows } from '../../../components/States'
import { AccountPath } from '../figures/AccountPath'
import { Figure } from '../figures/Figure'
import figures from '../figures/figures.module.css'
import styles from '../figures/table.module.css'
import { useFigureKeys } from '../figures/useFigureKeys'
import { FollowLink } from '../view/Follow'
import { registerHref } from '../view/links'
import { Paper, View } from '../view/View'
import view from '../view/view.module.css'
import { words } from '../words'
import { CreateAccount } from './CreateAccount'
import { type ChartGroup, type ChartLine, chartGroups } from './chart'
import { useAccounts } from './useAccounts'

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
      title={words.accounts.title}
      toolbar={
        <>
          <SearchField value={query} onChange={setQuery} placeholder={words.accounts.search} width={232} />
          <Switch
            size="xs"
            label={words.accounts.onlyUsed}
            checked={onlyUsed}
            onChange={(event) => setOnlyUsed(event.currentTarget.checked)}
          />
        </>
      }
      actions={
        <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setCreating('')}>
          {words.accounts.create}
        </Button>
      }
    >
      {error ? (
        <ErrorState what={words.accounts.title} error={error} onRetry={retry} />
      ) : accounts.isPending || balances.isPending ? (
        <LoadingRows />
      ) : groups.length === 0 ? (
        <div className={view.state}>
          <EmptyState icon={<IconListDetails size={22} stroke={1.6} />} title={words.accounts.none}>
            {words.accounts.noneText}
          </EmptyState>
        </div>
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
      <table className={`${styles.table} ${styles.narrow}`} aria-label={words.accounts.title}>
        <thead>
          <tr>
            <th scope="col" className={styles.head}>
              {words.account}
            </th>
            <th scope="col" className={`${styles.head} ${styles.headEnd}`}>
              {words.balance}
            </th>
          </tr>
        </thead>
        {groups.map(({ type, lines }) => (
          <tbody key={type}>
            <tr>
              <th scope="rowgroup" colSpan={2} className={styles.group}>
                {words.types[type]}
                <span className={styles.groupNote}>{words.accounts.count(lines.length)}</span>
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
        <FollowLink href={registerHref({ account })} className={`${figures.figure} ${figures.ofRow}`}>
          <AccountPath account={account} bare />
        </FollowLink>
      </th>
      <td className={styles.value}>
        {amounts.length === 0 ? <span className={styles.zero}>{words.accounts.noBalance}</span> : null}
        {amounts.map(({ currency, minor }) => (
          <span key={currency} className={styles.amount}>
            <Figure account={account} currency={currency} minor={minor} withSymbol />
          </span>
        ))}
      </td>
    </tr>
  )
}
