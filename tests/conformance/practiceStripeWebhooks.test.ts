import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Bed, client, type Door, failure, openBed, openDoor, openInvoice, payHosted } from './practiceStripeBed'

let bed: Bed
let door: Door
let listening: boolean
let randomly: () => number
beforeEach(async () => {
  listening = true
  const time = { now: () => 0 }
  door = await openDoor(() => time.now())
  // A fixed sequence, so that what a fault does is known.
  let step = 0
  randomly = () => {
    step += 1
    return (step * 0.618034) % 1
  }
  bed = await openBed({
    webhook: () => (listening ? door : null),
    random: () => randomly(),
  })
  time.now = () => bed.clock.now()
})
afterEach(async () => {
  await bed.close()
  await door.close()
})

const types = () => door.received.map(({ event }) => event.type)

test('each event reaches the door once, signed over the very bytes, equal to the event of the API', async () => {
  const { stripe, stand } = bed
  const open = await openInvoice(stripe)
  await payHosted(open)
  await stand.flushWebhooks()
  const events = await stripe.events.list({ limit: 100 })
  expect(new Set(door.received.map(({ event }) => event.id)).size).toBe(events.data.length)
  expect(door.received).toHaveLength(events.data.length)
  for (const { body, signature, event } of door.received) {
    expect(body).toBe(JSON.stringify(JSON.parse(body), null, 2))
    const at = String(Math.floor(bed.clock.at / 1000))
    expect(signature).toBe(`t=${at},v1=${createHmac('sha256', door.secret).update(`${at}.${body}`).digest('hex')}`)
    const listed = events.data.find((candidate) => candidate.id === event.id)
    expect({ ...event, pending_webhooks: 0 }).toEqual({ ...listed })
    expect(event.pending_webhooks).toBe(1)
  }
  const paid = door.received.find(({ event }) => event.type === 'invoice.paid')?.event
  expect(paid).toMatchObject({
    api_version: '2026-10-28.endive',
    livemode: false,
    request: { id: null, idempotency_key: null },
    data: { object: { id: open.id, status: 'paid', hosted_invoice_url: open.hosted_invoice_url } },
  })
})

test('an update names the fields as they were, and a request its key', async () => {
  const { stripe, stand } = bed
  const customer = await stripe.customers.create({ name: 'Ada' })
  await stripe.customers.update(customer.id, { name: 'Ada King' }, { idempotencyKey: 'rename' })
  await stand.flushWebhooks()
  const event = door.received.at(-1)?.event
  expect(event).toMatchObject({
    type: 'customer.updated',
    request: { id: expect.stringMatching(/^req_/), idempotency_key: 'rename' },
  })
  expect(event?.data.previous_attributes).toEqual({ name: 'Ada' })
})

test('a refused delivery is tried again; one without success stays owed over a restart', async () => {
  const { stripe } = bed
  door.answers.push(500, 503)
  const customer = await stripe.customers.create({ name: 'Ada' })
  await vi.waitFor(() => expect(door.received).toHaveLength(3), 10_000)
  expect(new Set(door.received.map(({ event }) => event.id)).size).toBe(1)
  await bed.stand.flushWebhooks()
  expect((await stripe.events.list()).data[0]?.pending_webhooks).toBe(0)

  door.answers.push(500)
  await stripe.customers.update(customer.id, { name: 'Eve' })
  await bed.stand.flushWebhooks()
  expect((await stripe.events.list()).data[0]?.pending_webhooks).toBe(1)
  await bed.restart()
  await bed.stand.flushWebhooks()
  expect(types()).toEqual(['customer.created', 'customer.created', 'customer.created', 'customer.updated', 'customer.updated'])
})

test('nobody listening: nothing is owed, the events are in the list', async () => {
  listening = false
  await bed.stripe.customers.create({ name: 'Ada' })
  listening = true
  await bed.stand.flushWebhooks()
  expect(types()).toEqual([])
  expect((await bed.stripe.events.list()).data).toMatchObject([{ type: 'customer.created', pending_webhooks: 0 }])
})

test('an endpoint made through the API hears what it asked for, with its own secret', async () => {
  listening = false
  const other = await openDoor(() => bed.clock.now())
  const endpoint = await bed.stripe.webhookEndpoints.create({ url: other.url, enabled_events: ['invoice.created'] })
  other.secret = endpoint.secret ?? ''
  await openInvoice(bed.stripe)
  await bed.stand.flushWebhooks()
  expect(other.received.map(({ event }) => event.type)).toEqual(['invoice.created'])
  await other.close()
  expect((await bed.stripe.webhookEndpoints.list()).data[0]).not.toHaveProperty('secret')
  expect(await bed.stripe.webhookEndpoints.del(endpoint.id)).toMatchObject({ deleted: true })
  expect((await bed.stripe.webhookEndpoints.list()).data).toEqual([])
})

test('dropWebhooks: none arrive, the events are in the list', async () => {
  bed.stand.setFaults({ dropWebhooks: 1 })
  await openInvoice(bed.stripe)
  await bed.stand.flushWebhooks()
  expect(types()).toEqual([])
  expect((await bed.stripe.events.list()).data).toHaveLength(7)
})

test('duplicateWebhooks: extra copies of the same event', async () => {
  bed.stand.setFaults({ duplicateWebhooks: 2 })
  await bed.stripe.customers.create({ name: 'Ada' })
  await bed.stand.flushWebhooks()
  expect(types()).toEqual(['customer.created', 'customer.created', 'customer.created'])
  expect(new Set(door.received.map(({ event }) => event.id)).size).toBe(1)
})

test('shuffleWebhooks: held up to N, released in another order, and never kept for ever', async () => {
  randomly = () => 0.999
  bed.stand.setFaults({ shuffleWebhooks: 50 })
  for (let index = 0; index < 20; index += 1) await bed.stripe.customers.create({ name: String(index) })
  await vi.waitFor(() => expect(door.received).toHaveLength(20), 5_000)
  const arrived = door.received.map(({ event }) => event.id)
  const written = (await bed.stripe.events.list({ limit: 20 })).data.map((event) => event.id).reverse()
  expect([...arrived].sort()).toEqual([...written].sort())
  // The released order is the reverse here: more than half of all pairs arrive the other way round.
  const places = arrived.map((id) => written.indexOf(id))
  const swapped = places.flatMap((place, index) => places.slice(index + 1).filter((later) => later < place))
  expect(swapped.length).toBeGreaterThan((20 * 19) / 4)
  await bed.stripe.customers.create({ name: 'held' })
  bed.stand.setFaults({})
  await vi.waitFor(() => expect(door.received).toHaveLength(21), 5_000)
})

test('errorRate: 500 or 429, nothing done, never on the hosted page', async () => {
  const open = await openInvoice(bed.stripe)
  const before = (await bed.stripe.events.list({ limit: 1 })).data[0]?.id
  bed.stand.setFaults({ errorRate: 1 })
  const statuses = new Set<number | undefined>()
  for (let index = 0; index < 12; index += 1) {
    const error = await failure(bed.stripe.customers.create({ name: 'Ada' }))
    statuses.add(error.statusCode)
    expect(error.headers).toMatchObject({ 'stripe-should-retry': 'true' })
  }
  expect([...statuses].sort()).toEqual([429, 500])
  expect((await fetch(open.hosted_invoice_url ?? '')).status).toBe(200)
  expect(await payHosted(open)).toMatchObject({ status: 200 })
  bed.stand.setFaults({})
  expect((await bed.stripe.events.list({ ending_before: before ?? '' })).data.map((event) => event.type)).not.toContain(
    'customer.created',
  )
})

test('timeoutAfterSuccess: done and stored, but the connection is cut; the key finds the result', async () => {
  const { stripe, stand } = bed
  stand.setFaults({ timeoutAfterSuccess: 1 })
  const key = { idempotencyKey: 'lost answer' }
  expect(await failure(stripe.customers.create({ name: 'Ada' }, key))).toMatchObject({ type: 'StripeConnectionError' })
  stand.setFaults({})
  const found = await stripe.customers.create({ name: 'Ada' }, key)
  expect(found.lastResponse.headers['idempotent-replayed']).toBe('true')
  expect((await stripe.customers.list()).data).toHaveLength(1)
  // The SDK itself had tried the closed connection once more, with the same key.
  expect(stand.calls({ limit: 10 }).items.filter((call) => call.idempotencyKey === 'lost answer')).toHaveLength(3)
})

test('a door whose address makes no sense only counts as a failure', async () => {
  door.url = 'ftp://nowhere'
  await bed.stripe.customers.create({ name: 'Ada' })
  await bed.stand.flushWebhooks()
  expect((await bed.stripe.events.list()).data).toMatchObject([{ pending_webhooks: 1 }])
})

test('faults end with the process', async () => {
  bed.stand.setFaults({ errorRate: 1 })
  await bed.restart()
  expect((await client(bed.stand).customers.create({ name: 'Ada' })).name).toBe('Ada')
})
