import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { currencies } from '../../shared/domain/currency'
import {
  bytesText,
  dateText,
  distanceText,
  instantText,
  moneyParts,
  moneyText,
  parseTypedAmount,
  percentToRate,
  plainDecimal,
  rateToPercent,
} from './format'

describe('amounts', () => {
  it('shows every digit of the currency, with a true minus sign', () => {
    expect(moneyText({ minor: 125000, currency: 'USD' }, 'en-US')).toBe('$1,250.00')
    expect(moneyText({ minor: -5, currency: 'JPY' }, 'en-US')).toBe('\u2212¥5')
    expect(moneyText({ minor: 1234, currency: 'KWD' }, 'en-US')).toBe('KWD\u00a01.234')
    expect(moneyParts({ minor: 125000, currency: 'EUR' }, 'de-DE').digits).toBe('1.250,00')
  })

  it('stays exact at the edge of the safe integers', () => {
    expect(moneyParts({ minor: Number.MAX_SAFE_INTEGER, currency: 'USD' }, 'en-US').digits).toBe('90,071,992,547,409.91')
  })

  it.each([
    ['1250', 125000],
    ['1,250.5', 125050],
    ['1.250,50', 125050],
    ['1 250,50', 125050],
    ['1’250.50', 125050],
    ['$1,250', 125000],
    ['1.250', 125000],
    ['12,5', 1250],
    ['12.', 1200],
    [',5', 50],
    ['0.05', 5],
    ['-3.20', -320],
    ['\u22123.20', -320],
    ['1,234,567', 123456700],
    ['€ 99', 9900],
  ])('reads %s as USD', (typed, minor) => {
    expect(parseTypedAmount(typed, 'USD')).toEqual({ minor, currency: 'USD' })
  })

  it.each(['', 'abc', '1,2,3', '12.345.6', '1..2', '1.2.3,4', '12.3456', '--1', '99999999999999999'])('refuses %s', (typed) => {
    expect(parseTypedAmount(typed, 'USD')).toBeNull()
  })

  it('takes three digits after the point where the currency has them', () => {
    expect(parseTypedAmount('1.250', 'KWD')).toEqual({ minor: 1250, currency: 'KWD' })
    expect(parseTypedAmount('1,250', 'JPY')).toEqual({ minor: 1250, currency: 'JPY' })
    expect(parseTypedAmount('12.5', 'JPY')).toBeNull()
  })

  it('reads back what it shows, in any locale and currency', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.constantFrom(...currencies),
        fc.constantFrom('en-US', 'de-DE', 'fr-FR', 'de-CH', 'en-IN'),
        (minor, currency, locale) => {
          // Indian grouping (12,34,567) is not made of threes and is not read back.
          fc.pre(locale !== 'en-IN' || Math.abs(minor) < 99_999)
          const { sign, digits } = moneyParts({ minor, currency }, locale)
          expect(parseTypedAmount(sign + digits, currency)).toEqual({ minor, currency })
        },
      ),
    )
  })
})

describe('numbers', () => {
  it('takes a decimal comma', () => {
    expect(plainDecimal('1,5')).toBe('1.5')
    expect(plainDecimal('007')).toBe('7')
    expect(plainDecimal('2.')).toBe('2')
    expect(plainDecimal('x')).toBe('x')
  })

  it.each([
    ['20', '0.2'],
    ['7.5', '0.075'],
    ['7,5', '0.075'],
    ['0', '0'],
    ['100', '1'],
    ['19 %', '0.19'],
  ])('turns %s per cent into a rate', (typed, rate) => {
    expect(percentToRate(typed)).toBe(rate)
  })

  it.each(['101', '-1', 'abc', '1.23456', ''])('refuses %s as a per cent', (typed) => {
    expect(percentToRate(typed)).toBeNull()
  })

  it('turns a rate back into the same per cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (units) => {
        const percent = `${Math.trunc(units / 10_000)}.${String(units % 10_000).padStart(4, '0')}`
        const rate = percentToRate(percent)
        expect(rate).not.toBeNull()
        expect(Number(rateToPercent(rate ?? ''))).toBe(units / 10_000)
      }),
    )
  })
})

describe('dates', () => {
  it('keeps the calendar date, whatever the zone of this machine', () => {
    expect(dateText('2026-01-31', 'en-GB')).toBe('31 Jan 2026')
  })

  it('shows an instant in the business’s own zone', () => {
    const at = Date.UTC(2026, 0, 31, 23, 30)
    expect(instantText(at, 'Asia/Tokyo', 'en-GB')).toContain('1 Feb 2026')
    expect(instantText(at, 'America/New_York', 'en-GB')).toContain('31 Jan 2026')
  })

  it('says how far an instant is', () => {
    const now = Date.UTC(2026, 0, 1)
    const day = 86_400_000
    const said = (ms: number) => distanceText(now + ms, now)
    expect(said(-3 * 60_000)).toBe('3 minutes ago')
    expect(said(2 * day)).toBe('in 2 days')
    expect([said(0), said(-5000), said(5000)]).toEqual(['just now', 'just now', 'in a moment'])
    expect([said(3 * day - 5000), said(-3 * day + 5000)]).toEqual(['in 3 days', '2 days ago'])
    expect([said(-day), said(-97 * day), said(-240 * day), said(-366 * day)]).toEqual([
      'yesterday',
      '97 days ago',
      '8 months ago',
      '1 year ago',
    ])
  })
})

describe('bytesText', () => {
  it('uses decimal units with one digit after the point', () => {
    expect([0, 999, 1000, 12_345_678, 5e15].map(bytesText)).toEqual(['0 B', '999 B', '1.0 KB', '12.3 MB', '5000.0 TB'])
  })
})
