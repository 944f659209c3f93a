import type Stripe from 'stripe'
import {
  address,
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
  type Shape,
  text,
  unset,
  unsupported,
} from '../http/params'
import { currency } from '../rules/currency'
import { period } from './invoiceItems'
import { taxRateData } from './taxRates'

const collectionMethod = oneOf('charge_automatically', 'send_invoice')

const details = {
  account_tax_ids: unsupported,
  application_fee_amount: unsupported,
  auto_advance: bool,
  automatic_tax: hash({ enabled: need(bool), liability: unsupported }),
  automatically_finalizes_at: unsupported,
  collection_method: collectionMethod,
  custom_fields: unset(list(hash({ name: need(text(40)), value: need(text(140)) }), 4)),
  days_until_due: int(0, 10_000),
  default_payment_method: unsupported,
  default_source: unsupported,
  discounts: unsupported,
  due_date: int(0),
  effective_at: unset(int(0)),
  expand,
  issuer: unsupported,
  metadata,
  on_behalf_of: unsupported,
  payment_settings: hash({
    default_mandate: unsupported,
    payment_method_options: unsupported,
    payment_method_types: unset(list(oneOf('card'), 1)),
  }),
  rendering: unsupported,
  shipping_cost: unsupported,
  shipping_details: unset(hash({ address: need(address), name: need(text()), phone: unset(text()) })),
  transfer_data: unsupported,
} satisfies Shape

export const createParams = {
  ...details,
  currency,
  customer: text(),
  customer_account: unsupported,
  default_tax_rates: list(text(), 20),
  description: text(1500),
  footer: text(5000),
  from_invoice: unsupported,
  number: text(26),
  pending_invoice_items_behavior: oneOf('exclude', 'include'),
  statement_descriptor: text(22),
  subscription: unsupported,
} satisfies Keys<Stripe.InvoiceCreateParams>

export const updateParams = {
  ...details,
  default_tax_rates: unset(list(text(), 20)),
  description: unset(text(1500)),
  footer: unset(text(5000)),
  number: unset(text(26)),
  statement_descriptor: unset(text(22)),
} satisfies Keys<Stripe.InvoiceUpdateParams>

export const listParams = {
  ...page,
  collection_method: unsupported,
  created: range,
  customer: text(),
  customer_account: unsupported,
  due_date: unsupported,
  status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'),
  subscription: unsupported,
} satisfies Keys<Stripe.InvoiceListParams>

const taxAmount = hash({
  amount: need(int()),
  tax_rate_data: need(hash(taxRateData)),
  taxability_reason: oneOf(
    'customer_exempt',
    'not_collecting',
    'not_subject_to_tax',
    'not_supported',
    'portion_product_exempt',
    'portion_reduced_rated',
    'portion_standard_rated',
    'product_exempt',
    'product_exempt_holiday',
    'proportionally_rated',
    'reduced_rated',
    'reverse_charge',
    'standard_rated',
    'taxable_basis_reduced',
    'zero_rated',
  ),
  taxable_amount: need(int()),
} satisfies Keys<Stripe.InvoiceAddLinesParams.Line.TaxAmount>)

const line = hash({
  amount: int(),
  description: text(),
  discountable: bool,
  discounts: unsupported,
  invoice_item: text(),
  metadata,
  period,
  price_data: hash({
    currency: need(currency),
    product: text(),
    product_data: hash({
      description: text(40_000),
      images: unsupported,
      metadata,
      name: need(text()),
      tax_code: unsupported,
      tax_details: unsupported,
      unit_label: text(12),
    } satisfies Keys<Stripe.InvoiceAddLinesParams.Line.PriceData.ProductData>),
    tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
    unit_amount: int(),
    unit_amount_decimal: decimal,
  } satisfies Keys<Stripe.InvoiceAddLinesParams.Line.PriceData>),
  pricing: hash({ price: text() }),
  quantity: int(0),
  quantity_decimal: decimal,
  tax_amounts: unset(list(taxAmount, 20)),
  tax_rates: unset(list(text(), 10)),
} satisfies Keys<Stripe.InvoiceAddLinesParams.Line>)

export const addLinesParams = {
  expand,
  invoice_metadata: metadata,
  lines: need(list(line, 250)),
} satisfies Keys<Stripe.InvoiceAddLinesParams>

export const removeLinesParams = {
  expand,
  invoice_metadata: metadata,
  lines: need(list(hash({ behavior: need(oneOf('delete', 'unassign')), id: need(text()) }), 250)),
} satisfies Keys<Stripe.InvoiceRemoveLinesParams>

export const finalizeParams = { auto_advance: bool, expand } satisfies Keys<Stripe.InvoiceFinalizeInvoiceParams>
export const payParams = {
  expand,
  forgive: unsupported,
  mandate: unsupported,
  off_session: bool,
  paid_out_of_band: bool,
  payment_method: text(),
  source: unsupported,
} satisfies Keys<Stripe.InvoicePayParams>
export const lineListParams = { ...page } satisfies Keys<Stripe.InvoiceListLineItemsParams>
