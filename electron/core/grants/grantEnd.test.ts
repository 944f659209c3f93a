import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type GrantLife, grantEnd, unusedMs } from './grantEnd'
import { endOfDate, wallClock } from './wallClock'

const day = 86_400_000
const created = Date.UTC(2026, 2, 1, 9)
const fresh: GrantLife = {
  createdAt: created,
  expiresAt: created + 90 * day,
  endsAt: created + 90 * day,
  lastUsedAt: null,
  maxUses: null,
  uses: 0,
  revokedAt: null,
  revokedFor: null,
}

describe('V12: a grant ends', () => {
  test('at the instant of its expiry, not a millisecond before', () => {
    const grant = { ...fresh, expiresAt: created + day, endsAt: created + day }
    expect(grantEnd(grant, created + day - 1)).toBeNull()
    expect(grantEnd(grant, created + day)).toEqual({ at: created + day, why: 'expired' })
  })

  test('with the engagement, when that is earlier', () => {
    const grant = { ...fresh, endsAt: created + 3 * day }
    expect(grantEnd(grant, created + 3 * day)).toEqual({ at: created + 3 * day, why: 'engagement_ended' })
  })

  test('after 30 days without use, counted from its last one', () => {
    expect(grantEnd(fresh, created + unusedMs - 1)).toBeNull()
    expect(grantEnd(fresh, created + unusedMs)).toEqual({ at: created + unusedMs, why: 'unused' })
    const used = { ...fresh, lastUsedAt: created + 20 * day, uses: 1 }
    expect(grantEnd(used, created + unusedMs)).toBeNull()
    expect(grantEnd(used, created + 50 * day)).toEqual({ at: created + 50 * day, why: 'unused' })
  })

  test('with its last use', () => {
    const grant = { ...fresh, maxUses: 2, uses: 2, lastUsedAt: created + day }
    expect(grantEnd(grant, created + day)).toEqual({ at: created + day, why: 'used_up' })
    expect(grantEnd({ ...grant, uses: 1 }, created + day)).toBeNull()
  })

  test('when it is revoked, whatever else would end it', () => {
    const grant: GrantLife = { ...fresh, revokedAt: created + 1, revokedFor: 'owner' }
    expect(grantEnd(grant, created + 365 * day)).toEqual({ at: created + 1, why: 'owner' })
  })

  test('for good: what has ended at one instant has ended in the same way at every later one', () => {
    const offset = fc.integer({ min: 0, max: 100 * day })
    const life = fc
      .record({ expires: offset, engagement: offset, used: fc.option(offset), max: fc.option(fc.integer({ min: 1, max: 3 })) })
      .map(({ expires, engagement, used, max }) => ({
        ...fresh,
        expiresAt: created + expires,
        endsAt: created + Math.min(expires, engagement),
        lastUsedAt: used === null ? null : created + used,
        uses: used === null ? 0 : 2,
        maxUses: max,
      }))
    fc.assert(
      fc.property(life, offset, offset, (grant, a, b) => {
        const earlier = grantEnd(grant, created + Math.min(a, b))
        const later = grantEnd(grant, created + Math.max(a, b))
        if (earlier !== null) expect(later).toEqual(earlier)
        if (later !== null) expect(later.at).toBeLessThanOrEqual(created + Math.max(a, b))
      }),
    )
  })
})

describe('the clock on the wall', () => {
  test('follows daylight saving: nine in the morning in Berlin is another instant in March than in April', () => {
    expect(wallClock('Europe/Berlin', Date.UTC(2026, 2, 28, 8))).toEqual({ weekday: 6, time: '09:00' })
    expect(wallClock('Europe/Berlin', Date.UTC(2026, 2, 29, 7))).toEqual({ weekday: 7, time: '09:00' })
    expect(wallClock('America/New_York', Date.UTC(2026, 10, 1, 5, 30))).toEqual({ weekday: 7, time: '01:30' })
    expect(wallClock('America/New_York', Date.UTC(2026, 10, 1, 6, 30))).toEqual({ weekday: 7, time: '01:30' })
    expect(wallClock('Asia/Kathmandu', Date.UTC(2026, 0, 4, 18, 15))).toEqual({ weekday: 1, time: '00:00' })
  })

  test('ends a day at its own midnight, also where the day has 23 or 25 hours', () => {
    expect(endOfDate('Europe/Berlin', '2026-03-29')).toBe(Date.UTC(2026, 2, 29, 22))
    expect(endOfDate('Europe/Berlin', '2026-10-25')).toBe(Date.UTC(2026, 9, 25, 23))
    expect(endOfDate('America/New_York', '2026-03-08')).toBe(Date.UTC(2026, 2, 9, 4))
    expect(endOfDate('Pacific/Kiritimati', '2026-01-01')).toBe(Date.UTC(2026, 0, 1, 10))
    expect(endOfDate('Pacific/Apia', '2011-12-29')).toBe(Date.UTC(2011, 11, 30, 10))
  })
})
