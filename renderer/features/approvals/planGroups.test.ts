import { describe, expect, it } from 'vitest'
import type { Approval } from '../../../shared/contract/approvals'
import { groupPlans, planDigest } from './planGroups'

const card = (id: string, plan: Approval['plan'] = null): Approval => ({
  id,
  procedure: 'invoices.send',
  askedBy: 'token:tok_1',
  facts: {
    businessId: 'biz_1',
    what: 'Send',
    amount: null,
    payee: null,
    about: null,
    before: {},
    after: {},
    undo: 'no',
    why: '',
  },
  digest: id,
  demands: { stepUp: false, notBefore: null, secondApprover: false, approvedBy: [] },
  plan,
  editable: [],
  status: 'pending',
  createdAt: 0,
  expiresAt: 1,
  decidedAt: null,
  note: null,
  problem: null,
})
const step = (id: string, number: number) => card(id, { id: 'pln_1', title: 'A plan', step: number, steps: 2 })

describe('groupPlans', () => {
  it('keeps steps together and in order where the first of them stands', () => {
    const entries = groupPlans([card('a'), step('s2', 2), card('b'), step('s1', 1)])
    expect(entries.map((entry) => (entry.kind === 'plan' ? entry.steps.map(({ id }) => id) : entry.approval.id))).toEqual([
      'a',
      ['s1', 's2'],
      'b',
    ])
  })
})

describe('planDigest', () => {
  it('is SHA-256 of the digests joined (FIPS 180-2, "abc")', async () => {
    const abc = ['a', 'b', 'c'].map((id) => card(id))
    expect(await planDigest(abc)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})
