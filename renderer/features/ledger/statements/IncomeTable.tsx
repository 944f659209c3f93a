import { useLayoutEffect } from 'react'
import { moneyParts } from '../../../components/format'
import { AccountPath } from '../figures/AccountPath'
import { currencyName } from '../figures/currencyName'
import { Figure } from '../figures/Figure'
import { TotalFigure } from '../figures/TotalFigure'
import { useFigureKeys } from '../figures/useFigureKeys'
import type { Period } from '../period/period'
import table from '../table.module.css'
import { words as common } from '../words'
import styles from './income.module.css'
import type { StatementColumn, StatementGroup, StatementLine, StatementSection, StatementView } from './statements'
import { words } from './words'

interface IncomeTableProps {
  readonly view: StatementView
  readonly period: Period
}

/** The statement as a table: accounts stay in view at the left, totals at the right, months scroll between. */
export function IncomeTable({ view, period }: IncomeTableProps) {
  const keys = useFigureKeys()
  const { ref } = keys
  const span = `${view.columns[0]?.from} ${view.columns.at(-1)?.to}`
  // The newest months are asked for most: they are in view first, for every period anew.
  useLayoutEffect(() => {
    if (span !== '') ref.current?.scrollTo({ left: ref.current.scrollWidth })
  }, [ref, span])
  const label = view.byYear ? words.income.tableLabelYears : words.income.tableLabel
  return (
    // A region that scrolls takes the focus, so that it scrolls by keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section {...keys} className={styles.scroller} tabIndex={0} aria-label={label}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            <th scope="col" className={`${styles.head} ${styles.headFirst}`}>
              {common.account}
            </th>
            {view.columns.map((column) => (
              <th key={column.from} scope="col" className={styles.head}>
                {column.label}
              </th>
            ))}
            <th scope="col" className={`${styles.head} ${styles.headLast}`}>
              {common.total}
            </th>
          </tr>
        </thead>
        {view.groups.map((group) => (
          <Group key={group.currency} group={group} columns={view.columns} period={period} />
        ))}
      </table>
    </section>
  )
}

interface GroupProps {
  readonly group: StatementGroup
  readonly columns: readonly StatementColumn[]
  readonly period: Period
}

function Group({ group, columns, period }: GroupProps) {
  const { currency, sections, net } = group
  const lines = sections.flatMap((section) => section.lines.map((line) => ({ line, sign: section.type === 'income' ? 1 : -1 })))
  const netParts = (at: number | null, { from, to }: Period) =>
    lines.map(({ line, sign }) => ({ account: line.account, minor: sign * amountAt(line, at), from, to }))
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={columns.length + 2} className={styles.group}>
          <span className={styles.stuck}>
            {currency}
            <span className={table.groupNote}>{currencyName(currency)}</span>
          </span>
        </th>
      </tr>
      {sections.map((section) => (
        <Section key={section.type} section={section} currency={currency} columns={columns} period={period} />
      ))}
      <tr>
        <th scope="row" className={`${styles.name} ${styles.flush} ${styles.grand}`}>
          {words.income.net}
        </th>
        {columns.map((column, at) => (
          <td key={column.from} className={`${styles.value} ${styles.grand}`}>
            <TotalFigure
              ruled="double"
              what={`${words.income.net}, ${column.label}`}
              minor={net.cells[at] ?? 0}
              currency={currency}
              parts={() => netParts(at, column)}
            />
          </td>
        ))}
        <td className={`${styles.last} ${styles.grand}`}>
          <TotalFigure
            ruled="double"
            what={words.income.net}
            minor={net.total}
            currency={currency}
            parts={() => netParts(null, period)}
            withSymbol
          />
        </td>
      </tr>
    </tbody>
  )
}

interface SectionProps {
  readonly section: StatementSection
  readonly currency: string
  readonly columns: readonly StatementColumn[]
  readonly period: Period
}

function Section({ section, currency, columns, period }: SectionProps) {
  const name = common.types[section.type]
  const parts = (at: number | null, { from, to }: Period) =>
    section.lines.map((line) => ({ account: line.account, minor: amountAt(line, at), from, to }))
  return (
    <>
      <tr>
        <th scope="rowgroup" colSpan={columns.length + 2} className={styles.section}>
          <span className={styles.stuck}>{name}</span>
        </th>
      </tr>
      {section.lines.map((line) => (
        <tr key={line.account} className={styles.line}>
          <th scope="row" className={styles.name} title={line.account}>
            <AccountPath account={line.account} bare />
          </th>
          {columns.map((column, at) => (
            <td key={column.from} className={styles.value}>
              <Cell account={line.account} currency={currency} minor={line.cells[at] ?? 0} period={column} />
            </td>
          ))}
          <td className={styles.last}>
            <Cell account={line.account} currency={currency} minor={line.total} period={period} />
          </td>
        </tr>
      ))}
      <tr>
        <th scope="row" className={`${styles.name} ${styles.flush} ${styles.sum}`}>
          {common.totalOf(name)}
        </th>
        {columns.map((column, at) => (
          <td key={column.from} className={`${styles.value} ${styles.sum}`}>
            <TotalFigure
              ruled="single"
              what={`${common.totalOf(name)}, ${column.label}`}
              minor={section.cells[at] ?? 0}
              currency={currency}
              parts={() => parts(at, column)}
            />
          </td>
        ))}
        <td className={`${styles.last} ${styles.sum}`}>
          <TotalFigure
            ruled="single"
            what={common.totalOf(name)}
            minor={section.total}
            currency={currency}
            parts={() => parts(null, period)}
          />
        </td>
      </tr>
    </>
  )
}

interface CellProps {
  readonly account: string
  readonly currency: string
  readonly minor: number
  readonly period: Period
}

function Cell({ account, currency, minor, period }: CellProps) {
  if (minor === 0) return <span className={styles.zero}>{moneyParts({ minor: 0, currency }).digits}</span>
  return <Figure account={account} currency={currency} minor={minor} from={period.from} to={period.to} />
}

/** The amount of a column, or the total where none is named. */
function amountAt(line: StatementLine, at: number | null): number {
  return at === null ? line.total : (line.cells[at] ?? 0)
}
