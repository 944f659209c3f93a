import { addDays, lastDayOf, monthOf } from '../../../shared/domain/dates'

export interface Period {
  readonly from: string
  readonly to: string
}

export interface NamedPeriod extends Period {
  readonly id: string
  readonly label: string
}

export interface NamedDay {
  readonly id: string
  readonly label: string
  readonly on: string
}

/** The month `YYYY-MM` that lies `months` after the month of `date`. */
function monthFrom(date: string, months: number): string {
  const [year = 0, month = 1] = date.split('-').map(Number)
  const index = year * 12 + (month - 1) + months
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`
}

function span(id: string, label: string, firstMonth: string, lastMonth: string): NamedPeriod {
  return { id, label, from: `${firstMonth}-01`, to: lastDayOf(lastMonth) }
}

/** Periods that people ask for, seen from `today`; whole calendar months. */
export function namedPeriods(today: string): readonly NamedPeriod[] {
  const month = monthOf(today)
  const quarter = monthFrom(today, -((Number(month.slice(5)) - 1) % 3))
  const year = today.slice(0, 4)
  const lastYear = String(Number(year) - 1)
  return [
    span('month', 'This month', month, month),
    span('last-month', 'Last month', monthFrom(today, -1), monthFrom(today, -1)),
    span('quarter', 'This quarter', quarter, monthFrom(`${quarter}-01`, 2)),
    span('year', 'This year', `${year}-01`, `${year}-12`),
    span('last-year', 'Last year', `${lastYear}-01`, `${lastYear}-12`),
    span('twelve', 'Last 12 months', monthFrom(today, -11), month),
  ]
}

/** Days for which people ask balances, seen from `today`. */
export function namedDays(today: string): readonly NamedDay[] {
  const month = monthOf(today)
  return [
    { id: 'today', label: 'Today', on: today },
    { id: 'last-month', label: 'End of last month', on: addDays(`${month}-01`, -1) },
    {
      id: 'last-quarter',
      label: 'End of last quarter',
      on: addDays(`${monthFrom(today, -((Number(month.slice(5)) - 1) % 3))}-01`, -1),
    },
    { id: 'last-year', label: 'End of last year', on: addDays(`${today.slice(0, 4)}-01-01`, -1) },
  ]
}

/** The twelve months up to now: what the income statement shows first. */
export function usualPeriod(today: string): Period {
  return { from: `${monthFrom(today, -11)}-01`, to: lastDayOf(monthOf(today)) }
}

/** The part of `period` that lies in `limits`. */
export function within(period: Period, limits: Period): Period {
  const [from = period.from] = [period.from, limits.from].sort().reverse()
  const [to = period.to] = [period.to, limits.to].sort()
  return { from, to }
}
