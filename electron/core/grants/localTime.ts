import { dateIn } from '../../../shared/domain/dates'

const dayMs = 86_400_000
const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone)
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    clocks.set(timeZone, clock)
  }
  return clock
}

/** What a wall clock shows: ISO weekday (1 Monday to 7 Sunday) and the time of day `HH:MM`. */
export interface LocalTime {
  readonly weekday: number
  readonly time: string
}

/** What the wall clock of a time zone shows at an instant (UTC epoch milliseconds), daylight saving included. */
export function localTime(timeZone: string, at: number): LocalTime {
  const weekday = new Date(`${dateIn(timeZone, at)}T00:00:00Z`).getUTCDay()
  return { weekday: weekday === 0 ? 7 : weekday, time: clockOf(timeZone).format(at) }
}

/**
 * The first instant after a calendar date in a time zone, as UTC epoch milliseconds. Holds on days of 23 or 25 hours, and for a date that
 * the zone skipped.
 */
export function endOfDate(timeZone: string, date: string): number {
  let before = Date.parse(`${date}T00:00:00Z`) - dayMs
  let after = before + 4 * dayMs
  while (after - before > 1) {
    const middle = before + Math.floor((after - before) / 2)
    if (dateIn(timeZone, middle) > date) after = middle
    else before = middle
  }
  return after
}
