import type Stripe from 'stripe'
import { z } from 'zod'
import type { PaymentGateway, ProviderEventHint } from '../../core/ports/paymentGateway'
import { eventReply, toHint } from './eventHint'
import { understand } from './outcomes'
import { invoiceOf } from './readInvoice'
import { type InvoiceReply, invoiceList, refundList } from './replies'

type Changes = Parameters<PaymentGateway['listInvoices']>[0]

const eventList = z.object({ data: z.array(eventReply), has_more: z.boolean() })

const seconds = (at: number): number => Math.max(0, Math.floor(at / 1000))
const after = (id: string | null) => (id === null ? {} : { starting_after: id })

/** One page of events, newest first. */
export async function listEvents(
  stripe: Stripe,
  { since, cursor }: Changes,
): Promise<{ events: ProviderEventHint[]; nextCursor: string | null }> {
  const page = understand(eventList, await stripe.events.list({ created: { gte: seconds(since) }, limit: 100, ...after(cursor) }))
  return { events: page.data.map(toHint), nextCursor: page.has_more ? (page.data.at(-1)?.id ?? null) : null }
}

/** A refund may fail this long after it was made. Milliseconds. */
const refundsMayFail = 90 * 86_400_000

/** What may have happened to an invoice since an instant (seconds): it was made, moved, or can still be paid. */
function mayHaveChanged(invoice: InvoiceReply, since: number): boolean {
  if (invoice.status === 'open' || invoice.status === 'uncollectible' || invoice.created >= since) return true
  return Object.values(invoice.status_transitions).some((at) => at !== null && at !== undefined && at >= since)
}

/**
 * Invoices that changed since an instant. Stripe filters by the time of making alone, so every invoice is looked through, then the
 * refunds of late for older ones. Cursors: `i:<invoice>` and `r:<refund>`, the last that was looked at.
 */
export async function listChangedInvoices(
  stripe: Stripe,
  { since, cursor }: Changes,
): Promise<{ invoiceRefs: string[]; nextCursor: string | null }> {
  const last = cursor === null || cursor.length === 2 ? null : cursor.slice(2)
  if (cursor?.startsWith('r:')) return refundedInvoices(stripe, since, last)
  const page = understand(invoiceList, await stripe.invoices.list({ limit: 100, ...after(last) }))
  const invoiceRefs = page.data.filter((invoice) => mayHaveChanged(invoice, seconds(since))).map(({ id }) => id)
  const end = page.data.at(-1)
  return { invoiceRefs, nextCursor: page.has_more && end !== undefined ? `i:${end.id}` : 'r:' }
}

async function refundedInvoices(
  stripe: Stripe,
  since: number,
  last: string | null,
): Promise<{ invoiceRefs: string[]; nextCursor: string | null }> {
  const page = understand(
    refundList,
    await stripe.refunds.list({ created: { gte: seconds(since - refundsMayFail) }, limit: 100, ...after(last) }),
  )
  const payments = new Set(page.data.map((refund) => refund.payment_intent).filter((ref) => typeof ref === 'string'))
  const refs = new Set<string>()
  for (const payment of payments) {
    const invoice = await invoiceOf(stripe, 'payment_intent', payment)
    if (invoice !== null) refs.add(invoice)
  }
  const end = page.data.at(-1)
  return { invoiceRefs: [...refs], nextCursor: page.has_more && end !== undefined ? `r:${end.id}` : null }
}
