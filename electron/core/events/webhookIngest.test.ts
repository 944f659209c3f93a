import { afterEach, beforeEach, expect, test } from 'vitest'
import { openReader, sql } from '../db'
import type { ProviderEventHint } from '../ports/paymentGateway'
import { type EventWorld, fakeReader, openEventWorld, silentLogger } from './testing'
import { WebhookIngest, type WebhookIngestDeps } from './webhookIngest'

let world: EventWorld
beforeEach(() => {
  world = openEventWorld()
})
afterEach(() => world.t.cleanup())

function ingestOf(more: Partial<WebhookIngestDeps> = {}): WebhookIngest {
  return new WebhookIngest({
    database: world.t.db,
    gateways: world.gateways,
    reader: fakeReader,
    clock: { now: () => world.now },
    logger: silentLogger,
    publish: () => undefined,
    onKept: () => undefined,
    ...more,
  })
}

function deliver(
  ingest: WebhookIngest,
  hint: ProviderEventHint,
  more: { signature?: string | undefined; pathToken?: string } = {},
) {
  const { pathToken = world.pathToken } = more
  const signature = 'signature' in more ? more.signature : 'whsec_now'
  return ingest.ingest({ provider: 'stripe', pathToken, rawBody: Buffer.from(JSON.stringify(hint)), signature })
}

const rows = () =>
  world.t.db.read.all<{ id: string; status: string }>(
    sql`SELECT provider_event_id AS id, status FROM provider_event ORDER BY seq`,
  )

test('W3: a webhook is acknowledged when its event can be read back by another connection, not before', async () => {
  const ingest = ingestOf()
  const hint = world.provider.tell('invoice.paid', 'invoice', 'in_1', world.now)
  const answer = deliver(ingest, hint)
  expect(rows()).toEqual([])
  expect(await answer).toEqual({ status: 200 })
  const other = openReader({ file: world.t.file, key: world.t.key })
  expect(
    other.read.get(sql`SELECT provider_event_id AS id, type, object_id AS objectId, via, status FROM provider_event`),
  ).toEqual({
    id: 'evt_1',
    type: 'invoice.paid',
    objectId: 'in_1',
    via: 'webhook',
    status: 'pending',
  })
  other.close()
})

test('W3: deliveries that come together share commits of at most 64', async () => {
  let commits = 0
  world.t.db.afterCommit(() => commits++)
  let kept = 0
  const ingest = ingestOf({ onKept: () => kept++ })
  const hints = Array.from({ length: 130 }, (_, n) => world.provider.tell('invoice.paid', 'invoice', `in_${n}`, world.now))
  const answers = await Promise.all(hints.map((hint) => deliver(ingest, hint)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(rows().map(({ id }) => id)).toEqual(hints.map((hint) => hint.providerEventId))
  expect([commits, kept]).toEqual([3, 3])
})

test('W2: an event delivered again, alone or in one batch, is kept once and acknowledged each time', async () => {
  let kept = 0
  const ingest = ingestOf({ onKept: () => kept++ })
  const hint = world.provider.tell('invoice.paid', 'invoice', 'in_1', world.now)
  const first = await Promise.all([deliver(ingest, hint), deliver(ingest, hint)])
  const again = await deliver(ingest, hint)
  expect([...first, again]).toEqual([{ status: 200 }, { status: 200 }, { status: 200 }])
  expect(rows()).toHaveLength(1)
  expect(kept).toBe(1)
})

test('W1: an unknown address is 404, a bad or missing signature 400, and nothing is kept', async () => {
  const ingest = ingestOf()
  const hint = world.provider.tell('invoice.paid', 'invoice', 'in_1', world.now)
  expect(await deliver(ingest, hint, { pathToken: 'q'.repeat(22) })).toEqual({ status: 404 })
  expect(await deliver(ingest, hint, { signature: 'whsec_other' })).toEqual({ status: 400 })
  expect(await deliver(ingest, hint, { signature: undefined })).toEqual({ status: 400 })
  expect(rows()).toEqual([])
})

test('W3: what cannot be kept is told to come back: sealed, over the bound, closed, or a commit that fails', async () => {
  const hint = world.provider.tell('invoice.paid', 'invoice', 'in_1', world.now)
  const comeBack = { status: 503, retryAfterSeconds: 1 }

  const narrow = ingestOf({ bound: 2 })
  const answers = await Promise.all([deliver(narrow, hint), deliver(narrow, hint), deliver(narrow, hint)])
  expect(answers).toEqual([{ status: 200 }, { status: 200 }, comeBack])

  narrow.stop()
  expect(await deliver(narrow, hint)).toEqual(comeBack)

  const failing = ingestOf()
  let broken = true
  world.t.db.beforeCommit(() => {
    if (broken) throw new Error('disk full')
  })
  const other = world.provider.tell('invoice.paid', 'invoice', 'in_2', world.now)
  expect(await deliver(failing, other)).toEqual(comeBack)
  broken = false
  expect(rows()).toHaveLength(1)
  expect(await deliver(failing, other)).toEqual({ status: 200 })

  world.gateways.clear()
  expect(await deliver(failing, other)).toEqual(comeBack)
})

test('W3: an event that the database refuses spoils no other of its batch', async () => {
  const ingest = ingestOf()
  const good = world.provider.tell('invoice.paid', 'invoice', 'in_1', world.now)
  const bad = { ...world.provider.tell('invoice.paid', 'invoice', 'in_2', world.now), providerEventId: 'x'.repeat(300) }
  const later = world.provider.tell('invoice.paid', 'invoice', 'in_3', world.now)
  expect(await Promise.all([good, bad, later].map((hint) => deliver(ingest, hint)))).toEqual([
    { status: 200 },
    { status: 503, retryAfterSeconds: 1 },
    { status: 200 },
  ])
  expect(rows().map(({ id }) => id)).toEqual([good.providerEventId, later.providerEventId])
})

test('stop commits what waits', async () => {
  const ingest = ingestOf()
  const answer = deliver(ingest, world.provider.tell('invoice.paid', 'invoice', 'in_1', world.now))
  ingest.stop()
  expect(rows()).toHaveLength(1)
  expect(await answer).toEqual({ status: 200 })
})

test('events that change nothing in the books, or are of the other mode, are kept as ignored', async () => {
  const ingest = ingestOf()
  const { provider } = world
  await Promise.all([
    deliver(ingest, provider.tell('customer.created', 'customer', 'cus_1', world.now)),
    deliver(ingest, provider.tell('invoice.upcoming', 'invoice', null, world.now)),
    deliver(ingest, { ...provider.tell('invoice.paid', 'invoice', 'in_1', world.now), livemode: true }),
    deliver(ingest, provider.tell('charge.updated', 'payment', 'pi_1', world.now)),
  ])
  expect(rows().map(({ status }) => status)).toEqual(['ignored', 'ignored', 'ignored', 'pending'])
})
