import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { lastDayOf } from '../../../../shared/domain/dates'
import { useRead } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { useToday } from '../../../components/useToday'
import { PeriodPicker } from '../period/PeriodPicker'
import { closedPeriod, type Period, periodOf, periodText } from '../period/period'
import { IncomeTable } from './IncomeTable'
import styles from './income.module.css'
import { Statement } from './Statement'
import { incomeLines } from './statementCsv'
import { statementView } from './statements'
import { UnvaluedNote } from './UnvaluedNote'
import { words } from './words'

const route = getRouteApi('/ledger/income-statement')

/** What came in and what it cost, month by month. */
export function IncomeStatement() {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const period = closedPeriod(route.useSearch()) ?? periodOf('last12Months', today)
  const navigate = route.useNavigate()
  const statement = useRead('ledger.incomeStatement', { businessId: business.id, ...period }, { keepPrevious: true })
  // While another period is on its way, the figures in view are those of the months before.
  const { from, to } = (statement.isPlaceholderData && daysOf(statement.data.months)) || period
  const view = useMemo(
    () => (statement.data ? statementView(statement.data, { from, to }, business.currency) : null),
    [statement.data, from, to, business.currency],
  )
  return (
    <Statement
      title={words.income.title}
      crumb={`${words.income.title}, ${periodText(period)}`}
      toolbar={
        <PeriodPicker
          value={period}
          today={today}
          onChange={({ from: first, to: last }) => void navigate({ search: { from: first, to: last }, replace: true })}
        />
      }
      figures={statement}
      empty={view === null || view.groups.length === 0}
      fileName={`${words.income.file} ${period.from} ${period.to}`}
      lines={() => (view ? incomeLines(view) : [])}
    >
      {({ unvaluedEntries }) =>
        view === null ? null : (
          <div className={styles.frame} data-stale={statement.isPlaceholderData || undefined}>
            <UnvaluedNote count={unvaluedEntries} />
            {view.byYear ? <p className={styles.hint}>{words.income.byYear}</p> : null}
            <IncomeTable view={view} period={{ from, to }} />
          </div>
        )
      }
    </Statement>
  )
}

/** All days of the months from the first to the last. */
function daysOf(months: readonly string[]): Period | null {
  const [first, last] = [months[0], months.at(-1)]
  return first === undefined || last === undefined ? null : { from: `${first}-01`, to: lastDayOf(last) }
}
