import type Stripe from 'stripe'
import type { Context } from '../context'
import { type Endpoint, endpoint } from '../http/endpoint'
import { invalid, parameterMissing } from '../http/errors'
import {
  bool,
  decimal,
  expand,
  hash,
  int,
  type Keys,
  list,
  metadata,
  need,
  oneOf,
  page,
  range,
  text,
  unset,
  unsupported,
} from '../http/params'
import { currency } from '../rules/currency'
import { applyMetadata } from '../rules/metadata'
import { priceOf } from '../rules/pricing'
import { listPage } from '../store/list'
import { truncated, wireDecimal } from '../wire'
import { buildItem, itemOf, lineFor, mustBeDraft, mustMatchCurrency, refuseMixedTax, taxedBy, withLines } from './lines'

export const period = hash({ end: need(int(0)), start: need(int(0)) })

const priceData = hash({
  currency: need(currency),
  product: need(text()),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  unit_amount: int(),
  unit_amount_decimal: decimal,
} satisfies Keys<Stripe.InvoiceItemCreateParams.PriceData>)

const createParams = {
  amount: int(),
  currency,
  customer: text(),
  customer_account: unsupported,
  description: text(),
  discountable: bool,
  discounts: unsupported,
  expand,
  invoice: text(),
  metadata,
  period,
  price_data: priceData,
  pricing: hash({ price: text() }),
  quantity: int(0),
  quantity_decimal: decimal,
  subscription: unsupported,
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  tax_code: unsupported,
  tax_rates: list(text(), 10),
  unit_amount_decimal: decimal,
} satisfies Keys<Stripe.InvoiceItemCreateParams>

const updateParams = {
  amount: int(),
  description: unset(text()),
  discountable: bool,
  discounts: unsupported,
  expand,
  invoicing_rules: unsupported,
  metadata,
  period,
  price_data: priceData,
  pricing: hash({ price: text() }),
  quantity: int(0),
  quantity_decimal: decimal,
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  tax_code: unsupported,
  tax_rates: unset(list(text(), 10)),
  unit_amount_decimal: decimal,
} satisfies Keys<Stripe.InvoiceItemUpdateParams>

const listParams = {
  ...page,
  created: range,
  customer: text(),
  customer_account: unsupported,
  invoice: text(),
  pending: unsupported,
} satisfies Keys<Stripe.InvoiceItemListParams>

export function ratesNamed(ctx: Context, ids: readonly string[] | undefined, param: string): Stripe.TaxRate[] {
  return (ids ?? []).map((id, index) => ctx.store.get('tax_rate', id, `${param}[${index}]`))
}

function isPriced(params: { amount?: unknown; unit_amount_decimal?: unknown; price_data?: unknown; pricing?: unknown }): boolean {
  return [params.amount, params.unit_amount_decimal, params.price_data, params.pricing].some((value) => value !== undefined)
}

export const invoiceItemEndpoints: readonly Endpoint[] = [
  endpoint('POST', '/v1/invoiceitems', createParams, (ctx, params) => {
    if (params.customer === undefined) throw parameterMissing('customer')
    const customer = ctx.store.get('customer', params.customer, 'customer')
    const invoice = params.invoice === undefined ? undefined : ctx.store.get('invoice', params.invoice, 'invoice')
    if (invoice !== undefined) {
      mustBeDraft(invoice)
      if (invoice.customer !== customer.id)
        throw invalid(`The invoice ${invoice.id} does not belong to the customer ${customer.id}.`, { param: 'invoice' })
      mustMatchCurrency(params.currency ?? params.price_data?.currency, invoice, 'currency')
      refuseMixedTax(ctx, invoice, { rates: (params.tax_rates ?? []).length > 0, amounts: false }, 'tax_rates')
    }
    const price = priceOf(params)
    const unit = params.currency ?? invoice?.currency ?? customer.currency ?? undefined
    if (unit === undefined) throw parameterMissing('currency')
    const item = ctx.store.put(
      buildItem(ctx, price, {
        currency: unit,
        customer: customer.id,
        invoice: invoice?.id ?? null,
        description: params.description ?? null,
        discountable: params.discountable,
        metadata: applyMetadata({}, params.metadata),
        period: params.period,
        taxRates: ratesNamed(ctx, params.tax_rates, 'tax_rates'),
      }),
    )
    if (invoice !== undefined) {
      const line = lineFor(item, invoice)
      ctx.store.put(withLines(invoice, [...invoice.lines.data, line]))
    }
    ctx.emit('invoiceitem.created', item)
    return item
  }),
  endpoint('GET', '/v1/invoiceitems', listParams, (ctx, params) =>
    listPage(
      ctx.store.connection,
      'object',
      '/v1/invoiceitems',
      'invoice item',
      {
        equal: {
          type: 'invoiceitem',
          customer: ctx.store.mustExist('customer', params.customer, 'customer'),
          invoice: ctx.store.mustExist('invoice', params.invoice, 'invoice'),
        },
        created: params.created,
      },
      params,
    ),
  ),
  endpoint('GET', '/v1/invoiceitems/:id', { expand } satisfies Keys<Stripe.InvoiceItemRetrieveParams>, (ctx, _params, id) =>
    ctx.store.get('invoiceitem', id),
  ),
  endpoint('POST', '/v1/invoiceitems/:id', updateParams, (ctx, params, id) => {
    const before = ctx.store.get('invoiceitem', id)
    const invoice = invoiceOf(ctx, before)
    const rates = params.tax_rates === null ? [] : ratesNamed(ctx, params.tax_rates, 'tax_rates')
    const item = {
      ...before,
      description: params.description === undefined ? before.description : params.description,
      discountable: params.discountable ?? before.discountable,
      metadata: applyMetadata(before.metadata ?? {}, params.metadata),
      period: params.period ?? before.period,
      tax_rates: params.tax_rates === undefined ? before.tax_rates : rates,
    }
    if (isPriced(params) || params.quantity !== undefined || params.quantity_decimal !== undefined) {
      const kept = String(before.pricing?.unit_amount_decimal ?? before.amount)
      const price = priceOf(isPriced(params) ? params : { ...params, unit_amount_decimal: kept })
      item.amount = price.amount
      item.net_amount = price.amount
      item.pricing = { type: 'price_details', unit_amount_decimal: wireDecimal(price.unitAmount) }
      item.quantity = truncated(price.quantity)
      item.quantity_decimal = wireDecimal(price.quantity)
    }
    ctx.store.put(item)
    if (invoice !== undefined) {
      const lines = invoice.lines.data.map((line) => {
        if (itemOf(line) !== item.id) return line
        return lineFor(item, invoice, taxedBy(ctx, line, invoice) === 'hand' ? (line.taxes ?? []) : undefined, line.id)
      })
      ctx.store.put(withLines(invoice, lines))
    }
    return item
  }),
  endpoint('DELETE', '/v1/invoiceitems/:id', {} satisfies Keys<Stripe.InvoiceItemDeleteParams>, (ctx, _params, id) => {
    const item = ctx.store.get('invoiceitem', id)
    const invoice = invoiceOf(ctx, item)
    if (invoice !== undefined)
      ctx.store.put(
        withLines(
          invoice,
          invoice.lines.data.filter((line) => itemOf(line) !== id),
        ),
      )
    ctx.store.delete(id)
    ctx.emit('invoiceitem.deleted', item)
    return { id, object: 'invoiceitem', deleted: true } satisfies Stripe.DeletedInvoiceItem
  }),
]

/** The draft an item stands on, if any. @throws ApiError when the invoice is finalized: then the item is fixed too */
function invoiceOf(ctx: Context, item: Stripe.InvoiceItem): Stripe.Invoice | undefined {
  if (typeof item.invoice !== 'string') return undefined
  const invoice = ctx.store.get('invoice', item.invoice)
  mustBeDraft(invoice)
  return invoice
}
