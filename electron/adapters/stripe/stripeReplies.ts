import { z } from 'zod'

/** The parts of Stripe's objects that we rely on; unknown fields are ignored. API version 2026-10-28.endive. */

const metadata = z.record(z.string(), z.string()).nullish()
const reference = z.union([z.string(), z.object({ id: z.string() })])

/** An id, whether the object was expanded or not. */
export function idOf(value: z.infer<typeof reference> | null | undefined): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : value.id
}

export const accountReply = z.object({ id: z.string() })
export const balanceReply = z.object({ livemode: z.boolean() })
export const customerReply = z.object({ id: z.string(), deleted: z.boolean().optional(), metadata })

export const invoiceReply = z.object({
  id: z.string(),
  status: z.enum(['draft', 'open', 'paid', 'void', 'uncollectible']),
  currency: z.string(),
  total: z.int(),
  amount_paid: z.int(),
  customer: reference.nullish(),
  hosted_invoice_url: z.string().nullish(),
  metadata,
  lines: z.object({ data: z.array(z.object({ id: z.string() })) }).optional(),
})
export type InvoiceReply = z.infer<typeof invoiceReply>

export const invoicePaymentReply = z.object({
  id: z.string(),
  status: z.string(),
  amount_paid: z.int().nullable(),
  currency: z.string(),
  created: z.int(),
  invoice: reference.nullish(),
  payment: z.object({ type: z.string(), payment_intent: reference.nullish(), charge: reference.nullish() }),
  status_transitions: z.object({ paid_at: z.int().nullish() }).nullish(),
})

export const balanceTransactionReply = z.object({
  fee: z.int(),
  net: z.int(),
  currency: z.string(),
  exchange_rate: z.number().nullish(),
})

export const chargeReply = z.object({
  id: z.string(),
  created: z.int(),
  payment_intent: reference.nullish(),
  balance_transaction: z.union([z.string(), balanceTransactionReply]).nullish(),
})

export const paymentIntentReply = z.object({ id: z.string(), latest_charge: z.union([z.string(), chargeReply]).nullish() })

export const refundReply = z.object({
  id: z.string(),
  amount: z.int(),
  currency: z.string(),
  status: z.string().nullable(),
  failure_reason: z.string().nullish(),
  created: z.int(),
  payment_intent: reference.nullish(),
  balance_transaction: z.union([z.string(), balanceTransactionReply]).nullish(),
  metadata,
})

export const eventReply = z.object({
  id: z.string(),
  object: z.literal('event'),
  type: z.string().max(200),
  created: z.int().nonnegative(),
  livemode: z.boolean(),
  data: z.object({ object: z.object({ object: z.string().optional(), id: z.string().optional() }) }),
})

/** A page of a list, with its items unparsed. */
export const listReply = z.object({ data: z.array(z.unknown()), has_more: z.boolean() })
