import { describe, expect, it } from 'vitest'
import { type Policy, policies } from '../../../shared/contract/policies'
import { draftOf, problemsOf, ruleOf } from './ruleDraft'

const full: Policy = {
  id: 'pol_1',
  businessId: 'biz_1',
  procedure: 'payments.requestRefund',
  decision: 'ask',
  over: { minor: 5000, currency: 'EUR' },
  when: {
    payees: ['cus_1'],
    newPayee: true,
    changedPayee: true,
    sensitive: true,
    currencies: ['EUR', 'USD'],
    actors: ['tokens', 'helpers'],
    hours: { from: '22:00', to: '06:00' },
    weekdays: [6, 7],
    dailySumOver: { minor: 90_000, currency: 'EUR' },
    splitWithinHours: 72,
  },
  demands: { stepUp: true, coolingMinutes: 10, secondApprover: true, timeoutHours: 48 },
  sentence: '',
  createdAt: 0,
}

describe('ruleDraft', () => {
  it('gives a rule back as it was, in a form that policies.set takes', () => {
    const rule = ruleOf(draftOf(full, null), 'biz_1', 'EUR')
    const { id: _, sentence: _s, createdAt: _c, ...same } = full
    expect(rule).toEqual(same)
    expect(policies['policies.set'].input.parse(rule)).toEqual(rule)
  })

  it('a new rule has no conditions and asks nothing more', () => {
    expect(ruleOf(draftOf(null, 'invoices.send'), 'biz_1', 'EUR')).toEqual({
      businessId: 'biz_1',
      procedure: 'invoices.send',
      decision: 'ask',
    })
  })

  it('what is refused has nothing to approve', () => {
    const draft = { ...draftOf(full, null), decision: 'refuse' as const }
    expect(ruleOf(draft, 'biz_1', 'EUR').demands).toBeUndefined()
  })

  it('names what is missing', () => {
    const draft = draftOf(null, null)
    expect(problemsOf(draft)).toEqual({ procedure: true })
    expect(problemsOf({ ...draft, procedure: '*', limited: true, hoursFrom: '08:00' })).toEqual({ over: true, hours: true })
  })
})
