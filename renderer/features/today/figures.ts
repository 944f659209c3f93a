import type { Output } from '../../../shared/contract/index'
import type { Money } from '../../../shared/domain/money'
import { sumMinor } from '../../../shared/domain/money'

/** Balances of one account, the business's own currency first (zero where there is none), others after it. */
export function balancesOf(trial: Output<'ledger.trialBalance'>, account: string, currency: string, sign: 1 | -1): Money[] {
  const rows = trial.rows.filter((row) => row.account === account)
  const own = rows.find((row) => row.currency === currency)
  const money = (row: { currency: string; minor: number }): Money => ({
    minor: row.minor === 0 ? 0 : row.minor * sign,
    currency: row.currency,
  })
  return [own ? money(own) : { minor: 0, currency }, ...rows.filter((row) => row.currency !== currency).map(money)]
}

export interface MonthResult {
  readonly month: string
  /** Positive: earned. */
  readonly income: number
  /** Positive: spent. */
  readonly expenses: number
}

/** Income and expenses per month in one currency, in minor units. Credits are negative in the books and turned here. */
export function monthResults(statement: Output<'ledger.incomeStatement'>, currency: string): MonthResult[] {
  const rows = statement.rows.filter((row) => row.currency === currency)
  const sum = (root: string, index: number) =>
    sumMinor(rows.filter((row) => row.account.startsWith(`${root}:`)).map((row) => row.byMonth[index] ?? 0))
  return statement.months.map((month, index) => ({ month, income: 0 - sum('income', index), expenses: sum('expenses', index) }))
}

/** The result of a statement per currency, the business's own first; profit positive. */
export function results(statement: Output<'ledger.incomeStatement'>, currency: string): Money[] {
  const own = statement.net.find((total) => total.currency === currency)
  const others = statement.net.filter((total) => total.currency !== currency)
  return [
    { minor: 0 - (own?.minor ?? 0), currency },
    ...others.map((total) => ({ minor: 0 - total.minor, currency: total.currency })),
  ]
}

/** The first day of the month that lies `back` months before the month of `date`. */
export function monthStart(date: string, back: number): string {
  const [year = 0, month = 1] = date.split('-').map(Number)
  const index = year * 12 + (month - 1) - back
  return `${String(Math.trunc(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}-01`
}

/** A round number at or above `value` for the top of an axis, near enough that the bars fill it. */
export function axisTop(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((candidate) => candidate * power >= value) ?? 10
  return step * power
}
