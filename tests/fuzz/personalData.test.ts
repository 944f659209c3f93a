import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Desk, invoiceInput, newRequestId, openDesk } from '../support/desk'
import { type LiveApp, openLiveApp } from '../support/liveApp'
import { dumpTables } from '../support/tables'

let live: LiveApp
let desk: Desk
beforeAll(async () => {
  live = await openLiveApp('practice')
  desk = await openDesk(live)
}, 60_000)
afterAll(() => live.close())

const person = {
  name: 'Kanarienvogel Zwitscher',
  email: 'tweet@kanarien.example',
  address: { line1: 'Vogelweg 77', city: 'Piepsheim', postalCode: '99077', country: 'DE' },
}
const traces = /kanarien|zwitscher|tweet|vogelweg|piepsheim|99077/i

test('a customer’s data stands in no table in the open, after everything that can be done with a customer', async () => {
  const { businessId } = desk
  const { id: customerId } = await live.run('customers.create', { businessId, ...person, requestId: newRequestId() })
  await live.run('customers.update', { customerId, name: 'Zwitscher & Kanarien', requestId: newRequestId() })
  const draft = await live.run('invoices.create', invoiceInput(businessId, customerId))
  await live.run('invoices.send', { invoiceId: draft.id, requestId: newRequestId() })
  await desk.settle()
  const { hostedInvoiceUrl } = await live.call('invoices.get', { invoiceId: draft.id })
  await fetch(`${hostedInvoiceUrl}/pay`, { method: 'POST', body: new URLSearchParams({ card: '4242424242424242' }) })
  await live.run('events.sync', {})
  await desk.settle()
  const [payment] = (await live.call('payments.list', { businessId, customerId })).items
  const refund = { paymentId: payment?.id ?? '', amount: { minor: 100, currency: 'USD' }, reason: 'Asked' }
  await live.run('payments.requestRefund', { ...refund, requestId: newRequestId() })
  await desk.settle()

  for (const procedure of ['customers.create', 'customers.update', 'invoices.create', 'invoices.send']) {
    await live.run('policies.set', { procedure, decision: 'ask' })
  }
  const parked = [
    await live.call('customers.create', { businessId, ...person, requestId: newRequestId() }),
    await live.call('customers.update', { customerId, email: 'tweet2@kanarien.example', requestId: newRequestId() }),
    await live.call('invoices.create', { ...invoiceInput(businessId, customerId), requestId: newRequestId() }),
  ]
  expect(parked.map(({ status }) => status)).toEqual(Array(3).fill('awaitingApproval'))
  const cards = (await live.call('approvals.list', { status: 'pending' })).items
  for (const [index, { id: approvalId, digest }] of cards.entries()) {
    await live.run('approvals.decide', {
      approvalId,
      digest,
      decision: index === 0 ? 'deny' : 'approve',
      requestId: newRequestId(),
    })
  }
  await live.send('customers.create', { businessId, ...person, email: 'no address' })
  await live.send('customers.get', { customerId: 'Kanarienvogel' })
  expect((await live.call('customers.list', { businessId, query: 'zwitscher' })).items).toHaveLength(1)
  expect((await live.call('invoices.list', { businessId, query: 'zwitscher' })).items.length).toBeGreaterThan(0)

  const dump = dumpTables(live.db)
  expect(dump).toContain(customerId)
  expect(dump).not.toMatch(traces)
  const answers = [
    await live.call('approvals.list', {}),
    await live.call('audit.list', { limit: 200 }),
    await live.call('events.list', {}),
  ]
  expect(JSON.stringify(answers)).not.toMatch(traces)
})

test('no file of the vault holds it, nor a key or passphrase, in the open', () => {
  for (const name of readdirSync(live.dataDir, { recursive: true, encoding: 'utf8' })) {
    const path = join(live.dataDir, name)
    if (!statSync(path).isFile() || name.startsWith('practice-stripe.db')) continue
    const text = readFileSync(path, 'latin1')
    expect([name, traces.exec(text)?.[0] ?? null]).toEqual([name, null])
    expect([name, /sk_test_practice|whsec_practice|quiet herons/.exec(text)?.[0] ?? null]).toEqual([name, null])
  }
})
