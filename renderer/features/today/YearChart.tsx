import { Tooltip } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { lastDayOf } from '../../../shared/domain/dates'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { moneyText, monthText, readerLocale } from '../../components/format'
import { Money } from '../../components/Money'
import { ErrorState } from '../../components/States'
import styles from './chart.module.css'
import { axisTop, type MonthResult, monthResults, monthStart } from './figures'
import today from './today.module.css'
import { words } from './words'

const height = 112
const step = 34
const bar = 11

/** Income and expenses of twelve months as bars, with the same figures as a table. */
export function YearChart({ today: day }: { readonly today: string }) {
  const business = useBusiness()
  const [asTable, setAsTable] = useState(false)
  const range = { from: monthStart(day, 11), to: day }
  const statement = useRead('ledger.incomeStatement', { businessId: business.id, ...range }, { keepPrevious: true })
  const months = statement.data ? monthResults(statement.data, business.currency) : []
  const empty = months.every(({ income, expenses }) => income === 0 && expenses === 0)
  return (
    <section>
      <div className={today.headRow}>
        <h2 className={today.heading}>
          {words.year}
          <Tooltip label={words.yearDefinition} multiline maw={300}>
            <IconInfoCircle size={14} stroke={1.7} aria-label={words.yearDefinition} role="img" />
          </Tooltip>
        </h2>
        <span className={styles.tools}>
          {empty ? null : (
            <button type="button" className={styles.toggle} aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
              {asTable ? words.asChart : words.asTable}
            </button>
          )}
          <Link to="/ledger/income-statement" search={range}>
            {words.statement}
          </Link>
        </span>
      </div>
      {statement.isError ? (
        <ErrorState what={words.year} error={statement.error} onRetry={() => void statement.refetch()} compact />
      ) : empty ? (
        <p className={today.quiet}>{words.emptyYear}</p>
      ) : asTable ? (
        <MonthTable months={months} currency={business.currency} />
      ) : (
        <Bars months={months} currency={business.currency} />
      )}
    </section>
  )
}

interface MonthsProps {
  readonly months: readonly MonthResult[]
  readonly currency: string
}

function Bars({ months, currency }: MonthsProps) {
  const navigate = useNavigate()
  const top = axisTop(Math.max(0, ...months.flatMap(({ income, expenses }) => [income, expenses])))
  const heightOf = (minor: number) => Math.max(0, (Math.min(minor, top) / top) * height)
  const letter = new Intl.DateTimeFormat(readerLocale(), { timeZone: 'UTC', month: 'narrow' })
  const sentenceOf = ({ month, income, expenses }: MonthResult) => {
    const money = (minor: number) => moneyText({ minor, currency })
    return `${monthText(month)}: ${words.income} ${money(income)}, ${words.expenses} ${money(expenses)}, ${words.result} ${money(income - expenses)}`
  }
  return (
    <>
      <div className={styles.legend} aria-hidden="true">
        <span data-of="income">{words.income}</span>
        <span data-of="expenses">{words.expenses}</span>
        <span className={styles.top}>{moneyText({ minor: top, currency })}</span>
      </div>
      <div className={styles.chart}>
        {months.map((month) => (
          <Tooltip key={month.month} label={sentenceOf(month)} openDelay={60}>
            <button
              type="button"
              className={styles.column}
              aria-label={sentenceOf(month)}
              onClick={() =>
                void navigate({
                  to: '/ledger/income-statement',
                  search: { from: `${month.month}-01`, to: lastDayOf(month.month) },
                })
              }
            >
              <svg viewBox={`0 0 ${step} ${height}`} preserveAspectRatio="none" aria-hidden="true" className={styles.bars}>
                <rect
                  className={styles.income}
                  x={step / 2 - bar - 1}
                  y={height - heightOf(month.income)}
                  width={bar}
                  height={heightOf(month.income)}
                />
                <rect
                  className={styles.expenses}
                  x={step / 2 + 1}
                  y={height - heightOf(month.expenses)}
                  width={bar}
                  height={heightOf(month.expenses)}
                />
              </svg>
              <span className={styles.letter}>{letter.format(Date.parse(`${month.month}-01T00:00:00Z`))}</span>
            </button>
          </Tooltip>
        ))}
      </div>
    </>
  )
}

function MonthTable({ months, currency }: MonthsProps) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{words.month}</th>
          <th scope="col">{words.income}</th>
          <th scope="col">{words.expenses}</th>
          <th scope="col">{words.result}</th>
        </tr>
      </thead>
      <tbody>
        {months.map(({ month, income, expenses }) => (
          <tr key={month}>
            <th scope="row">{monthText(month)}</th>
            <td>
              <Money amount={{ minor: income, currency }} />
            </td>
            <td>
              <Money amount={{ minor: expenses, currency }} />
            </td>
            <td>
              <Money amount={{ minor: income - expenses, currency }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
