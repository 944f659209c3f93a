import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bed, client, failure, openBed, openInvoice, payHosted, SECRET_KEY } from './practiceStripeBed'

let bed: Bed
beforeEach(async () => {
  bed = await openBed()
})
afterEach(() => bed.close())

test('the same key and body answer with the first result, also after a restart, and act once', async () => {
  const options = { idempotencyKey: 'create-ada' }
  const first = await bed.stripe.customers.create({ name: 'Ada', email: 'a@example.com' }, options)
  expect(first.lastResponse.headers).toMatchObject({ 'idempotency-key': 'create-ada' })
  expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined()
  await bed.restart()
  // The order of parameters does not make another request.
  const again = await bed.stripe.customers.create({ email: 'a@example.com', name: 'Ada' }, options)
  expect(again.id).toBe(first.id)
  expect(again).toEqual(first)
  expect(again.lastResponse.headers).toMatchObject({
    'idempotent-replayed': 'true',
    'original-request': first.lastResponse.requestId,
  })
  expect(again.lastResponse.requestId).not.toBe(first.lastResponse.requestId)
  expect((await bed.stripe.customers.list()).data).toHaveLength(1)
  expect((await bed.stripe.events.list()).data).toHaveLength(1)
})

test('the same key with another body or path is idempotency_error', async () => {
  const { stripe } = bed
  await stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k' })
  expect(await failure(stripe.customers.create({ name: 'Eve' }, { idempotencyKey: 'k' }))).toMatchObject({
    type: 'StripeIdempotencyError',
    rawType: 'idempotency_error',
    statusCode: 400,
    message: expect.stringContaining('same parameters'),
  })
  expect(
    await failure(stripe.taxRates.create({ display_name: 'x', percentage: 1, inclusive: false }, { idempotencyKey: 'k' })),
  ).toMatchObject({
    type: 'StripeIdempotencyError',
    message: expect.stringContaining("('/v1/tax_rates' vs '/v1/customers')"),
  })
  expect((await stripe.customers.list()).data).toHaveLength(1)
})

test('refusals before execution leave the key free, outcomes of execution keep it', async () => {
  const { stripe, stand } = bed
  const key = { idempotencyKey: 'once' }
  expect(await failure(client(stand, 'sk_test_wrong_0123456789').customers.create({ name: 'Ada' }, key))).toMatchObject({
    statusCode: 401,
  })
  expect(await failure(stripe.customers.create({ name: 'x'.repeat(257) }, key))).toMatchObject({ statusCode: 400 })
  stand.setFaults({ errorRate: 1 })
  expect([429, 500]).toContain((await failure(stripe.customers.create({ name: 'Ada' }, key))).statusCode)
  stand.setFaults({})
  const made = await stripe.customers.create({ name: 'Ada' }, key)
  expect(made.name).toBe('Ada')

  const open = await openInvoice(stripe)
  const pay = { idempotencyKey: 'pay' }
  const params = { payment_method: 'pm_card_visa_chargeDeclined' }
  const declined = await failure(stripe.invoices.pay(open.id, params, pay))
  expect(await failure(stripe.invoices.pay(open.id, params, pay))).toMatchObject({ statusCode: 402, message: declined.message })
  expect((await stripe.charges.list()).data).toHaveLength(1)

  const refund = { idempotencyKey: 'refund' }
  expect(await failure(stripe.refunds.create({ charge: 'ch_none' }, refund))).toMatchObject({ code: 'resource_missing' })
  expect(await failure(stripe.refunds.create({ charge: 'ch_none' }, refund))).toMatchObject({ code: 'resource_missing' })
})

test('many requests at once with one key make one refund', async () => {
  const { stripe } = bed
  const open = await openInvoice(stripe)
  await payHosted(open)
  const [charge] = (await stripe.charges.list()).data
  const refunds = await Promise.all(
    Array.from({ length: 20 }, () => stripe.refunds.create({ charge: charge?.id ?? '', amount: 100 }, { idempotencyKey: 'one' })),
  )
  expect(new Set(refunds.map((refund) => refund.id)).size).toBe(1)
  expect((await stripe.refunds.list()).data).toHaveLength(1)
})

test('a key is forgotten after a day, as Stripe may', async () => {
  const { stripe } = bed
  const first = await stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k' })
  bed.clock.at += 86_399_000
  expect((await stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k' })).id).toBe(first.id)
  bed.clock.at += 1_000
  expect((await stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k' })).id).not.toBe(first.id)
})

test('a key of more than 255 characters is refused', async () => {
  expect(await failure(bed.stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k'.repeat(256) }))).toMatchObject({
    statusCode: 400,
  })
})

test('the record of calls names each request with its key and outcome, newest first, page by page, over a restart', async () => {
  const { stripe } = bed
  await stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k' })
  await stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k' })
  await failure(stripe.customers.retrieve('cus_nobody'))
  await stripe.customers.list({ limit: 3 })
  await fetch(`${bed.stand.url}/v1/nothing`, { headers: { Authorization: `Bearer ${SECRET_KEY}` } })
  await bed.restart()
  const { items, next } = bed.stand.calls({ limit: 3 })
  expect(items).toMatchObject([
    { method: 'GET', path: '/v1/nothing', status: 404, idempotencyKey: null },
    { method: 'GET', path: '/v1/customers', status: 200, idempotencyKey: null, at: bed.clock.at },
    { method: 'GET', path: '/v1/customers/cus_nobody', status: 404, idempotencyKey: null },
  ])
  expect(bed.stand.calls({ limit: 3, before: next ?? 0 })).toMatchObject({
    items: [
      { method: 'POST', path: '/v1/customers', status: 200, idempotencyKey: 'k' },
      { method: 'POST', path: '/v1/customers', status: 200, idempotencyKey: 'k' },
    ],
    next: null,
  })
})
