import type Stripe from 'stripe'
import type { Context } from '../context'
import { invalid } from '../http/errors'
import { newId } from '../ids'
import type { Price } from '../rules/pricing'
import { taxesByRates, withTotals } from '../rules/totals'
import { truncated, wireDecimal } from '../wire'

/** What a new item carries besides its price. */
export interface ItemFacts {
  currency: string
  customer: string
  invoice: string | null
  description: string | null
  discountable: boolean | undefined
  metadata: Record<string, string>
  period: { start: number; end: number } | undefined
  taxRates: Stripe.TaxRate[]
}

export function buildItem(ctx: Context, price: Price, facts: ItemFacts): Stripe.InvoiceItem {
  return {
    id: newId('ii'),
    object: 'invoiceitem',
    amount: price.amount,
    currency: facts.currency,
    customer: facts.customer,
    customer_account: null,
    date: ctx.now,
    description: facts.description,
    discountable: facts.discountable ?? price.amount >= 0,
    discounts: [],
    invoice: facts.invoice,
    livemode: false,
    metadata: facts.metadata,
    net_amount: price.amount,
    parent: null,
    period: facts.period ?? { start: ctx.now, end: ctx.now },
    pricing: { type: 'price_details', unit_amount_decimal: wireDecimal(price.unitAmount) },
    proration: false,
    quantity: truncated(price.quantity),
    quantity_decimal: wireDecimal(price.quantity),
    tax_rates: facts.taxRates,
    test_clock: null,
  } satisfies Stripe.InvoiceItem
}

/** The line that shows an item on its invoice. Taxes: those given by hand, else by the item's rates, else by the invoice's. */
export function lineFor(
  item: Stripe.InvoiceItem,
  invoice: Stripe.Invoice,
  given?: Stripe.InvoiceLineItem.Tax[],
  lineId = newId('il'),
): Stripe.InvoiceLineItem {
  const rates = item.tax_rates?.length ? item.tax_rates : invoice.default_tax_rates
  return {
    id: lineId,
    object: 'line_item',
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    discount_amounts: [],
    discountable: item.discountable,
    discounts: [],
    invoice: invoice.id,
    livemode: false,
    metadata: item.metadata ?? {},
    parent: {
      invoice_item_details: { invoice_item: item.id, proration: false, proration_details: null, subscription: null },
      subscription_item_details: null,
      type: 'invoice_item_details',
    },
    period: item.period,
    pretax_credit_amounts: [],
    pricing: item.pricing === null ? null : { type: 'price_details', unit_amount_decimal: item.pricing.unit_amount_decimal },
    quantity: item.quantity,
    quantity_decimal: item.quantity_decimal,
    subscription: null,
    subtotal: item.amount,
    taxes: given ?? taxesByRates(item.amount, rates),
  } satisfies Stripe.InvoiceLineItem
}

const MAX_LINES = 250

/** The draft with these lines in place, amounts recomputed. @throws ApiError above 250 lines */
export function withLines(invoice: Stripe.Invoice, lines: Stripe.InvoiceLineItem[]): Stripe.Invoice {
  if (lines.length > MAX_LINES) throw invalid(`An invoice can have at most ${MAX_LINES} line items.`, { param: 'lines' })
  return withTotals({ ...invoice, lines: { ...invoice.lines, data: lines } })
}

export function itemOf(line: Stripe.InvoiceLineItem): string | undefined {
  return line.parent?.invoice_item_details?.invoice_item
}

/** @throws ApiError 400 `invoice_not_editable` unless the invoice is a draft */
export function mustBeDraft(invoice: Stripe.Invoice): void {
  if (invoice.status !== 'draft')
    throw invalid(`Invoice ${invoice.id} is ${invoice.status}. Finalized invoices can't be updated in this way.`, {
      code: 'invoice_not_editable',
    })
}

export function mustMatchCurrency(given: string | undefined, invoice: Stripe.Invoice, param: string): void {
  if (given !== undefined && given !== invoice.currency)
    throw invalid(`The currency of the item (${given}) must match the invoice's currency (${invoice.currency}).`, { param })
}

/** Where a line's taxes come from: amounts sent by the caller, or rates that the stand-in applied. */
export function taxedBy(ctx: Context, line: Stripe.InvoiceLineItem, invoice: Stripe.Invoice): 'hand' | 'rates' | 'nobody' {
  if ((line.taxes ?? []).length === 0) return 'nobody'
  const item = ctx.store.find('invoiceitem', itemOf(line) ?? '')
  return invoice.default_tax_rates.length > 0 || item?.tax_rates?.length ? 'rates' : 'hand'
}

/** Stripe keeps amounts and rates apart on one invoice. @throws ApiError when new lines would mix them */
export function refuseMixedTax(
  ctx: Context,
  invoice: Stripe.Invoice,
  added: { rates: boolean; amounts: boolean },
  param: string,
): void {
  if (!added.rates && !added.amounts) return
  const present = invoice.lines.data.map((line) => taxedBy(ctx, line, invoice))
  const rates = added.rates || invoice.default_tax_rates.length > 0 || present.includes('rates')
  const amounts = added.amounts || present.includes('hand')
  if (rates && amounts)
    throw invalid('You cannot set tax amounts if any line item has tax_rates or if the invoice has default_tax_rates.', { param })
}
