import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Approval } from '../../../shared/contract/approvals'
import type { Input } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import { sql } from '../db/index'
import { type GovernanceBed, openGovernanceBed } from '../policies/testing'
import type { Actor } from './actor'

let t: GovernanceBed
beforeEach(async () => {
  t = await openGovernanceBed()
})
afterEach(() => t.cleanup())

type Step = Input<'approvals.propose'>['steps'][number]

const rate = (value: string, on = '2026-01-10'): Step => ({
  procedure: 'rates.set',
  input: { businessId: t.businessId, base: 'EUR', quote: 'USD', on, rate: value },
})
const pay = (minor: number, requestId = `step-${minor}`): Step => ({
  procedure: 'payments.requestRefund',
  input: { requestId, paymentId: 'cus_a', amount: { minor, currency: 'USD' }, reason: 'Agreed' },
})

async function propose(steps: readonly Step[], by: Actor = t.owner): Promise<{ planId: string; cards: Approval[] }> {
  const outcome = await t.call('approvals.propose', { title: 'Tidy up', steps: [...steps] }, by)
  if (outcome.status !== 'done') throw new Error('A proposal never waits itself')
  return { planId: outcome.value.planId, cards: await Promise.all(outcome.value.approvalIds.map((id) => t.card(id))) }
}

const digestOf = (cards: readonly Approval[]) =>
  createHash('sha256')
    .update(cards.map(({ digest }) => digest).join(''))
    .digest('hex')

async function decidePlan(
  planId: string,
  pending: readonly Approval[],
  decision: 'approve' | 'deny' = 'approve',
  by: Actor = t.owner,
  requestId?: string,
): Promise<Approval[]> {
  const input = { planId, digest: digestOf(pending), decision, ...(requestId === undefined ? {} : { requestId }) }
  const outcome = await t.call('approvals.decidePlan', input, by)
  if (outcome.status !== 'done') throw new Error('A decision never waits')
  return outcome.value.items
}

const statuses = (cards: readonly Approval[]) => cards.map(({ status }) => status)
const rates = () =>
  t.test.db.read.all<{ rate: string }>(sql`SELECT rate FROM rate ORDER BY on_date`).map(({ rate: value }) => value)

describe('a proposal', () => {
  test('waits step by step, whether or not a rule asks, and nothing of it runs', async () => {
    await t.rule({ decision: 'ask', over: { minor: 5, currency: 'USD' }, demands: { coolingMinutes: 3 } })
    const { planId, cards } = await propose([rate('1.1'), pay(9)])
    expect(cards.map(({ plan, facts, demands }) => [plan, facts.why, demands.notBefore])).toEqual([
      [
        { id: planId, title: 'Tidy up', step: 1, steps: 2 },
        'It is a step of a plan, and nothing of a plan runs before it is approved.',
        null,
      ],
      [{ id: planId, title: 'Tidy up', step: 2, steps: 2 }, 'Your rule: over USD 0.05 asks.', t.now + 180_000],
    ])
    expect([rates(), t.paid]).toEqual([[], []])
  })

  test.each<[string, () => Step[], string, string]>([
    [
      'a command that cannot wait',
      () => [rate('1.1'), { procedure: 'vault.lock', input: {} }],
      'invalid_input',
      'Step 2 of the plan',
    ],
    ['a query', () => [{ procedure: 'rates.list', input: {} }], 'invalid_input', 'Step 1 of the plan'],
    ['another plan', () => [{ procedure: 'approvals.propose', input: {} }], 'invalid_input', 'must name a command'],
    [
      'an answer that is a secret',
      () => [{ procedure: 'broker.call', input: {} }],
      'invalid_input',
      'Step 1 of the plan: the answer of broker.call is a secret that only its caller gets',
    ],
    [
      'what only the window may do',
      () => [{ procedure: 'ledger.importFile', input: {} }],
      'invalid_input',
      'must name a command',
    ],
    [
      'what only a practice world has',
      () => [{ procedure: 'practice.setFaults', input: {} }],
      'invalid_input',
      'must name a command',
    ],
    ['a wrong input', () => [{ procedure: 'rates.set', input: { rate: 5 } }], 'invalid_input', 'Step 1 of the plan'],
    [
      'what does not exist',
      () => [{ ...rate('1'), input: { ...rate('1').input, businessId: 'biz_x' } }],
      'not_found',
      'Step 1 of the plan',
    ],
  ])('with %s is refused whole', async (_, steps, code, why) => {
    await expect(propose(steps())).rejects.toMatchObject({ code, message: expect.stringContaining(why) })
    expect(await t.pending()).toEqual([])
  })

  test('holds no step beyond the scopes of who proposes, nor one that a rule refuses', async () => {
    const script = await t.token(['rates:write', 'approvals:read'])
    await expect(propose([rate('1.1'), pay(1)], script)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('Step 2 of the plan: this needs the scope payments:write'),
    })
    await t.rule({ decision: 'refuse' })
    await expect(propose([pay(1)])).rejects.toMatchObject({ code: 'refused_by_policy' })
    expect(await t.pending()).toEqual([])
    expect((await propose([rate('1.1')], script)).cards[0]).toMatchObject({ askedBy: script.name, status: 'pending' })
  })

  test('with a defect in a handler is a defect', async () => {
    t.handle('rates.set', {
      facts: () => {
        throw new TypeError('a defect')
      },
      run: () => Promise.reject(new Error('never')) as never,
    })
    await expect(propose([rate('1.1')])).rejects.toThrow('a defect')
  })

  test('cannot be made while the vault is locked, not even by a schedule: it could not be sealed', async () => {
    t.locked = true
    const input = { title: 'Tidy up', steps: [pay(1)] }
    await expect(t.dispatcher.call('approvals.propose', input, { actor: t.owner, door: 'schedule' })).rejects.toMatchObject({
      code: 'locked',
    })
  })

  test('is kept as it was made', async () => {
    await propose([rate('1.1')])
    for (const change of [sql`UPDATE plan SET title = 'Other'`, sql`DELETE FROM plan`]) {
      expect(() => t.test.db.write((w) => w.run(change))).toThrow()
    }
  })
})

describe('a plan that is approved', () => {
  test('runs its steps in order, as who proposed it', async () => {
    const script = await t.token(['rates:write', 'payments:write', 'approvals:read'])
    const { planId, cards } = await propose([pay(1), rate('1.1'), pay(2)], script)
    expect(statuses(await decidePlan(planId, cards))).toEqual(['approved', 'approved', 'approved'])
    expect(t.paid.map(({ amount }) => amount.minor)).toEqual([1, 2])
    expect(rates()).toEqual(['1.1'])
    const rows = t.test.db.read.all(
      sql`SELECT actor, procedure, outcome FROM audit_row WHERE outcome = 'done' AND actor = ${script.name} ORDER BY seq`,
    )
    expect(rows).toEqual([
      { actor: script.name, procedure: 'approvals.propose', outcome: 'done' },
      { actor: script.name, procedure: 'payments.requestRefund', outcome: 'done' },
      { actor: script.name, procedure: 'rates.set', outcome: 'done' },
      { actor: script.name, procedure: 'payments.requestRefund', outcome: 'done' },
    ])
  })

  test('takes effects of its own earlier steps for granted, but nothing else that moved meanwhile', async () => {
    const { planId, cards } = await propose([rate('1.1'), rate('1.2')])
    expect(statuses(await decidePlan(planId, cards))).toEqual(['approved', 'approved'])
    expect(rates()).toEqual(['1.2'])
    const next = await propose([pay(1), rate('1.3'), pay(2)])
    await t.call('rates.set', rate('9').input as Input<'rates.set'>)
    const ended = await decidePlan(next.planId, next.cards)
    expect(statuses(ended)).toEqual(['approved', 'stale', 'pending'])
    expect(ended[1]?.problem).toContain('has moved since it was asked')
    expect(rates()).toEqual(['9'])
  })

  test('stops at the first step that fails, says so, and the rest goes on waiting', async () => {
    const { planId, cards } = await propose([pay(1), rate('1.1'), pay(2)])
    t.handle('rates.set', {
      facts: () => ({ ...(cards[1] as Approval).facts }),
      run: () => {
        throw new AppError('conflict', 'The table is full.')
      },
    })
    const ended = await decidePlan(planId, cards)
    expect(ended.map(({ status, problem }) => [status, problem])).toEqual([
      ['approved', null],
      ['failed', 'The table is full.'],
      ['pending', null],
    ])
    expect(t.paid).toHaveLength(1)
    expect(statuses(await decidePlan(planId, ended.slice(2)))).toEqual(['approved'])
    expect(t.paid).toHaveLength(2)
    await expect(decidePlan(planId, [])).rejects.toMatchObject({ code: 'conflict' })
  })

  test.each([
    [null, ['approved', 'approved', 'approved']],
    [new AppError('declined', 'The provider said no.'), ['approved', 'failed', 'pending']],
    [new TypeError('a defect'), ['approved', 'failed', 'pending']],
  ])('waits for the end of a long step (%s) before it goes on', async (failure, expected) => {
    t.handle('events.sync', {
      task: async () => {
        expect(t.paid).toHaveLength(1)
        if (failure !== null) throw failure
        return { fetched: 0, applied: 0, gaps: 0 }
      },
    })
    const { planId, cards } = await propose([pay(1), { procedure: 'events.sync', input: { businessId: t.businessId } }, pay(2)])
    expect(statuses(await decidePlan(planId, cards))).toEqual(expected)
  })

  test('ends with a long step, too', async () => {
    t.handle('events.sync', { task: async () => ({ fetched: 0, applied: 0, gaps: 0 }) })
    const { planId, cards } = await propose([{ procedure: 'events.sync', input: { businessId: t.businessId } }])
    expect(statuses(await decidePlan(planId, cards, 'approve', t.owner, 'plan-1'))).toEqual(['approved'])
    expect(statuses(await decidePlan(planId, cards, 'approve', t.owner, 'plan-1'))).toEqual(['approved'])
  })

  test('goes no further when another decision meets it half way', async () => {
    const { promise: ended, resolve: end } = Promise.withResolvers<{ fetched: number; applied: number; gaps: number }>()
    t.handle('events.sync', { task: () => ended })
    const { planId, cards } = await propose([{ procedure: 'events.sync', input: { businessId: t.businessId } }, pay(1), pay(2)])
    const decided = decidePlan(planId, cards)
    await t.decide(cards[1] as Approval, 'deny')
    end({ fetched: 0, applied: 0, gaps: 0 })
    expect(statuses(await decided)).toEqual(['approved', 'denied', 'pending'])
    expect(t.paid).toEqual([])
  })

  test('is held against every rule again, each step at its turn', async () => {
    await t.rule({ decision: 'ask', when: { dailySumOver: { minor: 100, currency: 'USD' } } })
    const { planId, cards } = await propose([pay(60), pay(50), pay(1)])
    const ended = await decidePlan(planId, cards)
    expect(statuses(ended)).toEqual(['approved', 'stale', 'pending'])
    expect(ended[1]?.problem).toContain('Another rule stops this now. Your rule: when the sum of the day passes USD 1.00 asks.')
  })

  test('is decided as its digest names it, once', async () => {
    const { planId, cards } = await propose([pay(1), pay(2)])
    await expect(decidePlan(planId, cards.slice(0, 1))).rejects.toMatchObject({ code: 'conflict' })
    await expect(decidePlan(planId, cards.toReversed())).rejects.toMatchObject({ code: 'conflict' })
    await expect(decidePlan('pln_unknown', cards)).rejects.toMatchObject({ code: 'not_found' })
    expect(t.paid).toEqual([])
    const both = await Promise.allSettled([decidePlan(planId, cards), decidePlan(planId, cards)])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(t.paid).toHaveLength(2)
  })

  test('that is denied is denied in every step, and nothing runs', async () => {
    const { planId, cards } = await propose([pay(1), rate('1.1')])
    expect(statuses(await decidePlan(planId, cards, 'deny'))).toEqual(['denied', 'denied'])
    expect([t.paid, rates()]).toEqual([[], []])
  })

  test('is not decided by who proposed it, but for the owner', async () => {
    const script = await t.token(['payments:write', 'approvals:read', 'approvals:decide'])
    const { planId, cards } = await propose([pay(1)], script)
    await expect(decidePlan(planId, cards, 'approve', script)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(decidePlan(planId, cards, 'deny', script)).rejects.toMatchObject({ code: 'forbidden' })
    expect(statuses(await decidePlan(planId, cards))).toEqual(['approved'])
  })

  test('is as strict as its strictest step: nothing runs before each can', async () => {
    await t.rule({ decision: 'ask', over: { minor: 5, currency: 'USD' }, demands: { stepUp: true, coolingMinutes: 1 } })
    const { planId, cards } = await propose([rate('1.1'), pay(9)])
    await expect(decidePlan(planId, cards)).rejects.toMatchObject({ code: 'conflict' })
    t.now += 60_000
    await expect(decidePlan(planId, cards)).rejects.toMatchObject({ code: 'step_up_required' })
    expect(rates()).toEqual([])
    t.provedUntil = t.now + 1
    expect(statuses(await decidePlan(planId, cards))).toEqual(['approved', 'approved'])
  })

  test('with steps that want two approvers runs with the second one, whole', async () => {
    await t.rule({ decision: 'ask', over: { minor: 5, currency: 'USD' }, demands: { secondApprover: true } })
    const other = await t.token(['approvals:decide'])
    const { planId, cards } = await propose([rate('1.1'), pay(9), pay(8)])
    const noted = await decidePlan(planId, cards)
    expect(statuses(noted)).toEqual(['pending', 'pending', 'pending'])
    expect(noted.map(({ demands }) => demands.approvedBy)).toEqual([[], ['owner'], ['owner']])
    expect(rates()).toEqual([])
    expect(statuses(await decidePlan(planId, cards, 'approve', other))).toEqual(['approved', 'approved', 'approved'])
  })

  test('keeps the approvals of the steps after one that failed', async () => {
    await t.rule({ decision: 'ask', over: { minor: 5, currency: 'USD' }, demands: { secondApprover: true } })
    const other = await t.token(['approvals:decide'])
    const { planId, cards } = await propose([rate('1.1'), pay(9)])
    await decidePlan(planId, cards)
    await t.call('rates.set', rate('9').input as Input<'rates.set'>)
    expect(statuses(await decidePlan(planId, cards, 'approve', other))).toEqual(['stale', 'pending'])
    expect(statuses(await decidePlan(planId, cards.slice(1), 'approve', other))).toEqual(['approved'])
  })
})

describe('a single step', () => {
  test('can be denied at any time, but runs only after the steps before it are decided', async () => {
    const { planId, cards } = await propose([pay(1), pay(2), pay(3)])
    const [first, second, third] = cards as [Approval, Approval, Approval]
    await expect(t.decide(second)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('earlier steps of this plan are not decided yet'),
    })
    await expect(
      t.call('approvals.editAndApprove', { approvalId: second.id, digest: second.digest, changes: {} }),
    ).rejects.toMatchObject({ code: 'conflict' })
    expect(await t.decide(third, 'deny')).toMatchObject({ status: 'denied' })
    expect(await t.decide(first, 'deny')).toMatchObject({ status: 'denied' })
    expect(await t.decide(second)).toMatchObject({ status: 'approved' })
    await expect(decidePlan(planId, [])).rejects.toMatchObject({ code: 'conflict' })
  })

  test('runs alone where those before it ran, and leaves those after it waiting', async () => {
    const { cards } = await propose([pay(1), pay(2), pay(3)])
    for (const [index, card] of cards.slice(0, 2).entries()) {
      expect(await t.decide(card)).toMatchObject({ status: 'approved' })
      expect(t.paid).toHaveLength(index + 1)
    }
    expect(statuses(await t.pending())).toEqual(['pending'])
  })

  test('that ran out of time is decided', async () => {
    await t.rule({ decision: 'ask', over: { minor: 5, currency: 'USD' }, demands: { timeoutHours: 1 } })
    const { cards } = await propose([pay(9), pay(1)])
    t.now += 3_600_000
    expect(await t.decide(cards[1] as Approval)).toMatchObject({ status: 'approved' })
  })
})
