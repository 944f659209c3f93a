import { getRouteApi } from '@tanstack/react-router'
import type { Output } from '../../../shared/contract/index'
import { lastDayOf } from '../../../shared/domain/dates'
import { sumMinor } from '../../../shared/domain/money'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { monthText } from '../../components/format'
import { Money } from '../../components/Money'
import { ErrorState, LoadingRows } from '../../components/States'
import { useToday } from '../../components/useToday'
import { AccountPath } from './AccountPath'
import { FigureLink } from './FigureLink'
import { PeriodPicker } from './PeriodPicker'
import { type Period, usualPeriod, within } from './periods'
import { EmptyReport, UnvaluedNote } from './ReportNotes'
import { asRead, currenciesOf, rootOf } from './reports'
import styles from './reports.module.css'
import { words } from './words'

const route = getRouteApi('/ledger/income-statement')
type Statement = Output<'ledger.incomeStatement'>

/** Income and expenses by month. */
export function IncomeStatement() {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const usual = usualPeriod(today)
  const period = { from: search.from ?? usual.from, to: search.to ?? usual.to }
  const report = useRead('ledger.incomeStatement', { businessId: business.id, ...period }, { keepPrevious: true })
  const currencies = currenciesOf(report.data?.rows ?? [], business.currency)
  return (
    <>
      <div className={styles.bar}>
        <PeriodPicker
          today={today}
          value={period}
          onChange={(next) => next && void navigate({ search: { from: next.from, to: next.to }, replace: true })}
        />
      </div>
      {/* Wide tables scroll under the first column, which stays. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={styles.scroll} aria-label={words.income} tabIndex={0}>
        {report.isError ? (
          <ErrorState what={words.title} error={report.error} onRetry={() => void report.refetch()} />
        ) : !report.data ? (
          <LoadingRows />
        ) : report.data.rows.length === 0 ? (
          <EmptyReport />
        ) : (
          <>
            {currencies.map((currency) => (
              <OneCurrency key={currency} currency={currency} period={period} report={report.data} />
            ))}
            <UnvaluedNote count={report.data.unvaluedEntries} />
          </>
        )}
      </section>
    </>
  )
}

interface OneCurrencyProps {
  readonly currency: string
  readonly period: Period
  readonly report: Statement
}

function OneCurrency({ currency, period, report }: OneCurrencyProps) {
  const { months } = report
  const rows = report.rows.filter((row) => row.currency === currency)
  const net = months.map((_, index) => sumMinor(rows.map((row) => row.byMonth[index] ?? 0)))
  return (
    <table className={styles.report} data-months={true}>
      <caption className={styles.caption}>{currency}</caption>
      <thead>
        <tr>
          <th scope="col">{words.account}</th>
          {months.map((month) => (
            <th key={month} scope="col">
              {monthText(month)}
            </th>
          ))}
          <th scope="col">{words.wholePeriod}</th>
        </tr>
      </thead>
      <Part type="income" rows={rows} report={report} currency={currency} period={period} />
      <Part type="expenses" rows={rows} report={report} currency={currency} period={period} />
      <tfoot>
        <tr className={styles.total}>
          <th scope="row">{words.net}</th>
          {net.map((minor, index) => (
            <td key={months[index]}>
              <Money amount={{ minor: asRead('income', minor), currency }} bare />
            </td>
          ))}
          <td>
            <Money amount={{ minor: asRead('income', sumMinor(net)), currency }} bare />
          </td>
        </tr>
      </tfoot>
    </table>
  )
}

interface PartProps extends OneCurrencyProps {
  readonly type: 'income' | 'expenses'
  readonly rows: Statement['rows']
}

function Part({ type, rows, report, currency, period }: PartProps) {
  const own = rows.filter((row) => rootOf(row.account) === type)
  const { months } = report
  const monthPeriod = (month: string): Period => within({ from: `${month}-01`, to: lastDayOf(month) }, period)
  const amount = (minor: number) => ({ minor: asRead(type, minor), currency })
  return (
    <tbody>
      <tr className={styles.group}>
        <th scope="rowgroup">{words.types[type]}</th>
        <td colSpan={months.length + 1} />
      </tr>
      {own.map((row) => (
        <tr key={row.account} className={styles.row}>
          <th scope="row">
            <AccountPath account={row.account} />
          </th>
          {months.map((month, index) => (
            <td key={month}>
              <FigureLink amount={amount(row.byMonth[index] ?? 0)} account={row.account} period={monthPeriod(month)} />
            </td>
          ))}
          <td>
            <FigureLink amount={amount(row.minor)} account={row.account} period={period} />
          </td>
        </tr>
      ))}
      <tr className={styles.subtotal}>
        <th scope="row">{type === 'income' ? words.totalIncome : words.totalExpenses}</th>
        {months.map((month, index) => (
          <td key={month}>
            <Money amount={amount(sumMinor(own.map((row) => row.byMonth[index] ?? 0)))} bare />
          </td>
        ))}
        <td>
          <Money amount={amount(sumMinor(own.map((row) => row.minor)))} bare />
        </td>
      </tr>
    </tbody>
  )
}
