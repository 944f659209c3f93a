import { getRouteApi, Link } from '@tanstack/react-router'
import type { Output } from '../../../shared/contract/index'
import { sumMinor } from '../../../shared/domain/money'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { Money } from '../../components/Money'
import { ErrorState, LoadingRows } from '../../components/States'
import { useToday } from '../../components/useToday'
import { AccountPath } from './AccountPath'
import { FigureLink } from './FigureLink'
import { DayPicker } from './PeriodPicker'
import { EmptyReport, UnvaluedNote } from './ReportNotes'
import { asRead, currenciesOf, earningsRow } from './reports'
import styles from './reports.module.css'
import { words } from './words'

const route = getRouteApi('/ledger/balance-sheet')
type Sheet = Output<'ledger.balanceSheet'>
type Row = Sheet['rows'][number]

/** What the business has, owes and is worth on a day. */
export function BalanceSheet() {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const { asOf = today } = route.useSearch()
  const navigate = route.useNavigate()
  const report = useRead('ledger.balanceSheet', { businessId: business.id, asOf }, { keepPrevious: true })
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

function OneCurrency({ currency, asOf, report }: { readonly currency: string; readonly asOf: string; readonly report: Sheet }) {
  const rows = report.rows.filter((row) => row.currency === currency)
  const totals = report.totals.find((total) => total.currency === currency) ?? { assets: 0, liabilities: 0, equity: 0 }
  const other = sumMinor([totals.liabilities, totals.equity])
  const part = (type: Row['type'], title: string) => (
    <Part title={title} type={type} rows={rows} total={totals[type]} currency={currency} asOf={asOf} />
  )
  return (
    <div className={styles.sheet}>
      <h2 className={styles.caption}>{currency}</h2>
      <div className={styles.halves}>
        <table className={styles.report}>
          {part('assets', words.totalAssets)}
          <tfoot>
            <tr className={styles.total}>
              <th scope="row">{words.assets}</th>
              <td>
                <Money amount={{ minor: totals.assets, currency }} bare />
              </td>
            </tr>
          </tfoot>
        </table>
        <table className={styles.report}>
          {part('liabilities', words.totalLiabilities)}
          {part('equity', words.totalEquity)}
          <tfoot>
            <tr className={styles.total}>
              <th scope="row">{words.liabilitiesAndEquity}</th>
              <td>
                <Money amount={{ minor: asRead('equity', other), currency }} bare />
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </div>
  )
}

interface PartProps {
  readonly title: string
  readonly type: Row['type']
  readonly rows: readonly Row[]
  readonly total: number
  readonly currency: string
  readonly asOf: string
}

function Part({ title, type, rows, total, currency, asOf }: PartProps) {
  const own = rows.filter((row) => row.type === type)
  return (
    <tbody>
      <tr className={styles.group}>
        <th scope="rowgroup" colSpan={2}>
          {words.types[type]}
        </th>
      </tr>
      {own.map((row) => {
        const amount = { minor: asRead(type, row.minor), currency }
        return (
          <tr key={row.account} className={styles.row}>
            <th scope="row">{row.account === earningsRow ? words.earnings : <AccountPath account={row.account} />}</th>
            <td>
              {row.account === earningsRow ? (
                <Link to="/ledger/trial-balance" search={{ asOf }} className={styles.figure} title={words.earningsNote}>
                  <Money amount={amount} bare />
                </Link>
              ) : (
                <FigureLink amount={amount} account={row.account} period={{ to: asOf }} />
              )}
            </td>
          </tr>
        )
      })}
      {type === 'assets' ? null : (
        <tr className={styles.subtotal}>
          <th scope="row">{title}</th>
          <td>
            <Money amount={{ minor: asRead(type, total), currency }} bare />
          </td>
        </tr>
      )}
    </tbody>
  )
}
