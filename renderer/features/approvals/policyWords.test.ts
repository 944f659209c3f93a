import { describe, expect, it } from 'vitest'
import type { Policy } from '../../../shared/contract/policies'
import { governable, policySentence } from './policyWords'

const policy: Policy = {
  id: 'pol_1',
  businessId: null,
  procedure: 'payments.requestRefund',
  decision: 'ask',
  over: { minor: 1_000_000, currency: 'USD' },
  createdAt: 0,
}

describe('policies in words', () => {
  it('says what a rule does, and above what', () => {
    expect(policySentence(policy)).toMatch(/^Refund a payment: asks you first above .*10,000\.00\.$/)
    expect(policySentence({ ...policy, over: null, decision: 'refuse' })).toBe('Refund a payment: is refused.')
    expect(policySentence({ ...policy, over: null, decision: 'allow' })).toMatch(/runs without asking\.$/)
  })

  it('offers commands that can wait, and no others', () => {
    const names = governable().map((option) => option.value)
    expect(names).toContain('payments.requestRefund')
    expect(names).not.toContain('vault.unlock')
    expect(names).not.toContain('approvals.decide')
    expect(names).not.toContain('invoices.list')
  })
})
