import { describe, expect, it } from 'vitest'
import type { Approval } from '../../../shared/contract/approvals'
import { rankApprovals } from './rankApprovals'

const day = 86_400_000
const now = 100 * day

function approval(
  id: string,
  change: { expiresIn?: number; minor?: number | null; currency?: string; undo?: 'yes' | 'by_reversal' | 'no'; age?: number },
): Approval {
  const { expiresIn = 5 * day, minor = 100, currency = 'USD', undo = 'no', age = day } = change
  return {
    id,
    procedure: 'payments.requestRefund',
    askedBy: 'owner',
    facts: {
      businessId: 'b',
      what: 'x',
      amount: minor === null ? null : { minor, currency },
      payee: null,
      about: null,
      before: {},
      after: {},
      undo,
      why: 'x',
    },
    digest: '',
    demands: { stepUp: false, notBefore: null, secondApprover: false, approvedBy: [] },
    plan: null,
    editable: [],
    status: 'pending',
    createdAt: now - age,
    expiresAt: now + expiresIn,
    decidedAt: null,
    note: null,
    problem: null,
  }
}
const order = (...approvals: Approval[]) => rankApprovals(approvals, now, 'USD').map((one) => one.id)

describe('rankApprovals', () => {
  it('puts what expires within a day first, however small', () => {
    expect(order(approval('big', { minor: 9_000_000 }), approval('soon', { minor: 1, expiresIn: day }))).toEqual(['soon', 'big'])
  })

  it('then what cannot be undone, then larger amounts, then older ones', () => {
    expect(order(approval('reversible', { undo: 'by_reversal', minor: 900 }), approval('final', { minor: 1 }))).toEqual([
      'final',
      'reversible',
    ])
    expect(order(approval('small', { minor: 1 }), approval('large', { minor: 2 }))).toEqual(['large', 'small'])
    expect(order(approval('new', { age: 1 }), approval('old', { age: 2 }))).toEqual(['old', 'new'])
  })

  it('does not compare amounts of different currencies as numbers', () => {
    expect(order(approval('yen', { minor: 5_000_000, currency: 'JPY' }), approval('dollars', { minor: 2000 }))).toEqual([
      'dollars',
      'yen',
    ])
    expect(order(approval('none', { minor: null }), approval('some', { minor: 1 }))).toEqual(['some', 'none'])
  })
})
