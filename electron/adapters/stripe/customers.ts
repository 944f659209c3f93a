import { createHash } from 'node:crypto'
import type Stripe from 'stripe'
import type { GatewayCustomer, IssueInvoiceRequest } from '../../core/ports/paymentGateway'
import { isMissing, understand } from './outcomes'
import { customerReply } from './replies'

const ourId = 'countinghouse_customer_id'

/**
 * The invoice's customer at Stripe, with the name, e-mail and address of ours, which are sent there unless it has them. A new one is made with nothing but our id under a key
 * that is our id, so that invoices sent at the same time, and repeated calls, share one.
 * @returns Stripe's id
 */
export async function ensureCustomer(stripe: Stripe, request: IssueInvoiceRequest): Promise<string> {
  const { customer, idempotencyKey } = request
  if (customer.ref !== null && customer.unchanged) return customer.ref
  if (customer.ref !== null) {
    try {
      return await updateCustomer(stripe, customer.ref, customer, idempotencyKey)
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }
  // A customer that was deleted at Stripe stays so, also behind the key of its making.
  const key = customer.ref === null ? `${customer.id}:customer` : `${idempotencyKey}:customer-anew`
  const created = await stripe.customers.create({ metadata: { [ourId]: customer.id } }, { idempotencyKey: key })
  return updateCustomer(stripe, understand(customerReply, created).id, customer, idempotencyKey)
}

async function updateCustomer(stripe: Stripe, ref: string, customer: GatewayCustomer, idempotencyKey: string): Promise<string> {
  const { address } = customer
  const params: Stripe.CustomerUpdateParams = {
    name: customer.name,
    email: customer.email,
    address:
      address === null
        ? ''
        : {
            line1: address.line1,
            line2: address.line2 ?? '',
            city: address.city ?? '',
            state: address.state ?? '',
            postal_code: address.postalCode ?? '',
            country: address.country ?? '',
          },
    metadata: { [ourId]: customer.id },
  }
  // The customer may be edited, or made anew, between two attempts; the same key must always mean the same request.
  const digest = createHash('sha256')
    .update(JSON.stringify([ref, params]))
    .digest('hex')
    .slice(0, 16)
  const updated = await stripe.customers.update(ref, params, { idempotencyKey: `${idempotencyKey}:customer:${digest}` })
  return understand(customerReply, updated).id
}
