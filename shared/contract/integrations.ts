import { z } from 'zod'
import { currencyCode } from '../domain/currency'
import { isoDate } from '../domain/dates'
import { parseDecimal } from '../domain/decimal'
import { id } from '../domain/ids'
import { command, page, pageOf, query } from './procedure'

export const provider = z.enum(['stripe'])
export type Provider = z.infer<typeof provider>

export const integration = z.object({
  businessId: id,
  provider,
  state: z.enum(['live', 'test', 'practice', 'manual', 'not_connected']),
  /** What stops it, in a sentence; null when it works. */
  problem: z.string().nullable(),
  /** The last four characters of the key in use. */
  keyHint: z.string().nullable(),
  lastSyncAt: z.int().nullable(),
  /** Since when every provider event is known to be here. */
  completeSince: z.int().nullable(),
  /** Provider events that are known but could not be applied yet. */
  gapCount: z.int(),
  webhookUrl: z.string().nullable(),
})
export type Integration = z.infer<typeof integration>

const stripeKey = z.string().regex(/^(sk|rk)_(test|live)_[A-Za-z0-9_]{8,240}$/, {
  error: 'must be a Stripe secret key (sk_test_..., sk_live_...) or restricted key (rk_...), not a publishable key',
})
const webhookSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9_+/=-]{8,240}$/, { error: 'must be a webhook signing secret that starts with whsec_' })

export const rate = z.object({ businessId: id, base: z.string(), quote: z.string(), on: z.string(), rate: z.string() })
export type Rate = z.infer<typeof rate>

const rateText = z.string().refine(
  (text) => {
    const parsed = parseDecimal(text, 12)
    return parsed !== null && parsed.units > 0n && text.length <= 24
  },
  { error: 'must be a decimal number above zero with at most 12 digits after the point, for example 1.0845' },
)

export const integrations = {
  'integrations.connect': command({
    summary: 'Connect a provider with the owner’s own key; the key is tried before it is stored',
    input: { businessId: id, provider, secretKey: stripeKey, webhookSecret: webhookSecret.optional() },
    output: integration,
    scope: 'integrations:write',
    secretInput: ['secretKey', 'webhookSecret'],
  }),
  'integrations.list': query({
    summary: 'Providers of a business with their honest state',
    input: { businessId: id, ...page },
    output: pageOf(integration),
    scope: 'integrations:read',
  }),
  'integrations.disconnect': command({
    summary: 'Forget a provider’s key; books and invoices stay',
    input: { businessId: id, provider },
    output: integration,
    scope: 'integrations:write',
  }),
  'integrations.reveal': command({
    summary: 'Show a stored provider key once, with an audit row',
    input: { businessId: id, provider },
    output: z.object({ secretKey: z.string() }),
    scope: 'vault:reveal',
    doors: 'window',
    secretOutput: true,
  }),
} as const

export const rates = {
  'rates.set': command({
    summary: 'Store an exchange rate: 1 base = rate quote, from this date on',
    input: { businessId: id, base: currencyCode, quote: currencyCode, on: isoDate, rate: rateText },
    output: rate,
    scope: 'rates:write',
  }),
  'rates.list': query({
    summary: 'Stored exchange rates, newest first',
    input: { businessId: id, ...page },
    output: pageOf(rate),
    scope: 'rates:read',
  }),
} as const
