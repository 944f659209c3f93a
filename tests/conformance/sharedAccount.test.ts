import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Invoice } from '../../shared/contract/invoices'
import { invoiceInput, newRequestId } from '../support/desk'
import { type LiveApp, openLiveApp, practiceKey, practiceWebhookSecret } from '../support/liveApp'

let live: LiveApp
beforeAll(async () => {
  live = await openLiveApp('practice')
})
afterAll(() => live.close())

/** A business connected to the one account of the practice provider, with a customer. */
async function newBusiness(name: string) {
  const place = { country: 'US', timeZone: 'America/New_York' }
  const { id: businessId } = await live.run('businesses.create', { name, currency: 'USD', ...place })
  const keys = { secretKey: practiceKey, webhookSecret: practiceWebhookSecret }
  await live.run('integrations.connect', { businessId, provider: 'stripe', ...keys })
  const customer = { businessId, name: `Customer of ${name}`, email: 'post@customer.example' }
  return { businessId, customerId: (await live.run('customers.create', customer)).id }
}

async function allOf(businessId: string): Promise<Invoice[]> {
  const { items } = await live.call('invoices.list', { businessId, limit: 200 })
  return items.toReversed()
}

async function onceSent(businessId: string): Promise<Invoice[]> {
  for (let tries = 0; tries < 500; tries++) {
    const invoices = await allOf(businessId)
    if (invoices.every(({ status }) => status !== 'sending')) return invoices
    await sleep(20)
  }
  throw new Error('The invoices were not sent')
}

const perBusiness = 12

test('two businesses on one account send at the same time: every invoice is issued, numbered gapless in each, none under a taken number', async () => {
  const businesses = [await newBusiness('Mill Street Studio'), await newBusiness('Second Street Studio')]
  const drafts: Invoice[] = []
  for (let n = 0; n < perBusiness; n++) {
    for (const { businessId, customerId } of businesses) {
      drafts.push(await live.run('invoices.create', invoiceInput(businessId, customerId)))
    }
  }
  await Promise.all(drafts.map(({ id }) => live.run('invoices.send', { invoiceId: id, requestId: newRequestId() })))
  const sent = await Promise.all(businesses.map(({ businessId }) => onceSent(businessId)))

  const expected = (prefix: string) =>
    Array.from({ length: perBusiness }, (_, n) => `${prefix}-${String(n + 1).padStart(4, '0')}`)
  expect(sent.map((invoices) => invoices.map(({ number }) => number).toSorted())).toEqual([expected('INV'), expected('INV2')])
  expect(new Set(sent.flat().map(({ status, problem }) => `${status} ${problem}`))).toEqual(new Set(['open null']))

  for (const invoices of sent) {
    const { hostedInvoiceUrl } = invoices[0] ?? {}
    await fetch(`${hostedInvoiceUrl}/pay`, { method: 'POST', body: new URLSearchParams({ card: '4242424242424242' }) })
  }
  await live.run('events.sync', {})
  for (const { businessId } of businesses) {
    expect((await allOf(businessId)).map(({ status }) => status).filter((status) => status === 'paid')).toEqual(['paid'])
  }
})

test('a number that the account took elsewhere is told in words; the copy goes out under the next one', async () => {
  const { businessId, customerId } = await newBusiness('Third Street Studio')
  const account = new URL(live.app.practiceOrigin ?? '')
  const headers = { authorization: `Bearer ${practiceKey}`, 'content-type': 'application/x-www-form-urlencoded' }
  const post = async (path: string, body: Record<string, string>) => {
    const answer = await fetch(new URL(path, account), { method: 'POST', headers, body: new URLSearchParams(body) })
    expect(answer.status).toBe(200)
    return (await answer.json()) as { id: string }
  }
  const { id: customer } = await post('/v1/customers', { name: 'Somebody', email: 'somebody@customer.example' })
  await post('/v1/invoices', { customer, number: 'INV3-0001', collection_method: 'send_invoice', days_until_due: '30' })

  const draft = await live.run('invoices.create', invoiceInput(businessId, customerId))
  await live.run('invoices.send', { invoiceId: draft.id, requestId: newRequestId() })
  const [refused] = await onceSent(businessId)
  expect(refused).toMatchObject({ status: 'void', number: 'INV3-0001' })
  expect(refused?.problem).toContain('another invoice of the account has it already. Nothing was sent')
  const copy = await live.run('invoices.duplicate', { invoiceId: draft.id })
  await live.run('invoices.send', { invoiceId: copy.id, requestId: newRequestId() })
  expect((await onceSent(businessId)).map(({ number, status }) => `${number} ${status}`)).toEqual([
    'INV3-0001 void',
    'INV3-0002 open',
  ])
})
