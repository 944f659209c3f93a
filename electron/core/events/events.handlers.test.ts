import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Input } from '../../../shared/contract/index'
import { sql } from '../db'
import type { Actor } from '../dispatch/actor'
import type { QueryContext, TaskContext } from '../dispatch/handler'
import { EventSync } from './eventSync'
import { eventHandlers } from './events.handlers'
import { keepEvent } from './events.repository'
import { Projector } from './projector'
import { type EventWorld, openEventWorld, silentLogger } from './testing'

let world: EventWorld
let handlers: ReturnType<typeof eventHandlers>
let laid: string[]

beforeEach(() => {
  world = openEventWorld()
  laid = []
  const { gateways } = world
  const deps = {
    database: world.t.db,
    gateways,
    clock: { now: () => world.now },
    logger: silentLogger,
    notifier: { notify: () => undefined },
    publish: () => undefined,
  }
  const projector = new Projector(deps)
  projector.registerProjection('invoice', (_w, { invoiceRef }) => {
    laid.push(invoiceRef)
    return { kind: 'unchanged' }
  })
  handlers = eventHandlers({ gateways, projector, sync: new EventSync({ ...deps, projector, sleep: async () => undefined }) })
})
afterEach(() => world.t.cleanup())

const actor: Actor = { name: 'owner', scopes: new Set() }

async function list(input: Input<'events.list'> = {}) {
  const context: QueryContext = { actor, door: 'api', now: world.now, db: world.t.db.read }
  return handlers['events.list'](context, input)
}

function task(): TaskContext {
  const recorder = { note: () => undefined, changed: () => undefined, settle: () => undefined, spendPermit: () => undefined }
  return {
    actor,
    door: 'api',
    now: world.now,
    database: world.t.db,
    signal: new AbortController().signal,
    body: null,
    ...recorder,
  }
}

async function replay(eventId: string) {
  const handler = handlers['events.replay']
  if (!('task' in handler)) throw new Error('replay is a task')
  return handler.task(task(), { eventId })
}

async function sync(input: Input<'events.sync'> = {}) {
  const handler = handlers['events.sync']
  if (!('task' in handler)) throw new Error('sync is a task')
  return handler.task(task(), input)
}

test('events are listed newest first, by business and status, page by page', async () => {
  const { provider } = world
  world.now += 60_000
  for (let n = 0; n < 5; n++) provider.invoice(`in_${n}`, 1, world.now + n)
  provider.tell('customer.created', 'customer', 'cus_1', world.now)
  expect(await sync()).toEqual({ fetched: 6, applied: 5, gaps: 0 })

  const first = await list({ limit: 4 })
  const second = await list({ limit: 4, cursor: first.nextCursor ?? '' })
  const all = [...first.items, ...second.items]
  expect([first.items.length, second.items.length, second.nextCursor]).toEqual([4, 2, null])
  expect(all.map(({ id }) => id)).toEqual([...all.map(({ id }) => id)].sort().reverse())
  expect(all.find(({ objectId }) => objectId === 'in_3')).toEqual({
    id: expect.stringMatching(/^evt_/),
    businessId: world.businessId,
    provider: 'stripe',
    providerEventId: 'evt_4',
    type: 'invoice.updated',
    objectId: 'in_3',
    occurredAt: world.now + 3,
    receivedAt: world.now,
    via: 'poll',
    status: 'applied',
    attempts: 1,
    problem: null,
  })
  expect((await list({ status: 'ignored' })).items).toMatchObject([{ type: 'customer.created' }])
  expect((await list({ businessId: world.businessId, status: 'dead' })).items).toEqual([])
})

test('a foreign business, a foreign cursor and an unknown event are refused', async () => {
  await expect(list({ businessId: 'biz_none' })).rejects.toMatchObject({ code: 'not_found' })
  await expect(list({ cursor: 'bm8' })).rejects.toMatchObject({ code: 'invalid_input' })
  await expect(replay('evt_none')).rejects.toMatchObject({ code: 'not_found' })
  await expect(sync({ businessId: 'biz_none' })).rejects.toMatchObject({ code: 'not_found' })
})

test('replay applies a dead event again, is harmless for an applied one, and needs the provider', async () => {
  const { provider, businessId, integrationId, t } = world
  const hint = provider.tell('invoice.paid', 'invoice', 'in_1', world.now)
  t.db.write((w) => keepEvent(w, { businessId, integrationId, live: false }, hint, 'webhook', world.now))
  t.db.write((w) => {
    w.run(sql`UPDATE provider_event SET status = 'dead', attempts = 5, problem = 'It does not exist at Stripe.'`)
  })
  const [dead] = (await list({ status: 'dead' })).items
  const id = dead?.id ?? ''
  expect(await replay(id)).toMatchObject({ status: 'pending', attempts: 1, problem: 'It does not exist at Stripe.' })
  provider.invoice('in_1', 1, world.now)
  expect(await replay(id)).toMatchObject({ id, status: 'applied', problem: null })
  expect(await replay(id)).toMatchObject({ id, status: 'applied' })
  expect(laid).toEqual(['in_1', 'in_1'])
  world.gateways.clear()
  await expect(replay(id)).rejects.toMatchObject({ code: 'not_connected' })
  expect((await list()).items).toMatchObject([{ id, status: 'applied' }])
})
