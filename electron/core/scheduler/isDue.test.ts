import { expect, test } from 'vitest'
import { isDue } from './isDue'

const at = (text: string) => new Date(text).getTime()
const job = { cron: '0 3 * * *' }

test.each([
  ['just run', '2026-03-10T03:00', '2026-03-10T03:00', false],
  ['a minute before its time', '2026-03-10T03:00', '2026-03-11T02:59', false],
  ['at its time', '2026-03-10T03:00', '2026-03-11T03:00', true],
  ['slept over many', '2026-03-10T03:00', '2026-04-20T12:00', true],
  ['begun late, before the next', '2026-03-10T12:00', '2026-03-11T02:00', false],
  ['the clock was set back', '2026-03-10T03:00', '2025-01-01T00:00', true],
])('%s: %s, now %s: %s', (_, handled, now, due) => {
  expect(isDue(job, at(handled), at(now))).toBe(due)
})
