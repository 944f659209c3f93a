import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../db'
import type { Actor } from '../dispatch/actor'
import type { Handlers } from '../dispatch/handler'
import { FakeProvider, silentLogger } from '../events/testing'
import { enqueue, OutboxWorker } from '../outbox/index'
import type { PaymentGateway } from '../ports/paymentGateway'
import { revealField } from '../secrets/index'
import { field, openTestVault, type TestVault } from '../secrets/testing'
import { Gateways, integrationDependants, integrationHandlers, type KeyUse, keyUses, secretsInUse, stripeTester } from './index'

const hour = 3_600_000
const first = 'sk_test_first00001'
const second = 'sk_test_second0002'

let vault: TestVault
let provider: FakeProvider
let gateways: Gateways
/** Keys that gateways were made with, in order. */
let made: string[]
let used: KeyUse[]
let businessId: string
let reconnected: string[]

beforeEach(async () => {
  vault = openTestVault()
  provider = new FakeProvider()
  made = []
  used = []
  reconnected = []
  const { db } = vault.test
  gateways = new Gateways(
    (_, secretKey) => {
      made.push(secretKey)
      return provider
    },
    (use) => used.push(use),
  )
  const { items } = vault
  const isPracticeKey = (key: string) => key.startsWith('sk_test_practice_')
  const onConnected = (id: string) => reconnected.push(id)
  items.registerDependants(integrationDependants({ items, gateways, database: db, logger: silentLogger, onConnected }))
  db.afterCommit(() => items.settle())
  vault.testers.set('stripe', stripeTester({ world: 'live', gateways, isPracticeKey, read: db.read }))
  const handlers = integrationHandlers({
    world: 'live',
    items,
    gateways,
    isPracticeKey,
    webhookBase: () => null,
    gapCount: () => 0,
    onConnected: () => undefined,
    reveal: (context, place, procedure, toOutput) =>
      revealField(
        context,
        { items, stepUp: vault.deps.stepUp, mayReveal: () => true, countUse: () => undefined },
        place,
        procedure,
        toOutput,
      ),
  })
  for (const name of Object.keys(handlers) as (keyof typeof handlers)[])
    vault.handle(name, handlers[name] as Handlers<typeof name>[typeof name])
  businessId = await vault.business()
})
afterEach(() => vault.cleanup())

const connect = (secretKey: string, webhookSecret?: string, actor: Actor = vault.owner) =>
  vault.run(
    'integrations.connect',
    { businessId, provider: 'stripe', secretKey, ...(webhookSecret === undefined ? {} : { webhookSecret }) },
    actor,
  )
const items = async () => (await vault.call('secrets.list', { businessId })).items
const only = async () => {
  const [item] = await items()
  if (item === undefined) throw new Error('No item is kept')
  return vault.call('secrets.get', { secretId: item.id })
}
const row = () =>
  vault.test.db.read.get<{ hint: string | null; previous: number | null }>(
    sql`SELECT key_hint AS hint, webhook_previous AS previous FROM integration WHERE business_id = ${businessId}`,
  )
const signing = (at = vault.now) => {
  const connected = gateways.ofBusiness(businessId)
  return connected === undefined ? [] : secretsInUse(connected, at)
}

describe('the key of an integration', () => {
  test('is an item of the vault with its integration as dependant; connecting again is its next version', async () => {
    await connect(first, 'whsec_first001')
    const item = await only()
    expect(item).toMatchObject({
      businessId,
      kind: 'stripe',
      title: 'Stripe of Mill Street Studio',
      hint: 'api.stripe.com',
      version: 1,
      rotation: { everyDays: 90 },
      dependants: [{ kind: 'integration', label: 'Stripe of Mill Street Studio' }],
      fields: [
        { name: 'Secret key', type: 'hidden', value: null },
        { name: 'Webhook secret', type: 'hidden', value: null },
      ],
    })
    await vault.run('secrets.update', { secretId: item.id, version: 1, tags: ['money'] })
    vault.now += 1000
    await connect(second)
    expect(await only()).toMatchObject({ id: item.id, version: 3, tags: ['money'], rotation: { changedAt: vault.now } })
    expect(await vault.run('secrets.reveal', { secretId: item.id, field: 'Webhook secret' })).toEqual({ value: 'whsec_first001' })
    expect([row(), signing()]).toEqual([{ hint: '0002', previous: null }, ['whsec_first001']])
    await connect(second)
    expect((await only()).version).toBe(3)
    const uses = (await vault.call('secrets.usage', { secretId: item.id, limit: 50 })).items
    expect(uses.map(({ action, procedure }) => `${action} ${procedure}`)).toEqual([
      'revealed secrets.reveal',
      'changed integrations.connect',
      'changed secrets.update',
      'created integrations.connect',
    ])
  })

  test('cannot be deleted or typed over while it is in use, and is gone when Stripe is disconnected', async () => {
    await connect(first)
    const { id: secretId } = await only()
    await expect(vault.run('secrets.delete', { secretId, version: 1 })).rejects.toThrow(
      'Stripe of Mill Street Studio uses this secret',
    )
    const fields = [field('Secret key', second)]
    await expect(vault.run('secrets.update', { secretId, version: 1, fields })).rejects.toMatchObject({ code: 'conflict' })
    await vault.run('integrations.disconnect', { businessId, provider: 'stripe' })
    expect(await items()).toEqual([])
    await expect(vault.run('secrets.undelete', { secretId })).rejects.toMatchObject({ code: 'not_found' })
    await connect(second)
    expect((await only()).id).not.toBe(secretId)
  })

  test('is shown under Settings with everything that stands before a reveal', async () => {
    await connect(first)
    const { id: secretId } = await only()
    expect(await vault.inWindow('integrations.reveal', { businessId, provider: 'stripe' })).toEqual({ secretKey: first })
    const [use] = (await vault.call('secrets.usage', { secretId })).items
    expect(use).toMatchObject({ action: 'revealed', procedure: 'integrations.reveal', door: 'window', field: 'Secret key' })
    await vault.run('secrets.update', { secretId, version: 1, sensitive: true })
    await expect(vault.inWindow('integrations.reveal', { businessId, provider: 'stripe' })).rejects.toMatchObject({
      code: 'step_up_required',
    })
    await vault.call('policies.setPreset', { presetId: 'reveal_sensitive', on: true })
    vault.provedUntil = vault.now + 1000
    const caller = { actor: vault.owner, door: 'window' } as const
    const asked = await vault.dispatcher.call('integrations.reveal', { businessId, provider: 'stripe' }, caller)
    expect(asked.status).toBe('awaitingApproval')
    const [card] = (await vault.call('approvals.list', { status: 'pending' })).items
    expect(card?.facts).toMatchObject({
      businessId,
      what: 'Show a stored provider key',
      after: { secret: secretId, sensitive: 'yes' },
    })
  })

  test('is used at once when a rotation of it is finished, and again when it is cancelled', async () => {
    await connect(first, 'whsec_first001')
    const { id: secretId } = await only()
    const outboxId = vault.test.db.write((w) => enqueue(w, { businessId, kind: 'send', subjectId: 'inv_1', now: vault.now }))
    const worker = new OutboxWorker({
      database: vault.test.db,
      clock: { now: () => vault.now },
      logger: silentLogger,
      publish: () => undefined,
    })
    worker.register<null>('send', {
      perform: async () => ({ kind: 'misconfigured', message: 'The key was revoked.' }),
      settle: () => undefined,
    })
    await worker.drain()
    const state = () => vault.test.db.read.get<{ state: string }>(sql`SELECT state FROM outbox WHERE id = ${outboxId}`)?.state
    expect(state()).toBe('paused')

    const rotated = [field('Secret key', second), field('Webhook secret', 'whsec_second02')]
    const started = await vault.run('secrets.startRotation', { secretId, version: 1, fields: rotated })
    expect(started.rotation.steps.join(' ')).toMatch(/Stripe/)
    made = []
    expect(await vault.run('secrets.testRotation', { secretId })).toMatchObject({ rotation: { phase: 'tested', problem: null } })
    expect(made).toEqual([second])
    expect(row()).toEqual({ hint: '0001', previous: null })
    await vault.run('secrets.finishRotation', { secretId })
    expect(made).toEqual([second, second])
    expect([row(), signing(), state(), reconnected]).toEqual([
      { hint: '0002', previous: 1 },
      ['whsec_second02', 'whsec_first001'],
      'waiting',
      [businessId],
    ])
    expect(signing(vault.now + 24 * hour)).toEqual(['whsec_second02'])
    await vault.run('secrets.cancelRotation', { secretId })
    expect(made.at(-1)).toBe(first)
    expect([row(), signing()]).toEqual([{ hint: '0001', previous: 2 }, ['whsec_first001', 'whsec_second02']])
    await worker.stop(100)
  })
})

describe('the test of a Stripe key', () => {
  const tester = () => vault.testers.get('stripe')
  const tryKey = async (fields: Record<string, string>, business: string | null = businessId) =>
    tester()?.test(new Map(Object.entries(fields).map(([name, value]) => [name, Buffer.from(value)])), { businessId: business })

  test('asks Stripe, and only once the mode is sure to fit vault and business', async () => {
    expect(await tryKey({ secretkey: first })).toEqual({ ok: true, message: 'Stripe takes this key.' })
    expect(made).toEqual([first])
    await connect(first)
    made = []
    for (const [fields, words] of [
      [{ secretkey: 'pk_test_12345678' }, 'no Stripe secret key'],
      [{}, 'no Stripe secret key'],
      [{ secretkey: 'sk_test_practice_1' }, 'practice world'],
      [{ secretkey: 'sk_live_12345678' }, 'test money for ever'],
      [{ secretkey: second, webhooksecret: 'secret' }, 'whsec_'],
    ] as const) {
      expect(await tryKey(fields)).toEqual({ ok: false, message: expect.stringContaining(words) })
    }
    expect(made).toEqual([])
    expect(await tryKey({ secretkey: 'sk_live_12345678' }, null)).toMatchObject({
      ok: false,
      message: expect.stringContaining('other mode'),
    })
  })

  test('says in words what Stripe says, never the key', async () => {
    for (const [outcome, words] of [
      [{ kind: 'misconfigured', message: 'It was revoked.' }, 'does not take this key. It was revoked.'],
      [{ kind: 'declined', code: 'x', message: 'Not allowed.' }, 'does not take this key. Not allowed.'],
      [{ kind: 'uncertain', message: 'No answer.' }, 'could not be tried. No answer.'],
    ] as const) {
      provider.fault = () => outcome
      const said = await tryKey({ secretkey: first })
      expect(said).toEqual({ ok: false, message: expect.stringContaining(words) })
      expect(JSON.stringify(said)).not.toContain(first)
    }
  })

  test('refuses a key of another account once books refer to the first', async () => {
    await connect(first)
    provider.accountId = 'acct_other'
    expect(await tryKey({ secretkey: second })).toMatchObject({ ok: true })
    vault.test.db.write((w) => enqueue(w, { businessId, kind: 'send', subjectId: 'inv_1', now: vault.now }))
    expect(await tryKey({ secretkey: second })).toMatchObject({ ok: false, message: expect.stringContaining('another account') })
    provider.accountId = ''
    expect(await tryKey({ secretkey: second })).toMatchObject({ ok: true })
  })
})

describe('the app’s own use of a key', () => {
  test('is told of every call that goes to the provider, and of no other', async () => {
    await connect(first)
    const gateway = gateways.gatewayFor(businessId) as PaymentGateway
    const { id: secretId } = await only()
    expect(used).toEqual([])
    gateway.invoiceProblem({ lines: [], total: { minor: 1, currency: 'USD' } } as never)
    expect(used).toEqual([])
    await gateway.readInvoice('in_1')
    await gateway.listEvents({ since: 0, cursor: null })
    expect(used).toEqual(Array(2).fill({ secretId, businessId, mode: 'test' }))
  })

  test('is noted once an hour and key, proved by an audit row, also over restarts; work goes on where it cannot be noted', async () => {
    await connect(first)
    const { id: secretId } = await only()
    const { db } = vault.test
    const warned: unknown[] = []
    const logger = { ...silentLogger, warn: (details: object) => void warned.push(details) }
    const notes = () => keyUses({ database: db, items: vault.items, clock: { now: () => vault.now }, logger })
    let note = notes()
    const use: KeyUse = { secretId, businessId, mode: 'test' }
    const noted = () =>
      db.read.get<{ n: number }>(sql`SELECT count(*) AS n FROM audit_row WHERE procedure = 'integrations.use'`)?.n
    for (let minute = 0; minute < 120; minute++) {
      note(use)
      if (minute === 30) note = notes()
      vault.now += 60_000
    }
    expect(noted()).toBe(2)
    const [last] = (await vault.call('secrets.usage', { secretId })).items
    expect(last).toMatchObject({
      action: 'used',
      actor: 'schedule:stripe',
      host: 'api.stripe.com',
      procedure: 'integrations.use',
    })
    expect((await only()).lastUsedAt).toBe(last?.at)
    vault.now += hour
    db.write(() => note(use))
    expect([noted(), warned.length]).toEqual([2, 1])
    note(use)
    expect(noted()).toBe(3)
  })
})
