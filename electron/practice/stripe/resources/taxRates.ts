import { createHash } from 'node:crypto'
import type Stripe from 'stripe'
import type { Context } from '../context'
import { type Endpoint, endpoint } from '../http/endpoint'
import { invalid } from '../http/errors'
import { bool, expand, type Keys, metadata, need, oneOf, type Param, page, range, text, unset } from '../http/params'
import { newId } from '../ids'
import { applyMetadata } from '../rules/metadata'
import { listPage } from '../store/list'

/** A percentage between 0 and 100 with at most four decimals. */
const percentage: Param<number | undefined> = {
  read(raw, name) {
    if (raw === undefined) return undefined
    if (typeof raw === 'string' && /^\d{1,3}(\.\d{1,4})?$/.test(raw) && Number(raw) <= 100) return Number(raw)
    throw invalid('Invalid percentage: must be a number between 0 and 100 with up to four decimal places', { param: name })
  },
}

const taxType = oneOf(
  ...([
    'admissions_tax',
    'amusement_tax',
    'attendance_tax',
    'communications_tax',
    'digital_excise_tax',
    'entertainment_tax',
    'get_fund',
    'gross_receipts_tax',
    'gst',
    'hospitality_tax',
    'hst',
    'igst',
    'jct',
    'lease_tax',
    'luxury_tax',
    'mass_transit_parking_tax',
    'nhil',
    'parking_tax',
    'pst',
    'qst',
    'resort_tax',
    'retail_delivery_fee',
    'rst',
    'sales_tax',
    'service_tax',
    'tourism_tax',
    'utility_users_tax',
    'vat',
  ] as const),
)

const described = {
  country: text(2),
  description: text(),
  display_name: need(text(50)),
  inclusive: need(bool),
  jurisdiction: text(50),
  percentage: need(percentage),
  state: text(2),
  tax_type: taxType,
}

/** A rate given in place (`tax_amounts[][tax_rate_data]`). */
export const taxRateData = {
  ...described,
  jurisdiction_level: oneOf('city', 'country', 'county', 'district', 'multiple', 'state'),
} satisfies Keys<Stripe.InvoiceAddLinesParams.Line.TaxAmount.TaxRateData>

const createParams = { ...described, active: bool, expand, metadata } satisfies Keys<Stripe.TaxRateCreateParams>
const updateParams = {
  active: bool,
  country: unset(text(2)),
  description: unset(text()),
  display_name: text(50),
  expand,
  jurisdiction: unset(text(50)),
  metadata,
  state: unset(text(2)),
  tax_type: taxType,
} satisfies Keys<Stripe.TaxRateUpdateParams>
const listParams = { ...page, active: bool, created: range, inclusive: bool } satisfies Keys<Stripe.TaxRateListParams>

export interface RateData {
  country?: string | undefined
  description?: string | undefined
  display_name: string
  inclusive: boolean
  jurisdiction?: string | undefined
  jurisdiction_level?: Stripe.TaxRate.JurisdictionLevel | undefined
  percentage: number
  state?: string | undefined
  tax_type?: Stripe.TaxRate.TaxType | undefined
}

function build(ctx: Context, data: RateData, active: boolean): Stripe.TaxRate {
  return {
    id: newId('txr'),
    object: 'tax_rate',
    active,
    country: data.country ?? null,
    created: ctx.now,
    description: data.description ?? null,
    display_name: data.display_name,
    effective_percentage: null,
    flat_amount: null,
    inclusive: data.inclusive,
    jurisdiction: data.jurisdiction ?? null,
    jurisdiction_level: data.jurisdiction_level ?? null,
    livemode: false,
    metadata: {},
    percentage: data.percentage,
    rate_type: 'percentage',
    state: data.state ?? null,
    tax_type: data.tax_type ?? null,
  } satisfies Stripe.TaxRate
}

/** The rate for data given in place: an inactive one made for it, or the one made for the same data before. */
export function rateFor(ctx: Context, data: RateData): Stripe.TaxRate {
  const name = `rate:${createHash('sha256')
    .update(JSON.stringify(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex')}`
  const known = ctx.store.meta(name)
  if (known !== undefined) return ctx.store.get('tax_rate', known)
  const rate = ctx.store.put(build(ctx, data, false))
  ctx.store.setMeta(name, rate.id)
  return rate
}

export const taxRateEndpoints: readonly Endpoint[] = [
  endpoint('POST', '/v1/tax_rates', createParams, (ctx, params) => {
    const rate = build(ctx, params, params.active ?? true)
    rate.metadata = applyMetadata({}, params.metadata)
    ctx.emit('tax_rate.created', ctx.store.put(rate))
    return rate
  }),
  endpoint('GET', '/v1/tax_rates', listParams, (ctx, params) => {
    const status = params.active === undefined ? undefined : params.active ? 'active' : 'inactive'
    const kind = params.inclusive === undefined ? undefined : params.inclusive ? 'inclusive' : 'exclusive'
    const filter = { equal: { type: 'tax_rate', status, kind }, created: params.created }
    return listPage(ctx.store.connection, 'object', '/v1/tax_rates', 'tax rate', filter, params)
  }),
  endpoint('GET', '/v1/tax_rates/:id', { expand } satisfies Keys<Stripe.TaxRateRetrieveParams>, (ctx, _params, id) =>
    ctx.store.get('tax_rate', id),
  ),
  endpoint('POST', '/v1/tax_rates/:id', updateParams, (ctx, params, id) => {
    const before = ctx.store.get('tax_rate', id)
    const rate = ctx.store.put({
      ...before,
      active: params.active ?? before.active,
      country: params.country === undefined ? before.country : params.country,
      description: params.description === undefined ? before.description : params.description,
      display_name: params.display_name ?? before.display_name,
      jurisdiction: params.jurisdiction === undefined ? before.jurisdiction : params.jurisdiction,
      metadata: applyMetadata(before.metadata ?? {}, params.metadata),
      state: params.state === undefined ? before.state : params.state,
      tax_type: params.tax_type ?? before.tax_type,
    })
    ctx.emit('tax_rate.updated', rate, before)
    return rate
  }),
]
