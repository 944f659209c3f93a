import { z } from 'zod'
import { countryCode } from '../domain/country'
import { id, textLine } from '../domain/ids'
import { command, page, pageOf, query } from './procedure'

export const address = z.strictObject({
  line1: textLine(200),
  line2: textLine(200).optional(),
  city: textLine(100).optional(),
  state: textLine(100).optional(),
  postalCode: textLine(20).optional(),
  country: countryCode.optional(),
})
export type Address = z.infer<typeof address>

const email = z
  .string()
  .trim()
  .max(254)
  .pipe(z.email({ error: 'must be an e-mail address such as anna@example.com' }))

export const customer = z.object({
  id,
  businessId: id,
  name: z.string(),
  email: z.string(),
  address: address.nullable(),
  createdAt: z.int(),
  version: z.int(),
})
export type Customer = z.infer<typeof customer>

export const customers = {
  'customers.create': command({
    summary: 'Add a customer',
    input: { businessId: id, name: textLine(200), email, address: address.optional() },
    output: customer,
    scope: 'customers:write',
  }),
  'customers.update': command({
    summary: 'Change a customer; with `version`, a stale change is refused',
    input: {
      customerId: id,
      version: z.int().optional(),
      name: textLine(200).optional(),
      email: email.optional(),
      address: address.nullable().optional(),
    },
    output: customer,
    scope: 'customers:write',
  }),
  'customers.get': query({ summary: 'One customer', input: { customerId: id }, output: customer, scope: 'customers:read' }),
  'customers.list': query({
    summary: 'Customers by name; `query` searches name and e-mail',
    input: { businessId: id, query: z.string().max(200).optional(), ...page },
    output: pageOf(customer),
    scope: 'customers:read',
  }),
} as const
