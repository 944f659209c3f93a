import type { Output } from '../../../../shared/contract/index'
import { lastDayOf } from '../../../../shared/domain/dates'
import { sumMinor } from '../../../../shared/domain/money'
import { currenciesIn, naturalSign, typeOf } from '../figures/sides'
import { type Period, periodText } from '../period/period'

type TrialBalance = Output<'ledger.trialBalance'>
type IncomeStatement = Output<'ledger.incomeStatement'>
type BalanceSheet = Output<'ledger.balanceSheet'>

/** Income less expenses of all time, which the books hold in no account of its own. */
export const earningsAccount = 'equity:earnings'

interface TrialRow {
  readonly account: string
  /** Minor units of the side that the balance stands on; null on the other side. */
  readonly debit: number | null
  readonly credit: number | null
}

export interface TrialGroup {
  readonly currency: string
  readonly rows: readonly TrialRow[]
  readonly debit: number
  readonly credit: number
}

/** The balances of each currency in two columns, whose sums agree. */
export function trialGroups({ rows }: TrialBalance, own: string): TrialGroup[] {
  return currenciesIn(rows, own).map((currency) => {
    const ownRows = rows
      .filter((row) => row.currency === currency)
      .map(({ account, minor }) => ({
        account,
        debit: minor > 0 ? minor : null,
        credit: minor < 0 ? -minor : null,
      }))
    return {
      currency,
      rows: ownRows,
      debit: sumMinor(ownRows.map((row) => row.debit ?? 0)),
      credit: sumMinor(ownRows.map((row) => row.credit ?? 0)),
    }
  })
}

export interface StatementColumn extends Period {
  /** "Nov 2026", or the days where the period takes only a part of the month. */
  readonly label: string
}

export interface StatementLine {
  readonly account: string
  /** One amount per column, in the natural sign of the account. */
  readonly cells: readonly number[]
  readonly total: number
}

export interface StatementSection {
  readonly type: 'income' | 'expenses'
  readonly lines: readonly StatementLine[]
  readonly cells: readonly number[]
  readonly total: number
}

export interface StatementGroup {
  readonly currency: string
  readonly sections: readonly StatementSection[]
  /** Income less expenses: above zero is a profit. */
  readonly net: { readonly cells: readonly number[]; readonly total: number }
}

export interface StatementView {
  readonly columns: readonly StatementColumn[]
  /** Whether a column is a year instead of a month. */
  readonly byYear: boolean
  readonly groups: readonly StatementGroup[]
}

/** More months than this are read as years. */
export const mostMonthColumns = 60

/** An income statement as it is printed: a column per month (per year beyond five years), income and expenses both positive. */
export function statementView(statement: IncomeStatement, period: Period, own: string): StatementView {
  const byYear = statement.months.length > mostMonthColumns
  const keys = statement.months.map((month) => (byYear ? month.slice(0, 4) : month))
  const distinct = [...new Set(keys)]
  const columns = distinct.map((key) => columnOf(key, period))
  const groups = currenciesIn(statement.rows, own).map((currency) => {
    const lines = statement.rows
      .filter((row) => row.currency === currency)
      .map((row) => {
        const sign = naturalSign(typeOf(row.account))
        const signed = row.byMonth.map((minor) => sign * minor)
        const cells = distinct.map((key) => sumMinor(signed.filter((_, at) => keys[at] === key)))
        return { account: row.account, cells, total: sumMinor(cells) }
      })
    const sections = (['income', 'expenses'] as const).map((type) => {
      const inType = lines.filter((line) => typeOf(line.account) === type)
      return { type, lines: inType, cells: sumCells(inType, columns.length), total: sumMinor(inType.map((line) => line.total)) }
    })
    const [income, expenses] = sections
    const less = (of: number, by: number) => sumMinor([of, -by])
    return {
      currency,
      sections,
      net: {
        cells: columns.map((_, at) => less(income?.cells[at] ?? 0, expenses?.cells[at] ?? 0)),
        total: less(income?.total ?? 0, expenses?.total ?? 0),
      },
    }
  })
  return { columns, byYear, groups }
}

function columnOf(key: string, { from, to }: Period): StatementColumn {
  const first = key.length === 4 ? `${key}-01-01` : `${key}-01`
  const last = key.length === 4 ? `${key}-12-31` : lastDayOf(key)
  const own = { from: first < from ? from : first, to: last > to ? to : last }
  return { ...own, label: periodText(own) }
}

function sumCells(lines: readonly StatementLine[], columns: number): number[] {
  return Array.from({ length: columns }, (_, at) => sumMinor(lines.map((line) => line.cells[at] ?? 0)))
}

export interface SheetLine {
  readonly account: string
  /** In the natural sign of its section. */
  readonly minor: number
}

export interface SheetSection {
  readonly type: 'assets' | 'liabilities' | 'equity'
  readonly lines: readonly SheetLine[]
  readonly total: number
}

export interface SheetGroup {
  readonly currency: string
  readonly assets: SheetSection
  readonly liabilities: SheetSection
  readonly equity: SheetSection
  /** What liabilities and equity come to; equal to the assets. */
  readonly claims: number
}

/** A balance sheet as it is printed: every section in its natural sign, one sheet per currency. */
export function sheetGroups({ rows }: BalanceSheet, own: string): SheetGroup[] {
  return currenciesIn(rows, own).map((currency) => {
    const section = (type: SheetSection['type']): SheetSection => {
      const lines = rows
        .filter((row) => row.currency === currency && row.type === type)
        .map((row) => ({ account: row.account, minor: naturalSign(type) * row.minor }))
      return { type, lines, total: sumMinor(lines.map((line) => line.minor)) }
    }
    const [assets, liabilities, equity] = [section('assets'), section('liabilities'), section('equity')]
    return { currency, assets, liabilities, equity, claims: sumMinor([liabilities.total, equity.total]) }
  })
}

/** The accounts that earnings to date are made of, in one currency, a profit positive. */
export function earningsParts({ rows }: TrialBalance, currency: string): SheetLine[] {
  return rows
    .filter((row) => row.currency === currency && ['income', 'expenses'].includes(typeOf(row.account)))
    .map((row) => ({ account: row.account, minor: -row.minor }))
}
