import type Stripe from 'stripe'
import { parseDecimal } from '../../../shared/domain/decimal'
import { formatMoney } from '../../../shared/domain/money'
import type { GatewayOutcome, InvoiceContent, IssuedInvoice, IssueInvoiceRequest } from '../../core/ports/paymentGateway'
import { assertChargeable, fromStripe, toStripe } from './amounts'
import { ensureCustomer } from './customers'
import { eventReply } from './eventHint'
import { Ended, isMissing, succeeded, understand } from './outcomes'
import { type InvoiceReply, invoiceList, invoiceReply } from './replies'

export const ourInvoiceId = 'countinghouse_invoice_id'

/** Stripe keeps percentages with at most four decimals. */
const percentDigits = 4
/** How many of the newest invoices are looked through for one that may exist. */
const lookUpAmong = 1000

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

/** What Stripe will refuse an invoice for because of its amounts, in a sentence; null when nothing is known against them. */
export function invoiceProblem(content: InvoiceContent): string | null {
  try {
    chargeableLines(content)
    return null
  } catch (error) {
    if (error instanceof Ended) return error.message
    throw error
  }
}

/**
 * The lines with their tax amounts as we computed them, so that no rounding of Stripe's takes part.
 * @throws Ended declined when Stripe could not state or charge the amounts
 */
function chargeableLines({ currency, lines, total }: InvoiceContent): Line[] {
  assertChargeable(total)
  return lines.map((line) => {
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
  // Refused before anything is made there, when Stripe could not charge it.
  const lines = chargeableLines(request)
  const earlier = request.lookUpFirst ? await findInvoice(stripe, request.invoiceId) : null
  const draft = earlier ?? (await draftFor(stripe, request))

  if (draft.status === 'void') {
    await mustEqual(stripe, draft, request)
    throw new Ended({
      kind: 'declined',
      code: 'voided',
      message: 'The invoice was voided in the Stripe dashboard before it was sent.',
    })
  }
  if (draft.status !== 'draft') {
    await mustEqual(stripe, draft, request)
    const isSent = draft.status !== 'open' || (await wasSent(stripe, draft))
    return issued(isSent ? draft : await send(stripe, draft.id, key))
  }

  if (earlier === null || earlier.lines.data.length === 0) {
    await stripe.invoices.addLines(draft.id, { lines }, { idempotencyKey: `${key}:lines` })
  }
  const finalized = understand(
    invoiceReply,
    await stripe.invoices.finalizeInvoice(draft.id, { auto_advance: false }, { idempotencyKey: `${key}:finalize` }),
  )
  await mustEqual(stripe, finalized, request)
  return issued(await send(stripe, draft.id, key))
}

/** A draft for the customer as it is now; one that was not asked after, and is gone at Stripe, is made anew. */
async function draftFor(stripe: Stripe, request: IssueInvoiceRequest): Promise<InvoiceReply> {
  try {
    return await createDraft(stripe, request, await ensureCustomer(stripe, request))
  } catch (error) {
    if (!request.customer.unchanged || !isMissing(error)) throw error
    const customer = { ...request.customer, unchanged: false }
    return await createDraft(stripe, request, await ensureCustomer(stripe, { ...request, customer }))
  }
}

async function createDraft(stripe: Stripe, request: IssueInvoiceRequest, customer: string): Promise<InvoiceReply> {
  const { ref } = request.customer
  // The first key may stand for the refusal of the customer that is gone.
  const step = ref === null || ref === customer ? 'invoice' : 'invoice-anew'
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
    { idempotencyKey: `${request.idempotencyKey}:${step}` },
  )
  return understand(invoiceReply, created)
}

/** Ends as misconfigured, with the invoice voided, when the provider's total is not ours. */
async function mustEqual(stripe: Stripe, invoice: InvoiceReply, request: IssueInvoiceRequest): Promise<void> {
  const theirs = fromStripe(invoice.total, invoice.currency)
  if (theirs.minor === request.total.minor && theirs.currency === request.total.currency) return
  if (invoice.status !== 'void') {
    await stripe.invoices.voidInvoice(invoice.id, {}, { idempotencyKey: `${request.idempotencyKey}:void` })
  }
  throw new Ended({
    kind: 'misconfigured',
    message: `Stripe made the total ${formatMoney(theirs)} where these books say ${formatMoney(request.total)}, so the invoice was voided there and not sent. Look for taxes or discounts that the Stripe dashboard adds by itself.`,
  })
}

async function send(stripe: Stripe, invoiceRef: string, key: string): Promise<InvoiceReply> {
  return understand(invoiceReply, await stripe.invoices.sendInvoice(invoiceRef, {}, { idempotencyKey: `${key}:send` }))
}

function issued(invoice: InvoiceReply): GatewayOutcome<IssuedInvoice> {
  return succeeded({
    invoiceRef: invoice.id,
    customerRef: invoice.customer,
    hostedInvoiceUrl: invoice.hosted_invoice_url ?? null,
  })
}

/** The invoice that an earlier attempt may have made, found by our id in its metadata among the newest. */
export async function findInvoice(stripe: Stripe, invoiceId: string): Promise<InvoiceReply | null> {
  let after: string | undefined
  for (let seen = 0; seen < lookUpAmong; seen += 100) {
    const reply = await stripe.invoices.list({ limit: 100, ...(after === undefined ? {} : { starting_after: after }) })
    const page = understand(invoiceList, reply)
    const match = page.data.find(({ metadata }) => metadata?.[ourInvoiceId] === invoiceId)
    if (match !== undefined) return match
    const last = page.data.at(-1)
    if (!page.has_more || last === undefined) return null
    after = last.id
  }
  return null
}

/** True when Stripe lists that it sent the invoice; an object does not say so itself. A second mail is avoided where it can be. */
async function wasSent(stripe: Stripe, invoice: InvoiceReply): Promise<boolean> {
  const since = invoice.status_transitions.finalized_at ?? invoice.created
  const events = stripe.events.list({ type: 'invoice.sent', created: { gte: since }, limit: 100 })
  for await (const event of events) if (understand(eventReply, event).data.object.id === invoice.id) return true
  return false
}
