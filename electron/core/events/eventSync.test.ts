import { afterEach, beforeEach, expect, test } from 'vitest'
import { sql } from '../db'
import { EventSync } from './eventSync'
import { keepEvent } from './events.repository'
import { Projector } from './projector'
import { type EventWorld, openEventWorld, silentLogger, worldStart } from './testing'

const minute = 60_000
const day = 86_400_000

let world: EventWorld
let laid: string[]
let slept: number[]
let projector: Projector
let sync: EventSync

beforeEach(() => {
  world = openEventWorld()
  laid = []
  slept = []
  const deps = {
    database: world.t.db,
    gateways: world.gateways,
    clock: { now: () => world.now },
    logger: silentLogger,
    notifier: { notify: () => undefined },
    publish: () => undefined,
  }
  projector = new Projector(deps)
  projector.registerProjection('invoice', (_w, { invoiceRef }) => {
    laid.push(invoiceRef)
    return { kind: 'changed', details: { invoiceRef }, topics: [] }
  })
  projector.registerProjection('refund', (_w, { refundRef }) => {
    laid.push(refundRef)
    return { kind: 'changed', details: { refundRef }, topics: [] }
  })
  sync = new EventSync({ ...deps, projector, sleep: async (ms) => void slept.push(ms) })
})
afterEach(() => world.t.cleanup())

const integration = () =>
  world.t.db.read.get<{ cursorAt: number; lastSyncAt: number | null; completeSince: number; problem: string | null }>(
    sql`SELECT cursor_at AS cursorAt, last_sync_at AS lastSyncAt, complete_since AS completeSince, problem FROM integration`,
  )

test('events whose webhooks were lost are fetched and applied; a second sync finds nothing new', async () => {
  const { provider } = world
  world.now += minute
  provider.invoice('in_1', 1, world.now - 1000)
  provider.invoice('in_2', 1, world.now - 500)
  provider.tell('customer.created', 'customer', 'cus_1', world.now - 400)
  expect(await sync.sync()).toEqual({ fetched: 3, applied: 2, gaps: 0 })
  expect(laid.sort()).toEqual(['in_1', 'in_2'])
  expect(integration()).toMatchObject({ lastSyncAt: world.now, problem: null, completeSince: worldStart })
  expect(await sync.sync(world.businessId)).toEqual({ fetched: 3, applied: 0, gaps: 0 })
})

test('an event that came by webhook and was not applied yet counts as applied by the sync, one applied before does not', async () => {
  const { provider, businessId, integrationId } = world
  world.now += minute
  const hint = provider.invoice('in_1', 1, world.now)
  world.t.db.write((w) => keepEvent(w, { businessId, integrationId, live: false }, hint, 'webhook', world.now))
  expect(await sync.sync()).toEqual({ fetched: 1, applied: 1, gaps: 0 })
  expect(world.t.db.read.all(sql`SELECT via FROM provider_event`)).toEqual([{ via: 'webhook' }])
})

test('every page is fetched, and polls overlap by ten minutes', async () => {
  const { provider } = world
  provider.pageSize = 2
  world.now += day
  for (let n = 0; n < 5; n++) provider.invoice(`in_${n}`, 1, world.now - 20 * minute + n * minute)
  expect(await sync.sync()).toMatchObject({ fetched: 5, applied: 5 })
  expect(integration()?.cursorAt).toBe(world.now - 16 * minute)
  provider.invoice('in_late', 1, world.now - 26 * minute)
  provider.invoice('in_too_late', 1, world.now - 26 * minute - 1)
  expect(await sync.sync()).toEqual({ fetched: 6, applied: 1, gaps: 0 })
  expect(laid).toContain('in_late')
})

test('without news the cursor trails our clock by a day, and it never moves back', async () => {
  world.now += 40 * 3_600_000
  await sync.sync()
  expect(integration()?.cursorAt).toBe(world.now - day)
  world.now -= 20 * 3_600_000
  await sync.sync()
  expect(integration()?.cursorAt).toBe(worldStart + 40 * 3_600_000 - day)
})

test('a cursor older than 29 days reads invoices and their refunds again and says since when events are complete', async () => {
  const { provider } = world
  provider.invoice('in_1', 2, worldStart + day)
  provider.invoice('in_2', 0, worldStart + day)
  const currency = 'USD'
  provider.refunds.set('re_1', {
    refundRef: 're_1',
    refundId: null,
    paymentRef: 'pi_in_1_0',
    amount: { minor: 1, currency },
    status: 'succeeded',
    failureReason: null,
    createdAt: 1,
    fee: null,
  })
  provider.pageSize = 1
  world.now += 31 * day
  expect(await sync.sync()).toEqual({ fetched: 0, applied: 0, gaps: 0 })
  expect(laid).toEqual(['in_1', 're_1', 'in_2'])
  expect(integration()).toMatchObject({ completeSince: world.now - 29 * day, cursorAt: world.now - day })
})

test('a fallback that could not read everything is done again', async () => {
  const { provider } = world
  provider.invoice('in_1', 1, worldStart + day)
  world.now += 31 * day
  provider.fault = (call) => (call === 'readInvoice' ? { kind: 'uncertain', message: 'No answer.' } : null)
  await expect(sync.sync()).rejects.toMatchObject({ code: 'unavailable' })
  expect(integration()?.cursorAt).toBe(worldStart)
  provider.fault = () => null
  await sync.sync()
  expect(laid).toEqual(['in_1'])
})

test('a shaky line is tried a few times; a dead one is said, kept with the integration, and heals', async () => {
  const { provider } = world
  world.now += minute
  provider.invoice('in_1', 1, world.now)
  let failures = 2
  provider.fault = () => (failures-- > 0 ? { kind: 'uncertain', message: 'No answer.' } : null)
  expect(await sync.sync()).toEqual({ fetched: 1, applied: 1, gaps: 0 })
  expect(slept).toEqual([200, 500])
  provider.fault = () => ({ kind: 'uncertain', message: 'No answer.' })
  await expect(sync.sync()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('No answer.') })
  expect(integration()?.problem).toBe('No answer.')
  await sync.poll()
  provider.fault = () => null
  await sync.poll()
  expect(integration()?.problem).toBeNull()
})

test('events whose object cannot be read now are tried in a few rounds and reported as gaps', async () => {
  const { provider } = world
  world.now += minute
  provider.invoice('in_1', 1, world.now)
  provider.invoice('in_2', 1, world.now)
  let failures = 2
  provider.fault = (call, about) => {
    if (call !== 'readInvoice') return null
    if (about === 'in_1') return { kind: 'uncertain', message: 'No answer.' }
    return failures-- > 0 ? { kind: 'uncertain', message: 'No answer.' } : null
  }
  expect(await sync.sync()).toEqual({ fetched: 2, applied: 1, gaps: 1 })
  expect(laid).toEqual(['in_2'])
  expect(slept).toEqual([200, 500, 1000])
  provider.fault = () => null
  expect(await sync.sync()).toEqual({ fetched: 2, applied: 1, gaps: 0 })
})

test('a misconfigured key is not hammered', async () => {
  world.provider.fault = () => ({ kind: 'misconfigured', message: 'The key was revoked.' })
  await expect(sync.sync()).rejects.toMatchObject({ code: 'unavailable' })
  expect(world.provider.calls).toEqual(['listEvents'])
  expect(integration()?.problem).toBe('The key was revoked.')
})

test('a sync during another one waits for it and looks again', async () => {
  const { provider } = world
  world.now += minute
  let second: Promise<unknown> | undefined
  let listing = 0
  let most = 0
  provider.hold = async (call) => {
    if (call !== 'listEvents') return
    most = Math.max(most, ++listing)
    if (second === undefined) {
      second = sync.sync()
      provider.invoice('in_1', 1, world.now)
      await new Promise((resolve) => setImmediate(resolve))
    }
    listing--
  }
  expect(await sync.sync()).toEqual({ fetched: 0, applied: 0, gaps: 0 })
  expect(await second).toEqual({ fetched: 1, applied: 1, gaps: 0 })
  expect(most).toBe(1)
})

test('a business that is not connected is said so; a vault without providers has nothing to fetch', async () => {
  await expect(sync.sync('biz_other')).rejects.toMatchObject({ code: 'not_connected' })
  world.gateways.clear()
  expect(await sync.sync()).toEqual({ fetched: 0, applied: 0, gaps: 0 })
})

test('after stop nothing is written, also by a run under way', async () => {
  const { provider } = world
  world.now += minute
  provider.invoice('in_1', 1, world.now)
  let stopping: Promise<void> | undefined
  provider.hold = async () => {
    stopping = sync.stop()
  }
  await expect(sync.sync()).rejects.toMatchObject({ code: 'unavailable' })
  await stopping
  expect(world.t.db.read.all(sql`SELECT 1 FROM provider_event`)).toEqual([])
  expect(integration()).toMatchObject({ lastSyncAt: null, problem: null })
  await expect(sync.sync()).rejects.toMatchObject({ code: 'unavailable' })
})
