import type Stripe from 'stripe'
import type { Context } from '../context'
import { type Endpoint, endpoint } from '../http/endpoint'
import { invalid, parameterMissing, parametersExclusive, resourceMissing } from '../http/errors'
import { expand, type Keys, type Values } from '../http/params'
import { newId } from '../ids'
import { applyMetadata } from '../rules/metadata'
import { taxesByRates } from '../rules/totals'
import { arrayPage, listPage } from '../store/list'
import { fullAddress } from '../wire'
import { ratesNamed } from './invoiceItems'
import { createParams, lineListParams, listParams, updateParams } from './invoiceParams'
import { itemOf, lineFor, mustBeDraft, refuseMixedTax, taxedBy, withLines } from './lines'

type Changes = Values<typeof updateParams>
const DAY = 86_400

function blank(ctx: Context, customer: Stripe.Customer, currency: string): Stripe.Invoice {
  const id = newId('in')
  return {
    id,
    object: 'invoice',
    account_country: 'US',
    account_name: 'Practice business',
    account_tax_ids: null,
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: false,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    billing_reason: 'manual',
    collection_method: 'charge_automatically',
    created: ctx.now,
    currency,
    custom_fields: customer.invoice_settings.custom_fields,
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: customer.shipping,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: customer.invoice_settings.footer,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: { object: 'list', data: [], has_more: false, url: `/v1/invoices/${id}/lines` },
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: ctx.now,
    period_start: ctx.now,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: 0,
    subtotal_excluding_tax: 0,
    test_clock: null,
    total: 0,
    total_discount_amounts: [],
    total_excluding_tax: 0,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: ctx.now,
  } satisfies Stripe.Invoice
}

/** Due date of a draft. @throws ApiError 400 when it does not go with the way of collection */
function dueDate(
  invoice: Stripe.Invoice,
  params: Pick<Changes, 'due_date' | 'days_until_due'>,
  collection: string,
): number | null {
  const { due_date: date, days_until_due: days } = params
  if (date !== undefined && days !== undefined) throw parametersExclusive(['due_date', 'days_until_due'])
  if (collection !== 'send_invoice') {
    if (date !== undefined || days !== undefined)
      throw invalid(
        `You can only pass \`${date === undefined ? 'days_until_due' : 'due_date'}\` if collection_method is \`send_invoice\`.`,
        {
          param: date === undefined ? 'days_until_due' : 'due_date',
        },
      )
    return null
  }
  if (date !== undefined) return date
  if (days !== undefined) return invoice.created + days * DAY
  if (invoice.due_date !== null) return invoice.due_date
  throw invalid(
    "If invoices are to be sent to the customer, you must specify `days_until_due` or `due_date` (collection_method is 'send_invoice').",
    {
      code: 'parameter_missing',
      param: 'days_until_due',
    },
  )
}

/** @throws ApiError 400 when another invoice of the account carries the number */
function freeNumber(ctx: Context, invoice: Stripe.Invoice, number: string): string {
  const holder = ctx.store.findBy('invoice', 'number', number)
  if (holder !== undefined && holder.id !== invoice.id)
    throw invalid(`The invoice number '${number}' is already used by another invoice of this account.`, {
      code: 'resource_already_exists',
      param: 'number',
    })
  return number
}

function edit(ctx: Context, invoice: Stripe.Invoice, params: Changes): Stripe.Invoice {
  if (params.automatic_tax?.enabled === true)
    throw invalid('The practice Stripe does not calculate tax by itself. Send tax_amounts or tax_rates.', {
      param: 'automatic_tax[enabled]',
    })
  const collection = params.collection_method ?? invoice.collection_method
  const rates =
    params.default_tax_rates === undefined
      ? invoice.default_tax_rates
      : ratesNamed(ctx, params.default_tax_rates ?? [], 'default_tax_rates')
  if (rates.length > 0)
    refuseMixedTax(ctx, { ...invoice, default_tax_rates: [] }, { rates: true, amounts: false }, 'default_tax_rates')
  const shipping = params.shipping_details
  const edited: Stripe.Invoice = {
    ...invoice,
    auto_advance: params.auto_advance ?? invoice.auto_advance ?? false,
    collection_method: collection,
    custom_fields: params.custom_fields === undefined ? invoice.custom_fields : params.custom_fields,
    default_tax_rates: rates,
    description: params.description === undefined ? invoice.description : params.description,
    due_date: dueDate(invoice, params, collection),
    effective_at: params.effective_at === undefined ? invoice.effective_at : params.effective_at,
    footer: params.footer === undefined ? invoice.footer : params.footer,
    metadata: applyMetadata(invoice.metadata ?? {}, params.metadata),
    number:
      params.number === undefined ? invoice.number : params.number === null ? null : freeNumber(ctx, invoice, params.number),
    payment_settings: {
      ...invoice.payment_settings,
      payment_method_types: params.payment_settings?.payment_method_types ?? invoice.payment_settings.payment_method_types,
    },
    shipping_details:
      shipping === undefined
        ? invoice.shipping_details
        : shipping === null
          ? null
          : { address: fullAddress(shipping.address), name: shipping.name, phone: shipping.phone ?? null },
    statement_descriptor: params.statement_descriptor === undefined ? invoice.statement_descriptor : params.statement_descriptor,
  }
  const lines = edited.lines.data.map((line) =>
    taxedBy(ctx, line, invoice) === 'hand' || ctx.store.find('invoiceitem', itemOf(line) ?? '')?.tax_rates?.length
      ? line
      : { ...line, taxes: taxesByRates(line.amount, rates) },
  )
  return withLines(edited, lines)
}

/** What may still be changed once an invoice is finalized. */
const FREE_FOREVER = new Set(['metadata', 'expand', 'auto_advance', 'payment_settings'])

function change(ctx: Context, before: Stripe.Invoice, params: Changes): Stripe.Invoice {
  if (before.status === 'draft') return edit(ctx, before, params)
  if (Object.entries(params).some(([name, value]) => value !== undefined && !FREE_FOREVER.has(name))) mustBeDraft(before)
  return {
    ...before,
    auto_advance: params.auto_advance ?? before.auto_advance ?? false,
    metadata: applyMetadata(before.metadata ?? {}, params.metadata),
  }
}

/** Moves the customer's pending items in this currency onto the new draft, newest first. */
function takePending(ctx: Context, invoice: Stripe.Invoice): Stripe.Invoice {
  const pending = ctx.store
    .allBy('invoiceitem', 'customer', String(invoice.customer))
    .filter((item) => item.invoice === null && item.currency === invoice.currency)
    .reverse()
  const lines = pending.map((item) => lineFor(ctx.store.put({ ...item, invoice: invoice.id }), invoice))
  return withLines(invoice, lines)
}

export const invoiceEndpoints: readonly Endpoint[] = [
  endpoint('POST', '/v1/invoices', createParams, (ctx, params) => {
    if (params.customer === undefined) throw parameterMissing('customer')
    const customer = ctx.store.get('customer', params.customer, 'customer')
    if (params.collection_method === 'send_invoice' && customer.email === null)
      throw invalid(
        'Missing email. In order to create invoices that are sent to the customer, the customer must have a valid email.',
        { param: 'customer' },
      )
    const draft = blank(ctx, customer, params.currency ?? customer.currency ?? ctx.account.currency)
    const { currency: _currency, customer: _customer, pending_invoice_items_behavior: behavior, ...details } = params
    const edited = edit(ctx, draft, { ...details, default_tax_rates: params.default_tax_rates, number: params.number })
    const invoice = ctx.store.put(behavior === 'include' ? takePending(ctx, edited) : edited)
    if (customer.currency === null) ctx.store.put({ ...customer, currency: invoice.currency })
    ctx.emit('invoice.created', invoice)
    return invoice
  }),
  endpoint('GET', '/v1/invoices', listParams, (ctx, params) =>
    listPage(
      ctx.store.connection,
      'object',
      '/v1/invoices',
      'invoice',
      {
        equal: { type: 'invoice', customer: ctx.store.mustExist('customer', params.customer, 'customer'), status: params.status },
        created: params.created,
      },
      params,
    ),
  ),
  endpoint('GET', '/v1/invoices/:id', { expand } satisfies Keys<Stripe.InvoiceRetrieveParams>, (ctx, _params, id) =>
    ctx.store.get('invoice', id),
  ),
  endpoint('POST', '/v1/invoices/:id', updateParams, (ctx, params, id) => {
    const before = ctx.store.get('invoice', id)
    const invoice = ctx.store.put(change(ctx, before, params))
    ctx.emit('invoice.updated', invoice, before)
    return invoice
  }),
  endpoint('DELETE', '/v1/invoices/:id', {} satisfies Keys<Stripe.InvoiceDeleteParams>, (ctx, _params, id) => {
    const invoice = ctx.store.get('invoice', id)
    if (invoice.status !== 'draft')
      throw invalid(`You can only delete draft invoices. Invoice ${id} is ${invoice.status}; void it instead.`, {
        code: 'invoice_not_editable',
      })
    for (const line of invoice.lines.data) {
      const item = itemOf(line)
      if (item !== undefined) ctx.store.delete(item)
    }
    ctx.store.delete(id)
    ctx.emit('invoice.deleted', invoice)
    return { id, object: 'invoice', deleted: true } satisfies Stripe.DeletedInvoice
  }),
  endpoint('GET', '/v1/invoices/:id/lines', lineListParams, (ctx, params, id) => {
    const invoice = ctx.store.find('invoice', id)
    if (invoice === undefined) throw resourceMissing('invoice', id, 'id')
    return arrayPage(invoice.lines.data, `/v1/invoices/${id}/lines`, 'line item', params)
  }),
]
