import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Input } from '../../../shared/contract/index'
import type { AppError } from '../../../shared/errors'
import { appendAudit } from '../audit/index'
import { sql } from '../db'
import { openTestDatabase, type TestDatabase } from '../db/testing'
import type { Actor } from '../dispatch/actor'
import type { QueryContext, TaskContext } from '../dispatch/handler'
import { FakeProvider, silentLogger } from '../events/testing'
import { enqueue, OutboxWorker } from '../outbox/index'
import { Items, revealField } from '../secrets/index'
import { createRecordCipher } from '../vault/index'
import { Gateways, integrationDependants, integrationHandlers, secretsInUse } from './index'

const business = 'biz_1'
const testKey = 'sk_test_canary0001'
const start = Date.UTC(2026, 2, 1)

let t: TestDatabase
let now: number
let provider: FakeProvider
let tried: string[]
let gateways: Gateways
let items: Items
let connected: string[]

beforeEach(() => {
  t = openTestDatabase()
  now = start
  provider = new FakeProvider()
  tried = []
  connected = []
  settled = []
  const key = Buffer.alloc(32, 3)
  items = new Items(createRecordCipher('vault', { recordsKey: () => key, previousRecordsKey: () => null }))
  gateways = newGateways()
  items.registerDependants(
    integrationDependants({ items, gateways, database: t.db, logger: silentLogger, onConnected: () => undefined }),
  )
  t.db.write((w) => {
    for (const id of [business, 'biz_2', 'biz_3', 'biz_4', 'biz_5', 'biz_6']) {
      w.run(
        sql`INSERT INTO business (id, name, currency, country, time_zone, created_at) VALUES (${id}, 'Studio', 'USD', 'US', 'UTC', 0)`,
      )
    }
  })
})
afterEach(() => t.cleanup())

function newGateways(): Gateways {
  return new Gateways((_, secretKey) => {
    tried.push(secretKey)
    return provider
  })
}

const actor: Actor = { name: 'owner', scopes: new Set() }
const recorder = { note: () => undefined, changed: () => undefined }
/** Outputs that were settled in the transaction that made them. */
let settled: unknown[]

function handlers(world: 'live' | 'practice' = 'live', webhookBase: string | null = 'http://127.0.0.1:8999') {
  return integrationHandlers({
    world,
    items,
    reveal: (context, place, procedure, toOutput) =>
      revealField(
        context,
        { items, stepUp: { require: () => undefined, until: () => null }, mayReveal: () => true, countUse: () => undefined },
        place,
        procedure,
        toOutput,
      ),
    gateways,
    isPracticeKey: (key) => key.startsWith('sk_test_practice_'),
    webhookBase: () => webhookBase,
    gapCount: () => 4,
    onConnected: (businessId) => connected.push(businessId),
  })
}

function task(procedure: string): TaskContext {
  const settle: TaskContext['settle'] = (w, output) => {
    w.run(sql`UPDATE business SET version = version + 1`)
    appendAudit(w, { at: now, actor: actor.name, door: 'api', procedure, businessId: null, outcome: 'done', details: {} })
    settled.push(output)
  }
  const { signal } = new AbortController()
  const spendPermit = () => undefined
  return { actor, door: 'api', now, database: t.db, signal, body: null, settle, spendPermit, ...recorder }
}

type Connect = Partial<Input<'integrations.connect'>>

async function connect(more: Connect = {}, world: 'live' | 'practice' = 'live') {
  const handler = handlers(world)['integrations.connect']
  if (!('task' in handler)) throw new Error('connect is a task')
  return handler.task(task('integrations.connect'), { businessId: business, provider: 'stripe', secretKey: testKey, ...more })
}

async function disconnect(businessId = business) {
  const handler = handlers()['integrations.disconnect']
  if (!('task' in handler)) throw new Error('disconnect is a task')
  return handler.task(task('integrations.disconnect'), { businessId, provider: 'stripe' })
}

async function list(input: Input<'integrations.list'> = { businessId: business }, webhookBase: string | null = null) {
  const context: QueryContext = { actor, door: 'api', now, db: t.db.read }
  return handlers('live', webhookBase)['integrations.list'](context, input)
}

async function reveal(businessId = business) {
  const handler = handlers()['integrations.reveal']
  if (!('task' in handler)) throw new Error('reveal is a task')
  return handler.task(task('integrations.reveal'), { businessId, provider: 'stripe' })
}

const refusal = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no refusal',
    (error: AppError) => error.code,
  )

const stored = () => ({
  secrets: t.db.read.get<{ n: number }>(sql`SELECT count(*) AS n FROM secret WHERE destroyed_at IS NULL`)?.n,
  integrations: t.db.read.get<{ n: number }>(sql`SELECT count(*) AS n FROM integration`)?.n,
  mode: t.db.read.get<{ mode: string | null }>(sql`SELECT mode FROM business WHERE id = ${business}`)?.mode,
})

test('a key is tried, then stored sealed, and the business has its mode for ever', async () => {
  const shown = await connect({ webhookSecret: 'whsec_canary0002' })
  expect(shown).toMatchObject({
    businessId: business,
    state: 'test',
    problem: null,
    keyHint: '0001',
    lastSyncAt: null,
    completeSince: start,
    gapCount: 4,
    webhookUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:8999\/webhooks\/stripe\/[A-Za-z0-9_-]{22}$/),
  })
  expect(provider.calls).toEqual(['checkAccount'])
  expect(stored()).toEqual({ secrets: 1, integrations: 1, mode: 'test' })
  expect(connected).toEqual([business])
  expect(settled).toEqual([shown])
  expect(gateways.gatewayFor(business)).toBe(provider)
  t.db.checkpoint()
  for (const suffix of ['', '-wal']) expect(readFileSync(t.file + suffix).includes('canary')).toBe(false)
  expect(JSON.stringify(t.db.read.all(sql`SELECT * FROM integration`))).not.toContain('canary')
  expect((await list()).items).toMatchObject([{ state: 'test', webhookUrl: null }])
})

test('a refused, unreachable or mismatched key stores nothing and says why', async () => {
  provider.fault = () => ({ kind: 'misconfigured', message: 'Stripe refuses the key.' })
  await expect(connect()).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('Stripe refuses the key.'),
  })
  provider.fault = () => ({ kind: 'uncertain', message: 'Stripe could not be reached.' })
  expect(await refusal(connect())).toBe('unavailable')
  provider.fault = () => null
  provider.livemode = true
  expect(await refusal(connect())).toBe('invalid_input')
  expect(stored()).toEqual({ secrets: 0, integrations: 0, mode: null })
  expect(gateways.gatewayFor(business)).toBeNull()
  expect(connected).toEqual([])
  expect(settled).toEqual([])
})

test('worlds stay apart: no real key is sent to a practice provider and no practice key to a real one', async () => {
  expect(await refusal(connect({ secretKey: 'sk_live_00000001' }, 'practice'))).toBe('wrong_world')
  expect(await refusal(connect({ secretKey: testKey }, 'practice'))).toBe('wrong_world')
  expect(await refusal(connect({ secretKey: 'sk_test_practice_0001' }, 'live'))).toBe('wrong_world')
  expect(tried).toEqual([])
  expect(await connect({ secretKey: 'sk_test_practice_0001' }, 'practice')).toMatchObject({ state: 'practice' })
})

test('a business that was test once takes no live key, and the other way round', async () => {
  await connect({ secretKey: 'rk_test_00000001' })
  provider.livemode = true
  expect(await refusal(connect({ secretKey: 'sk_live_00000001' }))).toBe('wrong_world')
  expect(await connect({ businessId: 'biz_2', secretKey: 'rk_live_00000001' })).toMatchObject({ state: 'live' })
  provider.livemode = false
  expect(await refusal(connect({ businessId: 'biz_2' }))).toBe('wrong_world')
  expect(tried.filter((key) => key === testKey)).toEqual([])
})

test('a new key keeps the webhook address, drops the old key and lets paused work go on', async () => {
  const first = await connect()
  const id = t.db.write((w) => enqueue(w, { businessId: business, kind: 'send', subjectId: 'inv_1', now }))
  const worker = new OutboxWorker({ database: t.db, clock: { now: () => now }, logger: silentLogger, publish: () => undefined })
  let works = false
  worker.register<null>('send', {
    perform: async () =>
      works ? { kind: 'succeeded', value: null } : { kind: 'misconfigured', message: 'The key was revoked.' },
    settle: () => undefined,
  })
  await worker.drain()
  expect((await list()).items).toMatchObject([{ problem: 'The key was revoked.' }])

  works = true
  const again = await connect({ secretKey: 'sk_test_canary0009' })
  expect(again).toMatchObject({ webhookUrl: first.webhookUrl, keyHint: '0009', problem: null })
  expect(stored()).toMatchObject({ secrets: 1, integrations: 1 })
  await worker.drain()
  expect(t.db.read.get(sql`SELECT state FROM outbox WHERE id = ${id}`)).toEqual({ state: 'done' })
})

test('W1: after a rotation the signing secret before is good for one more day', async () => {
  await connect({ webhookSecret: 'whsec_first000' })
  await connect({ webhookSecret: 'whsec_second00' })
  const inUse = (at: number) => {
    const entry = gateways.ofBusiness(business)
    return entry === undefined ? [] : secretsInUse(entry, at)
  }
  expect(inUse(now + 86_399_999)).toEqual(['whsec_second00', 'whsec_first000'])
  expect(inUse(now + 86_400_000)).toEqual(['whsec_second00'])
  await connect({ webhookSecret: 'whsec_third000' })
  expect(inUse(now)).toEqual(['whsec_third000', 'whsec_second00'])
  await connect()
  expect(inUse(now)).toEqual(['whsec_third000', 'whsec_second00'])
  expect(stored()).toMatchObject({ secrets: 1 })
})

test('another account is refused once books refer to the first one, and taken before', async () => {
  await connect()
  provider.accountId = 'acct_2'
  await connect()
  t.db.write((w) => enqueue(w, { businessId: business, kind: 'send', subjectId: 'inv_1', now }))
  provider.accountId = 'acct_3'
  expect(await refusal(connect({ secretKey: 'sk_test_canary0009' }))).toBe('conflict')
  expect((await list()).items).toMatchObject([{ keyHint: '0001' }])
  expect(stored()).toMatchObject({ secrets: 1 })
  provider.accountId = ''
  expect(await connect({ secretKey: 'rk_test_canary0008' })).toMatchObject({ keyHint: '0008' })
  provider.accountId = 'acct_3'
  expect(await refusal(connect())).toBe('conflict')
  provider.accountId = 'acct_2'
  expect(await connect({ secretKey: 'sk_test_canary0009' })).toMatchObject({ keyHint: '0009' })
})

test('businesses on one account number their invoices under prefixes of their own, also where an account cannot be seen', async () => {
  const prefix = (id: string) =>
    t.db.read.get<{ prefix: string }>(sql`SELECT invoice_prefix AS prefix FROM business WHERE id = ${id}`)?.prefix
  const notes: object[] = []
  await connect()
  const handler = handlers()['integrations.connect']
  if (!('task' in handler)) throw new Error('connect is a task')
  const context = { ...task('integrations.connect'), note: (details: object) => void notes.push(details) }
  await handler.task(context, { businessId: 'biz_2', provider: 'stripe', secretKey: testKey })
  expect([prefix(business), prefix('biz_2')]).toEqual(['INV', 'INV2'])
  expect(notes).toContainEqual({ invoicePrefix: 'INV2' })
  await disconnect()
  await connect({ businessId: 'biz_3' })
  expect(prefix('biz_3')).toBe('INV3')

  provider.accountId = 'acct_other'
  await connect({ businessId: 'biz_4' })
  expect(prefix('biz_4')).toBe('INV')
  provider.accountId = ''
  await connect({ businessId: 'biz_5' })
  expect(prefix('biz_5')).toBe('INV4')
  provider.accountId = 'acct_third'
  await connect({ businessId: 'biz_6' })
  expect(prefix('biz_6')).toBe('INV')
})

test('disconnecting forgets the keys and keeps the address for the next time', async () => {
  const { webhookUrl } = await connect({ webhookSecret: 'whsec_canary0002' })
  expect(await disconnect()).toMatchObject({ state: 'not_connected', keyHint: null, webhookUrl: null })
  expect(stored()).toMatchObject({ secrets: 0, integrations: 1, mode: 'test' })
  expect(gateways.gatewayFor(business)).toBeNull()
  expect(() => gateways.connectedOrThrow(business)).toThrow('not connected')
  expect(await disconnect()).toMatchObject({ state: 'not_connected' })
  expect(await connect()).toMatchObject({ state: 'test', webhookUrl })
})

test('keys are opened at unlock, kept while locked and gone when sealed; one that cannot be opened says so', async () => {
  await connect({ webhookSecret: 'whsec_canary0002' })
  await connect({ businessId: 'biz_2', secretKey: 'sk_test_canary0003' })
  const path = gateways.ofBusiness(business)?.pathToken ?? ''
  t.db.write((w) => {
    w.run(sql`UPDATE secret_version SET sealed_key = zeroblob(61)
      WHERE secret_id = (SELECT id FROM secret WHERE business_id = 'biz_2')`)
  })
  t.reopen()
  gateways = newGateways()
  expect(gateways.loaded).toBe(false)
  tried = []
  gateways.load(t.db, items, silentLogger)
  expect(tried).toEqual([testKey])
  expect(gateways.byPathToken('stripe', path)).toMatchObject({ businessId: business, mode: 'test' })
  expect((await list({ businessId: 'biz_2' })).items).toMatchObject([{ problem: expect.stringContaining('could not be opened') }])
  const before = gateways.ofBusiness(business)
  gateways.load(t.db, items, silentLogger)
  expect(gateways.ofBusiness(business)).toBe(before)
  gateways.clear()
  expect([gateways.loaded, gateways.all()]).toEqual([false, []])
})

test('a key is shown again only to who may see it, and only while one is stored', async () => {
  await connect()
  expect(await reveal()).toEqual({ secretKey: testKey })
  await expect(reveal('biz_2')).rejects.toThrow('No key is stored')
  await expect(reveal('biz_none')).rejects.toThrow('no such business')
})

test('unknown businesses and cursors are refused', async () => {
  expect(await refusal(connect({ businessId: 'biz_none' }))).toBe('not_found')
  expect(await refusal(disconnect('biz_none'))).toBe('not_found')
  expect(await refusal((async () => list({ businessId: 'biz_none' }))())).toBe('not_found')
  expect(await refusal((async () => list({ businessId: business, cursor: 'WzFd' }))())).toBe('invalid_input')
  expect((await list()).items).toMatchObject([{ state: 'not_connected', webhookUrl: null, gapCount: 0 }])
})
