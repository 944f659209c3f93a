import { describe, expect, it } from 'vitest'
import { namedDays, namedPeriods, usualPeriod, within } from './periods'

const period = (id: string, today: string) => {
  const found = namedPeriods(today).find((candidate) => candidate.id === id)
  return `${found?.from}..${found?.to}`
}
const day = (id: string, today: string) => namedDays(today).find((candidate) => candidate.id === id)?.on

describe('periods', () => {
  it.each([
    ['month', '2026-02-14', '2026-02-01..2026-02-28'],
    ['month', '2028-02-14', '2028-02-01..2028-02-29'],
    ['last-month', '2026-01-31', '2025-12-01..2025-12-31'],
    ['quarter', '2026-03-31', '2026-01-01..2026-03-31'],
    ['quarter', '2026-04-01', '2026-04-01..2026-06-30'],
    ['quarter', '2026-12-31', '2026-10-01..2026-12-31'],
    ['year', '2026-07-01', '2026-01-01..2026-12-31'],
    ['last-year', '2026-07-01', '2025-01-01..2025-12-31'],
    ['twelve', '2026-11-21', '2025-12-01..2026-11-30'],
  ])('knows %s on %s', (id, today, expected) => {
    expect(period(id, today)).toBe(expected)
  })

  it('knows the ends of months, quarters and years', () => {
    expect(day('last-month', '2026-03-10')).toBe('2026-02-28')
    expect(day('last-quarter', '2026-02-10')).toBe('2025-12-31')
    expect(day('last-quarter', '2026-11-21')).toBe('2026-09-30')
    expect(day('last-year', '2026-11-21')).toBe('2025-12-31')
  })

  it('shows twelve months first', () => {
    expect(usualPeriod('2026-11-21')).toEqual({ from: '2025-12-01', to: '2026-11-30' })
  })

  it('cuts a month to the period of its report', () => {
    const limits = { from: '2026-01-15', to: '2026-02-10' }
    expect(within({ from: '2026-01-01', to: '2026-01-31' }, limits)).toEqual({ from: '2026-01-15', to: '2026-01-31' })
    expect(within({ from: '2026-02-01', to: '2026-02-28' }, limits)).toEqual({ from: '2026-02-01', to: '2026-02-10' })
  })
})
