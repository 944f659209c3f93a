import { dateIn } from '../../../shared/domain/dates'

const dayMs = 86_400_000

/**
 * The last whole second of a calendar date in a time zone, as UTC epoch milliseconds: the instant until which an invoice due that day
 * is on time. Holds on days of 23 or 25 hours, and for a date that the zone skipped (the second before the next one began there).
 */
export function dueInstant(timeZone: string, date: string): number {
  let before = Date.parse(`${date}T00:00:00Z`) - dayMs
  let after = before + 4 * dayMs
  while (after - before > 1000) {
    const middle = before + Math.floor((after - before) / 2000) * 1000
    if (dateIn(timeZone, middle) > date) after = middle
    else before = middle
  }
  return before
}
