import { describe, expect, it } from 'vitest'
import { governable } from './governable'

describe('governable', () => {
  it('offers commands that can wait or be refused, and no others', () => {
    const names = governable().map((option) => option.value)
    expect(names).toContain('payments.requestRefund')
    expect(names).toContain('ledger.import')
    expect(names).not.toContain('safety.pause')
    expect(names).not.toContain('vault.unlock')
    expect(names).not.toContain('approvals.decide')
    expect(names).not.toContain('invoices.list')
  })
})
