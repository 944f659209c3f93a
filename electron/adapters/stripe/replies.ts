import { z } from 'zod'

const text = z.string().min(1).max(255)
const integer = z.int()
const metadata = z.record(z.string(), z.string()).nullish()
/** An id where the object itself was not asked for. */
const reference = z.union([text, z.object({ id: text }).transform(({ id }) => id)])

export const accountReply = z.object({ id: text, object: z.literal('account') })

export const balanceReply = z.object({ livemode: z.boolean() })

export const customerReply = z.object({ id: text })

const invoicePaymentReply = z.object({
  id: text,
  status: text,
  amount_paid: integer.nullish(),
  currency: text,
  payment: z.object({ type: text, payment_intent: reference.nullish(), charge: reference.nullish() }),
  status_transitions: z.object({ paid_at: integer.nullish() }).nullish(),
})
export type InvoicePaymentReply = z.infer<typeof invoicePaymentReply>

const listOf = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item), has_more: z.boolean() })

export const invoicePaymentList = listOf(invoicePaymentReply)
export const invoiceOfPayment = z.object({ invoice: reference })
export const invoiceOfPaymentList = listOf(invoiceOfPayment)

export const invoiceReply = z.object({
  id: text,
  object: z.literal('invoice'),
  status: z.enum(['draft', 'open', 'paid', 'void', 'uncollectible']),
  currency: text,
  total: integer,
  amount_paid: integer,
  hosted_invoice_url: z.url().nullish(),
  metadata,
  created: integer,
  customer: reference,
  lines: z.object({ data: z.array(z.unknown()) }),
  status_transitions: z.object({
    finalized_at: integer.nullish(),
    marked_uncollectible_at: integer.nullish(),
    paid_at: integer.nullish(),
    voided_at: integer.nullish(),
  }),
  payments: invoicePaymentList.nullish(),
})
export type InvoiceReply = z.infer<typeof invoiceReply>

export const invoiceList = listOf(invoiceReply)

const balanceTransaction = z.object({
  amount: integer,
  currency: text,
  fee: integer,
  net: integer,
})
export type BalanceTransactionReply = z.infer<typeof balanceTransaction>

export const chargeReply = z.object({
  id: text,
  amount: integer,
  currency: text,
  created: integer,
  payment_intent: reference.nullish(),
  balance_transaction: balanceTransaction.nullish(),
})
export type ChargeReply = z.infer<typeof chargeReply>

export const bareCharge = chargeReply.pick({ id: true, payment_intent: true })

export const paymentIntentReply = z.object({ id: text, latest_charge: chargeReply.nullish() })

export const refundReply = z.object({
  id: text,
  object: z.literal('refund'),
  amount: integer.positive(),
  currency: text,
  created: integer,
  status: text.nullish(),
  failure_reason: text.nullish(),
  payment_intent: reference.nullish(),
  charge: reference.nullish(),
  metadata,
  /** Expanded where it is asked for; an id elsewhere. */
  balance_transaction: z.union([balanceTransaction, text.transform(() => null)]).nullish(),
})
export type RefundReply = z.infer<typeof refundReply>

export const refundList = listOf(refundReply)
