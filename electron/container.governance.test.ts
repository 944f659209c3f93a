import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Approval } from '../shared/contract/approvals'
import type { Input } from '../shared/contract/index'
import { payeeChecks } from '../shared/contract/payees'
import { type Desk, newRequestId, openDesk } from '../tests/support/desk'
import { errorOf, type LiveApp, openLiveApp, passphrase } from '../tests/support/liveApp'

let live: LiveApp
let desk: Desk

beforeAll(async () => {
  live = await openLiveApp('practice')
  desk = await openDesk(live)
}, 60_000)
afterAll(() => live.close())

type Field = Input<'secrets.create'>['fields'][number]

const usd = (minor: number) => ({ minor, currency: 'USD' })

async function onlyCard(): Promise<Approval> {
  const { items } = await live.call('approvals.list', { status: 'pending' })
  const [card, ...others] = items
  if (card === undefined || others.length > 0) throw new Error('There is not exactly one card')
  return card
}

test('a refund over the limit is made smaller by who approves it, and the smaller one goes out', async () => {
  const payment = await desk.newPayment()
  await live.run('policies.setPreset', { presetId: 'refund_limit', on: true, over: usd(1_000) })
  const ask = { requestId: newRequestId(), paymentId: payment.id, amount: usd(5_000), reason: 'Half of it' }
  expect(await live.call('payments.requestRefund', ask)).toMatchObject({ status: 'awaitingApproval' })
  const { id: approvalId, digest, editable } = await onlyCard()
  expect(editable.map(({ field }) => field)).toEqual(['amount', 'reason'])
  const tooMuch = await live.send('approvals.editAndApprove', { approvalId, digest, changes: { amount: usd(10_001) } })
  expect(errorOf(tooMuch)).toMatchObject({ code: 'conflict', message: expect.stringContaining('can still be refunded') })
  const changes = { amount: usd(2_000), reason: 'A fifth of it' }
  expect(await live.run('approvals.editAndApprove', { approvalId, digest, changes })).toMatchObject({ status: 'approved' })
  await desk.settle()
  expect((await live.call('payments.refunds', { paymentId: payment.id })).items).toMatchObject([
    { amount: usd(2_000), reason: 'A fifth of it', status: 'succeeded' },
  ])
  expect((await live.call('payments.get', { paymentId: payment.id })).refunded).toEqual(usd(2_000))
})

describe('a sensitive item', () => {
  test('is shown once, after an approval and a new proof that it is the owner', async () => {
    const { id: secretId } = await live.run('secrets.create', {
      kind: 'login',
      title: 'Bank',
      sensitive: true,
      fields: [{ name: 'password', type: 'hidden', value: 'hunter2' }],
    })
    await live.run('policies.setPreset', { presetId: 'reveal_sensitive', on: true })
    const reveal = () => live.send('secrets.reveal', { secretId, field: 'password' })
    expect((await reveal()).body).toMatchObject({ status: 'awaitingApproval' })
    const { id: approvalId, digest } = await onlyCard()
    await live.run('approvals.decide', { approvalId, digest, decision: 'approve' })
    expect(errorOf(await reveal())).toMatchObject({ code: 'step_up_required' })
    await live.run('vault.stepUp', { passphrase })
    expect((await reveal()).body).toEqual({ status: 'done', value: { value: 'hunter2' } })
    expect((await reveal()).body).toMatchObject({ status: 'awaitingApproval' })
    await live.run('policies.setPreset', { presetId: 'reveal_sensitive', on: false })
  })
})

describe('a bank account of the vault', () => {
  test('is a payee from the start, held again whenever what is paid to changes, and not for its notes', async () => {
    const { businessId } = desk
    const iban = (value: string) => ({ name: 'IBAN', type: 'text' as const, value })
    const notes = (value: string) => ({ name: 'notes', type: 'multiline' as const, value })
    const made = await live.run('secrets.create', {
      businessId,
      kind: 'bank_account',
      title: 'Landlord',
      fields: [iban('DE89370400440532013000'), notes('Rent')],
    })
    const payee = async () => {
      const { items } = await live.call('payees.list', { businessId, limit: 200 })
      return items.find(({ subjectId }) => subjectId === made.id)
    }
    const first = await payee()
    expect(first).toMatchObject({ kind: 'bank_account', quarantinedUntil: expect.any(Number), checks: [] })
    const { dependants } = await live.call('secrets.get', { secretId: made.id })
    expect(dependants).toEqual([{ kind: 'payee', id: first?.id, label: 'Payee of Mill Street Studio' }])

    let { version } = made
    const update = async (...fields: Field[]) => {
      ;({ version } = await live.run('secrets.update', { secretId: made.id, version, fields }))
    }
    await update(iban('DE89370400440532013000'), notes('Rent of the studio'))
    await update(iban('DE89 3704 0044 0532 0130 00'), notes('Rent'))
    expect(await payee()).toEqual(first)
    await update(iban('DE89370400440532013001'), notes('Rent'))
    const held = await payee()
    expect(held?.checksum).not.toBe(first?.checksum)
    expect(held?.detailsChangedAt).toBeGreaterThanOrEqual(first?.detailsChangedAt ?? 0)
  })

  test('is not let go by the script that changed it, nor by one made with its token', async () => {
    const { businessId } = desk
    const make = async (token?: string) => {
      const input = { name: 'Script', scopes: ['secrets:write', 'policies:write', 'tokens:write'], expiresInHours: 1 }
      return ((await live.send('tokens.create', input, token)).body as { value: { token: string } }).value.token
    }
    const [script, other] = [await make(), await make()]
    const child = await make(script)
    const fields: Field[] = [{ name: 'IBAN', type: 'text', value: 'DE89370400440532013000' }]
    const input = { businessId, kind: 'bank_account', title: 'Printer', fields }
    const made = (await live.send('secrets.create', input, script)).body as { value: { id: string } }
    const { items } = await live.call('payees.list', { businessId, limit: 200 })
    const payee = items.find(({ subjectId }) => subjectId === made.value.id)
    const held = { payeeId: payee?.id ?? '', checksum: payee?.checksum ?? '' }
    const tick = { ...held, check: 'document_seen', done: true }
    for (const hand of [script, child]) {
      expect(errorOf(await live.send('payees.check', tick, hand))).toMatchObject({
        code: 'forbidden',
        message: expect.stringContaining('somebody else'),
      })
    }
    for (const check of payeeChecks) expect((await live.send('payees.check', { ...tick, check }, other)).status).toBe(200)
    expect((await live.send('payees.release', held, child)).status).toBe(403)
    expect((await live.send('payees.release', held, other)).status).toBe(200)
  })

  test('is not let go by the script that changed it first, after another script has changed something else', async () => {
    const { businessId } = desk
    const make = async () =>
      (await live.run('tokens.create', { name: 'Script', scopes: ['secrets:write', 'policies:write'], expiresInHours: 1 })).token
    const [first, second, third] = [await make(), await make(), await make()]
    const fields = (iban: string, bic: string): Field[] => [
      { name: 'IBAN', type: 'text', value: iban },
      { name: 'BIC', type: 'text', value: bic },
    ]
    const whole = { businessId, kind: 'bank_account', title: 'Courier', fields: fields('DE89370400440532013000', 'COBADEFF') }
    const made = (await live.send('secrets.create', whole, first)).body as { value: { id: string; version: number } }
    const { id: secretId, version } = made.value
    const bic = { secretId, version, fields: fields('DE89370400440532013000', 'COBADEFFXXX') }
    expect((await live.send('secrets.update', bic, second)).status).toBe(200)
    const { items } = await live.call('payees.list', { businessId, limit: 200 })
    const payee = items.find(({ subjectId }) => subjectId === secretId)
    const held = { payeeId: payee?.id ?? '', checksum: payee?.checksum ?? '' }
    const ticks = payeeChecks.map((check) => ({ ...held, check, done: true }))
    for (const hand of [first, second]) {
      expect(errorOf(await live.send('payees.check', ticks[0], hand))).toMatchObject({ code: 'forbidden' })
    }
    for (const tick of ticks) expect((await live.send('payees.check', tick, third)).status).toBe(200)
    for (const hand of [first, second]) {
      expect(errorOf(await live.send('payees.release', held, hand))).toMatchObject({ code: 'forbidden' })
    }
    expect((await live.send('payees.release', held, third)).status).toBe(200)
  })

  test('is not let go by the script that gave the value of a rotation, or of a version put back, though the owner put it in force', async () => {
    const { businessId } = desk
    const { token: giver } = await live.run('tokens.create', {
      name: 'Giver',
      scopes: ['secrets:write', 'policies:write'],
      expiresInHours: 1,
    })
    const fields = (value: string): Field[] => [{ name: 'Account', type: 'hidden', value }]
    const own = { businessId, kind: 'bank_account', title: 'Studio rent', fields: fields('11111111') } as const
    const { id: secretId } = await live.run('secrets.create', own)
    const version = async () => (await live.call('secrets.get', { secretId })).version
    const held = async () => {
      const { items } = await live.call('payees.list', { businessId, limit: 200 })
      const payee = items.find(({ subjectId }) => subjectId === secretId)
      return { payeeId: payee?.id ?? '', checksum: payee?.checksum ?? '' }
    }
    const letGo = async () => {
      for (const check of payeeChecks) await live.run('payees.check', { ...(await held()), check, done: true })
      await live.run('payees.release', await held())
    }
    const tickByGiver = async () =>
      errorOf(await live.send('payees.check', { ...(await held()), check: 'document_seen', done: true }, giver))
    await letGo()
    const start = { secretId, version: await version(), fields: fields('99999999') }
    expect((await live.send('secrets.startRotation', start, giver)).status).toBe(200)
    await live.run('secrets.testRotation', { secretId, confirmedByOwner: true })
    await live.run('secrets.finishRotation', { secretId, overlapHours: 0 })
    expect(await tickByGiver()).toMatchObject({ code: 'forbidden', message: expect.stringContaining('somebody else') })
    await letGo()

    const update = { secretId, version: await version(), fields: fields('88888888') }
    expect((await live.send('secrets.update', update, giver)).status).toBe(200)
    const given = await version()
    await letGo()
    await live.run('secrets.update', { secretId, version: given, fields: fields('11111111') })
    await letGo()
    await live.run('secrets.restoreVersion', { secretId, version: await version(), restore: given })
    expect(await tickByGiver()).toMatchObject({ code: 'forbidden' })
  })

  test('is held whatever the type of the field is that money is paid to', async () => {
    const { businessId } = desk
    const fields: Field[] = [{ name: 'IBAN', type: 'text', value: 'DE89370400440532013000' }]
    const { id: secretId } = await live.run('secrets.create', { businessId, kind: 'bank_account', title: 'Supplier', fields })
    const checksum = async () => {
      const { items } = await live.call('payees.list', { businessId, limit: 200 })
      return items.find(({ subjectId }) => subjectId === secretId)?.checksum
    }
    const seen = new Set([await checksum()])
    let version = 1
    for (const [type, value] of [
      ['multiline', 'DE89370400440532013000'],
      ['multiline', 'DE02120300000000202051'],
      ['email', 'pay@supplier.example'],
      ['email', 'pay@elsewhere.example'],
      ['phone', '+49 30 1234567'],
    ] as const) {
      ;({ version } = await live.run('secrets.update', { secretId, version, fields: [{ name: 'IBAN', type, value }] }))
      seen.add(await checksum())
    }
    expect(seen.size).toBe(5)
  })
})

test('a plan of a script goes out as a whole, once the owner says so', async () => {
  const token = await live.run('tokens.create', {
    name: 'Planner',
    scopes: ['rates:write', 'customers:write', 'approvals:read'],
    expiresInHours: 1,
  })
  const { businessId } = desk
  const steps = [
    { procedure: 'customers.create', input: { businessId, name: 'Ada Brook', email: 'ada@brook.example' } },
    { procedure: 'rates.set', input: { businessId, base: 'EUR', quote: 'USD', on: '2026-01-10', rate: '1.1' } },
  ]
  const proposed = await live.send('approvals.propose', { title: 'Set up', steps }, token.token)
  const { planId, approvalIds } = (proposed.body as { value: { planId: string; approvalIds: string[] } }).value
  const { items } = await live.call('approvals.list', { status: 'pending', limit: 200 })
  const cards = approvalIds.map((id) => items.find((item) => item.id === id))
  expect(JSON.stringify(cards)).not.toContain('Brook')
  const digest = Buffer.from(
    await crypto.subtle.digest('SHA-256', Buffer.from(cards.map((card) => card?.digest).join(''))),
  ).toString('hex')
  const decided = await live.run('approvals.decidePlan', { planId, digest, decision: 'approve' })
  expect(decided.items.map(({ status }) => status)).toEqual(['approved', 'approved'])
  expect((await live.call('customers.list', { businessId, query: 'Ada Brook' })).items).toHaveLength(1)
})
