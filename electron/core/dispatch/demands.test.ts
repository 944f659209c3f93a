import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Approval } from '../../../shared/contract/approvals'
import { expireApprovals } from '../approvals/approvals.repository'
import { secondApproval } from '../approvals/index'
import { sql } from '../db/index'
import { type GovernanceBed, openGovernanceBed } from '../policies/testing'

let t: GovernanceBed
beforeEach(async () => {
  t = await openGovernanceBed()
})
afterEach(() => t.cleanup())

const minute = 60_000
const usd = (minor: number) => ({ minor, currency: 'USD' })
const approver = () => t.token(['approvals:decide', 'payments:write'])
const auditOutcomes = () =>
  t.test.db.read.all<{ outcome: string }>(sql`SELECT outcome FROM audit_row WHERE procedure = 'approvals.decide' ORDER BY seq`)

describe('step-up', () => {
  test('is asked of whoever approves, not of whoever denies', async () => {
    await t.rule({ decision: 'ask', demands: { stepUp: true } })
    const [asked, other] = [await t.ask(1), await t.ask(2)]
    expect(asked.demands).toEqual({ stepUp: true, notBefore: null, secondApprover: false, approvedBy: [] })
    await expect(t.decide(asked)).rejects.toMatchObject({ code: 'step_up_required' })
    expect(auditOutcomes()).toEqual([{ outcome: 'failed:step_up_required' }])
    expect(await t.decide(other, 'deny')).toMatchObject({ status: 'denied' })
    await expect(t.decide(asked, 'approve', await approver())).rejects.toMatchObject({ code: 'step_up_required' })
    t.provedUntil = t.now + minute
    expect(await t.decide(asked)).toMatchObject({ status: 'approved' })
    expect(t.paid).toHaveLength(1)
  })
})

describe('the waiting time', () => {
  test('holds an approval back until the minute it is over; a denial never', async () => {
    await t.rule({ decision: 'ask', demands: { coolingMinutes: 10 } })
    const [asked, other] = [await t.ask(1), await t.ask(2)]
    const notBefore = t.now + 10 * minute
    expect(asked.demands.notBefore).toBe(notBefore)
    t.now = notBefore - 1
    await expect(t.decide(asked)).rejects.toMatchObject({
      code: 'conflict',
      message: 'Nothing was done: this can be approved from 2026-01-15 12:10 UTC on.',
      details: { notBefore },
    })
    expect(await t.decide(other, 'deny')).toMatchObject({ status: 'denied' })
    t.now = notBefore
    expect(await t.decide(asked)).toMatchObject({ status: 'approved' })
  })
})

describe('the time to decide', () => {
  test('is three days, or what the strictest rule that asked says; then the request counts as denied', async () => {
    await t.rule({ decision: 'ask' })
    expect((await t.ask(1)).expiresAt).toBe(t.now + 72 * 60 * minute)
    await t.rule({ decision: 'ask', when: { actors: ['owner'] }, demands: { timeoutHours: 5 } })
    await t.rule({ decision: 'ask', when: { currencies: ['USD'] }, demands: { timeoutHours: 9 } })
    const asked = await t.ask(2)
    expect(asked.expiresAt).toBe(t.now + 5 * 60 * minute)
    t.now = asked.expiresAt
    await expect(t.decide(asked)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('expired already') })
    t.test.db.write((w) => expireApprovals(w, t.now))
    expect(await t.card(asked.id)).toMatchObject({ status: 'expired', decidedAt: t.now })
    expect(t.paid).toEqual([])
  })
})

describe('a second approver', () => {
  const rule = (more: { coolingMinutes?: number } = {}) => t.rule({ decision: 'ask', demands: { secondApprover: true, ...more } })

  test('is another one: the first approval is noted and nothing runs until then', async () => {
    await rule()
    const [first, second] = [await approver(), await approver()]
    const asked = await t.ask(1)
    expect(asked.facts.why).toBe('Your rule: this always asks.')
    const noted = await t.decide(asked, 'approve', first)
    expect(noted).toMatchObject({
      status: 'pending',
      digest: asked.digest,
      demands: { approvedBy: [first.name], notBefore: null },
    })
    expect(t.paid).toEqual([])
    await expect(t.decide(asked, 'approve', first)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('somebody else has to approve it too'),
    })
    expect(await t.decide(asked, 'approve', second)).toMatchObject({
      status: 'approved',
      demands: { approvedBy: [first.name, second.name] },
    })
    expect(t.paid).toHaveLength(1)
  })

  test('may be the owner, before or after; who asked is none', async () => {
    await rule()
    const other = await approver()
    const byOther = await t.ask(1)
    await t.decide(byOther, 'approve', other)
    expect(await t.decide(byOther)).toMatchObject({ status: 'approved' })
    const byOwner = await t.ask(2)
    expect(await t.decide(byOwner)).toMatchObject({ status: 'pending', demands: { approvedBy: ['owner'], notBefore: null } })
    t.now += 60 * minute
    await expect(t.decide(byOwner)).rejects.toMatchObject({ code: 'conflict' })
    expect(await t.decide(byOwner, 'approve', other)).toMatchObject({ status: 'approved' })
    const own = await t.ask(3, 'cus_a', other)
    expect(own.facts.why).toContain('That is a brake, not dual control.')
    await expect(t.decide(own, 'approve', other)).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('who has nobody else approves twice with ten minutes between, and the card says that this is only a brake', async () => {
    await rule()
    const asked = await t.ask(1)
    expect(asked.facts.why).toBe(
      'Your rule: this always asks. There is no second approver in this vault, so you approve twice with some time between. That is a brake, not dual control.',
    )
    const notBefore = t.now + 10 * minute
    expect(await t.decide(asked)).toMatchObject({ status: 'pending', demands: { approvedBy: ['owner'], notBefore } })
    expect(await t.card(asked.id)).toMatchObject({ demands: { notBefore } })
    t.now = notBefore - 1
    await expect(t.decide(asked)).rejects.toMatchObject({ code: 'conflict', details: { notBefore } })
    t.now = notBefore
    expect(await t.decide(asked)).toMatchObject({ status: 'approved', demands: { approvedBy: ['owner', 'owner'] } })
    expect(t.paid).toHaveLength(1)
  })

  test('alone, the owner waits as long as the longest rule says, before each approval', async () => {
    await rule({ coolingMinutes: 30 })
    const asked = await t.ask(1)
    t.now += 30 * minute
    expect(await t.decide(asked)).toMatchObject({ status: 'pending', demands: { notBefore: t.now + 30 * minute } })
    t.now += 29 * minute
    await expect(t.decide(asked)).rejects.toMatchObject({ code: 'conflict' })
    t.now += minute
    expect(await t.decide(asked)).toMatchObject({ status: 'approved' })
  })

  test('can deny what the first one approved', async () => {
    await rule()
    const other = await approver()
    const asked = await t.ask(1)
    await t.decide(asked)
    expect(await t.decide(asked, 'deny', other)).toMatchObject({ status: 'denied' })
    expect(t.paid).toEqual([])
  })

  test('approves what is still as it was shown, else it is stale', async () => {
    await rule()
    const other = await approver()
    const asked = await t.ask(1)
    await t.decide(asked, 'approve', other)
    await t.rule({ decision: 'refuse', when: { currencies: ['USD'] } })
    expect(await t.decide(asked)).toMatchObject({ status: 'stale' })
  })

  test('the approvals of a request are kept as they were given', async () => {
    await rule()
    const asked = await t.ask(1)
    await t.decide(asked)
    for (const change of [sql`DELETE FROM approval_consent`, sql`UPDATE approval_consent SET actor = 'token:x'`]) {
      expect(() => t.test.db.write((w) => w.run(change))).toThrow('who approved stays on record')
    }
  })

  test('one who is no owner never stands in for the second, however long they wait', () => {
    const given = [{ actor: 'token:tok_1', at: 0 }]
    const again = () => secondApproval(given, { by: 'token:tok_1', others: false, coolingMinutes: 0, now: 1e12 })
    expect(again).toThrow('somebody else has to approve it too')
  })
})

describe('approving waives only the rules that asked', () => {
  const stale = async (asked: Approval, why: string) => {
    expect(await t.decide(asked)).toMatchObject({ status: 'stale', problem: expect.stringContaining(why) })
    expect(t.paid).toEqual([])
  }

  test('another rule that asks or refuses now makes it stale, with its sentence', async () => {
    await t.rule({ decision: 'ask', over: usd(10) })
    const [first, second] = [await t.ask(11), await t.ask(12)]
    await t.rule({ decision: 'ask', when: { currencies: ['USD'] } })
    await stale(first, 'Another rule stops this now. Your rule: in USD asks. Ask again.')
    await t.rule({ decision: 'refuse', procedure: '*', over: usd(5) })
    await stale(second, 'Another rule stops this now. Your rule: over USD 0.05 is refused. Ask again.')
  })

  test('a rule that was in force all along stops it too, once it applies', async () => {
    await t.rule({ decision: 'ask', over: usd(100) })
    await t.rule({ decision: 'ask', when: { dailySumOver: usd(150) } })
    const asked = await t.ask(101)
    await t.pay(60)
    t.paid.length = 0
    await stale(asked, 'Another rule stops this now. Your rule: when the sum of the day passes USD 1.50 asks.')
  })

  test('all of several that asked are waived together; a new version of one is not', async () => {
    await t.rule({ decision: 'ask', over: usd(10) })
    await t.rule({ decision: 'ask', procedure: '*', over: usd(5) })
    const [first, second] = [await t.ask(11), await t.ask(12)]
    expect(await t.decide(first)).toMatchObject({ status: 'approved' })
    t.paid.length = 0
    await t.rule({ decision: 'ask', over: usd(9) })
    await stale(second, 'The rule has changed since this was asked. Your rule: over USD 0.09 asks.')
  })
})

describe('two at once', () => {
  test('one decision counts, the other is told; it runs once', async () => {
    await t.rule({ decision: 'ask' })
    for (const [a, b] of [
      ['approve', 'approve'],
      ['approve', 'deny'],
      ['deny', 'approve'],
    ] as const) {
      t.paid.length = 0
      const asked = await t.ask(1)
      const [first, second] = await Promise.allSettled([t.decide(asked, a), t.decide(asked, b)])
      expect(first).toMatchObject({ status: 'fulfilled', value: { status: a === 'approve' ? 'approved' : 'denied' } })
      expect(second).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } })
      expect(t.paid).toHaveLength(a === 'approve' ? 1 : 0)
    }
  })

  test('two first approvals of one person are one; of two people they are two', async () => {
    await t.rule({ decision: 'ask', demands: { secondApprover: true } })
    const other = await approver()
    const asked = await t.ask(1)
    const own = await Promise.allSettled([t.decide(asked), t.decide(asked)])
    expect(own.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(t.paid).toEqual([])
    expect(await t.decide(asked, 'approve', other)).toMatchObject({ status: 'approved' })
    const next = await t.ask(2)
    await Promise.all([t.decide(next), t.decide(next, 'approve', other)])
    expect(t.paid).toHaveLength(2)
  })
})

test('while the vault is locked nothing is decided', async () => {
  await t.rule({ decision: 'ask' })
  const asked = await t.ask(1)
  t.locked = true
  await expect(t.decide(asked)).rejects.toMatchObject({ code: 'locked' })
  await expect(
    t.call('approvals.decidePlan', { planId: 'pln_x', digest: 'a'.repeat(64), decision: 'deny' }),
  ).rejects.toMatchObject({
    code: 'locked',
  })
  t.locked = false
  expect(await t.card(asked.id)).toMatchObject({ status: 'pending' })
})
