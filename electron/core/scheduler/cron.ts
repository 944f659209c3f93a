import { parse } from 'node-cron'

const day = 86_400_000

/** The furthest that two runs of an expression can lie apart: 29 February over a century that is no leap year. */
const longestGapDays = 8 * 366 + 2

function isNumbers(values: readonly (number | string)[]): values is readonly number[] {
  return values.every((value) => typeof value === 'number')
}

/**
 * The first run of a cron expression (minute, hour, day of month, month, day of week; all of them must hold) after an instant, on this
 * machine's clock. A time that the clock skips in spring comes with the hour after it.
 * @param after UTC epoch milliseconds, not itself a run
 * @returns UTC epoch milliseconds
 * @throws Error when the expression is none, names no day that exists, or has the seconds or the letters L and W
 */
export function nextRun(cron: string, after: number): number {
  const { second, minute, hour, dayOfMonth, month, dayOfWeek } = parse(cron)
  if (second.length !== 1 || second[0] !== 0 || !isNumbers(dayOfMonth) || !isNumbers(dayOfWeek))
    throw new Error(`The schedule "${cron}" says more than minutes, hours and days`)
  const start = new Date(after)
  for (let days = 0; days <= longestGapDays; days++) {
    const date = new Date(start.getFullYear(), start.getMonth(), start.getDate() + days)
    if (!month.includes(date.getMonth() + 1) || !dayOfMonth.includes(date.getDate()) || !dayOfWeek.includes(date.getDay()))
      continue
    const found = firstOfDay(date, hour, minute, after)
    if (found !== null) return found
  }
  throw new Error(`The schedule "${cron}" names no day that exists`)
}

function firstOfDay(date: Date, hours: readonly number[], minutes: readonly number[], after: number): number | null {
  if (date.getTime() + 2 * day < after) return null
  for (const hour of hours) {
    for (const minute of minutes) {
      const at = new Date(date.getFullYear(), date.getMonth(), date.getDate(), hour, minute).getTime()
      if (at > after) return at
    }
  }
  return null
}
