import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import type { Output } from '../../../shared/contract/index'
import { accountTypes } from '../../../shared/domain/ids'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { Money } from '../../components/Money'
import { ErrorState, LoadingRows } from '../../components/States'
import { useToday } from '../../components/useToday'
import { AccountPath } from './AccountPath'
import { FigureLink } from './FigureLink'
import { DayPicker } from './PeriodPicker'
import { EmptyReport, UnvaluedNote } from './ReportNotes'
import { currenciesOf, rootOf, sidesOf } from './reports'
import styles from './reports.module.css'
import { words } from './words'

const route = getRouteApi('/ledger/trial-balance')

/** Every account's balance on a day, debit and credit side by side. */
export function TrialBalance() {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const { asOf = today } = route.useSearch()
  const navigate = route.useNavigate()
  const report = useRead('ledger.trialBalance', { businessId: business.id, asOf }, { keepPrevious: true })
  const currencies = currenciesOf(report.data?.rows ?? [], business.currency)
  return (
    <>
      <div className={styles.bar}>
        <DayPicker today={today} value={asOf} onChange={(day) => void navigate({ search: { asOf: day }, replace: true })} />
      </div>
      <div className={styles.scroll}>
        {report.isError ? (
          <ErrorState what={words.title} error={report.error} onRetry={() => void report.refetch()} />
        ) : !report.data ? (
          <LoadingRows />
        ) : report.data.rows.length === 0 ? (
          <EmptyReport />
        ) : (
          <>
            {currencies.map((currency) => (
              <OneCurrency key={currency} currency={currency} asOf={asOf} report={report.data} />
            ))}
            <UnvaluedNote count={report.data.unvaluedEntries} />
          </>
        )}
      </div>
    </>
  )
}

interface OneCurrencyProps {
  readonly currency: string
  readonly asOf: string
  readonly report: Output<'ledger.trialBalance'>
}

function OneCurrency({ currency, asOf, report }: OneCurrencyProps) {
  const rows = report.rows.filter((row) => row.currency === currency)
  const { debit, credit } = sidesOf(rows)
  const even = debit === credit
  return (
    <table className={styles.report} data-narrow={true}>
      <caption className={styles.caption}>
        {currency}
        <span className={styles.check} data-even={even || undefined}>
          {even ? <IconCircleCheck size={15} stroke={1.8} /> : <IconAlertTriangle size={15} stroke={1.8} />}
          {even ? words.balanced : words.unbalanced}
        </span>
      </caption>
      <thead>
        <tr>
          <th scope="col">{words.account}</th>
          <th scope="col">{words.debit}</th>
          <th scope="col">{words.credit}</th>
        </tr>
      </thead>
      {accountTypes.map((type) => {
        const own = rows.filter((row) => rootOf(row.account) === type)
        if (own.length === 0) return null
        return (
          <tbody key={type}>
            <tr className={styles.group}>
              <th scope="rowgroup" colSpan={3}>
                {words.types[type]}
              </th>
            </tr>
            {own.map((row) => {
              const figure = (
                <FigureLink amount={{ minor: Math.abs(row.minor), currency }} account={row.account} period={{ to: asOf }} />
              )
              return (
                <tr key={row.account} className={styles.row}>
                  <th scope="row">
                    <AccountPath account={row.account} />
                  </th>
                  <td>{row.minor > 0 ? figure : null}</td>
                  <td>{row.minor < 0 ? figure : null}</td>
                </tr>
              )
            })}
          </tbody>
        )
      })}
      <tfoot>
        <tr className={styles.total}>
          <th scope="row">{words.total}</th>
          <td>
            <Money amount={{ minor: debit, currency }} bare />
          </td>
          <td>
            <Money amount={{ minor: credit, currency }} bare />
          </td>
        </tr>
      </tfoot>
    </table>
  )
}
