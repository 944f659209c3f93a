import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bed, failure, openBed, openInvoice, payHosted } from './practiceStripeBed'

let bed: Bed
let stripe: Stripe
const customers: string[] = []
let paid: Stripe.Invoice
beforeAll(async () => {
  bed = await openBed()
  stripe = bed.stripe
  for (let index = 0; index < 23; index += 1) {
    bed.clock.at += index % 3 === 0 ? 1_000 : 0
    const email = index % 2 === 0 ? 'even@example.com' : 'odd@example.com'
    customers.unshift((await stripe.customers.create({ name: `Customer ${index}`, email })).id)
  }
  paid = await openInvoice(stripe)
  await payHosted(paid)
})
afterAll(() => bed.close())

const ids = (list: { data: { id: string }[] }) => list.data.map((item) => item.id)

test('newest first, ten unless asked, cursors in both directions, has_more in the direction of reading', async () => {
  const all = (await stripe.customers.list({ limit: 100 })).data.slice(1)
  expect(ids({ data: all })).toEqual(customers)
  const first = await stripe.customers.list()
  expect(first).toMatchObject({ object: 'list', url: '/v1/customers', has_more: true })
  expect(first.data).toHaveLength(10)
  const second = await stripe.customers.list({ limit: 5, starting_after: customers[4] ?? '' })
  expect(ids(second)).toEqual(customers.slice(5, 10))
  const back = await stripe.customers.list({ limit: 3, ending_before: customers[8] ?? '' })
  expect(ids(back)).toEqual(customers.slice(5, 8))
  expect(back.has_more).toBe(true)
  expect(await stripe.customers.list({ limit: 100, starting_after: customers[20] ?? '' })).toMatchObject({ has_more: false })
  expect(await stripe.customers.list({ limit: 10, ending_before: customers[2] ?? '' })).toMatchObject({ has_more: false })
  expect(await stripe.customers.list({ limit: 4 }).autoPagingToArray({ limit: 1000 })).toHaveLength(24)
})

test('limits and cursors that make no sense are refused', async () => {
  expect(await failure(stripe.customers.list({ limit: 0 }))).toMatchObject({ statusCode: 400, param: 'limit' })
  expect(await failure(stripe.customers.list({ limit: 101 }))).toMatchObject({ statusCode: 400, param: 'limit' })
  expect(await failure(stripe.customers.list({ starting_after: 'cus_nobody' }))).toMatchObject({
    code: 'resource_missing',
    param: 'starting_after',
  })
  expect(await failure(stripe.customers.list({ starting_after: paid.id }))).toMatchObject({ code: 'resource_missing' })
  const both = { starting_after: customers[0] ?? '', ending_before: customers[1] ?? '' }
  expect(await failure(stripe.customers.list(both))).toMatchObject({ code: 'parameters_exclusive' })
})

test('filters: e-mail, customer, status, source, type, created', async () => {
  expect((await stripe.customers.list({ email: 'odd@example.com', limit: 100 })).data).toHaveLength(11)
  const { created } = await stripe.customers
    .retrieve(customers[10] ?? '')
    .then((found) => ('created' in found ? found : { created: 0 }))
  const since = await stripe.customers.list({ created: { gte: created }, limit: 100 })
  expect(since.data.every((item) => item.created >= created)).toBe(true)
  const before = await stripe.customers.list({ created: { lt: created }, limit: 100 })
  expect(since.data.length + before.data.length).toBe(24)
  expect(ids(await stripe.customers.list({ created }))).toHaveLength(3)

  expect(ids(await stripe.invoices.list({ customer: String(paid.customer), status: 'paid' }))).toEqual([paid.id])
  expect(ids(await stripe.invoices.list({ status: 'draft' }))).toEqual([])
  const [payment] = (await stripe.invoicePayments.list({ invoice: paid.id, status: 'paid' })).data
  const intent = String(payment?.payment.payment_intent)
  expect(ids(await stripe.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: intent } }))).toEqual([
    payment?.id,
  ])
  const [charge] = (await stripe.charges.list({ payment_intent: intent })).data
  const refund = await stripe.refunds.create({ charge: charge?.id ?? '', amount: 5 })
  expect(ids(await stripe.refunds.list({ charge: charge?.id ?? '' }))).toEqual([refund.id])
  expect(ids(await stripe.refunds.list({ payment_intent: intent }))).toEqual([refund.id])
  expect((await stripe.balanceTransactions.list({ source: charge?.id ?? '' })).data).toMatchObject([{ type: 'charge' }])
  expect((await stripe.balanceTransactions.list({ type: 'refund', currency: 'usd' })).data).toMatchObject([{ source: refund.id }])
  expect((await stripe.balanceTransactions.list({ currency: 'eur' })).data).toEqual([])
  expect((await stripe.invoiceItems.list({ invoice: paid.id })).data).toHaveLength(2)
  expect((await stripe.payouts.list()).data).toEqual([])
})

test('a filter that names nothing is refused, not answered with an empty list', async () => {
  const refused = { statusCode: 400, code: 'resource_missing' }
  expect(await failure(stripe.invoices.list({ customer: 'cus_x' }))).toMatchObject({ ...refused, param: 'customer' })
  expect(await failure(stripe.charges.list({ payment_intent: 'pi_x' }))).toMatchObject({ ...refused, param: 'payment_intent' })
  expect(await failure(stripe.refunds.list({ charge: 'ch_x' }))).toMatchObject({ ...refused, param: 'charge' })
  expect(await failure(stripe.invoicePayments.list({ invoice: 'in_x' }))).toMatchObject({ ...refused, param: 'invoice' })
})

test('events: one type, a family, several types, bounds in time, and thirty days of life', async () => {
  const typesOf = async (params: Stripe.EventListParams) => [
    ...new Set((await stripe.events.list({ limit: 100, ...params })).data.map((event) => event.type)),
  ]
  expect(await typesOf({ type: 'invoice.paid' })).toEqual(['invoice.paid'])
  expect((await typesOf({ type: 'charge.*' })).every((type) => type.startsWith('charge.'))).toBe(true)
  expect((await typesOf({ types: ['invoice.paid', 'charge.succeeded'] })).sort()).toEqual(['charge.succeeded', 'invoice.paid'])
  expect(await typesOf({ type: 'payout.paid' })).toEqual([])
  expect(await failure(stripe.events.list({ type: 'invoice.paid', types: ['invoice.paid'] }))).toMatchObject({
    code: 'parameters_exclusive',
  })
  const [event] = (await stripe.events.list({ type: 'invoice.paid' })).data
  expect((await stripe.events.retrieve(event?.id ?? '')).type).toBe('invoice.paid')
  expect(await typesOf({ created: { gt: event?.created ?? 0 } })).toEqual([])

  const now = bed.clock.at
  bed.clock.at += 30 * 86_400_000 + 1_000
  expect((await stripe.events.list()).data).toEqual([])
  expect((await stripe.events.list({ created: { gte: 0 } })).data).toEqual([])
  expect(await failure(stripe.events.retrieve(event?.id ?? ''))).toMatchObject({ statusCode: 404 })
  bed.clock.at = now
})

test('expand: one level, several, through lists and hashes; what cannot be expanded is refused', async () => {
  const invoice = await stripe.invoices.retrieve(paid.id, {
    expand: ['customer', 'payments.data.payment.payment_intent'],
  })
  expect(invoice.customer).toMatchObject({ object: 'customer', email: 'ada@example.com' })
  expect(invoice.payments?.data[0]?.payment.payment_intent).toMatchObject({ object: 'payment_intent', status: 'succeeded' })
  const listed = await stripe.invoicePayments.list({ expand: ['data.invoice', 'data.payment.payment_intent'] })
  expect(listed.data[0]).toMatchObject({ invoice: { id: paid.id, lines: { data: [{}, {}] } } })
  const charges = await stripe.charges.list({ expand: ['data.balance_transaction', 'data.refunds'] })
  expect(charges.data[0]).toMatchObject({ balance_transaction: { fee: 3_510 }, refunds: { object: 'list' } })
  const transactions = await stripe.balanceTransactions.list({ type: 'charge', expand: ['data.source.customer'] })
  expect(transactions.data[0]).toMatchObject({ source: { object: 'charge', customer: { object: 'customer' } } })
  expect((await stripe.invoices.retrieve(paid.id)).payments).toBeUndefined()

  for (const path of ['total', 'nothing', 'customer.name', 'payments.data.payment.payment_intent.latest_charge'])
    expect(await failure(stripe.invoices.retrieve(paid.id, { expand: [path] }))).toMatchObject({
      statusCode: 400,
      param: 'expand',
    })
  expect(await failure(stripe.charges.list({ expand: ['customer'] }))).toMatchObject({
    message: expect.stringContaining("'data.customer'"),
  })
})

test('an invoice shows ten lines and pages the rest', async () => {
  const draft = await stripe.invoices.create({ customer: customers[0] ?? '', currency: 'usd' })
  const lines = Array.from({ length: 25 }, (_value, index) => ({ amount: index + 1, description: `Line ${index}` }))
  const invoice = await stripe.invoices.addLines(draft.id, { lines })
  expect(invoice.lines).toMatchObject({ has_more: true, url: `/v1/invoices/${draft.id}/lines` })
  expect(invoice.lines.data).toHaveLength(10)
  expect(invoice.total).toBe((25 * 26) / 2)
  const all = await stripe.invoices.listLineItems(draft.id, { limit: 7 }).autoPagingToArray({ limit: 100 })
  expect(all.map((line) => line.description)).toEqual(lines.map((line) => line.description))
  const back = await stripe.invoices.listLineItems(draft.id, { limit: 2, ending_before: all[5]?.id ?? '' })
  expect(ids(back)).toEqual([all[3]?.id, all[4]?.id])
  const kept = await stripe.invoices.removeLines(draft.id, { lines: [{ id: all[24]?.id ?? '', behavior: 'delete' }] })
  expect(kept.total).toBe((24 * 25) / 2)
  expect(
    await failure(stripe.invoices.addLines(draft.id, { lines: Array.from({ length: 250 }, () => ({ amount: 1 })) })),
  ).toMatchObject({
    statusCode: 400,
  })
})

test('the account says who it is', async () => {
  const account = await stripe.accounts.retrieveCurrent()
  expect(account).toMatchObject({ object: 'account', charges_enabled: true, default_currency: 'usd' })
  expect(await stripe.accounts.retrieve(account.id)).toEqual(account)
  expect(await failure(stripe.accounts.retrieve('acct_other'))).toMatchObject({ statusCode: 404 })
})
