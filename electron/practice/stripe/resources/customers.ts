import type Stripe from 'stripe'
import type { Context } from '../context'
import { type Endpoint, endpoint } from '../http/endpoint'
import { invalid } from '../http/errors'
import {
  address,
  expand,
  hash,
  int,
  type Keys,
  list,
  metadata,
  oneOf,
  page,
  range,
  type Shape,
  text,
  unset,
  unsupported,
  type Values,
} from '../http/params'
import { newId } from '../ids'
import { applyMetadata } from '../rules/metadata'
import { listPage } from '../store/list'
import { fullAddress } from '../wire'

const details = {
  address: unset(address),
  balance: unsupported,
  business_name: unset(text(150)),
  cash_balance: unsupported,
  email: unset(text(512)),
  expand,
  individual_name: unset(text(150)),
  invoice_prefix: text(12),
  invoice_settings: hash({
    custom_fields: unset(list(hash({ name: text(40), value: text(140) }), 4)),
    default_payment_method: unsupported,
    footer: unset(text()),
    rendering_options: unsupported,
  }),
  metadata,
  next_invoice_sequence: int(1, 1_000_000_000),
  preferred_locales: list(text(20), 20),
  shipping: unset(hash({ address, name: text(), phone: unset(text(20)) })),
  source: unsupported,
  tax: unsupported,
  tax_exempt: unset(oneOf('exempt', 'none', 'reverse')),
  validate: unsupported,
} satisfies Shape

const createParams = {
  ...details,
  description: text(),
  name: text(256),
  payment_method: unsupported,
  phone: text(20),
  tax_id_data: unsupported,
  test_clock: unsupported,
} satisfies Keys<Stripe.CustomerCreateParams>

const updateParams = {
  ...details,
  default_source: unsupported,
  description: unset(text()),
  name: unset(text(256)),
  phone: unset(text(20)),
} satisfies Keys<Stripe.CustomerUpdateParams>

const listParams = {
  ...page,
  created: range,
  email: text(512),
  test_clock: unsupported,
} satisfies Keys<Stripe.CustomerListParams>

type Changes = Omit<Values<typeof updateParams>, 'default_source'>

/** Stripe checks little more than this. */
function checkEmail(email: string | null | undefined): void {
  if (typeof email === 'string' && !/^[^\s@]+@[^\s@]+$/.test(email))
    throw invalid(`Invalid email address: ${email.slice(0, 100)}`, { code: 'email_invalid', param: 'email' })
}

/** `undefined` keeps, `null` clears. */
const chosen = <T>(given: T | null | undefined, current: T | null): T | null => (given === undefined ? current : given)

function change(customer: Stripe.Customer, params: Changes): Stripe.Customer {
  checkEmail(params.email)
  const settings = params.invoice_settings
  const { business_name: _business, individual_name: _individual, ...rest } = customer
  const businessName = chosen(params.business_name, customer.business_name ?? null)
  const individualName = chosen(params.individual_name, customer.individual_name ?? null)
  return {
    ...rest,
    address:
      params.address === undefined ? (customer.address ?? null) : params.address === null ? null : fullAddress(params.address),
    description: chosen(params.description, customer.description),
    email: chosen(params.email, customer.email),
    invoice_prefix: params.invoice_prefix ?? customer.invoice_prefix ?? null,
    invoice_settings: {
      ...customer.invoice_settings,
      custom_fields: chosen(
        settings?.custom_fields?.map((field) => ({ name: field.name ?? '', value: field.value ?? '' })),
        customer.invoice_settings.custom_fields,
      ),
      footer: chosen(settings?.footer, customer.invoice_settings.footer),
    },
    metadata: applyMetadata(customer.metadata, params.metadata),
    name: chosen(params.name, customer.name ?? null),
    next_invoice_sequence: params.next_invoice_sequence ?? customer.next_invoice_sequence ?? 1,
    phone: chosen(params.phone, customer.phone ?? null),
    preferred_locales: params.preferred_locales ?? customer.preferred_locales ?? [],
    shipping:
      params.shipping === undefined
        ? customer.shipping
        : params.shipping === null
          ? null
          : {
              address: fullAddress(params.shipping.address ?? {}),
              name: params.shipping.name ?? '',
              phone: params.shipping.phone ?? null,
            },
    tax_exempt: params.tax_exempt === undefined ? (customer.tax_exempt ?? 'none') : (params.tax_exempt ?? 'none'),
    ...(businessName === null ? {} : { business_name: businessName }),
    ...(individualName === null ? {} : { individual_name: individualName }),
  } satisfies Stripe.Customer
}

function blank(ctx: Context): Stripe.Customer {
  const id = newId('cus')
  return {
    id,
    object: 'customer',
    address: null,
    balance: 0,
    created: ctx.now,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: id.slice(-8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  } satisfies Stripe.Customer
}

export const customerEndpoints: readonly Endpoint[] = [
  endpoint('POST', '/v1/customers', createParams, (ctx, params) => {
    const customer = ctx.store.put(change(blank(ctx), params))
    ctx.emit('customer.created', customer)
    return customer
  }),
  endpoint('GET', '/v1/customers', listParams, (ctx, params) =>
    listPage(
      ctx.store.connection,
      'object',
      '/v1/customers',
      'customer',
      { equal: { type: 'customer', email: params.email }, created: params.created },
      params,
    ),
  ),
  endpoint('GET', '/v1/customers/:id', { expand } satisfies Keys<Stripe.CustomerRetrieveParams>, (ctx, _params, id) =>
    ctx.store.get('customer', id),
  ),
  endpoint('POST', '/v1/customers/:id', updateParams, (ctx, params, id) => {
    const before = ctx.store.get('customer', id)
    const customer = ctx.store.put(change(before, params))
    ctx.emit('customer.updated', customer, before)
    return customer
  }),
]
