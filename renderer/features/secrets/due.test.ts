import { describe, expect, it } from 'vitest'
import { daysUntil, dueBadge, urgencyOf } from './due'

const day = 86_400_000
const now = Date.UTC(2026, 10, 21, 12)
const idle = (dueAt: number | null) => ({ dueAt, rotationPhase: 'none' }) as const

describe('due badges', () => {
  it.each([
    [null, 'none'],
    [now, 'overdue'],
    [now - 1, 'overdue'],
    [now + 1, 'soon'],
    [now + 14 * day - 1, 'soon'],
    [now + 14 * day, 'later'],
  ] as const)('is %s -> %s', (dueAt, urgency) => expect(urgencyOf(idle(dueAt), now)).toBe(urgency))

  it('says nothing of an item that is never due', () => expect(dueBadge(idle(null), now)).toBeNull())

  it('shows a rotation under way whatever its date', () => {
    expect(dueBadge({ dueAt: now - day, rotationPhase: 'overlap' }, now)).toEqual({ text: 'Rotating', tone: 'violet' })
  })

  it('counts whole days both ways', () => {
    expect(dueBadge(idle(now - 1), now)?.text).toBe('Due today')
    expect(dueBadge(idle(now - day), now)?.text).toBe('Due today')
    expect(dueBadge(idle(now - day - 1), now)?.text).toBe('Overdue 1 day')
    expect(dueBadge(idle(now - 5 * day - 1), now)?.text).toBe('Overdue 5 days')
    expect(dueBadge(idle(now + 3600), now)?.text).toBe('Due today')
    expect(dueBadge(idle(now + day), now)?.text).toBe('Due in 1 day')
    expect(dueBadge(idle(now + 365 * day - 5000), now)?.text).toBe('Due in 365 days')
    expect(dueBadge(idle(now + 20 * day), now)).toEqual({ text: 'Due in 20 days', tone: 'quiet' })
    expect(daysUntil(now - 1, now)).toBe(-1)
  })
})
