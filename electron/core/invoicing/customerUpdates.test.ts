import { afterEach, beforeEach, expect, test } from 'vitest'
import { customerAtProvider } from '../customers/index'
import { openTestDesk, type TestDesk } from '../payments/testing'

let desk: TestDesk
beforeEach(() => {
  desk = openTestDesk()
})
afterEach(() => desk.cleanup())

/** Puts an invoice to the customer on its way. */
function send(customerId: string): string {
  const { id } = desk.draft(1000, 'USD', customerId)
  desk.run('invoices.send', { invoiceId: id, requestId: id })
  return id
}

const rename = (customerId: string, name: string) => desk.run('customers.update', { customerId, name })
const asked = () => desk.provider.issued.map(({ customer }) => [customer.name, customer.ref !== null, customer.unchanged])

test('a customer that did not change since the last invoice is not sent to the provider again, an edited one is', async () => {
  const { id } = desk.customer('Anna')
  for (const name of [null, null, 'Berta', null]) {
    if (name !== null) rename(id, name)
    desk.at += 1
    send(id)
    await desk.drain()
  }
  expect(asked()).toEqual([
    ['Anna', false, false],
    ['Anna', true, true],
    ['Berta', true, false],
    ['Berta', true, true],
  ])
  expect(customerAtProvider(desk.read, id)).toEqual({ ref: `cus_of_${id}`, version: 2 })
})

test('an invoice with an older version of the customer sends that version, whatever the provider has', async () => {
  const { id } = desk.customer('Anna')
  send(id)
  await desk.drain()
  const late = send(id)
  rename(id, 'Berta')
  await desk.drain()
  expect(asked().at(-1)).toEqual(['Anna', true, false])
  expect(desk.provider.issued.at(-1)?.invoiceId).toBe(late)
})

test('versions that were on their way at the same time leave it open which one the provider has', async () => {
  const { id } = desk.customer('Anna')
  send(id)
  rename(id, 'Berta')
  send(id)
  await desk.drain()
  expect(customerAtProvider(desk.read, id).version).toBeNull()
  desk.at += 1
  send(id)
  await desk.drain()
  expect(asked().at(-1)).toEqual(['Berta', true, false])
  expect(customerAtProvider(desk.read, id).version).toBe(2)
})

test('an older version still held up leaves it open too, until it has ended', async () => {
  const { id } = desk.customer('Anna')
  const held = send(id)
  desk.provider.failures = [{ kind: 'misconfigured', message: 'Stripe does not accept the key.' }]
  await desk.drain()
  rename(id, 'Berta')
  send(id)
  await desk.drain()
  expect(customerAtProvider(desk.read, id).version).toBeNull()
  desk.run('invoices.void', { invoiceId: held, reason: 'Mistake' })
  await desk.drain()
  desk.at += 1
  send(id)
  await desk.drain()
  expect(customerAtProvider(desk.read, id).version).toBe(2)
})
