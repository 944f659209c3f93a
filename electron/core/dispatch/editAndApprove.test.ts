import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Approval } from '../../../shared/contract/approvals'
import { AppError } from '../../../shared/errors'
import { sql } from '../db/index'
import { type GovernanceBed, openGovernanceBed } from '../policies/testing'
import type { Actor } from './actor'

let t: GovernanceBed
beforeEach(async () => {
  t = await openGovernanceBed()
  await t.rule({ decision: 'ask', over: { minor: 100, currency: 'USD' } })
})
afterEach(() => t.cleanup())

const usd = (minor: number) => ({ minor, currency: 'USD' })

async function edit(asked: Approval, changes: Record<string, unknown>, by: Actor = t.owner): Promise<Approval> {
  const outcome = await t.call('approvals.editAndApprove', { approvalId: asked.id, digest: asked.digest, changes }, by)
  if (outcome.status !== 'done') throw new Error('It waits')
  return outcome.value
}

const details = (procedure: string) => {
  const row = t.test.db.read.get<{ details: string }>(
    sql`SELECT details FROM audit_row WHERE procedure = ${procedure} ORDER BY seq DESC LIMIT 1`,
  )
  return JSON.parse(row?.details ?? '{}') as Record<string, unknown>
}

describe('a card', () => {
  test('shows what may be changed, with its present value, while it waits', async () => {
    const asked = await t.ask(200)
    expect(asked.editable).toEqual([
      { field: 'amount', kind: 'money', value: usd(200) },
      { field: 'reason', kind: 'text', value: 'Agreed' },
    ])
    expect(await t.decide(asked, 'deny')).toMatchObject({ editable: [] })
    await t.rule({ procedure: 'rates.set', decision: 'ask' })
    const rate = { businessId: t.businessId, base: 'EUR', quote: 'USD', on: '2026-01-01', rate: '1.1' }
    await t.call('rates.set', rate)
    expect((await t.pending())[0]?.editable).toEqual([])
  })

  test('never shows a field that holds a secret, even where its handler offers it', async () => {
    t.handle('integrations.connect', {
      editable: ({ secretKey }) => [{ field: 'secretKey', kind: 'text', value: secretKey }],
      facts: () => ({ businessId: t.businessId, what: 'Connect', amount: null, payee: null, before: {}, after: {}, undo: 'yes' }),
      task: () => Promise.reject(new AppError('unavailable', 'Not now.')),
    })
    await t.rule({ procedure: 'integrations.connect', decision: 'ask' })
    await t.call('integrations.connect', { businessId: t.businessId, provider: 'stripe', secretKey: 'sk_test_abcdefgh' })
    expect((await t.pending())[0]?.editable).toEqual([])
  })
})

describe('approved with changes', () => {
  test('the changed request runs in place of what was asked; the card keeps what was asked, the log says what was changed', async () => {
    const asked = await t.ask(200)
    const decided = await edit(asked, { amount: usd(150) })
    expect(decided).toMatchObject({ id: asked.id, status: 'approved', digest: asked.digest, facts: asked.facts, problem: null })
    expect(t.paid).toMatchObject([{ amount: usd(150), reason: 'Agreed', paymentId: 'cus_a' }])
    expect(details('payments.requestRefund')).toMatchObject({
      approvalId: asked.id,
      approvedBy: 'owner',
      editedFields: ['amount'],
      askedDigest: asked.digest,
      inputDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const ran = details('payments.requestRefund').inputDigest
    expect(ran).not.toBe(asked.digest)
    expect(details('approvals.editAndApprove')).toMatchObject({ approvalId: asked.id, editedFields: ['amount'], ranDigest: ran })
    const stated = t.test.db.read.all(
      sql`SELECT outcome, amount_minor AS minor FROM command_fact WHERE approval_id = ${asked.id} ORDER BY audit_seq`,
    )
    expect(stated).toEqual([
      { outcome: 'parked', minor: 200 },
      { outcome: 'done', minor: 150 },
    ])
  })

  test('to the same values it runs as it was asked', async () => {
    const asked = await t.ask(200)
    await edit(asked, { amount: usd(200) })
    expect(details('approvals.editAndApprove')).toMatchObject({ editedFields: [], ranDigest: asked.digest })
  })

  test('a long command runs after the decision is on record', async () => {
    t.handle('events.sync', {
      editable: ({ businessId }) => [{ field: 'businessId', kind: 'text', value: businessId }],
      task: async (context, { businessId }) => {
        context.note({ businessId: businessId ?? null })
        if (businessId !== other) throw new AppError('declined', 'The provider said no.')
        return { fetched: 1, applied: 1, gaps: 0 }
      },
    })
    await t.rule({ procedure: 'events.sync', decision: 'ask' })
    const other = await t.business()
    for (const [businessId, status] of [
      [other, 'approved'],
      [t.businessId, 'failed'],
    ] as const) {
      await t.call('events.sync', {})
      const [asked] = await t.pending()
      expect(await edit(asked as Approval, { businessId })).toMatchObject({ status })
      expect(details('approvals.editAndApprove')).toMatchObject({ editedFields: ['businessId'] })
    }
  })

  test.each<[Record<string, unknown>, string, string]>([
    [{ paymentId: 'cus_b' }, 'invalid_input', 'only amount, reason can be changed'],
    [{ amount: usd(-1) }, 'invalid_input', 'amount'],
    [{ amount: 'all of it' }, 'invalid_input', 'amount'],
    [{ reason: 'two\nlines' }, 'invalid_input', 'reason'],
  ])('to %j it is refused, and goes on waiting', async (changes, code, why) => {
    const asked = await t.ask(200)
    await expect(edit(asked, changes)).rejects.toMatchObject({ code, message: expect.stringContaining(why) })
    expect(await t.card(asked.id)).toEqual(asked)
    expect(t.paid).toEqual([])
  })

  test('what its handler refuses after the changes goes on waiting', async () => {
    const asked = await t.ask(200)
    t.handle('payments.requestRefund', {
      editable: ({ amount }) => [{ field: 'amount', kind: 'money', value: amount }],
      facts: () => asked.facts,
      run: () => {
        throw new AppError('conflict', 'At most USD 1.00 can still be refunded.')
      },
    })
    await expect(edit(asked, { amount: usd(300) })).rejects.toMatchObject({ message: 'At most USD 1.00 can still be refunded.' })
    expect(await t.card(asked.id)).toMatchObject({ status: 'pending' })
  })

  test('the rule that asked is waived for the changed request too; another that would stop it is not', async () => {
    const asked = await t.ask(200)
    await t.rule({ decision: 'refuse', over: usd(500), when: { currencies: ['USD'] } })
    await expect(edit(asked, { amount: usd(501) })).rejects.toMatchObject({
      code: 'conflict',
      message: 'Nothing was done. Another rule stops this now. Your rule: over USD 5.00, in USD is refused. Ask again.',
    })
    expect(await edit(asked, { amount: usd(500) })).toMatchObject({ status: 'approved' })
    expect(t.paid).toMatchObject([{ amount: usd(500) }])
  })

  test('what went stale meanwhile is stale', async () => {
    const asked = await t.ask(200)
    await t.rule({ decision: 'refuse' })
    expect(await edit(asked, { amount: usd(150) })).toMatchObject({ status: 'stale' })
    expect(t.paid).toEqual([])
  })

  test('nothing that has no fields to change can be', async () => {
    await t.rule({ procedure: 'rates.set', decision: 'ask' })
    await t.call('rates.set', { businessId: t.businessId, base: 'EUR', quote: 'USD', on: '2026-01-01', rate: '1.1' })
    const [asked] = await t.pending()
    await expect(edit(asked as Approval, { rate: '9' })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('nothing of this request can be changed'),
    })
  })
})

describe('who changes', () => {
  test('needs the scope of the command besides the right to decide, and may not change a request of their own', async () => {
    const decider = await t.token(['approvals:decide'])
    const editor = await t.token(['approvals:decide', 'payments:write'])
    const asked = await t.ask(200)
    await expect(edit(asked, { amount: usd(1) }, decider)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('needs the scope payments:write'),
    })
    const own = await t.ask(200, 'cus_a', editor)
    await expect(edit(own, { amount: usd(1) }, editor)).rejects.toMatchObject({ code: 'forbidden' })
    expect(await edit(asked, { amount: usd(1) }, editor)).toMatchObject({ status: 'approved' })
  })

  test('meets the same demands as who approves; what two decide, one cannot change', async () => {
    await t.rule({ decision: 'ask', when: { currencies: ['USD'] }, demands: { stepUp: true, coolingMinutes: 1 } })
    const asked = await t.ask(200)
    await expect(edit(asked, { amount: usd(1) })).rejects.toMatchObject({ code: 'conflict' })
    t.now += 60_000
    await expect(edit(asked, { amount: usd(1) })).rejects.toMatchObject({ code: 'step_up_required' })
    t.provedUntil = t.now + 1000
    expect(await edit(asked, { amount: usd(1) })).toMatchObject({ status: 'approved' })
    await t.rule({ decision: 'ask', when: { payees: ['cus_b'] }, demands: { secondApprover: true } })
    const both = await t.ask(200, 'cus_b')
    t.now += 60_000
    t.provedUntil = t.now + 1000
    await expect(edit(both, { amount: usd(1) })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('cannot be changed by one'),
    })
  })

  test('what had to wait can be changed to less only, since nobody would have seen more wait', async () => {
    await t.rule({ decision: 'ask', over: usd(150), when: { currencies: ['USD'] }, demands: { coolingMinutes: 10 } })
    const asked = await t.ask(200)
    t.now += 10 * 60_000
    for (const amount of [usd(201), { minor: 100, currency: 'EUR' }]) {
      await expect(edit(asked, { amount })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('had to wait'),
      })
    }
    expect(t.paid).toEqual([])
    expect(await edit(asked, { amount: usd(199), reason: 'Less' })).toMatchObject({ status: 'approved' })
    expect(t.paid).toMatchObject([{ amount: usd(199) }])
  })

  test('an approval with changes that is sent again under its requestId gives the same answer', async () => {
    const asked = await t.ask(200)
    const send = () =>
      t.call('approvals.editAndApprove', {
        approvalId: asked.id,
        digest: asked.digest,
        changes: { amount: usd(5) },
        requestId: 'edit-1',
      })
    const first = await send()
    expect(await send()).toEqual(first)
    expect(t.paid).toHaveLength(1)
  })
})
