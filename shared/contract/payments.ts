import { z } from 'zod'
import { id, requestId, textLine } from '../domain/ids'
import { money, positiveMoney } from '../domain/money'
import { command, page, pageOf, query } from './procedure'

export const paymentStatuses = ['succeeded', 'partially_refunded', 'refunded'] as const

export const payment = z.object({
  id,
  businessId: id,
  invoiceId: id.nullable(),
  invoiceNumber: z.string().nullable(),
  customerId: id.nullable(),
  amount: money,
  /** What the provider keeps; null until it tells. */
  fee: money.nullable(),
  net: money.nullable(),
  refunded: money,
  status: z.enum(paymentStatuses),
  receivedOn: z.string(),
})
export type Payment = z.infer<typeof payment>

export const refundStatuses = ['submitted', 'pending', 'succeeded', 'declined'] as const

export const refund = z.object({
  refundId: id,
  paymentId: id,
  amount: money,
  reason: z.string(),
  /** submitted: on its way to the provider; pending: accepted there, not yet final. */
  status: z.enum(refundStatuses),
  problem: z.string().nullable(),
  requestedAt: z.int(),
})
export type Refund = z.infer<typeof refund>

export const payments = {
  'payments.list': query({
    summary: 'Payments, newest first',
    input: {
      businessId: id,
      invoiceId: id.optional(),
      customerId: id.optional(),
      /** Words of the invoice, or of its customer's name and e-mail. */
      query: z.string().max(200).optional(),
      status: z.enum(paymentStatuses).optional(),
      ...page,
    },
    output: pageOf(payment),
    scope: 'payments:read',
  }),
  'payments.get': query({ summary: 'One payment', input: { paymentId: id }, output: payment, scope: 'payments:read' }),
  'payments.requestRefund': command({
    summary: 'Refund a payment, whole or in part',
    input: { requestId, paymentId: id, amount: positiveMoney, reason: textLine(500) },
    output: refund,
    scope: 'payments:write',
  }),
  'payments.refunds': query({
    summary: 'Refunds of a payment, newest first',
    input: { paymentId: id, ...page },
    output: pageOf(refund),
    scope: 'payments:read',
  }),
} as const
