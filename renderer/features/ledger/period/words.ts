import type { DayPreset, PeriodPreset } from './period'

const periods: Readonly<Record<PeriodPreset, string>> = {
  thisMonth: 'This month',
  lastMonth: 'Last month',
  thisQuarter: 'This quarter',
  lastQuarter: 'Last quarter',
  thisYear: 'This year',
  lastYear: 'Last year',
  last12Months: 'Last 12 months',
}

const days: Readonly<Record<DayPreset, string>> = {
  today: 'Today',
  endOfLastMonth: 'End of last month',
  endOfLastQuarter: 'End of last quarter',
  endOfLastYear: 'End of last year',
}

/** Words of periods and days, and of closing the books. */
export const words = {
  period: 'Period',
  periods,
  days,
  allTime: 'All days',
  through: (day: string) => `Through ${day}`,
  since: (day: string) => `Since ${day}`,
  asOf: (day: string) => `As of ${day}`,
  day: 'Day',
  from: 'From',
  to: 'To',
  earlier: 'Earlier period',
  later: 'Later period',
  monthEndBefore: 'End of the month before',
  monthEndAfter: 'End of the month after',
  endsBeforeItBegins: 'The last day is before the first.',
  longestPeriod: 'At most a hundred years.',
  close: {
    action: 'Close the books',
    title: 'Close the books through a day',
    text: 'Nothing can be posted on or before this day any more, also no reversal. Later events of that time are booked on the first open day. This cannot be undone.',
    through: 'Last closed day',
    submit: (day: string) => `Close through ${day}`,
    submitNoDay: 'Close',
    done: (day: string) => `The books are closed through ${day}`,
    failed: 'The books were not closed',
    closedThrough: (day: string) => `Closed through ${day}`,
    future: 'Choose today or an earlier day.',
  },
} as const
