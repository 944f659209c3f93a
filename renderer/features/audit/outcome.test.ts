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
  it('shows plain values as they are and nested ones as JSON', () => {
    expect([detailText('a'), detailText(3), detailText(false), detailText(null), detailText({ minor: 1 })]).toEqual([
      'a',
      '3',
      'false',
      '—',
      '{"minor":1}',
    ])
  })
})
