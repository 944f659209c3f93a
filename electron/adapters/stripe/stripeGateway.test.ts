import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PaymentGateway, RefundRequest } from '../../core/ports/paymentGateway'
import { createStripeGateway } from './stripeGateway'

const secretKey = 'sk_test_canarykey0001'

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void

let server: Server
let answer: Answer
let requests: { method: string; url: string; key: string | undefined; version: string | undefined; body: string }[]
let gateway: PaymentGateway

beforeEach(async () => {
  requests = []
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      const header = (name: string) => request.headers[name] as string | undefined
      requests.push({
        method: request.method ?? '',
        url: request.url ?? '',
        key: header('idempotency-key'),
        version: header('stripe-version'),
        body,
      })
      answer(request, response, body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  gateway = createStripeGateway({ secretKey, baseUrl: `http://127.0.0.1:${port}`, timeout: 300, repeats: 0 })
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_abc12345', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

const failing = (status: number, error: Record<string, unknown>, headers: Record<string, string> = {}) =>
  json(status, { error }, headers)

const request: RefundRequest = {
  refundId: 'ref_1',
  paymentRef: 'pi_1',
  amount: { minor: 500, currency: 'USD' },
  reason: 'Agreed by phone',
  idempotencyKey: 'out_1',
  lookUpFirst: false,
}

const refund = {
  id: 're_1',
  object: 'refund',
  amount: 500,
  currency: 'usd',
  created: 1_700_000_000,
  status: 'succeeded',
  payment_intent: 'pi_1',
  charge: 'ch_1',
  metadata: { countinghouse_refund_id: 'ref_1' },
  balance_transaction: { amount: -500, currency: 'usd', fee: 0, net: -500 },
  something_new: { deep: [1] },
}

const secretText = 'canary'
const type = 'invalid_request_error'

const failures: [string, Answer, Record<string, unknown>][] = [
  ['500', failing(500, { type: 'api_error', message: secretText }), { kind: 'uncertain' }],
  ['503 with no JSON', json(503, '<html>canary</html>'), { kind: 'uncertain' }],
  ['200 with no JSON', json(200, 'canary'), { kind: 'uncertain' }],
  ['200 with another object', json(200, { id: 'x', object: 'charge' }), { kind: 'uncertain' }],
  [
    '429 with Retry-After',
    failing(429, { type, message: secretText }, { 'retry-after': '7' }),
    { kind: 'uncertain', retryAfterMs: 7000 },
  ],
  ['429 lock_timeout', failing(429, { type, code: 'lock_timeout' }), { kind: 'uncertain' }],
  ['400 rate_limit', failing(400, { type, code: 'rate_limit' }), { kind: 'uncertain' }],
  ['409 key in use', failing(409, { type: 'idempotency_error', code: 'idempotency_key_in_use' }), { kind: 'uncertain' }],
  ['409', failing(409, { type, message: secretText }), { kind: 'uncertain' }],
  ['400 idempotency_error', failing(400, { type: 'idempotency_error', message: secretText }), { kind: 'misconfigured' }],
  ['401', failing(401, { type, message: `Invalid API Key provided: ${secretKey}` }), { kind: 'misconfigured' }],
  ['403', failing(403, { type, message: secretText }), { kind: 'misconfigured' }],
  ['an account that may not charge', failing(400, { type, code: 'testmode_charges_only' }), { kind: 'misconfigured' }],
  [
    '402',
    failing(402, { type: 'card_error', code: 'card_declined', message: secretText }),
    { kind: 'declined', code: 'card_declined' },
  ],
  [
    '400 with a known code',
    failing(400, { type, code: 'charge_already_refunded', message: secretText }),
    { kind: 'declined', code: 'charge_already_refunded', message: 'The payment is fully refunded at Stripe already.' },
  ],
  [
    '400 with a code and a field',
    failing(400, { type, code: 'parameter_invalid_integer', param: 'amount', message: secretText }),
    {
      kind: 'declined',
      code: 'parameter_invalid_integer',
      message: 'Stripe refused it (parameter_invalid_integer, at amount) (Stripe’s request req_abc12345).',
    },
  ],
  ['400 without a code', failing(400, { type, message: secretText, param: 'Canary <b>' }), { kind: 'declined', code: 'refused' }],
  ['404', failing(404, { type, code: 'resource_missing', param: 'id' }), { kind: 'declined', code: 'resource_missing' }],
  ['a closed connection', (incoming) => incoming.socket.destroy(), { kind: 'uncertain' }],
  ['no answer in time', () => undefined, { kind: 'uncertain' }],
  [
    'a cut body',
    (_request, response) => response.writeHead(200, { 'content-length': '900' }).write('{"id":', () => response.destroy()),
    { kind: 'uncertain' },
  ],
]

test.each(failures)('a refund that ends with %s', async (_name, how, expected) => {
  answer = how
  const outcome = await gateway.refund(request)
  expect(outcome).toMatchObject(expected)
  expect(JSON.stringify(outcome)).not.toContain('canary')
  for (const each of requests) expect(each.key).toBe('out_1:refund')
})

test('a call that stumbles is repeated with the same key before it counts as uncertain', async () => {
  const { port } = server.address() as AddressInfo
  const patient = createStripeGateway({ secretKey, baseUrl: `http://127.0.0.1:${port}`, repeats: 1 })
  const answers = [failing(500, { type: 'api_error' }), json(200, refund)]
  answer = (...args) => answers.shift()?.(...args)
  expect(await patient.refund(request)).toMatchObject({ kind: 'succeeded' })
  expect(requests.map(({ key }) => key)).toEqual(['out_1:refund', 'out_1:refund'])
})

test('a reading that cannot be understood is final for that object, one that cannot be had is not', async () => {
  answer = json(200, { id: 'in_1', object: 'invoice', status: 'paid' })
  expect(await gateway.readInvoice('in_1')).toMatchObject({ kind: 'declined', code: 'unexpected_reply' })
  answer = json(200, { object: 'list', data: [{ id: 'evt_1' }], has_more: false })
  expect(await gateway.listEvents({ since: 0, cursor: null })).toMatchObject({ kind: 'declined', code: 'unexpected_reply' })
  answer = failing(500, { type: 'api_error' })
  expect(await gateway.readInvoice('in_1')).toMatchObject({ kind: 'uncertain' })
})

test('only what the outbox repeats is said to be tried again by itself', async () => {
  answer = (incoming) => incoming.socket.destroy()
  expect(await gateway.checkAccount()).toEqual({ kind: 'uncertain', message: 'Stripe could not be reached.' })
  expect(await gateway.refund(request)).toEqual({
    kind: 'uncertain',
    message: 'Stripe could not be reached. It is tried again by itself.',
  })
})

test('a refund carries our id and the owner’s words in metadata, and our key; unknown fields of the reply are ignored', async () => {
  answer = json(200, refund)
  expect(await gateway.refund(request)).toEqual({
    kind: 'succeeded',
    value: {
      refundRef: 're_1',
      refundId: 'ref_1',
      paymentRef: 'pi_1',
      amount: { minor: 500, currency: 'USD' },
      status: 'succeeded',
      failureReason: null,
      createdAt: 1_700_000_000_000,
      fee: { minor: 0, currency: 'USD' },
    },
  })
  expect(requests).toMatchObject([{ method: 'POST', url: '/v1/refunds', key: 'out_1:refund', version: '2026-10-28.endive' }])
  expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual({
    payment_intent: 'pi_1',
    amount: '500',
    'metadata[countinghouse_refund_id]': 'ref_1',
    'metadata[reason]': 'Agreed by phone',
    'expand[0]': 'balance_transaction',
  })
})

test('a charge is refunded as a charge', async () => {
  answer = json(200, { ...refund, payment_intent: null })
  expect(await gateway.refund({ ...request, paymentRef: 'py_1' })).toMatchObject({ value: { paymentRef: 'ch_1' } })
  expect(new URLSearchParams(requests[0]?.body).get('charge')).toBe('py_1')
})

test.each([
  ['pending', { kind: 'pending' }],
  ['requires_action', { kind: 'pending' }],
  [
    'failed',
    { kind: 'declined', code: 'lost_or_stolen_card', message: 'The refund did not go through at Stripe (lost or stolen card).' },
  ],
  ['canceled', { kind: 'declined' }],
])('a refund that Stripe answers as %s', async (status, expected) => {
  answer = json(200, {
    ...refund,
    status,
    failure_reason: status === 'failed' ? 'lost_or_stolen_card' : null,
    balance_transaction: 'txn_1',
  })
  expect(await gateway.refund(request)).toMatchObject(expected)
})

test('a late repeat looks first, over every page, and does not refund again', async () => {
  const page = (refunds: unknown[], more: boolean) =>
    json(200, { object: 'list', data: refunds, has_more: more, url: '/v1/refunds' })
  const other = { ...refund, id: 're_0', metadata: {} }
  const pages = [page([other], true), page([refund], false)]
  answer = (...args) => pages.shift()?.(...args)
  expect(await gateway.refund({ ...request, lookUpFirst: true })).toMatchObject({
    kind: 'succeeded',
    value: { refundRef: 're_1' },
  })
  expect(requests.map(({ method }) => method)).toEqual(['GET', 'GET'])
  expect(requests[1]?.url).toContain('starting_after=re_0')
})

const invoice = {
  id: 'in_1',
  object: 'invoice',
  status: 'paid',
  currency: 'eur',
  total: 10_000,
  amount_paid: 10_000,
  hosted_invoice_url: 'https://invoice.stripe.com/i/1',
  metadata: null,
  created: 1,
  customer: 'cus_1',
  lines: { data: [] },
  status_transitions: {},
}
const part = (over: Record<string, unknown>) => ({
  id: 'inpay_1',
  status: 'paid',
  amount_paid: 10_000,
  currency: 'eur',
  payment: { type: 'payment_intent', payment_intent: 'pi_1' },
  status_transitions: { paid_at: 1_700_000_000 },
  ...over,
})
const charge = { id: 'ch_1', amount: 10_000, currency: 'eur', created: 5, payment_intent: 'pi_1' }
const transaction = { amount: 11_000, currency: 'usd', fee: 350, net: 10_650, exchange_rate: 1.1 }

/** Answers by path. */
function stripeWith(objects: Record<string, unknown>): void {
  answer = (incoming, response, body) => {
    const path = (incoming.url ?? '').split('?')[0] ?? ''
    const found = objects[path]
    const reply = found === undefined ? failing(404, { type, code: 'resource_missing', param: 'id' }) : json(200, found)
    reply(incoming, response, body)
  }
}

test('a payment in another currency than the balance has the rate of its own amounts', async () => {
  stripeWith({
    '/v1/invoices/in_1': { ...invoice, payments: { data: [part({})], has_more: false } },
    '/v1/payment_intents/pi_1': { id: 'pi_1', latest_charge: { ...charge, balance_transaction: transaction } },
  })
  expect(await gateway.readInvoice('in_1')).toMatchObject({
    kind: 'succeeded',
    value: {
      invoiceId: null,
      payments: [
        {
          paymentRef: 'pi_1',
          amount: { minor: 10_000, currency: 'EUR' },
          receivedAt: 1_700_000_000_000,
          settlement: { fee: { minor: 350, currency: 'USD' }, net: { minor: 10_650, currency: 'USD' }, exchangeRate: '1.1' },
        },
      ],
    },
  })
})

test('payments by charge are read, open and hand-noted ones left out, and a fee shared with others is not taken as this payment’s', async () => {
  const payments = [
    part({ id: 'a', payment: { type: 'charge', charge: 'ch_2' } }),
    part({ id: 'b', status: 'open', amount_paid: null }),
    part({ id: 'c', payment: { type: 'payment_record' } }),
    part({ id: 'd', payment: { type: 'payment_intent', payment_intent: { id: 'pi_3' } } }),
  ]
  stripeWith({
    '/v1/invoices/in_1': { ...invoice, payments: { data: payments.slice(0, 1), has_more: true } },
    '/v1/invoice_payments': { object: 'list', data: payments, has_more: false },
    '/v1/charges/ch_2': { ...charge, id: 'ch_2', balance_transaction: { ...transaction, currency: 'eur', amount: 90_000 } },
    '/v1/payment_intents/pi_3': { id: 'pi_3', latest_charge: { ...charge, balance_transaction: null } },
  })
  const read = await gateway.readInvoice('in_1')
  expect(read).toMatchObject({
    value: {
      payments: [
        { paymentRef: 'ch_2', settlement: null },
        { paymentRef: 'pi_3', settlement: null },
      ],
    },
  })
})

test('the invoice of a payment is found from intent, charge and invoice payment; other payments have none', async () => {
  stripeWith({
    '/v1/charges/ch_1': { ...charge, balance_transaction: 'txn_1' },
    '/v1/charges/ch_2': { id: 'ch_2', payment_intent: null },
    '/v1/invoice_payments/inpay_1': { invoice: { id: 'in_7' } },
    '/v1/invoice_payments': { object: 'list', data: [{ invoice: 'in_9' }], has_more: false },
  })
  const found = async (kind: string, id: string) => gateway.invoiceOf(kind, id)
  expect(await found('payment_intent', 'pi_1')).toEqual({ kind: 'succeeded', value: 'in_9' })
  expect(await found('charge', 'ch_1')).toEqual({ kind: 'succeeded', value: 'in_9' })
  expect(await found('charge', 'ch_2')).toEqual({ kind: 'succeeded', value: null })
  expect(await found('invoice_payment', 'inpay_1')).toEqual({ kind: 'succeeded', value: 'in_7' })
  expect(await found('charge', 'ch_gone')).toMatchObject({ kind: 'declined', code: 'resource_missing' })
})

test('invoices that may have changed: new, open, moved, or refunded of late', async () => {
  const since = 1_700_000_000_000
  const old = { ...invoice, created: 1, status_transitions: { finalized_at: 2, paid_at: 3, voided_at: null } }
  const pages: Record<string, unknown> = {
    first: [
      { ...old, id: 'in_old' },
      { ...old, id: 'in_new', created: since / 1000 },
      { ...old, id: 'in_open', status: 'open' },
    ],
    second: [{ ...old, id: 'in_paid', status_transitions: { paid_at: since / 1000 + 1 } }],
    refunds: [refund, { ...refund, id: 're_2', payment_intent: null }],
  }
  answer = (incoming, response, body) => {
    const url = new URL(incoming.url ?? '', 'http://x')
    const after = url.searchParams.get('starting_after')
    const reply =
      url.pathname === '/v1/refunds'
        ? { data: pages.refunds, has_more: false }
        : url.pathname === '/v1/invoice_payments'
          ? { data: [{ invoice: 'in_old' }], has_more: false }
          : { data: pages[after === null ? 'first' : 'second'], has_more: after === null }
    json(200, { object: 'list', ...reply })(incoming, response, body)
  }
  const all: string[] = []
  let cursor: string | null = null
  do {
    const page = await gateway.listInvoices({ since, cursor })
    if (page.kind !== 'succeeded') throw new Error(page.kind)
    all.push(...page.value.invoiceRefs)
    cursor = page.value.nextCursor
  } while (cursor !== null)
  expect(all).toEqual(['in_new', 'in_open', 'in_paid', 'in_old'])
})

test('voiding what is void or paid already changes nothing and says what it is', async () => {
  stripeWith({ '/v1/invoices/in_1': { ...invoice, status: 'void', amount_paid: 0 } })
  expect(await gateway.voidInvoice({ invoiceRef: 'in_1', idempotencyKey: 'out_2' })).toMatchObject({ value: { status: 'void' } })
  expect(requests.every(({ method }) => method === 'GET')).toBe(true)
})

test('a restricted key that may not see its account is told by its balance and events alone', async () => {
  answer = (incoming, response, body) => {
    const reply =
      incoming.url === '/v1/account'
        ? failing(403, { type })
        : json(200, incoming.url === '/v1/balance' ? { livemode: true } : { object: 'list', data: [], has_more: false })
    reply(incoming, response, body)
  }
  expect(await gateway.checkAccount()).toEqual({ kind: 'succeeded', value: { accountId: '', livemode: true } })
})
