import { request } from 'node:http'
import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bed, client, draftInvoice, failure, openBed, openInvoice, payHosted, SECRET_KEY } from './practiceStripeBed'

let bed: Bed
let stripe: Stripe
beforeAll(async () => {
  bed = await openBed()
  stripe = bed.stripe
})
afterAll(() => bed.close())

const sendable = { collection_method: 'send_invoice', days_until_due: 14, currency: 'usd' } as const
const customer = () => stripe.customers.create({ email: 'ada@example.com' })

/** A raw request, for what the SDK would not send. */
async function raw(method: string, path: string, body = '', headers: Record<string, string> = {}) {
  const answer = await fetch(`${bed.stand.url}${path}`, {
    method,
    headers: { Authorization: `Bearer ${SECRET_KEY}`, 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    ...(body === '' ? {} : { body }),
  })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as { error?: Record<string, string> } }
}

describe('who may ask, and for what', () => {
  test('another key, no key, an unknown path, another API version, a connected account, JSON', async () => {
    expect(await failure(client(bed.stand, 'sk_test_wrong_0123456789').customers.list())).toMatchObject({
      type: 'StripeAuthenticationError',
      statusCode: 401,
      message: 'Invalid API Key provided: sk_test_************6789',
    })
    expect(await failure(client(bed.stand, 'sk_live_0123456789abcdef').customers.list())).toMatchObject({ statusCode: 401 })
    expect(await raw('GET', '/v1/customers', '', { Authorization: '' })).toMatchObject({
      status: 401,
      body: { error: { type: 'invalid_request_error', message: expect.stringContaining('You did not provide an API key') } },
    })
    const basic = { Authorization: `Basic ${Buffer.from(`${SECRET_KEY}:`).toString('base64')}` }
    expect((await raw('GET', '/v1/customers', '', basic)).status).toBe(200)
    expect(await raw('GET', '/v1/nothing')).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringContaining('Unrecognized request URL (GET: /v1/nothing)') } },
    })
    expect((await raw('DELETE', '/v1/customers')).status).toBe(404)
    expect((await raw('GET', '/v1/customers', '', { 'Stripe-Version': '2020-08-27' })).status).toBe(400)
    expect((await raw('GET', '/v1/customers', '', { 'Stripe-Account': 'acct_1' })).status).toBe(403)
    expect((await raw('POST', '/v1/customers', '{"name":"x"}', { 'Content-Type': 'application/json' })).status).toBe(400)
    expect((await raw('POST', '/v1/customers', `description=${'x'.repeat(2 ** 20)}`)).status).toBe(413)
  })

  test('headers and error bodies carry what Stripe sends', async () => {
    const missing = await raw('GET', '/v1/customers/cus_nobody')
    expect(missing.status).toBe(404)
    expect(missing.headers.get('request-id')).toMatch(/^req_\w{14}$/)
    expect(missing.headers.get('stripe-version')).toBe('2026-10-28.endive')
    expect(missing.headers.get('stripe-should-retry')).toBe('false')
    expect(missing.body.error).toEqual({
      type: 'invalid_request_error',
      code: 'resource_missing',
      message: "No such customer: 'cus_nobody'",
      param: 'id',
      doc_url: 'https://stripe.com/docs/error-codes/resource-missing',
      request_log_url: `https://dashboard.stripe.com/test/logs/${missing.headers.get('request-id')}`,
    })
  })

  test('a foreign Host header is refused, so that no web page can read through a rebound name', async () => {
    const status = await new Promise((resolve) => {
      request({ host: '127.0.0.1', port: bed.stand.port, path: '/v1/customers', headers: { Host: 'evil.example' } }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      }).end()
    })
    expect(status).toBe(403)
  })
})

describe('parameters', () => {
  const refusals: [string, string, string, object][] = [
    ['an unknown name', '/v1/customers', 'nickname=Ada', { code: 'parameter_unknown', param: 'nickname' }],
    ['an unknown nested name', '/v1/customers', 'address[planet]=Mars', { code: 'parameter_unknown', param: 'address[planet]' }],
    ['a prototype name', '/v1/customers', '__proto__[x]=1', { code: 'parameter_unknown', param: '__proto__' }],
    ['an empty value', '/v1/customers', 'name=', { code: 'parameter_invalid_empty', param: 'name' }],
    ['text where a hash belongs', '/v1/customers', 'address=London', { message: 'Invalid object', param: 'address' }],
    ['a hash where text belongs', '/v1/customers', 'name[a]=b', { param: 'name' }],
    ['both text and hash', '/v1/customers', 'name=a&name[b]=c', { param: 'name[b]' }],
    ['unbalanced brackets', '/v1/customers', 'name[=a', { param: 'name[' }],
    ['a long name', '/v1/customers', `name=${'x'.repeat(257)}`, { param: 'name' }],
    ['a bad address', '/v1/customers', 'email=nobody', { code: 'email_invalid', param: 'email' }],
    ['a missing customer', '/v1/invoices', 'currency=usd', { code: 'parameter_missing', param: 'customer' }],
    ['a customer that is not there', '/v1/invoices', 'customer=cus_x', { code: 'resource_missing', param: 'customer' }],
    ['an unknown currency', '/v1/invoiceitems', 'customer=CUS&amount=1&currency=xyz', { param: 'currency' }],
    ['a currency in capitals', '/v1/invoiceitems', 'customer=CUS&amount=1&currency=USD', { param: 'currency' }],
    [
      'a fraction of a cent',
      '/v1/invoiceitems',
      'customer=CUS&amount=1.5&currency=usd',
      { code: 'parameter_invalid_integer', param: 'amount' },
    ],
    [
      'words as an amount',
      '/v1/invoiceitems',
      'customer=CUS&amount=ten&currency=usd',
      { code: 'parameter_invalid_integer', param: 'amount' },
    ],
    [
      'an unsafe integer',
      '/v1/invoiceitems',
      'customer=CUS&amount=9007199254740993&currency=usd',
      { code: 'parameter_invalid_integer' },
    ],
    [
      'amount and quantity',
      '/v1/invoiceitems',
      'customer=CUS&amount=1&quantity=2&currency=usd',
      { code: 'parameters_exclusive' },
    ],
    ['no amount', '/v1/invoiceitems', 'customer=CUS&currency=usd', { code: 'parameter_missing', param: 'amount' }],
    ['a price there is none of', '/v1/invoiceitems', 'customer=CUS&pricing[price]=price_1', { code: 'resource_missing' }],
    [
      'a boolean that is none',
      '/v1/invoices',
      'customer=CUS&auto_advance=yes',
      { message: 'Invalid boolean: yes', param: 'auto_advance' },
    ],
    ['a choice that is none', '/v1/invoices', 'customer=CUS&collection_method=beg', { param: 'collection_method' }],
    [
      'send_invoice without a due date',
      '/v1/invoices',
      'customer=CUS&collection_method=send_invoice',
      { code: 'parameter_missing' },
    ],
    ['a due date for automatic collection', '/v1/invoices', 'customer=CUS&due_date=1900000000', { param: 'due_date' }],
    [
      'two due dates',
      '/v1/invoices',
      'customer=CUS&collection_method=send_invoice&due_date=1900000000&days_until_due=3',
      { code: 'parameters_exclusive' },
    ],
    ['a number too long', '/v1/invoices', `customer=CUS&number=${'9'.repeat(27)}`, { param: 'number' }],
    [
      'a feature this stand-in lacks',
      '/v1/invoices',
      'customer=CUS&transfer_data[destination]=acct_1',
      { param: 'transfer_data' },
    ],
    ['a free-text refund reason', '/v1/refunds', 'charge=ch_1&reason=because', { param: 'reason' }],
    ['a refund of nothing', '/v1/refunds', 'charge=ch_1&amount=0', { param: 'amount' }],
    ['a refund of no charge', '/v1/refunds', 'amount=1', { code: 'parameter_missing', param: 'charge' }],
    [
      'a webhook address elsewhere',
      '/v1/webhook_endpoints',
      'url=http://example.com/&enabled_events[]=*',
      { code: 'url_invalid' },
    ],
  ]

  test.each(refusals)('%s is refused and nothing is written', async (_name, path, body, error) => {
    const { id } = await customer()
    const before = (await stripe.events.list({ limit: 1 })).data[0]?.id
    expect(await raw('POST', path, body.replace('CUS', id))).toMatchObject({ status: 400, body: { error } })
    expect((await stripe.events.list({ limit: 1 })).data[0]?.id).toBe(before)
  })

  test('metadata: 50 keys, 40 and 500 characters; an empty value removes', async () => {
    const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_value, index) => [`k${index}`, 'v']))
    const { id } = await stripe.customers.create({ metadata: keys(50) })
    expect(await failure(stripe.customers.update(id, { metadata: { one: 'more' } }))).toMatchObject({
      statusCode: 400,
      param: 'metadata',
    })
    expect(await failure(stripe.customers.create({ metadata: { ['k'.repeat(41)]: 'v' } }))).toMatchObject({ statusCode: 400 })
    expect(await failure(stripe.customers.create({ metadata: { k: 'v'.repeat(501) } }))).toMatchObject({ statusCode: 400 })
    expect((await stripe.customers.update(id, { metadata: { k0: '', one: 'more' } })).metadata).not.toHaveProperty('k0')
    expect((await stripe.customers.update(id, { metadata: '' })).metadata).toEqual({})
  })
})

describe('invoices', () => {
  test('a number belongs to one invoice of the account', async () => {
    const { id } = await customer()
    const first = await stripe.invoices.create({ ...sendable, customer: id, number: 'INV-7' })
    expect(first.number).toBe('INV-7')
    expect(await failure(stripe.invoices.create({ ...sendable, customer: id, number: 'INV-7' }))).toMatchObject({
      statusCode: 400,
      param: 'number',
    })
    const second = await stripe.invoices.create({ ...sendable, customer: id })
    expect(await failure(stripe.invoices.update(second.id, { number: 'INV-7' }))).toMatchObject({ statusCode: 400 })
    expect((await stripe.invoices.finalizeInvoice(first.id)).number).toBe('INV-7')
  })

  test('a finalized invoice is fixed: only metadata and auto_advance move', async () => {
    const open = await openInvoice(stripe)
    const changes: Stripe.InvoiceUpdateParams[] = [
      { number: 'X' },
      { description: 'x' },
      { due_date: 1_900_000_000 },
      { days_until_due: 9 },
      { collection_method: 'charge_automatically' },
      { footer: 'x' },
    ]
    for (const change of changes)
      expect(await failure(stripe.invoices.update(open.id, change))).toMatchObject({
        statusCode: 400,
        code: 'invoice_not_editable',
      })
    expect(await failure(stripe.invoices.addLines(open.id, { lines: [{ amount: 1 }] }))).toMatchObject({
      code: 'invoice_not_editable',
    })
    expect(
      await failure(stripe.invoices.removeLines(open.id, { lines: [{ id: open.lines.data[0]?.id ?? '', behavior: 'delete' }] })),
    ).toMatchObject({ code: 'invoice_not_editable' })
    const item = open.lines.data[0]?.parent?.invoice_item_details?.invoice_item ?? ''
    expect(await failure(stripe.invoiceItems.update(item, { amount: 5 }))).toMatchObject({ code: 'invoice_not_editable' })
    expect(await failure(stripe.invoiceItems.del(item))).toMatchObject({ code: 'invoice_not_editable' })
    expect(
      await failure(
        stripe.invoiceItems.create({ customer: String(open.customer), invoice: open.id, amount: 1, currency: 'usd' }),
      ),
    ).toMatchObject({ code: 'invoice_not_editable' })
    expect(await failure(stripe.invoices.del(open.id))).toMatchObject({ code: 'invoice_not_editable' })
    expect(await failure(stripe.invoices.finalizeInvoice(open.id))).toMatchObject({ code: 'invoice_not_editable' })
    expect(await stripe.invoices.update(open.id, { metadata: { a: 'b' }, auto_advance: false })).toMatchObject({
      metadata: { a: 'b' },
      total: open.total,
    })
  })

  test('states move only as Stripe lets them', async () => {
    const { invoice: draft } = await draftInvoice(stripe)
    expect(await failure(stripe.invoices.voidInvoice(draft.id))).toMatchObject({ code: 'status_transition_invalid' })
    expect(await failure(stripe.invoices.markUncollectible(draft.id))).toMatchObject({ code: 'status_transition_invalid' })
    const paid = await openInvoice(stripe)
    await payHosted(paid)
    expect(await failure(stripe.invoices.voidInvoice(paid.id))).toMatchObject({ code: 'status_transition_invalid' })
    expect(await failure(stripe.invoices.markUncollectible(paid.id))).toMatchObject({ code: 'status_transition_invalid' })
    expect((await stripe.invoices.sendInvoice(paid.id)).status).toBe('paid')
    const voided = await stripe.invoices.voidInvoice((await openInvoice(stripe)).id)
    expect(await failure(stripe.invoices.sendInvoice(voided.id))).toMatchObject({ code: 'status_transition_invalid' })
    expect(await failure(stripe.invoices.pay(voided.id, { payment_method: 'pm_card_visa' }))).toMatchObject({ statusCode: 400 })
    expect(await failure(stripe.invoices.pay((await openInvoice(stripe)).id))).toMatchObject({ code: 'resource_missing' })
    const automatic = await stripe.invoices.create({ customer: (await customer()).id })
    expect(await failure(stripe.invoices.sendInvoice(automatic.id))).toMatchObject({ statusCode: 400 })
    const sent = await stripe.invoices.sendInvoice((await draftInvoice(stripe)).invoice.id)
    expect(sent.status).toBe('open')
  })

  test('currency and customer of an item must fit the invoice; a customer without an address gets no invoice by mail', async () => {
    const { invoice } = await draftInvoice(stripe)
    const other = await customer()
    const item = { invoice: invoice.id, amount: 1, currency: 'usd' }
    expect(await failure(stripe.invoiceItems.create({ ...item, customer: other.id }))).toMatchObject({ param: 'invoice' })
    expect(
      await failure(stripe.invoiceItems.create({ ...item, customer: String(invoice.customer), currency: 'eur' })),
    ).toMatchObject({
      param: 'currency',
    })
    const silent = await stripe.customers.create({ name: 'No address' })
    expect(await failure(stripe.invoices.create({ ...sendable, customer: silent.id }))).toMatchObject({
      message: expect.stringContaining('Missing email'),
    })
  })

  test('an invoice above the largest charge, below zero or in parts of a unit cannot be finalized', async () => {
    const { id } = await customer()
    const big = await stripe.invoices.create({ ...sendable, customer: id })
    await stripe.invoices.addLines(big.id, { lines: [{ amount: 100_000_000 }] })
    expect(await failure(stripe.invoices.finalizeInvoice(big.id))).toMatchObject({ code: 'amount_too_large' })
    await stripe.invoices.addLines(big.id, { lines: [{ amount: -200_000_000 }] })
    expect(await failure(stripe.invoices.finalizeInvoice(big.id))).toMatchObject({ statusCode: 400 })
    expect((await stripe.invoices.retrieve(big.id)).status).toBe('draft')
    for (const [currency, amount] of [
      ['kwd', 1_234],
      ['isk', 150],
    ] as const) {
      const odd = await stripe.invoices.create({ ...sendable, customer: id, currency })
      await stripe.invoices.addLines(odd.id, { lines: [{ amount }] })
      expect(await failure(stripe.invoices.finalizeInvoice(odd.id))).toMatchObject({ code: 'invalid_charge_amount' })
    }
  })
})

describe('refunds', () => {
  test('never more than what is left of the charge', async () => {
    const open = await openInvoice(stripe)
    await payHosted(open)
    const [charge] = (await stripe.charges.list({ customer: String(open.customer) })).data
    const id = charge?.id ?? ''
    expect(await failure(stripe.refunds.create({ charge: id, amount: 120_001 }))).toMatchObject({
      type: 'StripeInvalidRequestError',
      param: 'amount',
      message: 'Refund amount ($1,200.01) is greater than unrefunded amount on charge ($1,200.00)',
    })
    await stripe.refunds.create({ charge: id, amount: 120_000 - 1, reason: 'requested_by_customer' })
    expect(await failure(stripe.refunds.create({ charge: id, amount: 2 }))).toMatchObject({ param: 'amount' })
    expect(await stripe.refunds.create({ charge: id })).toMatchObject({ amount: 1 })
    expect(await failure(stripe.refunds.create({ charge: id }))).toMatchObject({
      statusCode: 400,
      code: 'charge_already_refunded',
    })
    expect(await stripe.charges.retrieve(id)).toMatchObject({ refunded: true, amount_refunded: 120_000 })
    expect(await failure(stripe.refunds.create({ charge: id, payment_intent: 'pi_x' }))).toMatchObject({
      code: 'parameters_exclusive',
    })
  })

  test('a failed charge and an unpaid intent have nothing to refund', async () => {
    const open = await openInvoice(stripe)
    const [payment] = (await stripe.invoicePayments.list({ invoice: open.id })).data
    const intent = String(payment?.payment.payment_intent)
    expect(await failure(stripe.refunds.create({ payment_intent: intent }))).toMatchObject({ param: 'payment_intent' })
    await payHosted(open, '4000000000000002')
    expect(await failure(stripe.refunds.create({ payment_intent: intent }))).toMatchObject({ code: 'charge_not_refundable' })
  })
})
