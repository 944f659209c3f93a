import { z } from 'zod'

/** An accounting date `YYYY-MM-DD`, between the years 1900 and 2199. */
export const isoDate = z.iso
  .date({ error: 'must be a real date written YYYY-MM-DD' })
  .refine((date) => date >= '1900-01-01' && date < '2200-01-01', { error: 'must lie between 1900 and 2199' })

/** An IANA time zone name that this machine knows, e.g. Europe/Berlin. */
export const timeZoneName = z
  .string()
  .max(64)
  .refine(isTimeZone, { error: 'is not an IANA time zone name (for example Europe/Berlin)' })

const formatters = new Map<string, Intl.DateTimeFormat>()

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    formatterFor(name)
    return true
  } catch {
    return false
  }
}

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formatters.set(timeZone, formatter)
  }
  return formatter
}

/** The calendar date in `timeZone` at the instant `at` (UTC epoch milliseconds). */
export function dateIn(timeZone: string, at: number): string {
  const parts = formatterFor(timeZone).formatToParts(at)
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

/** `date` moved by whole calendar days. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The month `YYYY-MM` of a date. */
export function monthOf(date: string): string {
  return date.slice(0, 7)
}

/** Every month `YYYY-MM` from the month of `from` to the month of `to`, both included; empty when `to` is earlier. */
export function monthsBetween(from: string, to: string): string[] {
  const months: string[] = []
  let [year = 0, month = 0] = from.slice(0, 7).split('-').map(Number)
  const last = monthOf(to)
  for (;;) {
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`
    if (name > last) return months
    months.push(name)
    month += 1
    if (month > 12) {
      month = 1
      year += 1
    }
  }
}

/** The last day of a month `YYYY-MM`. */
export function lastDayOf(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
}
