import { describe, expect, it } from 'vitest'
import { dayOf, periodOf, periodPresets, periodText, presetOf, shiftPeriod, shiftToMonthEnd } from './period'

const today = '2026-11-21'

describe('named periods', () => {
  it.each([
    ['thisMonth', '2026-11-01', '2026-11-30'],
    ['lastMonth', '2026-10-01', '2026-10-31'],
    ['thisQuarter', '2026-10-01', '2026-12-31'],
    ['lastQuarter', '2026-07-01', '2026-09-30'],
    ['thisYear', '2026-01-01', '2026-12-31'],
    ['lastYear', '2025-01-01', '2025-12-31'],
    ['last12Months', '2025-12-01', '2026-11-30'],
  ] as const)('%s is whole calendar months', (preset, from, to) => {
    expect(periodOf(preset, today)).toEqual({ from, to })
    expect(presetOf({ from, to }, today)).toBe(preset)
  })

  it('cross the new year and end in a leap February', () => {
    expect(periodOf('lastMonth', '2028-01-15')).toEqual({ from: '2027-12-01', to: '2027-12-31' })
    expect(periodOf('lastQuarter', '2028-01-15')).toEqual({ from: '2027-10-01', to: '2027-12-31' })
    expect(periodOf('thisMonth', '2028-02-01')).toEqual({ from: '2028-02-01', to: '2028-02-29' })
  })

  it('name no preset for other days', () => {
    expect(presetOf({ from: '2026-11-01', to: '2026-11-21' }, today)).toBeNull()
  })
})

describe('stepping', () => {
  it('moves whole months by their number, whatever their lengths', () => {
    expect(shiftPeriod({ from: '2026-03-01', to: '2026-03-31' }, -1)).toEqual({ from: '2026-02-01', to: '2026-02-28' })
    expect(shiftPeriod({ from: '2026-10-01', to: '2026-12-31' }, 1)).toEqual({ from: '2027-01-01', to: '2027-03-31' })
  })

  it('moves other periods by their days, without gap or overlap', () => {
    const week = { from: '2026-03-25', to: '2026-03-31' }
    expect(shiftPeriod(week, 1)).toEqual({ from: '2026-04-01', to: '2026-04-07' })
    expect(shiftPeriod(week, -1)).toEqual({ from: '2026-03-18', to: '2026-03-24' })
  })

  it('comes back to where it began for every preset', () => {
    for (const preset of periodPresets) {
      const period = periodOf(preset, today)
      expect(shiftPeriod(shiftPeriod(period, 1), -1)).toEqual(period)
    }
  })

  it('stays where the books end', () => {
    const last = { from: '2199-12-01', to: '2199-12-31' }
    expect(shiftPeriod(last, 1)).toEqual(last)
    expect(shiftToMonthEnd('2199-12-31', 1)).toBe('2199-12-31')
  })

  it('goes from a day to the ends of months around it', () => {
    expect(shiftToMonthEnd('2026-11-21', -1)).toBe('2026-10-31')
    expect(shiftToMonthEnd('2026-11-21', 1)).toBe('2026-11-30')
    expect(shiftToMonthEnd('2026-11-30', 1)).toBe('2026-12-31')
    expect(shiftToMonthEnd('2026-03-31', -1)).toBe('2026-02-28')
  })
})

it('knows the days for which balances are asked', () => {
  expect(dayOf('today', today)).toBe(today)
  expect(dayOf('endOfLastMonth', today)).toBe('2026-10-31')
  expect(dayOf('endOfLastQuarter', today)).toBe('2026-09-30')
  expect(dayOf('endOfLastYear', today)).toBe('2025-12-31')
})

it.each([
  ['2026-01-01', '2026-12-31', '2026'],
  ['2026-11-01', '2026-11-30', 'Nov 2026'],
  ['2026-11-09', '2026-11-09', 'Nov 9, 2026'],
])('names %s to %s as %s', (from, to, text) => {
  expect(periodText({ from, to }, 'en-US')).toBe(text)
})

it('names longer periods by their ends', () => {
  expect(periodText({ from: '2025-12-01', to: '2026-11-30' }, 'en-US')).toMatch(/^Dec 2025\s–\sNov 2026$/)
  expect(periodText({ from: '2026-11-03', to: '2026-11-09' }, 'en-US')).toMatch(/^Nov 3\s–\s9, 2026$/)
})
