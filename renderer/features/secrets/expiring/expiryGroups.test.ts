import { describe, expect, it } from 'vitest'
import type { SecretSummary } from '../../../../shared/contract/secrets'
import { byUrgency, byWeek, expiryGroup, mondayOf } from './expiryGroups'

const day = 86_400_000
// A Saturday.
const now = Date.UTC(2026, 10, 21, 12)

function due(id: string, days: number | null): SecretSummary {
  return {
    id,
    businessId: null,
    kind: 'api_key',
    title: id,
    tags: [],
    hint: null,
    sensitive: false,
    version: 1,
    createdAt: 0,
    updatedAt: 0,
    lastUsedAt: null,
    dueAt: days === null ? null : now + days * day,
    rotationPhase: 'none',
    attachmentCount: 0,
    deletedAt: null,
  }
}

const items = [
  due('later', 45),
  due('old', -3),
  due('soon', 1),
  due('never', null),
  due('far', 120),
  due('month', 10),
  due('older', -30),
]
const shape = (groups: ReturnType<typeof byUrgency>) => groups.map((group) => [group.id, group.items.map((item) => item.id)])

describe('the expiry page', () => {
  it('puts the most pressing first and leaves out what is far or never due', () => {
    expect(shape(byUrgency(items, now))).toEqual([
      ['overdue', ['older', 'old']],
      ['week', ['soon']],
      ['month', ['month']],
      ['quarter', ['later']],
    ])
  })

  it('groups by weeks that begin on Monday', () => {
    expect(shape(byWeek(items, now, 'UTC'))).toEqual([
      ['overdue', ['older', 'old']],
      ['2026-11-16', ['soon']],
      ['2026-11-30', ['month']],
      ['2027-01-04', ['later']],
    ])
  })

  it('counts days in the zone of the business', () => {
    const late = { ...due('late', 0), dueAt: Date.UTC(2026, 10, 23, 2) }
    expect(shape(byWeek([late], now, 'America/New_York'))).toEqual([['2026-11-16', ['late']]])
    expect(shape(byWeek([late], now, 'Europe/Berlin'))).toEqual([['2026-11-23', ['late']]])
  })
})

describe('a due instant', () => {
  it.each([
    [now, 'overdue'],
    [now + 7 * day - 1, 'week'],
    [now + 7 * day, 'month'],
    [now + 30 * day, 'quarter'],
    [now + 90 * day, null],
  ] as const)('puts %s under %s', (dueAt, group) => expect(expiryGroup(dueAt, now)).toBe(group))

  it('begins weeks on Monday', () => {
    expect(mondayOf('2026-11-21')).toBe('2026-11-16')
    expect(mondayOf('2026-11-16')).toBe('2026-11-16')
    expect(mondayOf('2026-11-22')).toBe('2026-11-16')
    expect(mondayOf('2026-03-01')).toBe('2026-02-23')
  })
})
