import { z } from 'zod'
import { currencyCode } from '../domain/currency'
import { timeZoneName } from '../domain/dates'
import { id, textLine } from '../domain/ids'
import { command, page, pageOf, query } from './procedure'

export const countryCode = z
  .string()
  .regex(/^[A-Z]{2}$/, { error: 'must be a two-letter country code (ISO 3166-1), for example DE' })

export const business = z.object({
  id,
  name: z.string(),
  currency: z.string(),
  country: z.string(),
  timeZone: z.string(),
  /** Fixed by the first key: null until a provider is connected. */
  mode: z.enum(['test', 'live', 'practice']).nullable(),
  practice: z.boolean(),
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
    summary: 'Rename a business or change its time zone (later entries only)',
    input: { businessId: id, version: z.int(), name: textLine(120).optional(), timeZone: timeZoneName.optional() },
    output: business,
    scope: 'businesses:write',
    doors: 'window',
  }),
} as const
