import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sql } from '../db'
import type { ProviderEventHint, ProviderInvoice } from '../ports/paymentGateway'
import { gapCount, keepEvent } from './events.repository'
import { type Applied, Projector } from './projector'
import { type EventWorld, openEventWorld, silentLogger } from './testing'

let world: EventWorld
let notices: string[]
beforeEach(() => {
  world = openBooks()
  notices = []
})
afterEach(() => world.t.cleanup())

function openBooks(): EventWorld {
  const opened = openEventWorld()
  opened.t.db.write((w) => w.run(sql`CREATE TABLE laid (ref TEXT PRIMARY KEY NOT NULL, paid INTEGER NOT NULL) STRICT`))
  return opened
}

/** The books of these tests: how much of each invoice was paid, which only grows. */
function layInvoice(w: Parameters<Parameters<EventWorld['t']['db']['write']>[0]>[0], seen: ProviderInvoice): Applied {
  const { invoiceRef, amountPaid } = seen
  const before = w.get<{ paid: number }>(sql`SELECT paid FROM laid WHERE ref = ${invoiceRef}`)
  if (before !== undefined && before.paid >= amountPaid.minor) return { kind: 'unchanged' }
  w.run(
    sql`INSERT INTO laid (ref, paid) VALUES (${invoiceRef}, ${amountPaid.minor}) ON CONFLICT (ref) DO UPDATE SET paid = excluded.paid`,
  )
  return { kind: 'changed', details: { paid: amountPaid.minor }, topics: ['invoices'] }
}

const books = () =>
  Object.fromEntries(
    world.t.db.read
      .all<{ ref: string; paid: number }>(sql`SELECT ref, paid FROM laid ORDER BY ref`)
      .map(({ ref, paid }) => [ref, paid]),
  )

function projectorOf(lay: (...args: Parameters<typeof layInvoice>) => Applied = layInvoice): Projector {
  const projector = new Projector({
    database: world.t.db,
    gateways: world.gateways,
    clock: { now: () => world.now },
    logger: silentLogger,
    notifier: { notify: ({ title }) => notices.push(title) },
    publish: () => undefined,
  })
  projector.registerProjection('invoice', lay)
  projector.registerProjection('refund', () => ({ kind: 'foreign' }))
  return projector
}

function keep(...hints: ProviderEventHint[]): void {
  const { businessId, integrationId } = world
  world.t.db.write((w) => {
    for (const hint of hints) keepEvent(w, { businessId, integrationId, live: false }, hint, 'webhook', world.now)
  })
}

const events = () =>
  world.t.db.read.all<{ id: string; status: string; attempts: number; problem: string | null }>(
    sql`SELECT provider_event_id AS id, status, attempts, problem FROM provider_event ORDER BY seq`,
  )

test('several pending events about one object are one reading, one change and one audit row', async () => {
  const { provider } = world
  keep(provider.invoice('in_1', 0, 1), provider.invoice('in_1', 3, 2), provider.tell('charge.updated', 'payment', 'pi_in_1_0', 3))
  await projectorOf().drain()
  expect(provider.calls.filter((call) => call === 'readInvoice in_1').length).toBeLessThanOrEqual(2)
  expect(books()).toEqual({ in_1: 3 })
  expect(events().map(({ status }) => status)).toEqual(['applied', 'applied', 'applied'])
  const audit = world.t.db.read.all<{ actor: string; door: string; procedure: string; details: string }>(
    sql`SELECT actor, door, procedure, details FROM audit_row WHERE procedure = 'events.apply'`,
  )
  expect(audit).toHaveLength(1)
  expect(audit[0]).toMatchObject({ actor: 'provider:stripe', door: 'webhook', procedure: 'events.apply' })
  expect(JSON.parse(audit[0]?.details ?? '')).toMatchObject({ objectKind: 'invoice', objectRef: 'in_1', paid: 3 })
})

test('what is not of our books is ignored: a foreign object, a payment without an invoice', async () => {
  const { provider } = world
  keep(provider.invoice('in_1', 1, 1), provider.tell('charge.updated', 'payment', 'pi_elsewhere', 2))
  await projectorOf(() => ({ kind: 'foreign' })).drain()
  expect(events().map(({ status }) => status)).toEqual(['ignored', 'ignored'])
})

test('the end of events and the change of the books are one commit', async () => {
  keep(world.provider.invoice('in_1', 2, 1))
  let broken = true
  world.t.db.beforeCommit(() => {
    if (broken && books().in_1 === 2) throw new Error('power cut')
  })
  const projector = projectorOf()
  await projector.drain()
  expect(books()).toEqual({})
  expect(events()).toMatchObject([{ status: 'pending' }])
  broken = false
  world.now += 1000
  await projector.drain()
  expect(books()).toEqual({ in_1: 2 })
  expect(events()).toMatchObject([{ status: 'applied' }])
})

test('an event that arrives during the reading of its object leads to another reading', async () => {
  const { provider } = world
  keep(provider.invoice('in_1', 1, 1))
  let arrived = false
  provider.hold = async () => {
    if (arrived) return
    arrived = true
    keep(provider.invoice('in_1', 5, 2))
    keep(provider.tell('charge.updated', 'payment', 'pi_in_1_0', 3))
  }
  await projectorOf().drain()
  expect(books()).toEqual({ in_1: 5 })
  expect(events().map(({ status }) => status)).toEqual(['applied', 'applied', 'applied'])
})

test('two ways to one object are never read at the same time, so an older state is not laid over a newer one', async () => {
  const { provider } = world
  keep(provider.invoice('in_1', 1, 1), provider.tell('charge.updated', 'payment', 'pi_in_1_0', 2))
  let reading = 0
  let most = 0
  provider.hold = async (call) => {
    if (call !== 'readInvoice') return
    most = Math.max(most, ++reading)
    await new Promise((resolve) => setTimeout(resolve, 5))
    reading--
  }
  await projectorOf().drain()
  expect(most).toBe(1)
  expect(events().map(({ status }) => status)).toEqual(['applied', 'applied'])
})

test('W4: five failures put an event on the dead-letter list with an alert, and it stays a gap until it is replayed', async () => {
  keep(world.provider.tell('invoice.paid', 'invoice', 'in_gone', 1))
  const projector = projectorOf()
  const seen: string[] = []
  for (let n = 0; n < 8; n++) {
    await projector.drain()
    seen.push(`${events()[0]?.status} ${events()[0]?.attempts}`)
    world.now += 10_000
  }
  expect(seen).toEqual(['pending 1', 'pending 2', 'pending 3', 'pending 4', 'dead 5', 'dead 5', 'dead 5', 'dead 5'])
  expect(events()[0]?.problem).toBe('It does not exist at Stripe.')
  expect(notices).toEqual(['A Stripe event could not be applied'])
  expect(gapCount(world.t.db.read, world.integrationId)).toBe(1)
})

test('W4: a projection that throws counts as a failure and writes nothing', async () => {
  keep(world.provider.invoice('in_1', 1, 1))
  const projector = projectorOf((w, seen) => {
    layInvoice(w, seen)
    throw new Error('defect')
  })
  await projector.drain()
  expect(books()).toEqual({})
  expect(events()).toMatchObject([{ status: 'pending', attempts: 1, problem: 'It does not fit the books.' }])
})

test('W4: a hundred poison events among a thousand hold nothing up', async () => {
  const { provider } = world
  const hints = Array.from({ length: 1000 }, (_, n) =>
    n % 10 === 3 ? provider.tell('invoice.paid', 'invoice', `in_gone_${n}`, n) : provider.invoice(`in_${n}`, 1, n),
  )
  keep(...hints)
  await projectorOf().drain()
  const counts = world.t.db.read.all(sql`SELECT status, count(*) AS n FROM provider_event GROUP BY status ORDER BY status`)
  expect(counts).toEqual([
    { status: 'applied', n: 900 },
    { status: 'pending', n: 100 },
  ])
})

test('an unreachable or misconfigured provider delays events for as long as it lasts and kills none', async () => {
  const { provider } = world
  keep(provider.invoice('in_1', 1, 1))
  const projector = projectorOf()
  provider.fault = () => ({ kind: 'uncertain', message: 'No answer.' })
  for (let n = 0; n < 12; n++) {
    await projector.drain()
    world.now += 3_600_000
  }
  expect(events()).toMatchObject([{ status: 'pending', attempts: 0, problem: 'No answer.' }])
  provider.fault = () => ({ kind: 'misconfigured', message: 'The key was revoked.' })
  await projector.drain()
  world.now += 3_600_000
  expect(world.t.db.read.get(sql`SELECT problem FROM integration`)).toEqual({ problem: 'The key was revoked.' })
  provider.fault = () => null
  await projector.drain()
  expect(events()).toMatchObject([{ status: 'applied', problem: null }])
  expect(notices).toEqual([])
})

test('events of a provider that is not connected wait', async () => {
  keep(world.provider.invoice('in_1', 1, 1))
  world.gateways.clear()
  await projectorOf().drain()
  expect(world.provider.calls).toEqual([])
  expect(events()).toMatchObject([{ status: 'pending', attempts: 0 }])
})

test('a started projector goes on with what an earlier run left, and follows wake', async () => {
  const { provider } = world
  const laid: string[] = []
  let arrived: () => void = () => undefined
  const next = () => new Promise<void>((resolve) => (arrived = resolve))
  const projector = projectorOf((w, seen) => {
    laid.push(seen.invoiceRef)
    arrived()
    return layInvoice(w, seen)
  })
  keep(provider.invoice('in_1', 1, 1))
  const first = next()
  projector.start()
  await first
  const second = next()
  keep(provider.invoice('in_2', 1, 1))
  projector.wake()
  await second
  await projector.stop()
  keep(provider.invoice('in_3', 1, 1))
  projector.wake()
  await projector.drain()
  expect(laid).toEqual(['in_1', 'in_2'])
})

test('W2: events shuffled, repeated, lost to crashes and shaky lines end in the state of the provider, each change once', async () => {
  const told = fc.record({ invoice: fc.integer({ min: 0, max: 3 }), copies: fc.integer({ min: 1, max: 5 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(told, { minLength: 1, maxLength: 20 }), fc.infiniteStream(fc.nat(999)), async (stream, dice) => {
      world.t.cleanup()
      world = openBooks()
      const { provider } = world
      const roll = (percent: number) => (dice.next().value ?? 0) % 100 < percent
      const paid: Record<string, number> = {}
      const deliveries: ProviderEventHint[] = []
      for (const [at, { invoice, copies }] of stream.entries()) {
        const ref = `in_${invoice}`
        paid[ref] = (paid[ref] ?? 0) + 1
        const hint = provider.invoice(ref, paid[ref], at)
        for (let n = 0; n < copies; n++) deliveries.splice((dice.next().value ?? 0) % (deliveries.length + 1), 0, hint)
      }
      let shaky = true
      provider.fault = () => (shaky && roll(30) ? { kind: 'uncertain', message: 'No answer.' } : null)
      let changes = 0
      const lay: typeof layInvoice = (w, seen) => {
        const applied = layInvoice(w, seen)
        if (applied.kind === 'changed') changes++
        return applied
      }
      let projector = projectorOf(lay)
      for (const hint of deliveries) {
        keep(hint)
        if (roll(40)) await projector.drain()
        if (roll(10)) {
          void projector.drain()
          await projector.stop(0)
          world.t.reopen()
          projector = projectorOf(lay)
        }
        world.now += 1000
      }
      shaky = false
      world.now += 3_600_000
      await projector.drain()
      expect(books()).toEqual(paid)
      expect(events().every(({ status }) => status === 'applied')).toBe(true)
      expect(events()).toHaveLength(stream.length)
      expect(world.t.db.read.get(sql`SELECT count(*) AS n FROM audit_row WHERE procedure = 'events.apply'`)).toEqual({
        n: changes,
      })
    }),
    { numRuns: 25 },
  )
})
