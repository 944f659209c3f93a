import { expect, test } from 'vitest'
import type { Policy } from '../../../shared/contract/policies'
import { parseDecimal } from '../../../shared/domain/decimal'
import { ratioOf } from '../../../shared/domain/ratio'
import { roundUpToTwoDigits } from './inBase'
import { judgeByRules, type Rule } from './policyGate'
import type { History, RateLookup, Subject } from './subject'

const usd = (minor: number) => ({ minor, currency: 'USD' })
const eur = (minor: number) => ({ minor, currency: 'EUR' })
const none = () => null
const rates = (table: Record<string, string>) => (from: string, to: string) => {
  const text = table[`${from}${to}`]
  const parsed = text === undefined ? null : parseDecimal(text)
  return parsed === null ? null : ratioOf(parsed)
}
const limit = (over: Policy['over'], decision: Policy['decision'] = 'ask'): Policy => ({
  id: 'pol_1',
  businessId: null,
  procedure: 'payments.requestRefund',
  decision,
  over,
  createdAt: 0,
})

test.each([
  [1, 1],
  [99, 99],
  [100, 100],
  [101, 110],
  [923_400, 930_000],
  [930_000, 930_000],
  [1_513_700, 1_600_000],
])('a converted limit of %i is rounded up to %i', (minor, rounded) => {
  expect(roundUpToTwoDigits(minor)).toBe(rounded)
})

test('without a rule, or with one that allows, a command goes through', () => {
  expect(decideByPolicy(null, usd(1), 'USD', none)).toEqual({ kind: 'allow' })
  expect(decideByPolicy(limit(usd(1), 'allow'), usd(100), 'USD', none)).toEqual({ kind: 'allow' })
})

test('in the currency of the rule, exactly the limit goes through and one cent more asks', () => {
  expect(decideByPolicy(limit(usd(1_000_000)), usd(1_000_000), 'USD', none)).toEqual({ kind: 'allow' })
  expect(decideByPolicy(limit(usd(1_000_000)), usd(1_000_001), 'USD', none)).toMatchObject({ kind: 'ask', policyId: 'pol_1' })
})

test('in a business with another currency the limit is converted at the stored rate and rounded up to two digits', () => {
  const rateOf = rates({ USDEUR: '0.9234' })
  expect(decideByPolicy(limit(usd(1_000_000)), eur(930_000), 'EUR', rateOf)).toEqual({ kind: 'allow' })
  expect(decideByPolicy(limit(usd(1_000_000)), eur(930_001), 'EUR', rateOf)).toMatchObject({
    kind: 'ask',
    why: expect.stringContaining('EUR 9,300.00'),
  })
})

test('an amount in a third currency is compared in the base currency', () => {
  const rateOf = rates({ USDEUR: '0.9', GBPEUR: '1.2' })
  expect(decideByPolicy(limit(usd(1_000_000)), { minor: 750_000, currency: 'GBP' }, 'EUR', rateOf)).toEqual({ kind: 'allow' })
  expect(decideByPolicy(limit(usd(1_000_000)), { minor: 750_001, currency: 'GBP' }, 'EUR', rateOf).kind).toBe('ask')
})

test('without a stored rate it asks whatever the amount, and says which rate is missing', () => {
  expect(decideByPolicy(limit(usd(1_000_000)), eur(1), 'EUR', none)).toMatchObject({
    kind: 'ask',
    why: expect.stringContaining('between USD and EUR'),
  })
  expect(decideByPolicy(limit(eur(1_000_000)), usd(1), 'EUR', none)).toMatchObject({
    kind: 'ask',
    why: expect.stringContaining('between USD and EUR'),
  })
})

test('an amount that cannot be stated exactly in the base currency is held back, not passed', () => {
  const huge = { minor: Number.MAX_SAFE_INTEGER, currency: 'KWD' }
  const rateOf = rates({ KWDEUR: '3000', USDEUR: '0.9' })
  expect(decideByPolicy(limit(usd(1_000_000)), huge, 'EUR', rateOf)).toMatchObject({
    kind: 'ask',
    why: expect.stringContaining('cannot be stated exactly in EUR'),
  })
})

test('a rule without a limit always applies, and a limit on a command without an amount applies too', () => {
  expect(decideByPolicy(limit(null), null, null, none).kind).toBe('ask')
  expect(decideByPolicy(limit(null, 'refuse'), usd(1), 'USD', none).kind).toBe('refuse')
  expect(decideByPolicy(limit(usd(5)), null, 'USD', none)).toMatchObject({
    kind: 'ask',
    why: expect.stringContaining('no amount'),
  })
})
