import type Stripe from 'stripe'
import { parseDecimal } from '../../../shared/domain/decimal'
import type { GatewayOutcome, IssuedInvoice, IssueInvoiceRequest } from '../../core/ports/paymentGateway'
import { toStripe, toStripeCharge } from './amounts'
import { ensureCustomer } from './customers'
import { eventReply } from './eventHint'
import { Ended, succeeded, understand } from './outcomes'
import { type InvoiceReply, invoiceList, invoiceReply } from './replies'

export const ourInvoiceId = 'countinghouse_invoice_id'

/** Stripe keeps percentages with at most four decimals. */
const percentDigits = 4

type Line = Stripe.InvoiceAddLinesParams.Line

/**
 * The percentage that Stripe shows beside a tax amount. Only shown: the amount itself is sent exactly.
 * @param rate decimal fraction, e.g. "0.0725"
 * @returns e.g. 7.25; 0 (shown as no percentage) where Stripe cannot state it
 */
export function shownPercentage(rate: string): number {
  const parsed = parseDecimal(rate)
  if (parsed === null || parsed.units < 0n) return 0
  const scaled = parsed.units * 10n ** BigInt(percentDigits + 2)
  const divisor = 10n ** BigInt(parsed.scale)
  const limit = 100n * 10n ** BigInt(percentDigits)
  if (scaled % divisor !== 0n || scaled / divisor > limit) return 0
  return Number(scaled / divisor) / 10 ** percentDigits
}

/** The lines with their tax amounts as we computed them, so that no rounding of Stripe's takes part. */
function linesOf(request: IssueInvoiceRequest): Line[] {
  const { currency } = request
  return request.lines.map((line) => {
    const amount = toStripe({ minor: line.amount, currency })
    const base: Line = { description: line.description, amount }
    if (line.taxRate === null) return base
    return {
      ...base,
      tax_amounts: [
        {
          amount: toStripe({ minor: line.tax, currency }),
          taxable_amount: amount,
          tax_rate_data: { display_name: 'Tax', inclusive: false, percentage: shownPercentage(line.taxRate) },
        },
      ],
    }
  })
}

/**
 * Customer, draft, lines, finalize, compare, send: each step under a key of its own, so that a repeat goes through the same steps and
 * does none of them twice.
 * @throws Ended, StrangeReply or an error of the SDK, for `outcomeOf`
 */
export async function issueInvoice(stripe: Stripe, request: IssueInvoiceRequest): Promise<GatewayOutcome<IssuedInvoice>> {
  const key = request.idempotencyKey
  const total = toStripeCharge(request.total)
  const lines = linesOf(request)
  const customerRef = await ensureCustomer(stripe, request)
  const earlier = request.lookUpFirst ? await findInvoice(stripe, customerRef, request.invoiceId) : null
  const draft = earlier ?? (await createDraft(stripe, request, customerRef))

  if (draft.status === 'void') {
    const sameTotal = draft.total === total
    throw new Ended(
      sameTotal
        ? { kind: 'declined', code: 'voided', message: 'The invoice was voided in the Stripe dashboard before it was sent.' }
        : { kind: 'misconfigured', message: unequalTotal },
    )
  }
  if (draft.status !== 'draft') {
    await mustEqual(stripe, draft, request, total)
    const isSent = draft.status !== 'open' || (await wasSent(stripe, draft))
    return issued(isSent ? draft : await send(stripe, draft.id, key), customerRef)
  }

  if (earlier === null || earlier.lines.data.length === 0) {
    await stripe.invoices.addLines(draft.id, { lines }, { idempotencyKey: `${key}:lines` })
  }
  const finalized = understand(
    invoiceReply,
    await stripe.invoices.finalizeInvoice(draft.id, { auto_advance: false }, { idempotencyKey: `${key}:finalize` }),
  )
  await mustEqual(stripe, finalized, request, total)
  return issued(await send(stripe, draft.id, key), customerRef)
}

const unequalTotal =
  'Stripe computed another total for the invoice than these books, so it was voided there and not sent. Look for taxes, discounts or rounding set up in the Stripe dashboard, then connect Stripe again.'

async function createDraft(stripe: Stripe, request: IssueInvoiceRequest, customer: string): Promise<InvoiceReply> {
  const created = await stripe.invoices.create(
    {
      customer,
      number: request.number,
      currency: request.currency.toLowerCase(),
      collection_method: 'send_invoice',
      due_date: Math.floor(request.dueAt / 1000),
      auto_advance: false,
      pending_invoice_items_behavior: 'exclude',
      metadata: { [ourInvoiceId]: request.invoiceId },
      ...(request.memo === null || request.memo === '' ? {} : { description: request.memo }),
    },
    { idempotencyKey: `${request.idempotencyKey}:invoice` },
  )
  return understand(invoiceReply, created)
}

/** Ends as misconfigured, with the invoice voided, when the provider's total is not ours. */
async function mustEqual(stripe: Stripe, invoice: InvoiceReply, request: IssueInvoiceRequest, total: number): Promise<void> {
  if (invoice.total === total && invoice.currency === request.currency.toLowerCase()) return
  await stripe.invoices.voidInvoice(invoice.id, {}, { idempotencyKey: `${request.idempotencyKey}:void` })
  throw new Ended({ kind: 'misconfigured', message: unequalTotal })
}

async function send(stripe: Stripe, invoiceRef: string, key: string): Promise<InvoiceReply> {
  return understand(invoiceReply, await stripe.invoices.sendInvoice(invoiceRef, {}, { idempotencyKey: `${key}:send` }))
}

function issued(invoice: InvoiceReply, customerRef: string): GatewayOutcome<IssuedInvoice> {
  return succeeded({ invoiceRef: invoice.id, customerRef, hostedInvoiceUrl: invoice.hosted_invoice_url ?? null })
}

/** The invoice that an attempt more than a day ago may have made, found by our id in its metadata. */
async function findInvoice(stripe: Stripe, customer: string, invoiceId: string): Promise<InvoiceReply | null> {
  let after: string | undefined
  for (;;) {
    const page = understand(
      invoiceList,
      await stripe.invoices.list({ customer, limit: 100, ...(after === undefined ? {} : { starting_after: after }) }),
    )
    const match = page.data.find(({ metadata }) => metadata?.[ourInvoiceId] === invoiceId)
    if (match !== undefined) return match
    const last = page.data.at(-1)
    if (!page.has_more || last === undefined) return null
    after = last.id
  }
}

/** True when Stripe lists that it sent the invoice; an object does not say so itself. A second mail is avoided where it can be. */
async function wasSent(stripe: Stripe, invoice: InvoiceReply): Promise<boolean> {
  const since = invoice.status_transitions.finalized_at ?? invoice.created
  const events = stripe.events.list({ type: 'invoice.sent', created: { gte: since }, limit: 100 })
  for await (const event of events) if (understand(eventReply, event).data.object.id === invoice.id) return true
  return false
}
