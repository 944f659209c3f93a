import { addDays, isoDate, lastDayOf, monthOf, monthsBetween } from '../../../../shared/domain/dates'
import { dateText, monthText, readerLocale } from '../../../components/format'

/** Calendar days `from` to `to`, both included, in the business's time zone. */
export interface Period {
  readonly from: string
  readonly to: string
}

export const periodPresets = [
  'thisMonth',
  'lastMonth',
  'thisQuarter',
  'lastQuarter',
  'thisYear',
  'lastYear',
  'last12Months',
] as const
export type PeriodPreset = (typeof periodPresets)[number]

export const dayPresets = ['today', 'endOfLastMonth', 'endOfLastQuarter', 'endOfLastYear'] as const
export type DayPreset = (typeof dayPresets)[number]

/** A month `YYYY-MM` moved by whole months. */
function addMonths(month: string, months: number): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  const index = year * 12 + number - 1 + months
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`
}

/** Whole months from one to another, both included. */
function months(first: string, count: number): Period {
  return { from: `${first}-01`, to: lastDayOf(addMonths(first, count - 1)) }
}

/** The first month of the quarter of a month. */
function quarterOf(month: string): string {
  return addMonths(month, -((Number(month.slice(5)) - 1) % 3))
}

/** The days that a preset means on the day `today`. */
export function periodOf(preset: PeriodPreset, today: string): Period {
  const month = monthOf(today)
  const january = `${today.slice(0, 4)}-01`
  switch (preset) {
    case 'thisMonth':
      return months(month, 1)
    case 'lastMonth':
      return months(addMonths(month, -1), 1)
    case 'thisQuarter':
      return months(quarterOf(month), 3)
    case 'lastQuarter':
      return months(addMonths(quarterOf(month), -3), 3)
    case 'thisYear':
      return months(january, 12)
    case 'lastYear':
      return months(addMonths(january, -12), 12)
    case 'last12Months':
      return months(addMonths(month, -11), 12)
  }
}

/** The preset that means exactly this period today; null for a custom one. */
export function presetOf(period: Period, today: string): PeriodPreset | null {
  const fits = (preset: PeriodPreset) => {
    const { from, to } = periodOf(preset, today)
    return from === period.from && to === period.to
  }
  return periodPresets.find(fits) ?? null
}

/** The period of equal length right before (-1) or after (1): whole months move by months, other periods by days. */
export function shiftPeriod(period: Period, direction: -1 | 1): Period {
  const { from, to } = period
  const count = monthsBetween(from, to).length
  const moved = isWholeMonths(period)
    ? months(addMonths(monthOf(from), direction * count), count)
    : shiftDays(period, direction * (daysBetween(from, to) + 1))
  return isoDate.safeParse(moved.from).success && isoDate.safeParse(moved.to).success ? moved : period
}

function shiftDays({ from, to }: Period, days: number): Period {
  return { from: addDays(from, days), to: addDays(to, days) }
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}

function isWholeMonths({ from, to }: Period): boolean {
  return from.endsWith('-01') && to === lastDayOf(monthOf(to)) && from <= to
}

/** "2026", "Nov 2026", "Dec 2025 – Nov 2026", "Nov 3 – 9, 2026": the shortest text that names the period. */
export function periodText(period: Period, locale = readerLocale()): string {
  const { from, to } = period
  if (from === to) return dateText(from, locale)
  if (isWholeMonths(period)) {
    if (monthOf(from) === monthOf(to)) return monthText(monthOf(from), locale)
    if (from.endsWith('-01-01') && to === `${from.slice(0, 4)}-12-31`) return from.slice(0, 4)
    return rangeText({ month: 'short', year: 'numeric' }, period, locale)
  }
  return rangeText({ day: 'numeric', month: 'short', year: 'numeric' }, period, locale)
}

function rangeText(parts: Intl.DateTimeFormatOptions, { from, to }: Period, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { ...parts, timeZone: 'UTC' })
  return format.formatRange(Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`))
}

/** "Through Nov 21, 2026", "From Nov 1, 2026", "All days": a period that may be open on either side. */
export interface OpenPeriod {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Both ends of a period, or null while it is open on a side. */
export function closedPeriod({ from, to }: OpenPeriod): Period | null {
  return from === undefined || to === undefined ? null : { from, to }
}

/** The day that a preset means on the day `today`. */
export function dayOf(preset: DayPreset, today: string): string {
  const dayBefore = (date: string) => addDays(date, -1)
  switch (preset) {
    case 'today':
      return today
    case 'endOfLastMonth':
      return dayBefore(`${monthOf(today)}-01`)
    case 'endOfLastQuarter':
      return dayBefore(`${quarterOf(monthOf(today))}-01`)
    case 'endOfLastYear':
      return dayBefore(`${today.slice(0, 4)}-01-01`)
  }
}

/** The next end of a month before (-1) or after (1) a day. */
export function shiftToMonthEnd(day: string, direction: -1 | 1): string {
  const end = lastDayOf(monthOf(day))
  const moved =
    direction === -1 ? lastDayOf(addMonths(monthOf(day), -1)) : day === end ? lastDayOf(addMonths(monthOf(day), 1)) : end
  return isoDate.safeParse(moved).success ? moved : day
}
