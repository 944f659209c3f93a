import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bed, draftInvoice, failure, openBed, openInvoice, payHosted } from './practiceStripeBed'

let bed: Bed
beforeEach(async () => {
  bed = await openBed()
})
afterEach(() => bed.close())

test('an invoice goes from draft to paid: amounts, payment, fee, balance and refund agree', async () => {
  const { stripe } = bed
  const { invoice: draft } = await draftInvoice(stripe)
  expect(draft).toMatchObject({ status: 'draft', number: null, hosted_invoice_url: null, invoice_pdf: null })
  expect(draft).toMatchObject({ subtotal: 100_000, total: 120_000, total_excluding_tax: 100_000, amount_due: 120_000 })
  expect(draft.total_taxes).toMatchObject([{ amount: 20_000, tax_behavior: 'exclusive', taxable_amount: 100_000 }])
  expect(draft.lines.data.map((line) => line.description)).toEqual(['Design', 'Hosting'])

  const open = await stripe.invoices.finalizeInvoice(draft.id)
  expect(open).toMatchObject({ status: 'open', amount_remaining: 120_000, attempted: false })
  expect(open.number).toMatch(/^[A-Z0-9]{8}-0001$/)
  expect(open.hosted_invoice_url).toMatch(new RegExp(`^${bed.stand.url}/i/acct_\\w+/test_\\w{32}$`))
  await stripe.invoices.sendInvoice(open.id)

  expect(await payHosted(open)).toMatchObject({ status: 200, body: { status: 'paid' } })
  const paid = await stripe.invoices.retrieve(open.id, { expand: ['payments'] })
  expect(paid).toMatchObject({ status: 'paid', amount_paid: 120_000, amount_remaining: 0, attempt_count: 1 })
  const payment = paid.payments?.data[0]
  expect(payment).toMatchObject({ status: 'paid', amount_paid: 120_000, is_default: true })

  const intent = await stripe.paymentIntents.retrieve(String(payment?.payment.payment_intent), {
    expand: ['latest_charge.balance_transaction'],
  })
  expect(intent).toMatchObject({ status: 'succeeded', amount_received: 120_000 })
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null
  // 2.9 % of 1,200.00 is 34.80, and 0.30
  expect(charge?.balance_transaction).toMatchObject({
    amount: 120_000,
    fee: 3_510,
    net: 116_490,
    type: 'charge',
    status: 'pending',
  })

  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 20_000, metadata: { why: 'late' } })
  expect(refund).toMatchObject({ status: 'succeeded', amount: 20_000, charge: charge?.id, metadata: { why: 'late' } })
  expect(await stripe.charges.retrieve(charge?.id ?? '')).toMatchObject({ amount_refunded: 20_000, refunded: false })
  expect(await stripe.balanceTransactions.retrieve(String(refund.balance_transaction))).toMatchObject({
    amount: -20_000,
    fee: 0,
    net: -20_000,
    reporting_category: 'refund',
    source: refund.id,
  })
  expect(await stripe.balance.retrieve()).toMatchObject({ available: [{ amount: -20_000 }], pending: [{ amount: 116_490 }] })
  bed.clock.at += 3 * 86_400_000
  expect(await stripe.balance.retrieve()).toMatchObject({ available: [{ amount: 96_490 }], pending: [{ amount: 0 }] })

  const events = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 100 })
  expect(events.map((event) => event.type).reverse()).toEqual([
    'customer.created',
    'invoice.created',
    'invoiceitem.created',
    'invoiceitem.created',
    'invoice.updated',
    'payment_intent.created',
    'invoice.finalized',
    'invoice.sent',
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice_payment.paid',
    'invoice.paid',
    'invoice.payment_succeeded',
    'refund.created',
    'charge.refunded',
  ])
})

test('a decline leaves the invoice open with a failed charge, and a good card then pays', async () => {
  const { stripe } = bed
  const open = await openInvoice(stripe)
  expect(await payHosted(open, '4000 0000 0000 9995')).toMatchObject({
    status: 402,
    body: { status: 'open', error: { code: 'card_declined', decline_code: 'insufficient_funds' } },
  })
  const [charge] = (await stripe.charges.list({ customer: String(open.customer) })).data
  expect(charge).toMatchObject({ status: 'failed', paid: false, failure_code: 'card_declined', balance_transaction: null })
  const intent = await stripe.paymentIntents.retrieve(String(charge?.payment_intent))
  expect(intent).toMatchObject({ status: 'requires_payment_method', last_payment_error: { decline_code: 'insufficient_funds' } })
  expect(await stripe.invoices.retrieve(open.id)).toMatchObject({ status: 'open', amount_paid: 0, attempted: true })
  const types = (await stripe.events.list({ limit: 4 })).data.map((event) => event.type)
  expect(types.sort()).toEqual(['charge.failed', 'invoice.payment_failed', 'invoice.updated', 'payment_intent.payment_failed'])

  expect(await payHosted(open, '5555555555554444')).toMatchObject({ status: 200 })
  expect(await stripe.invoices.retrieve(open.id)).toMatchObject({ status: 'paid', attempt_count: 1 })
  expect((await stripe.charges.list({ payment_intent: intent.id })).data.map((item) => item.status)).toEqual([
    'succeeded',
    'failed',
  ])
})

test('pay with a test payment method: success, decline with its writes kept, out of band', async () => {
  const { stripe } = bed
  const first = await openInvoice(stripe)
  const declined = await failure(stripe.invoices.pay(first.id, { payment_method: 'pm_card_visa_chargeDeclined' }))
  expect(declined).toMatchObject({
    type: 'StripeCardError',
    statusCode: 402,
    code: 'card_declined',
    decline_code: 'generic_decline',
  })
  expect((await stripe.charges.list()).data).toMatchObject([{ status: 'failed' }])
  expect(await stripe.invoices.pay(first.id, { payment_method: 'pm_card_visa' })).toMatchObject({ status: 'paid' })
  expect(await failure(stripe.invoices.pay(first.id, { payment_method: 'pm_card_visa' }))).toMatchObject({
    statusCode: 400,
    message: 'Invoice is already paid',
  })

  const second = await openInvoice(stripe)
  const outside = await stripe.invoices.pay(second.id, { paid_out_of_band: true })
  expect(outside).toMatchObject({ status: 'paid', amount_paid_off_stripe: 120_000 })
  expect((await stripe.charges.list()).data).toHaveLength(2)
})

test('an invoice of nothing is paid when it is finalized', async () => {
  const { stripe } = bed
  const customer = await stripe.customers.create({ email: 'a@example.com' })
  const draft = await stripe.invoices.create({ customer: customer.id, collection_method: 'send_invoice', days_until_due: 3 })
  expect(await stripe.invoices.finalizeInvoice(draft.id)).toMatchObject({ status: 'paid', total: 0, amount_paid: 0 })
  expect((await stripe.paymentIntents.list()).data).toEqual([])
})

test('void and write-off: what they end, and what may still be paid', async () => {
  const { stripe } = bed
  const voided = await stripe.invoices.voidInvoice((await openInvoice(stripe)).id)
  expect(voided).toMatchObject({ status: 'void', status_transitions: { voided_at: bed.clock.at / 1000 } })
  expect((await stripe.invoicePayments.list({ invoice: voided.id })).data).toMatchObject([{ status: 'canceled' }])
  expect((await stripe.paymentIntents.list()).data).toMatchObject([{ status: 'canceled', cancellation_reason: 'void_invoice' }])
  expect(await payHosted(voided)).toMatchObject({ status: 409, body: { status: 'void' } })

  const bad = await stripe.invoices.markUncollectible((await openInvoice(stripe)).id)
  expect(bad.status).toBe('uncollectible')
  expect(await payHosted(bad)).toMatchObject({ status: 200, body: { status: 'paid' } })
  const alsoBad = await stripe.invoices.markUncollectible((await openInvoice(stripe)).id)
  expect(await stripe.invoices.voidInvoice(alsoBad.id)).toMatchObject({ status: 'void' })
})

test('tax: by hand with an inclusive rate, by tax rates on items, and by default rates', async () => {
  const { stripe } = bed
  const customer = await stripe.customers.create({ email: 'a@example.com' })
  const draft = () => stripe.invoices.create({ customer: customer.id, collection_method: 'send_invoice', days_until_due: 3 })

  const byHand = await stripe.invoices.addLines((await draft()).id, {
    lines: [
      {
        amount: 11_900,
        tax_amounts: [
          { amount: 1_900, taxable_amount: 10_000, tax_rate_data: { display_name: 'USt', percentage: 19, inclusive: true } },
          { amount: 119, taxable_amount: 11_900, tax_rate_data: { display_name: 'City', percentage: 1, inclusive: false } },
        ],
      },
    ],
  })
  expect(byHand).toMatchObject({ subtotal: 11_900, subtotal_excluding_tax: 10_000, total: 12_019, total_excluding_tax: 10_000 })
  expect(byHand.total_taxes?.map((tax) => [tax.amount, tax.tax_behavior])).toEqual([
    [1_900, 'inclusive'],
    [119, 'exclusive'],
  ])

  const rate = await stripe.taxRates.create({ display_name: 'Sales tax', percentage: 8.875, inclusive: false })
  const byRate = await draft()
  await stripe.invoiceItems.create({
    customer: customer.id,
    invoice: byRate.id,
    amount: 999,
    currency: 'usd',
    tax_rates: [rate.id],
  })
  // 8.875 % of 9.99 is 0.8866
  expect(await stripe.invoices.retrieve(byRate.id)).toMatchObject({ subtotal: 999, total: 999 + 89 })

  const withDefault = await stripe.invoices.update((await draft()).id, { default_tax_rates: [rate.id] })
  const lines = await stripe.invoices.addLines(withDefault.id, { lines: [{ amount: 10_000 }] })
  expect(lines.total).toBe(10_888)
  expect(
    await failure(
      stripe.invoices.addLines(withDefault.id, {
        lines: [
          {
            amount: 1,
            tax_amounts: [
              { amount: 0, taxable_amount: 1, tax_rate_data: { display_name: 'x', percentage: 1, inclusive: false } },
            ],
          },
        ],
      }),
    ),
  ).toMatchObject({ statusCode: 400 })
})

test('items: pending ones join the next invoice newest first, quantities multiply exactly, deleting takes the line away', async () => {
  const { stripe } = bed
  const customer = await stripe.customers.create({ email: 'a@example.com' })
  const base = { customer: customer.id, currency: 'usd' }
  await stripe.invoiceItems.create({ ...base, amount: 100, description: 'first' })
  await stripe.invoiceItems.create({ ...base, amount: 200, description: 'second' })
  await stripe.invoiceItems.create({ ...base, amount: 300, currency: 'eur', description: 'euro' })
  const invoice = await stripe.invoices.create({ ...base, pending_invoice_items_behavior: 'include' })
  expect(invoice.lines.data.map((line) => line.description)).toEqual(['second', 'first'])

  const added = await stripe.invoices.addLines(invoice.id, {
    lines: [
      {
        quantity_decimal: Stripe.Decimal.from('1.5'),
        price_data: { currency: 'usd', product_data: { name: 'Hours' }, unit_amount_decimal: Stripe.Decimal.from('3333.33') },
      },
    ],
  })
  const line = added.lines.data.at(-1)
  expect(line).toMatchObject({ amount: 5_000, quantity: 1, description: 'Hours' })
  expect(String(line?.quantity_decimal)).toBe('1.5')
  await stripe.invoiceItems.del(line?.parent?.invoice_item_details?.invoice_item ?? '')
  expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ total: 300 })
  await stripe.invoices.del(invoice.id)
  expect(await failure(stripe.invoices.retrieve(invoice.id))).toMatchObject({ statusCode: 404, code: 'resource_missing' })
})

test('deleting a draft frees its number', async () => {
  const { stripe } = bed
  const { invoice } = await draftInvoice(stripe, { number: 'A-1' })
  await stripe.invoices.del(invoice.id)
  expect((await draftInvoice(stripe, { number: 'A-1' })).invoice.number).toBe('A-1')
})
