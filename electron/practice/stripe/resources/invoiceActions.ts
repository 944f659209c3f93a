import type Stripe from 'stripe'
import type { Context } from '../context'
import { Answer, type Endpoint, endpoint } from '../http/endpoint'
import { ApiError, invalid, resourceMissing } from '../http/errors'
import { expand, type Keys, type Values } from '../http/params'
import { newSecret } from '../ids'
import { TEST_CARDS } from '../rules/cards'
import { chargeStep, formatAmount, maxCharge, minCharge } from '../rules/currency'
import { applyMetadata } from '../rules/metadata'
import { priceOf } from '../rules/pricing'
import { ratesNamed } from './invoiceItems'
import { addLinesParams, finalizeParams, payParams, removeLinesParams } from './invoiceParams'
import { buildItem, itemOf, lineFor, mustBeDraft, mustMatchCurrency, refuseMixedTax, withLines } from './lines'
import { announcePaid, defaultPayment, mustBePayable, payWithCard, settled } from './paying'
import { buildIntent, buildInvoicePayment } from './paymentObjects'
import { rateFor } from './taxRates'

type LineParams = Values<typeof addLinesParams>['lines'][number]

function addLine(ctx: Context, invoice: Stripe.Invoice, params: LineParams, path: string): Stripe.Invoice {
  mustMatchCurrency(params.price_data?.currency, invoice, `${path}[price_data][currency]`)
  refuseMixedTax(
    ctx,
    invoice,
    { rates: (params.tax_rates ?? []).length > 0, amounts: (params.tax_amounts ?? []).length > 0 },
    `${path}[tax_amounts]`,
  )
  const item =
    params.invoice_item === undefined ? newItem(ctx, invoice, params, path) : adopt(ctx, invoice, params.invoice_item, path)
  const taxes = params.tax_amounts?.map(
    (tax): Stripe.InvoiceLineItem.Tax => ({
      amount: tax.amount,
      tax_behavior: tax.tax_rate_data.inclusive ? 'inclusive' : 'exclusive',
      tax_rate_details: { tax_rate: rateFor(ctx, tax.tax_rate_data).id },
      taxability_reason: tax.taxability_reason ?? 'not_available',
      taxable_amount: tax.taxable_amount,
      type: 'tax_rate_details',
    }),
  )
  return withLines(invoice, [...invoice.lines.data, lineFor(item, invoice, taxes)])
}

function newItem(ctx: Context, invoice: Stripe.Invoice, params: LineParams, path: string): Stripe.InvoiceItem {
  const item = ctx.store.put(
    buildItem(ctx, priceOf(params, path), {
      currency: invoice.currency,
      customer: String(invoice.customer),
      invoice: invoice.id,
      description: params.description ?? params.price_data?.product_data?.name ?? null,
      discountable: params.discountable,
      metadata: applyMetadata({}, params.metadata),
      period: params.period,
      taxRates: ratesNamed(ctx, params.tax_rates ?? [], `${path}[tax_rates]`),
    }),
  )
  ctx.emit('invoiceitem.created', item)
  return item
}

/** Puts a pending item on the invoice. */
function adopt(ctx: Context, invoice: Stripe.Invoice, id: string, path: string): Stripe.InvoiceItem {
  const item = ctx.store.get('invoiceitem', id, `${path}[invoice_item]`)
  if (item.invoice !== null || item.customer !== invoice.customer)
    throw invalid(`Invoice item ${id} is not a pending item of this invoice's customer.`, { param: `${path}[invoice_item]` })
  mustMatchCurrency(item.currency, invoice, `${path}[invoice_item]`)
  return ctx.store.put({ ...item, invoice: invoice.id })
}

/** The next free number of the customer's own series. */
function nextNumber(ctx: Context, customer: Stripe.Customer): string {
  let sequence = customer.next_invoice_sequence ?? 1
  const numbered = (): string => `${customer.invoice_prefix}-${String(sequence).padStart(4, '0')}`
  while (ctx.store.findBy('invoice', 'number', numbered()) !== undefined) sequence += 1
  const number = numbered()
  ctx.store.put({ ...customer, next_invoice_sequence: sequence + 1 })
  return number
}

/** @throws ApiError 400 for an amount no card can be charged with */
function mustBeChargeable(amount: number, currency: string): void {
  const step = chargeStep(currency)
  if (amount > maxCharge(currency))
    throw invalid(`Amount must be no more than ${formatAmount(maxCharge(currency), currency)}`, { code: 'amount_too_large' })
  // Stripe would carry so little over to the customer's next invoice; the practice Stripe keeps no customer balances.
  if (amount > 0 && amount < minCharge(currency))
    throw invalid(`Amount must be at least ${formatAmount(minCharge(currency), currency)}`, { code: 'amount_too_small' })
  if (amount % step !== 0)
    throw invalid(`Invalid amount: amounts in ${currency} must be evenly divisible by ${step}.`, {
      code: 'invalid_charge_amount',
    })
}

function finalize(ctx: Context, draft: Stripe.Invoice): Stripe.Invoice {
  if (draft.status !== 'draft')
    throw invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice.", {
      code: 'invoice_not_editable',
    })
  if (draft.total < 0)
    throw invalid(
      'The practice Stripe keeps no customer credit balances, so an invoice with a negative total cannot be finalized.',
    )
  mustBeChargeable(draft.amount_due, draft.currency)
  const path = `/i/${ctx.account.id}/${newSecret('test')}`
  const open: Stripe.Invoice = {
    ...draft,
    effective_at: draft.effective_at ?? ctx.now,
    ending_balance: 0,
    hosted_invoice_url: path,
    invoice_pdf: `${path}/pdf`,
    number: draft.number ?? nextNumber(ctx, ctx.store.get('customer', String(draft.customer))),
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: ctx.now },
  }
  if (open.total === 0) {
    const paid = ctx.store.put({ ...settled(ctx, open, 0), attempted: true })
    ctx.emit('invoice.finalized', paid)
    announcePaid(ctx, paid)
    return paid
  }
  const intent = ctx.store.put(buildIntent(ctx, open))
  ctx.store.put(buildInvoicePayment(ctx, open, intent.id))
  ctx.store.put(open)
  ctx.emit('payment_intent.created', intent)
  ctx.emit('invoice.finalized', open)
  return open
}

/** Ends the open payment of an invoice that will not be paid through it. */
function cancelPayment(ctx: Context, invoice: Stripe.Invoice, reason: 'void_invoice' | 'automatic'): void {
  const { payment, intent } = defaultPayment(ctx, invoice)
  ctx.store.put({ ...payment, status: 'canceled', status_transitions: { ...payment.status_transitions, canceled_at: ctx.now } })
  ctx.emit(
    'payment_intent.canceled',
    ctx.store.put({
      ...intent,
      canceled_at: ctx.now,
      cancellation_reason: reason,
      status: 'canceled',
    } satisfies Stripe.PaymentIntent),
  )
}

function payOutOfBand(ctx: Context, invoice: Stripe.Invoice): Stripe.Invoice {
  mustBePayable(invoice)
  cancelPayment(ctx, invoice, 'automatic')
  const paid = ctx.store.put({ ...settled(ctx, invoice, invoice.amount_due), amount_paid_off_stripe: invoice.amount_due })
  announcePaid(ctx, paid)
  return paid
}

/** The card behind a test payment method such as `pm_card_visa`. */
function cardBehind(id: string | undefined) {
  if (id === undefined)
    throw invalid(
      'This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.',
      { code: 'resource_missing' },
    )
  const card = TEST_CARDS.find((known) => known.paymentMethod === id)
  if (card === undefined) throw resourceMissing('PaymentMethod', id, 'payment_method')
  return card
}

function pay(ctx: Context, given: Stripe.Invoice, params: Values<typeof payParams>): unknown {
  if (params.paid_out_of_band !== true && given.status !== 'paid' && given.status !== 'void') cardBehind(params.payment_method)
  const invoice = given.status === 'draft' ? finalize(ctx, given) : given
  if (given.status === 'draft' && invoice.status === 'paid') return invoice
  if (params.paid_out_of_band === true) return payOutOfBand(ctx, invoice)
  mustBePayable(invoice)
  const attempt = payWithCard(ctx, invoice, cardBehind(params.payment_method))
  const error = attempt.intent.last_payment_error
  if (error === null) return attempt.invoice
  return new Answer(
    new ApiError(402, {
      type: 'card_error',
      code: error.code ?? 'card_declined',
      message: error.message ?? 'Your card was declined.',
      ...(error.decline_code === undefined ? {} : { decline_code: error.decline_code }),
      charge: attempt.charge.id,
      payment_intent: attempt.intent,
    }),
  )
}

const onlyExpand = { expand } satisfies Keys<Stripe.InvoiceSendInvoiceParams & Stripe.InvoiceVoidInvoiceParams>

export const invoiceActionEndpoints: readonly Endpoint[] = [
  endpoint('POST', '/v1/invoices/:id/add_lines', addLinesParams, (ctx, params, id) => {
    const before = ctx.store.get('invoice', id)
    mustBeDraft(before)
    const named = { ...before, metadata: applyMetadata(before.metadata ?? {}, params.invoice_metadata) }
    const invoice = ctx.store.put(
      params.lines.reduce<Stripe.Invoice>((draft, line, index) => addLine(ctx, draft, line, `lines[${index}]`), named),
    )
    ctx.emit('invoice.updated', invoice, before)
    return invoice
  }),
  endpoint('POST', '/v1/invoices/:id/remove_lines', removeLinesParams, (ctx, params, id) => {
    const before = ctx.store.get('invoice', id)
    mustBeDraft(before)
    for (const [index, { id: lineId, behavior }] of params.lines.entries()) {
      const line = before.lines.data.find((candidate) => candidate.id === lineId)
      const item = line === undefined ? undefined : itemOf(line)
      if (item === undefined) throw resourceMissing('line item', lineId, `lines[${index}][id]`)
      if (behavior === 'delete') ctx.store.delete(item)
      else ctx.store.put({ ...ctx.store.get('invoiceitem', item), invoice: null })
    }
    const gone = new Set(params.lines.map((line) => line.id))
    const named = { ...before, metadata: applyMetadata(before.metadata ?? {}, params.invoice_metadata) }
    const invoice = ctx.store.put(
      withLines(
        named,
        before.lines.data.filter((line) => !gone.has(line.id)),
      ),
    )
    ctx.emit('invoice.updated', invoice, before)
    return invoice
  }),
  endpoint('POST', '/v1/invoices/:id/finalize', finalizeParams, (ctx, params, id) => {
    const draft = ctx.store.get('invoice', id)
    return finalize(ctx, { ...draft, auto_advance: params.auto_advance ?? draft.auto_advance ?? false })
  }),
  endpoint('POST', '/v1/invoices/:id/send', onlyExpand, (ctx, _params, id) => {
    const given = ctx.store.get('invoice', id)
    if (given.collection_method !== 'send_invoice')
      throw invalid("You can only manually send an invoice if its collection method is 'send_invoice'.")
    const invoice = given.status === 'draft' ? finalize(ctx, given) : given
    if (invoice.status !== 'open' && invoice.status !== 'paid')
      throw invalid(`You cannot send an invoice that is ${invoice.status}.`, { code: 'status_transition_invalid' })
    ctx.emit('invoice.sent', invoice)
    return invoice
  }),
  endpoint('POST', '/v1/invoices/:id/pay', payParams, (ctx, params, id) => pay(ctx, ctx.store.get('invoice', id), params)),
  endpoint('POST', '/v1/invoices/:id/void', onlyExpand, (ctx, _params, id) => {
    const before = ctx.store.get('invoice', id)
    if (before.status !== 'open' && before.status !== 'uncollectible')
      throw invalid(`Only open and uncollectible invoices can be voided. This invoice is ${before.status}.`, {
        code: 'status_transition_invalid',
      })
    cancelPayment(ctx, before, 'void_invoice')
    const invoice = ctx.store.put({
      ...before,
      status: 'void',
      status_transitions: { ...before.status_transitions, voided_at: ctx.now },
    } satisfies Stripe.Invoice)
    ctx.emit('invoice.voided', invoice)
    return invoice
  }),
  endpoint('POST', '/v1/invoices/:id/mark_uncollectible', onlyExpand, (ctx, _params, id) => {
    const before = ctx.store.get('invoice', id)
    if (before.status !== 'open')
      throw invalid(`Only open invoices can be marked uncollectible. This invoice is ${before.status}.`, {
        code: 'status_transition_invalid',
      })
    const invoice = ctx.store.put({
      ...before,
      status: 'uncollectible',
      status_transitions: { ...before.status_transitions, marked_uncollectible_at: ctx.now },
    } satisfies Stripe.Invoice)
    ctx.emit('invoice.marked_uncollectible', invoice)
    return invoice
  }),
]
