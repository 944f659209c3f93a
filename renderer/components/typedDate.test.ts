import { describe, expect, it } from 'vitest'
import { parseTypedDate } from './typedDate'

const today = '2026-11-21'

describe('parseTypedDate', () => {
  it.each([
    ['2026-12-31', 'en-US', '2026-12-31'],
    ['31.12.2026', 'de-DE', '2026-12-31'],
    ['31.12.', 'de-DE', '2026-12-31'],
    ['12/31/2026', 'en-US', '2026-12-31'],
    ['31/12/2026', 'en-GB', '2026-12-31'],
    ['12/31', 'en-US', '2026-12-31'],
    ['1/2/27', 'en-GB', '2027-02-01'],
    ['31.12.2026', 'en-US', '2026-12-31'],
    ['today', 'en-US', '2026-11-21'],
    ['+14', 'en-US', '2026-12-05'],
    ['-21', 'en-US', '2026-10-31'],
  ])('reads %s in %s as %s', (typed, locale, date) => {
    expect(parseTypedDate(typed, today, locale)).toBe(date)
  })

  it.each(['', 'soon', '2026-02-30', '2026-12', '13/13/2026', '1 2 3 4', '2300-01-01'])('refuses %s', (typed) => {
    expect(parseTypedDate(typed, today, 'en-US')).toBeNull()
  })
})
