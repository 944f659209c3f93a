import { describe, expect, it } from 'vitest'
import { detailText, outcomeOf } from './outcome'

describe('outcomeOf', () => {
  it.each([
    ['done', 'Done', 'green'],
    ['awaiting_approval', 'Waits for approval', 'brass'],
    ['refused_by_policy', 'Refused by a rule', 'wax'],
    ['failed:idempotency_conflict', 'Failed: reused id', 'wax'],
    ['failed:unsupported_media_type', 'Failed: unsupported media type', 'wax'],
    ['failed:step_up_required', 'Asked for proof', 'quiet'],
    ['applied', 'applied', 'quiet'],
  ])('words %s', (outcome, text, tone) => {
    expect(outcomeOf(outcome)).toEqual({ text, tone })
  })
})

describe('detailText', () => {
  const text = (value: unknown, name = 'field') => detailText(name, value, 'America/New_York')

  it('shows plain values as they are and nested ones as JSON', () => {
    expect([text('a'), text(3), text(false), text(null), text({ minor: 1 })]).toEqual(['a', '3', 'no', '—', '{"minor":1}'])
  })

  it('shows lists line by line, amounts with their currency and instants in the time zone of the business', () => {
    expect(text(['use', 'reveal'])).toBe('use\nreveal')
    expect(text([])).toBe('—')
    expect(text({ minor: 1_250_000, currency: 'USD' })).toContain('12,500.00')
    expect(text(1_795_383_302_455, 'expiresAt')).toMatch(/Nov 22, 2026, 4:35\sPM/)
    expect(text(3, 'expiresAt')).toBe('3')
    expect(text(1_795_383_302_455, 'seq')).toBe('1795383302455')
  })
})
