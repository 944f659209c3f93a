import { addDays, lastDayOf, monthOf } from '../../../../shared/domain/dates'
import { monthNumber } from '../balances'

/** Days of one month whose postings are added to (sign 1) or taken from (sign -1) the sum of whole months. */
export interface DayRange {
  readonly sign: 1 | -1
  readonly from: string
  readonly to: string
}

/** How the sum through a day is made of kept monthly sums and at most half a month of postings. */
export interface ThroughDay {
  /** The last whole month that is in the sum, as a month number. */
  readonly lastMonth: number
  readonly days: DayRange | null
}

/** Everything on or before a day: the months before it plus its own month so far, or with its own month less the days that are left. */
export function throughDay(on: string): ThroughDay {
  const month = monthOf(on)
  const last = lastDayOf(month)
  if (on === last) return { lastMonth: monthNumber(on), days: null }
  if (Number(on.slice(8)) <= 15) {
    return { lastMonth: monthNumber(addDays(`${month}-01`, -1)), days: { sign: 1, from: `${month}-01`, to: on } }
  }
  return { lastMonth: monthNumber(on), days: { sign: -1, from: addDays(on, 1), to: last } }
}
