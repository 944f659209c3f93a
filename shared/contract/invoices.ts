import { z } from 'zod'
import { currencyCode } from '../domain/currency'
import { isoDate } from '../domain/dates'
import { parseDecimal } from '../domain/decimal'
import { accountName, id, requestId, textBlock, textLine } from '../domain/ids'
import { money, nonNegativeMoney } from '../domain/money'
import { command, page, pageOf, query } from './procedure'

export const invoiceStatuses = ['draft', 'sending', 'open', 'paid', 'void', 'uncollectible'] as const
export const invoiceStatus = z.enum(invoiceStatuses)
export type InvoiceStatus = z.infer<typeof invoiceStatus>

const quantity = z.string().refine(
  (text) => {
    const parsed = parseDecimal(text, 6)
    return parsed !== null && parsed.units > 0n && text.length <= 18
  },
  { error: 'must be a decimal number above zero with at most 6 digits after the point, for example 1.5' },
)
const taxRate = z.string().refine(
  (text) => {
    const parsed = parseDecimal(text, 6)
    return parsed !== null && parsed.units >= 0n && parsed.units <= 10n ** BigInt(parsed.scale)
  },
  { error: 'must be a decimal fraction from 0 to 1 with at most 6 digits after the point, for example 0.20 for 20 %' },
)

export const invoiceLineInput = z.strictObject({
  description: textLine(500),
  quantity,
  unitPrice: nonNegativeMoney,
  taxRate: taxRate.optional(),
  account: accountName.optional(),
})
export type InvoiceLineInput = z.infer<typeof invoiceLineInput>

export const invoiceLine = z.object({
  description: z.string(),
  quantity: z.string(),
  unitPrice: money,
  taxRate: z.string().nullable(),
  account: z.string(),
  /** Net amount of the line: quantity x unit price, half away from zero. */
  amount: money,
  tax: money,
})
export type InvoiceLine = z.infer<typeof invoiceLine>

export const invoice = z.object({
  id,
  businessId: id,
  customerId: id,
  number: z.string().nullable(),
  status: invoiceStatus,
  currency: z.string(),
  issuedOn: z.string().nullable(),
  dueOn: z.string(),
  lines: z.array(invoiceLine),
  subtotal: money,
  tax: money,
  total: money,
  amountPaid: money,
  amountDue: money,
  hostedInvoiceUrl: z.string().nullable(),
  memo: z.string().nullable(),
  /** Past its due date in the business's time zone and still open. */
  overdue: z.boolean(),
  /** Why sending is held up or failed, in a sentence; null when nothing is wrong. */
  problem: z.string().nullable(),
  createdAt: z.int(),
  version: z.int(),
})
export type Invoice = z.infer<typeof invoice>

const lines = z
  .array(invoiceLineInput)
  .min(1, { error: 'must have at least one line' })
  .max(200, { error: 'must have at most 200 lines' })

export const invoices = {
  'invoices.create': command({
    summary: 'Write a draft invoice',
    input: {
      businessId: id,
      customerId: id,
      currency: currencyCode,
      dueOn: isoDate,
      lines,
      memo: textBlock(1000).optional(),
    },
    output: invoice,
    scope: 'invoices:write',
  }),
  'invoices.update': command({
    summary: 'Change a draft; with `version`, a stale change is refused',
    input: {
      invoiceId: id,
      version: z.int().optional(),
      customerId: id.optional(),
      currency: currencyCode.optional(),
      dueOn: isoDate.optional(),
      lines: lines.optional(),
      memo: textBlock(1000).nullable().optional(),
    },
    output: invoice,
    scope: 'invoices:write',
  }),
  'invoices.send': command({
    summary: 'Send an invoice: the draft takes its number, is issued at the provider and mailed to the customer',
    input: { invoiceId: id, requestId },
    output: invoice,
    scope: 'invoices:write',
  }),
  'invoices.get': query({ summary: 'One invoice', input: { invoiceId: id }, output: invoice, scope: 'invoices:read' }),
  'invoices.list': query({
    summary: 'Invoices, newest first; `query` searches number, customer, memo and lines',
    input: {
      businessId: id,
      status: invoiceStatus.optional(),
      overdue: z.boolean().optional(),
      customerId: id.optional(),
      query: z.string().max(200).optional(),
      ...page,
    },
    output: pageOf(invoice),
    scope: 'invoices:read',
  }),
  'invoices.void': command({
    summary: 'Void a draft or an open invoice; its number stays taken and its entry is reversed',
    input: { invoiceId: id, reason: textLine(500) },
    output: invoice,
    scope: 'invoices:write',
  }),
  'invoices.duplicate': command({
    summary: 'Copy an invoice into a new draft due the same number of days from today',
    input: { invoiceId: id },
    output: invoice,
    scope: 'invoices:write',
  }),
  'invoices.pdf': query({
    summary: 'The invoice as a PDF file',
    input: { invoiceId: id },
    output: z.object({ fileName: z.string(), mediaType: z.string(), base64: z.string() }),
    scope: 'invoices:read',
  }),
} as const
