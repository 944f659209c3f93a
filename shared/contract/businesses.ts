import { z } from 'zod'
import { countryCode } from '../domain/country'
import { currencyCode } from '../domain/currency'
import { timeZoneName } from '../domain/dates'
import { id, textLine } from '../domain/ids'
import { command, page, pageOf, query } from './procedure'

const invoicePrefix = z
  .string()
  .regex(/^[A-Z0-9]{1,12}$/, { error: 'must be 1 to 12 capital letters or digits, for example INV' })

export const business = z.object({
  id,
  name: z.string(),
  currency: z.string(),
  country: z.string(),
  timeZone: z.string(),
  /** Fixed by the first key: null until a provider is connected. */
  mode: z.enum(['test', 'live', 'practice']).nullable(),
  practice: z.boolean(),
  /** What its invoice numbers begin with: `INV` in INV-0001. Fixed by the first number. */
  invoicePrefix: z.string(),
  createdAt: z.int(),
  version: z.int(),
})
export type Business = z.infer<typeof business>

export const businesses = {
  'businesses.create': command({
    summary: 'Create a business with its own chart of accounts',
    input: { name: textLine(120), currency: currencyCode, country: countryCode, timeZone: timeZoneName },
    output: business,
    scope: 'businesses:write',
  }),
  'businesses.list': query({
    summary: 'List the businesses of this vault',
    input: { ...page },
    output: pageOf(business),
    scope: 'businesses:read',
  }),
  'businesses.update': command({
    summary:
      'Rename a business, change its time zone (later entries only) or, before its first number, the prefix of its invoices',
    input: {
      businessId: id,
      version: z.int(),
      name: textLine(120).optional(),
      timeZone: timeZoneName.optional(),
      invoicePrefix: invoicePrefix.optional(),
    },
    output: business,
    scope: 'businesses:write',
    doors: 'window',
  }),
} as const
