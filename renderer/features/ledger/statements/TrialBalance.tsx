import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useRead } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { useToday } from '../../../components/useToday'
import { AccountPath } from '../figures/AccountPath'
import { currencyName } from '../figures/currencyName'
import { Figure } from '../figures/Figure'
import { TotalFigure } from '../figures/TotalFigure'
import { useFigureKeys } from '../figures/useFigureKeys'
import { DayPicker } from '../period/DayPicker'
import styles from '../table.module.css'
import { Paper } from '../view/View'
import { words as common } from '../words'
import { Statement } from './Statement'
import { trialLines } from './statementCsv'
import { type TrialGroup, trialGroups } from './statements'
import { UnvaluedNote } from './UnvaluedNote'
import { words } from './words'

const route = getRouteApi('/ledger/trial-balance')

/** Every account with a balance, debits beside credits, which come to the same. */
export function TrialBalance() {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const { asOf = today } = route.useSearch()
  const navigate = route.useNavigate()
  const balance = useRead('ledger.trialBalance', { businessId: business.id, asOf }, { keepPrevious: true })
  const groups = useMemo(
    () => (balance.data ? trialGroups(balance.data, business.currency) : []),
    [balance.data, business.currency],
  )
  return (
    <Statement
      title={words.trial.title}
      toolbar={
        <DayPicker
          value={asOf}
          today={today}
          onChange={(day) => void navigate({ search: day === today ? {} : { asOf: day }, replace: true })}
        />
      }
      figures={balance}
      empty={groups.length === 0}
      fileName={`${words.trial.file} ${asOf}`}
      lines={() => trialLines(groups)}
    >
      {({ unvaluedEntries }) => (
        <Paper stale={balance.isPlaceholderData}>
          <UnvaluedNote count={unvaluedEntries} />
          <TrialTable groups={groups} asOf={asOf} />
        </Paper>
      )}
    </Statement>
  )
}

function TrialTable({ groups, asOf }: { readonly groups: readonly TrialGroup[]; readonly asOf: string }) {
  const keys = useFigureKeys()
  return (
    <div {...keys}>
      <table className={`${styles.table} ${styles.narrow}`} aria-label={words.trial.title}>
        <thead>
          <tr>
            <th scope="col" className={styles.head}>
              {common.account}
            </th>
            <th scope="col" className={`${styles.head} ${styles.headEnd}`}>
              {common.debit}
            </th>
            <th scope="col" className={`${styles.head} ${styles.headEnd}`}>
              {common.credit}
            </th>
          </tr>
        </thead>
        {groups.map((group) => (
          <TrialBody key={group.currency} group={group} asOf={asOf} />
        ))}
      </table>
    </div>
  )
}

function TrialBody({ group, asOf }: { readonly group: TrialGroup; readonly asOf: string }) {
  const { currency, rows, debit, credit } = group
  const side = (of: 'debit' | 'credit') => rows.map((row) => ({ account: row.account, minor: row[of] ?? 0, to: asOf }))
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={3} className={styles.group}>
          {currency}
          <span className={styles.groupNote}>{currencyName(currency)}</span>
        </th>
      </tr>
      {rows.map((row) => (
        <tr key={row.account} className={styles.line}>
          <th scope="row" className={styles.name}>
            <AccountPath account={row.account} />
          </th>
          {(['debit', 'credit'] as const).map((of) => (
            <td key={of} className={styles.value}>
              {row[of] === null ? null : <Figure account={row.account} currency={currency} minor={row[of]} to={asOf} ofRow />}
            </td>
          ))}
        </tr>
      ))}
      <tr>
        <th scope="row" className={styles.grandName}>
          {common.total}
        </th>
        <td className={styles.grandValue}>
          <TotalFigure
            what={`${common.total}, ${common.debit}`}
            minor={debit}
            currency={currency}
            parts={() => side('debit')}
            withSymbol
            ruled="double"
          />
        </td>
        <td className={styles.grandValue}>
          <TotalFigure
            what={`${common.total}, ${common.credit}`}
            minor={credit}
            currency={currency}
            parts={() => side('credit')}
            withSymbol
            ruled="double"
          />
        </td>
      </tr>
    </tbody>
  )
}
