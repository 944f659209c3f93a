import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextRun } from './cron'

const at = (text: string) => new Date(text).getTime()

test.each([
  ['0 3 * * *', '2026-03-10T02:59:59.999', '2026-03-10T03:00'],
  ['0 3 * * *', '2026-03-10T03:00', '2026-03-11T03:00'],
  ['30 4 * * 0', '2026-03-10T12:00', '2026-03-15T04:30'],
  ['30 4 * * 7', '2026-03-15T04:30', '2026-03-22T04:30'],
  ['*/20 * * * *', '2026-12-31T23:41', '2027-01-01T00:00'],
  ['0 0 1 * *', '2026-12-01T00:00', '2027-01-01T00:00'],
  ['0 0 29 2 *', '2096-03-01T00:00', '2104-02-29T00:00'],
  ['15 9 13 * 5', '2026-01-01T00:00', '2026-02-13T09:15'],
])('%s after %s is %s', (cron, after, expected) => {
  expect(nextRun(cron, at(after))).toBe(at(expected))
})

test('what is no schedule, or says more than one here may, is refused', () => {
  for (const cron of ['', 'often', '61 * * * *', '0 25 * * *', '30 0 3 * * *', '0 0 L * *', '0 0 31 2 *'])
    expect(() => nextRun(cron, 0), cron).toThrow()
})

test('the next run lies ahead, and none lies between', () => {
  const minute = 60_000
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 59 }),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: at('2020-01-01T00:00'), max: at('2040-01-01T00:00') }),
      (m, h, after) => {
        const next = nextRun(`${m} ${h} * * *`, after)
        expect(next).toBeGreaterThan(after)
        expect(next - after).toBeLessThanOrEqual(25 * 60 * minute)
        expect(nextRun(`${m} ${h} * * *`, next - 1)).toBe(next)
      },
    ),
    { numRuns: 300 },
  )
})
