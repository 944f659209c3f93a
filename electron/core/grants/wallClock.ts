import { dateIn } from '../../../shared/domain/dates'
import { localTime, weekdayOf } from '../../../shared/domain/localTime'

const dayMs = 86_400_000

/** What a wall clock shows: ISO weekday (1 Monday to 7 Sunday) and the time of day `HH:MM`. */
export interface WallClock {
  readonly weekday: number
  readonly time: string
}

/** What the wall clock of a time zone shows at an instant (UTC epoch milliseconds), daylight saving included. */
export function wallClock(timeZone: string, at: number): WallClock {
  const { date, minute } = localTime(timeZone, at)
  const two = (number: number) => String(number).padStart(2, '0')
  return { weekday: weekdayOf(date), time: `${two(Math.floor(minute / 60))}:${two(minute % 60)}` }
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
