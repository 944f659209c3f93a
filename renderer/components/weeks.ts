import { readerLocale } from './format'

type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6

interface LocaleWithWeeks {
  getWeekInfo?: () => { readonly firstDay: number }
}

/** The day on which the reader's week begins, 0 = Sunday; Monday where the browser does not say. */
export function firstDayOfWeek(locale = readerLocale()): Weekday {
  const info = (new Intl.Locale(locale) as LocaleWithWeeks).getWeekInfo?.()
  return ((info?.firstDay ?? 1) % 7) as Weekday
}
