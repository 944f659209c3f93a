import { invalid, parameterMissing, parametersExclusive, resourceMissing } from '../http/errors'
import { multiply } from './amounts'

/** What a line costs: an amount alone, or a unit price times a quantity. Decimal text throughout. */
export interface Price {
  amount: number
  quantity: string
  unitAmount: string
}

export interface PricingParams {
  amount?: number | undefined
  quantity?: number | undefined
  quantity_decimal?: string | undefined
  unit_amount_decimal?: string | undefined
  price_data?:
    | {
        product?: string | undefined
        product_data?: { name: string } | undefined
        unit_amount?: number | undefined
        unit_amount_decimal?: string | undefined
      }
    | undefined
  pricing?: { price?: string | undefined } | undefined
}

/**
 * Prices one line as Stripe does: `amount` stands alone, `quantity` needs a unit price.
 * @param path prefix of the parameter names in errors: `lines[0]` or ''
 * @throws ApiError 400
 */
export function priceOf(params: PricingParams, path = ''): Price {
  const name = (key: string): string => (path === '' ? key : `${path}[${key}]`)
  const { amount, price_data: data } = params
  if (params.pricing?.price !== undefined) throw resourceMissing('price', params.pricing.price, name('pricing[price]'))
  if (data?.product !== undefined) throw resourceMissing('product', data.product, name('price_data[product]'))
  if (params.quantity !== undefined && params.quantity_decimal !== undefined)
    throw parametersExclusive(['quantity', 'quantity_decimal'])
  const quantity = params.quantity_decimal ?? (params.quantity === undefined ? undefined : String(params.quantity))
  if (quantity?.startsWith('-')) throw invalid('quantity must not be negative', { param: name('quantity_decimal') })
  const unit =
    params.unit_amount_decimal ??
    data?.unit_amount_decimal ??
    (data?.unit_amount === undefined ? undefined : String(data.unit_amount))
  if (data?.unit_amount !== undefined && data.unit_amount_decimal !== undefined)
    throw parametersExclusive(['price_data[unit_amount]', 'price_data[unit_amount_decimal]'])
  if (data !== undefined && data.product_data === undefined) throw parameterMissing(name('price_data[product]'))
  if (data !== undefined && unit === undefined) throw parameterMissing(name('price_data[unit_amount]'))
  if (amount !== undefined) {
    if (quantity !== undefined) throw parametersExclusive(['amount', 'quantity'])
    if (unit !== undefined) throw parametersExclusive(['amount', data === undefined ? 'unit_amount_decimal' : 'price_data'])
    return { amount, quantity: '1', unitAmount: String(amount) }
  }
  if (unit === undefined) throw parameterMissing(name('amount'))
  return { amount: multiply(unit, quantity ?? '1', name('amount')), quantity: quantity ?? '1', unitAmount: unit }
}
