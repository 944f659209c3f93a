import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, dateIn, isoDate, lastDayOf, monthOf, monthsBetween, timeZoneName } from './dates'

describe('accounting dates', () => {
  it.each(['1900-01-01', '2024-02-29', '2199-12-31'])('%s is one', (date) => {
    expect(isoDate.parse(date)).toBe(date)
  })

  it.each([
    '2025-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '1899-12-31',
    '2200-01-01',
    '2026-1-1',
    '26-01-01',
    '',
  ])('%j is none', (date) => {
    expect(isoDate.safeParse(date).success).toBe(false)
  })

  it.each(['2026-01-01T00:00:00Z', ' 2026-01-01', '2026-01-01\n', '２０２６-01-01', 20_260_101, null])('%j is none', (date) => {
    expect(isoDate.safeParse(date).success).toBe(false)
  })

  it('move by whole days over months, years and leap days', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(addDays('2025-02-28', 1)).toBe('2025-03-01')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
    const day = fc.integer({ min: 0, max: 100_000 }).map((days) => addDays('1900-01-01', days))
    fc.assert(
      fc.property(day, fc.integer({ min: -500, max: 500 }), (date, days) => {
        expect(addDays(addDays(date, days), -days)).toBe(date)
      }),
    )
  })

  it('know their month and its last day', () => {
    expect(monthOf('2026-03-09')).toBe('2026-03')
    expect(['2024-02', '2025-02', '2100-02', '2026-04', '2026-12'].map(lastDayOf)).toEqual([
      '2024-02-29',
      '2025-02-28',
      '2100-02-28',
      '2026-04-30',
      '2026-12-31',
    ])
  })

  it('span months', () => {
    expect(monthsBetween('2025-11-30', '2026-02-01')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
    expect(monthsBetween('2026-01-31', '2026-01-01')).toEqual(['2026-01'])
    expect(monthsBetween('2026-02-01', '2026-01-31')).toEqual([])
  })
})

describe('the date in a time zone', () => {
  it.each([
    // Europe/Berlin goes to summer time on 29 March 2026 at 01:00 UTC and back on 25 October at 01:00 UTC
    ['Europe/Berlin', '2026-03-28T22:59:59.999Z', '2026-03-28'],
    ['Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29'],
    ['Europe/Berlin', '2026-03-29T21:59:59Z', '2026-03-29'],
    ['Europe/Berlin', '2026-03-29T22:00:00Z', '2026-03-30'],
    ['Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25'],
    ['Europe/Berlin', '2026-10-25T22:59:59Z', '2026-10-25'],
    ['Europe/Berlin', '2026-10-25T23:00:00Z', '2026-10-26'],
    // In São Paulo midnight did not exist on 4 November 2018, in Beirut not on 26 March 2024
    ['America/Sao_Paulo', '2018-11-04T02:59:59Z', '2018-11-03'],
    ['America/Sao_Paulo', '2018-11-04T03:00:00Z', '2018-11-04'],
    // Samoa had no 30 December 2011
    ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31'],
    ['America/New_York', '2026-01-01T04:59:59Z', '2025-12-31'],
    ['America/New_York', '2026-01-01T05:00:00Z', '2026-01-01'],
    ['Asia/Kathmandu', '2026-01-01T18:14:59Z', '2026-01-01'],
    ['Asia/Kathmandu', '2026-01-01T18:15:00Z', '2026-01-02'],
    ['Pacific/Kiritimati', '2026-01-01T10:00:00Z', '2026-01-02'],
    ['UTC', '2026-01-01T00:00:00Z', '2026-01-01'],
  ])('%s at %s is %s', (zone, instant, date) => {
    expect(dateIn(zone, Date.parse(instant))).toBe(date)
  })

  it('never goes back while time goes on', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kolkata'),
        fc.integer({ min: 0, max: Date.UTC(2199, 0) }),
        fc.integer({ min: 0, max: 90_000_000 }),
        (zone, at, later) => {
          expect(dateIn(zone, at) <= dateIn(zone, at + later)).toBe(true)
        },
      ),
    )
  })

  it.each(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'])('takes %s for a zone', (zone) => {
    expect(timeZoneName.parse(zone)).toBe(zone)
  })

  it.each(['', 'Europe', 'Mars/Olympus', '+02:00', '-05:00', '02:00', 'x'.repeat(65), 'Europe/Berlin\n'])(
    'does not take %j for one',
    (zone) => {
      expect(timeZoneName.safeParse(zone).success).toBe(false)
    },
  )
})
