import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStripeGateway } from '../../electron/adapters/stripe/index'
import type { GatewayOutcome, IssueInvoiceRequest, PaymentGateway } from '../../electron/core/ports/paymentGateway'
import { type Bed, openBed, SECRET_KEY, START } from './practiceStripeBed'

let bed: Bed
let gateway: PaymentGateway

beforeEach(async () => {
  bed = await openBed()
  gateway = createStripeGateway({ secretKey: SECRET_KEY, baseUrl: bed.stand.url, timeout: 5000 })
})
afterEach(() => bed.close())

function value<T>(outcome: GatewayOutcome<T>): T {
  if (outcome.kind === 'succeeded' || outcome.kind === 'pending') return outcome.value
  throw new Error(`${outcome.kind}: ${outcome.message}`)
}

const dueAt = START + 14 * 86_400_000

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
  dueAt,
  memo: 'Thank you',
  lines: [
    { description: 'Work', amount: 33_333, tax: 2083, taxRate: '0.0625' },
    { description: 'Hours', amount: 101_001, tax: 6313, taxRate: '0.0625' },
    { description: 'Travel', amount: 5000, tax: 0, taxRate: null },
  ],
  total: { minor: 147_730, currency: 'USD' },
  idempotencyKey: 'out_1',
  lookUpFirst: false,
  ...over,
})

const pay = (url: string | null, card = '4242424242424242') =>
  fetch(`${url}/pay`, { method: 'POST', body: new URLSearchParams({ card }) })

test('an invoice is issued with exactly our total, number and due date, and repeating it with the same key is the same invoice', async () => {
  const first = value(await gateway.issueInvoice(request()))
  expect(first.hostedInvoiceUrl).toContain(bed.stand.url)
  expect(value(await gateway.issueInvoice(request()))).toEqual(first)
  const read = value(await gateway.readInvoice(first.invoiceRef))
  expect(read).toMatchObject({
    status: 'open',
    invoiceId: 'inv_1',
    total: { minor: 147_730, currency: 'USD' },
    amountPaid: { minor: 0, currency: 'USD' },
    payments: [],
  })
})

test('with lookUpFirst an invoice that exists is found by metadata and not made again', async () => {
  const first = value(await gateway.issueInvoice(request()))
  const again = value(await gateway.issueInvoice(request({ idempotencyKey: 'out_2', lookUpFirst: true })))
  expect(again.invoiceRef).toBe(first.invoiceRef)
})

test('a total that is not ours is voided there and stops as misconfigured', async () => {
  const outcome = await gateway.issueInvoice(request({ total: { minor: 147_731, currency: 'USD' } }))
  expect(outcome).toMatchObject({ kind: 'misconfigured', message: expect.stringContaining('USD 1,477.30') })
  const { invoiceRefs } = value(await gateway.listInvoices({ since: 0, cursor: null }))
  expect(value(await gateway.readInvoice(invoiceRefs[0] as string)).status).toBe('void')
})

const posts = () =>
  bed.stand
    .calls({ limit: 100 })
    .items.filter(({ method }) => method === 'POST')
    .map(({ path }) => path.replace(/(cus|in)_[A-Za-z0-9]+/, ':id'))

test('a customer that Stripe has as it is is not sent there again; one that is gone meanwhile is made again, once', async () => {
  const { customerRef } = value(await gateway.issueInvoice(request()))
  const before = posts().length
  const customer = { ...request().customer, ref: customerRef, unchanged: true }
  const second = { invoiceId: 'inv_2', number: 'INV-0002', idempotencyKey: 'out_2', customer }
  expect(value(await gateway.issueInvoice(request(second))).customerRef).toBe(customerRef)
  expect(posts().slice(0, posts().length - before)).not.toContain('/v1/customers/:id')

  const gone = {
    ...second,
    invoiceId: 'inv_3',
    number: 'INV-0003',
    idempotencyKey: 'out_3',
    customer: { ...customer, ref: 'cus_gone' },
  }
  const anew = value(await gateway.issueInvoice(request(gone)))
  expect(anew.customerRef).not.toBe(customerRef)
  expect(value(await gateway.issueInvoice(request(gone)))).toEqual(anew)
  const nowUncertain = { ...gone, customer: { ...gone.customer, unchanged: false } }
  expect(value(await gateway.issueInvoice(request(nowUncertain)))).toEqual(anew)
  expect(value(await gateway.listInvoices({ since: 0, cursor: null })).invoiceRefs).toHaveLength(3)
})

test('withdrawing takes down what a sending that stopped half way left: a draft is deleted, an open invoice voided, a paid one stays', async () => {
  const withdraw = async (invoiceId: string) =>
    value(await gateway.withdrawInvoice({ invoiceId, idempotencyKey: `out_withdraw_${invoiceId}` }))
  expect(await withdraw('inv_1')).toBeNull()

  const { id: customer } = await bed.stripe.customers.create({ name: 'Anna' })
  const draft = await bed.stripe.invoices.create({ customer, metadata: { countinghouse_invoice_id: 'inv_1' } })
  expect(await withdraw('inv_1')).toBeNull()
  await expect(bed.stripe.invoices.retrieve(draft.id)).rejects.toMatchObject({ code: 'resource_missing' })
  expect(await withdraw('inv_1')).toBeNull()

  const open = value(await gateway.issueInvoice(request()))
  for (const _again of [1, 2]) expect(await withdraw('inv_1')).toMatchObject({ invoiceRef: open.invoiceRef, status: 'void' })

  const other = { invoiceId: 'inv_2', number: 'INV-0002', idempotencyKey: 'out_2' }
  await gateway.issueInvoice(request({ ...other, total: { minor: 147_731, currency: 'USD' } }))
  expect(await withdraw('inv_2')).toMatchObject({ status: 'void' })

  const third = { invoiceId: 'inv_3', number: 'INV-0003', idempotencyKey: 'out_3' }
  await pay(value(await gateway.issueInvoice(request(third))).hostedInvoiceUrl)
  expect(await withdraw('inv_3')).toMatchObject({ status: 'paid', amountPaid: { minor: 147_730 } })
})

test('a payment carries amount, fee and net; a refund is found by our id', async () => {
  const issued = value(await gateway.issueInvoice(request()))
  expect((await pay(issued.hostedInvoiceUrl, '4000000000000002')).status).toBe(402)
  expect((await pay(issued.hostedInvoiceUrl)).status).toBe(200)
  const paid = value(await gateway.readInvoice(issued.invoiceRef))
  const [payment] = paid.payments
  expect(paid).toMatchObject({ status: 'paid', amountPaid: { minor: 147_730 } })
  expect(payment?.amount).toEqual({ minor: 147_730, currency: 'USD' })
  const { fee, net, exchangeRate } = payment?.settlement ?? {}
  expect(exchangeRate).toBeNull()
  expect((fee?.minor ?? 0) + (net?.minor ?? 0)).toBe(147_730)
  const paymentRef = payment?.paymentRef as string
  expect(value(await gateway.invoiceOf('payment_intent', paymentRef))).toBe(issued.invoiceRef)

  const refundRequest = {
    refundId: 'ref_1',
    paymentRef,
    amount: { minor: 47_730, currency: 'USD' },
    reason: 'Agreed',
    idempotencyKey: 'out_9',
    lookUpFirst: false,
  }
  const refunded = value(await gateway.refund(refundRequest))
  expect(refunded).toMatchObject({ status: 'succeeded', refundId: 'ref_1', paymentRef, fee: { minor: 0 } })
  expect(value(await gateway.refund(refundRequest)).refundRef).toBe(refunded.refundRef)
  expect(value(await gateway.refund({ ...refundRequest, idempotencyKey: 'out_10', lookUpFirst: true })).refundRef).toBe(
    refunded.refundRef,
  )
  expect(value(await gateway.listRefunds(paymentRef))).toHaveLength(1)
  expect(
    await gateway.refund({
      ...refundRequest,
      refundId: 'ref_2',
      idempotencyKey: 'out_11',
      amount: { minor: 147_730, currency: 'USD' },
    }),
  ).toMatchObject({ kind: 'declined' })
  expect(await gateway.refund({ ...refundRequest, amount: { minor: 1, currency: 'USD' } })).toMatchObject({
    kind: 'misconfigured',
  })
})

test('events are listed newest first with their objects as hints', async () => {
  await gateway.issueInvoice(request())
  const { events } = value(await gateway.listEvents({ since: START - 60_000, cursor: null }))
  expect(events.map((event) => event.type)).toEqual(
    expect.arrayContaining(['invoice.created', 'invoice.finalized', 'invoice.sent', 'customer.created']),
  )
  expect(events.find((event) => event.type === 'invoice.sent')).toMatchObject({
    objectKind: 'invoice',
    objectId: expect.stringMatching(/^in_/),
    livemode: false,
  })
})

test('a wrong key, a stopped server and a slow one are told apart', async () => {
  const wrong = createStripeGateway({ secretKey: 'sk_test_practice_wrong', baseUrl: bed.stand.url })
  expect(await wrong.checkAccount()).toMatchObject({ kind: 'misconfigured' })
  expect(value(await gateway.checkAccount())).toMatchObject({ livemode: false })
  const gone = createStripeGateway({ secretKey: SECRET_KEY, baseUrl: 'http://127.0.0.1:9', timeout: 500 })
  expect(await gone.checkAccount()).toMatchObject({ kind: 'uncertain' })
})

test('a timeout after success repeats with the same key and ends as one invoice', async () => {
  bed.stand.setFaults({ timeoutAfterSuccess: 1 })
  expect(await gateway.issueInvoice(request())).toMatchObject({ kind: 'uncertain' })
  bed.stand.setFaults({})
  const issued = value(await gateway.issueInvoice(request()))
  const { invoiceRefs } = value(await gateway.listInvoices({ since: 0, cursor: null }))
  expect(invoiceRefs).toEqual([issued.invoiceRef])
})
