import { addDays, isoDate } from '../../shared/domain/dates'
import { readerLocale } from './format'

/**
 * Reads a date as a person types it: "2026-11-30", "30.11.2026", "11/30/2026" or "30/11/2026" (in the reader's order), "30.11.",
 * "today", "+14" (days from today).
 * @param today `YYYY-MM-DD` in the business's time zone
 * @returns `YYYY-MM-DD`, or null when it is no date
 */
export function parseTypedDate(typed: string, today: string, locale = readerLocale()): string | null {
  const text = typed.trim().toLowerCase()
  if (text === 'today') return today
  const offset = /^([+-]\d{1,4})$/.exec(text)
  if (offset) return addDays(today, Number(offset[1]))
  const parts = text.match(/\d+/g)
  if (!parts || !/^[\d\s./-]+$/.test(text) || parts.length < 2 || parts.length > 3) return null
  const [first = '', second = '', third] = parts
  if (first.length === 4) return third === undefined ? null : valid(first, second, third)
  const year = third === undefined ? today.slice(0, 4) : third.length === 2 ? `20${third}` : third
  return monthComesFirst(locale) && !text.includes('.') ? valid(year, first, second) : valid(year, second, first)
}

function valid(year: string, month: string, day: string): string | null {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isoDate.safeParse(date).success ? date : null
}

function monthComesFirst(locale: string): boolean {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: 'UTC' }).formatToParts(0).map((part) => part.type)
  return parts.indexOf('month') < parts.indexOf('day')
}
