import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStripeGateway, stripeWebhookReader } from '../../electron/adapters/stripe/index'
import type {
  GatewayOutcome,
  IssueInvoiceRequest,
  PaymentGateway,
  ProviderEventHint,
} from '../../electron/core/ports/paymentGateway'
import { type Bed, openBed, SECRET_KEY, START } from './practiceStripeBed'

const day = 86_400_000

/** What the stand-in's dice show next; 1 (nothing happens) when empty. */
let dice: number[]
let bed: Bed
let gateway: PaymentGateway

beforeEach(async () => {
  dice = []
  bed = await openBed({ random: () => dice.shift() ?? 1 })
  gateway = connect()
})
afterEach(() => bed.close())

const connect = () => createStripeGateway({ secretKey: SECRET_KEY, baseUrl: bed.stand.url, timeout: 5000, repeats: 0 })

const request = (over: Partial<IssueInvoiceRequest> = {}): IssueInvoiceRequest => ({
  invoiceId: 'inv_1',
  number: 'INV-0001',
  currency: 'USD',
  customer: {
    id: 'cus_1',
    ref: null,
    unchanged: false,
    name: 'Anna',
    email: 'anna@example.com',
    address: { line1: 'Street 1', country: 'US' },
  },
  dueAt: START + 30 * day,
  memo: null,
  lines: [
    { description: 'Work', amount: 33_333, tax: 2083, taxRate: '0.0625' },
    { description: 'Travel', amount: 5000, tax: 0, taxRate: null },
  ],
  total: { minor: 40_416, currency: 'USD' },
  idempotencyKey: 'out_1',
  lookUpFirst: false,
  ...over,
})

function value<T>(outcome: GatewayOutcome<T>): T {
  if (outcome.kind === 'succeeded' || outcome.kind === 'pending') return outcome.value
  throw new Error(`${outcome.kind}: ${outcome.message}`)
}

/** What Stripe holds afterwards. */
async function holdings() {
  const invoices = await bed.stripe.invoices.list({ limit: 100 })
  const events = await bed.stripe.events.list({ type: 'invoice.sent', limit: 100 })
  const customers = await bed.stripe.customers.list({ limit: 100 })
  return {
    invoices: invoices.data.map(({ number, status, total }) => `${number} ${status} ${total}`),
    mails: events.data.length,
    customers: customers.data.map(({ name, email }) => `${name} ${email}`),
  }
}

const once = { invoices: ['INV-0001 open 40416'], mails: 1, customers: ['Anna anna@example.com'] }

/** Steps of issuing an invoice for a new customer: create, describe, draft, lines, finalize, send. */
const steps = [0, 1, 2, 3, 4, 5]

test.each(steps)(
  'the answer to step %i is lost: the repeat goes through the same steps and does none of them twice',
  async (step) => {
    bed.stand.setFaults({ timeoutAfterSuccess: 0.5 })
    // The SDK repeats a closed connection once by itself, so the answer has to be lost twice.
    dice = [...steps.slice(0, step).map(() => 1), 0, 0]
    expect(await gateway.issueInvoice(request())).toMatchObject({ kind: 'uncertain' })
    const issued = value(await gateway.issueInvoice(request()))
    expect(await holdings()).toEqual(once)
    expect(value(await gateway.readInvoice(issued.invoiceRef))).toMatchObject({ status: 'open', invoiceId: 'inv_1' })
  },
)

test.each(steps)(
  'the answer to step %i is lost and the app comes back after the key was forgotten: what exists is looked up',
  async (step) => {
    bed.stand.setFaults({ timeoutAfterSuccess: 0.5 })
    dice = [...steps.slice(0, step).map(() => 1), 0, 0]
    await gateway.issueInvoice(request())
    bed.clock.at += 3 * day
    await bed.restart()
    gateway = connect()
    const issued = value(await gateway.issueInvoice(request({ lookUpFirst: true })))
    const { invoices, mails } = await holdings()
    expect({ invoices, mails }).toEqual({ invoices: once.invoices, mails: 1 })
    expect(issued.hostedInvoiceUrl).toContain(bed.stand.url)
  },
)

test('an invoice that was paid before a late repeat is found as it is, and no second mail goes out', async () => {
  const { hostedInvoiceUrl, invoiceRef } = value(await gateway.issueInvoice(request()))
  await fetch(`${hostedInvoiceUrl}/pay`, { method: 'POST', body: new URLSearchParams({ card: '4242424242424242' }) })
  bed.clock.at += 3 * day
  expect(value(await gateway.issueInvoice(request({ lookUpFirst: true })))).toMatchObject({ invoiceRef })
  expect(await holdings()).toMatchObject({ invoices: ['INV-0001 paid 40416'], mails: 1 })
})

test('an invoice that was voided at Stripe before a late repeat is declined, not made anew', async () => {
  const { invoiceRef } = value(await gateway.issueInvoice(request()))
  expect(value(await gateway.voidInvoice({ invoiceRef, idempotencyKey: 'out_2' }))).toMatchObject({ status: 'void' })
  bed.clock.at += 3 * day
  expect(await gateway.issueInvoice(request({ lookUpFirst: true }))).toMatchObject({ kind: 'declined', code: 'voided' })
  expect(await holdings()).toMatchObject({ invoices: ['INV-0001 void 40416'] })
})

test('over a line that fails at random everything happens once', async () => {
  await fc.assert(
    // Even dice: drawn with a bias to the ends of the range, a line can fail for longer than anybody would wait.
    fc.asyncProperty(fc.noBias(fc.infiniteStream(fc.nat(99))), async (stream) => {
      await bed.close()
      bed = await openBed({ random: () => (stream.next().value ?? 0) / 100 })
      gateway = connect()
      bed.stand.setFaults({ timeoutAfterSuccess: 0.05, errorRate: 0.25 })
      const until = async <T>(call: () => Promise<GatewayOutcome<T>>): Promise<T> => {
        for (let tries = 0; tries < 200; tries++) {
          const outcome = await call()
          if (outcome.kind !== 'uncertain') return value(outcome)
        }
        throw new Error('It never got through')
      }
      const issued = await until(() => gateway.issueInvoice(request()))
      await fetch(`${issued.hostedInvoiceUrl}/pay`, { method: 'POST', body: new URLSearchParams({ card: '4242424242424242' }) })
      const [payment] = (await until(() => gateway.readInvoice(issued.invoiceRef))).payments
      const paymentRef = payment?.paymentRef ?? ''
      const refund = {
        refundId: 'ref_1',
        paymentRef,
        amount: { minor: 416, currency: 'USD' },
        reason: 'Agreed',
        idempotencyKey: 'out_2',
        lookUpFirst: false,
      }
      await until(() => gateway.refund(refund))
      bed.stand.setFaults({})
      expect(await holdings()).toMatchObject({ invoices: ['INV-0001 paid 40416'], mails: 1 })
      expect(value(await gateway.listRefunds(paymentRef)).map(({ amount }) => amount.minor)).toEqual([416])
    }),
    { numRuns: 3 },
  )
})

test('invoices sent at the same time to a new customer share one customer at Stripe', async () => {
  const second = request({ invoiceId: 'inv_2', number: 'INV-0002', idempotencyKey: 'out_2' })
  const issued = await Promise.all([request(), second].map(async (each) => value(await gateway.issueInvoice(each))))
  expect(issued[0]?.customerRef).toBe(issued[1]?.customerRef)
  expect(await holdings()).toMatchObject({ customers: once.customers, mails: 2 })
})

test('a customer edited between two attempts is no obstacle, one that is gone at Stripe is made again', async () => {
  bed.stand.setFaults({ timeoutAfterSuccess: 0.5 })
  dice = [1, 1, 0, 0]
  await gateway.issueInvoice(request())
  const customer = { ...request().customer, name: 'Anna Berg', address: null }
  value(await gateway.issueInvoice(request({ customer })))
  expect(await holdings()).toEqual({ ...once, customers: ['Anna Berg anna@example.com'] })
  const gone = { ...customer, ref: 'cus_gone' }
  value(await gateway.issueInvoice(request({ invoiceId: 'inv_2', number: 'INV-0002', idempotencyKey: 'out_2', customer: gone })))
  expect((await holdings()).customers).toHaveLength(2)
})

test('a number that the account has used already is declined, and nothing is left open', async () => {
  value(await gateway.issueInvoice(request()))
  const again = request({ invoiceId: 'inv_2', idempotencyKey: 'out_2' })
  const outcome = await gateway.issueInvoice(again)
  expect(outcome).toMatchObject({ kind: 'declined', message: expect.stringContaining('another invoice of the account has it') })
  expect((await holdings()).invoices).toEqual(['INV-0001 open 40416'])
})

test.each([
  ['JPY', 12_345, 1235, '0.10', '12345'],
  ['ISK', 10_000, 2400, '0.24', '1000000'],
  ['KWD', 12_340, 620, '0.05', '12340'],
  ['EUR', 10_005, 1901, '0.19', '10005'],
])('an invoice in %s has exactly our total at Stripe', async (currency, amount, tax, taxRate, sent) => {
  const total = { minor: amount + tax, currency }
  const lines = [{ description: 'Work', amount, tax, taxRate }]
  const { invoiceRef } = value(await gateway.issueInvoice(request({ currency, lines, total })))
  const invoice = await bed.stripe.invoices.retrieve(invoiceRef)
  expect(String(invoice.lines.data[0]?.amount)).toBe(sent)
  expect(value(await gateway.readInvoice(invoiceRef)).total).toEqual(total)
})

test('an amount that Stripe cannot charge is declined in words before anything is made there', async () => {
  const lines = [{ description: 'Work', amount: 12_345, tax: 0, taxRate: null }]
  const outcome = await gateway.issueInvoice(request({ currency: 'KWD', lines, total: { minor: 12_345, currency: 'KWD' } }))
  expect(outcome).toMatchObject({ kind: 'declined', message: expect.stringContaining('KWD with two decimals') })
  expect(bed.stand.calls({ limit: 10 }).items).toEqual([])
})

test('what is foreseen about amounts is what the provider says of them', async () => {
  const amounts: [string, number[]][] = [
    ['USD', [49, 50, 99_999_999, 100_000_000]],
    ['JPY', [49, 50, 9_999_999_999, 10_000_000_000]],
    ['KWD', [10, 12_345, 99_999_990, 100_000_000]],
    ['MGA', [100, 150]],
    ['GHS', [10_000]],
    ['SEK', [299, 300]],
  ]
  const outcomes: string[] = []
  const foreseen: string[] = []
  for (const [currency, totals] of amounts) {
    for (const amount of totals) {
      const lines = [{ description: 'Work', amount, tax: 0, taxRate: null }]
      const content = { currency, lines, total: { minor: amount, currency } }
      foreseen.push(`${currency} ${amount} ${gateway.invoiceProblem(content) === null}`)
      // Past the adapter's own checks: the provider alone answers, in its own units.
      const created = await bed.stripe.customers
        .create({ name: 'Anna', email: 'anna@example.com' })
        .then(({ id }) =>
          bed.stripe.invoices.create({
            customer: id,
            currency: currency.toLowerCase(),
            collection_method: 'send_invoice',
            days_until_due: 30,
          }),
        )
        .then(async ({ id }) => {
          await bed.stripe.invoices.addLines(id, { lines: [{ amount: currency === 'MGA' ? amount / 100 : amount }] })
          return bed.stripe.invoices.finalizeInvoice(id)
        })
        .then(
          () => true,
          () => false,
        )
      outcomes.push(`${currency} ${amount} ${created}`)
    }
  }
  expect(outcomes).toEqual(foreseen)
  expect(new Set(outcomes.map((line) => line.split(' ')[2]))).toEqual(new Set(['true', 'false']))
})

test('every POST carries a key that begins with the row’s or the customer’s', async () => {
  value(await gateway.issueInvoice(request()))
  const posts = bed.stand.calls({ limit: 100 }).items.filter(({ method }) => method === 'POST')
  expect(
    posts.map(({ path, idempotencyKey }) => `${path.replace(/(cus|in)_[A-Za-z0-9]+/, ':id')} ${idempotencyKey}`).reverse(),
  ).toEqual([
    '/v1/customers cus_1:customer',
    expect.stringMatching(/^\/v1\/customers\/:id out_1:customer:[0-9a-f]{16}$/),
    '/v1/invoices out_1:invoice',
    '/v1/invoices/:id/add_lines out_1:lines',
    '/v1/invoices/:id/finalize out_1:finalize',
    '/v1/invoices/:id/send out_1:send',
  ])
})

test('events come page by page to the last, and nothing before the instant asked for', async () => {
  for (let n = 0; n < 60; n++) await bed.stripe.customers.create({ name: `Before ${n}` })
  bed.clock.at += 3600_000
  for (let n = 0; n < 130; n++) await bed.stripe.customers.create({ name: `After ${n}` })
  type Page = { readonly events: readonly ProviderEventHint[]; readonly nextCursor: string | null }
  const seen: ProviderEventHint[] = []
  let cursor: string | null = null
  do {
    const { events, nextCursor }: Page = value(await gateway.listEvents({ since: bed.clock.at, cursor }))
    seen.push(...events)
    cursor = nextCursor
  } while (cursor !== null)
  expect(new Set(seen.map(({ providerEventId }) => providerEventId)).size).toBe(130)
  expect(seen.every(({ occurredAt }) => occurredAt >= bed.clock.at)).toBe(true)
})

test('W1: webhooks of the stand-in are read, and not when a byte differs', async () => {
  const secret = 'whsec_practice_conformance'
  const results: { hint: ProviderEventHint | null; forged: boolean }[] = []
  const door = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const rawBody = Buffer.concat(chunks)
      const signature = incoming.headers['stripe-signature'] as string
      const more = { signature, secrets: ['whsec_other', secret], now: bed.clock.now() }
      const read = stripeWebhookReader.read({ rawBody, ...more })
      const forged = stripeWebhookReader.read({ rawBody: Buffer.concat([rawBody, Buffer.from(' ')]), ...more })
      results.push({ hint: read.ok ? read.hint : null, forged: forged.ok })
      response.end()
    })
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(door.address() as AddressInfo).port}/`
  await bed.restart({ webhook: () => ({ url, secret }) })
  gateway = connect()
  const { hostedInvoiceUrl, invoiceRef } = value(await gateway.issueInvoice(request()))
  await fetch(`${hostedInvoiceUrl}/pay`, { method: 'POST', body: new URLSearchParams({ card: '4242424242424242' }) })
  await bed.stand.flushWebhooks()
  door.closeAllConnections()
  door.close()
  expect(results.length).toBeGreaterThan(5)
  expect(results.every(({ hint, forged }) => hint !== null && !forged)).toBe(true)
  const about = (type: string) => results.find(({ hint }) => hint?.type === type)?.hint
  expect(about('invoice.paid')).toMatchObject({ objectKind: 'invoice', objectId: invoiceRef })
  expect(about('invoice_payment.paid')).toMatchObject({ objectKind: 'invoice', objectId: invoiceRef })
})
