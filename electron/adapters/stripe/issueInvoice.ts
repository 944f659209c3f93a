import type Stripe from 'stripe'
import { formatMoney, type Money } from '../../../shared/domain/money'
import type { GatewayCustomer, IssuedInvoice, IssueInvoiceRequest } from '../../core/ports/paymentGateway'
import { toStripeAmount } from './stripeAmounts'
import { Decided, failureOf } from './stripeErrors'
import { customerIdKey, invoiceIdKey, moneyOf, readAll } from './stripeReads'
import { customerReply, type InvoiceReply, idOf, invoiceReply } from './stripeReplies'

/** How far back an invoice is looked for when the provider may have forgotten our keys. */
const lookUpInvoices = 1000

/**
 * Customer, invoice, lines, finalize, send: each step with its own key derived from the row's, so that a repeat of the whole continues
 * where it stopped. Stripe is given the exact tax of each line, so that its total is ours.
 * @throws Decided, or what the SDK throws
 */
export async function issueInvoice(stripe: Stripe, request: IssueInvoiceRequest): Promise<IssuedInvoice> {
  const key = (step: string) => ({ idempotencyKey: `${request.idempotencyKey}:${step}` })
  const lines = request.lines.map((line) => lineOf(line, request.currency))
  const known = request.lookUpFirst ? await findInvoice(stripe, request.invoiceId) : null
  const customerRef = idOf(known?.customer) ?? (await putCustomer(stripe, request.customer, request.idempotencyKey))
  const draft =
    known ??
    invoiceReply.parse(
      await stripe.invoices.create(
        {
          customer: customerRef,
          number: request.number,
          currency: request.currency.toLowerCase(),
          collection_method: 'send_invoice',
          due_date: Math.floor(request.dueAt / 1000),
          auto_advance: false,
          pending_invoice_items_behavior: 'exclude',
          metadata: { [invoiceIdKey]: request.invoiceId },
          ...(request.memo === null ? {} : { description: request.memo }),
        },
        key('invoice'),
      ),
    )
  if (known === null || (known.status === 'draft' && (known.lines?.data.length ?? 0) === 0)) {
    await stripe.invoices.addLines(draft.id, { lines }, key('lines'))
  }
  const finalized =
    known !== null && known.status !== 'draft'
      ? known
      : invoiceReply.parse(await stripe.invoices.finalizeInvoice(draft.id, { auto_advance: false }, key('finalize')))
  await assertTotal(stripe, finalized, request.total, key('void'))
  if (finalized.status === 'open') await stripe.invoices.sendInvoice(draft.id, {}, key('send'))
  return { invoiceRef: finalized.id, customerRef, hostedInvoiceUrl: finalized.hosted_invoice_url ?? null }
}

function exact(amount: Money): number {
  const converted = toStripeAmount(amount)
  if (converted === null) {
    throw new Decided({
      kind: 'declined',
      code: 'amount_not_expressible',
      message: `Stripe cannot express ${formatMoney(amount)}: in this currency it takes fewer digits. Change the line so that its last digit is zero.`,
    })
  }
  return converted
}

function lineOf(line: IssueInvoiceRequest['lines'][number], currency: string): Stripe.InvoiceAddLinesParams.Line {
  const amount = exact({ minor: line.amount, currency })
  const base = { description: line.description, amount }
  if (line.taxRate === null || line.tax === 0) return base
  return {
    ...base,
    tax_amounts: [
      {
        amount: exact({ minor: line.tax, currency }),
        taxable_amount: amount,
        tax_rate_data: { display_name: 'Tax', percentage: Number((Number(line.taxRate) * 100).toFixed(4)), inclusive: false },
      },
    ],
  }
}

async function findInvoice(stripe: Stripe, invoiceId: string): Promise<InvoiceReply | null> {
  const items = await readAll(
    (after) => stripe.invoices.list({ limit: 100, ...(after === undefined ? {} : { starting_after: after }) }),
    lookUpInvoices,
  )
  return (
    items
      .map((item) => invoiceReply.parse(item))
      .find((invoice) => invoice.metadata?.[invoiceIdKey] === invoiceId && invoice.status !== 'void') ?? null
  )
}

async function putCustomer(stripe: Stripe, customer: GatewayCustomer, idempotencyKey: string): Promise<string> {
  const { address } = customer
  const contents = {
    name: customer.name,
    email: customer.email,
    metadata: { [customerIdKey]: customer.id },
    ...(address === null
      ? {}
      : {
          address: {
            line1: address.line1,
            ...(address.line2 === undefined ? {} : { line2: address.line2 }),
            ...(address.city === undefined ? {} : { city: address.city }),
            ...(address.state === undefined ? {} : { state: address.state }),
            ...(address.postalCode === undefined ? {} : { postal_code: address.postalCode }),
            ...(address.country === undefined ? {} : { country: address.country }),
          },
        }),
  } satisfies Stripe.CustomerCreateParams
  if (customer.ref !== null) {
    try {
      const updated = customerReply.parse(
        await stripe.customers.update(customer.ref, contents, { idempotencyKey: `${idempotencyKey}:customer-update` }),
      )
      if (updated.deleted !== true) return updated.id
    } catch (error) {
      const failure = failureOf(error)
      if (failure.kind !== 'declined' || failure.code !== 'resource_missing') throw error
    }
  }
  return customerReply.parse(await stripe.customers.create(contents, { idempotencyKey: `${idempotencyKey}:customer` })).id
}

async function assertTotal(
  stripe: Stripe,
  invoice: InvoiceReply,
  expected: Money,
  voidKey: { idempotencyKey: string },
): Promise<void> {
  const total = moneyOf(invoice.total, invoice.currency)
  if (total.minor === expected.minor && total.currency === expected.currency) return
  await stripe.invoices.voidInvoice(invoice.id, {}, voidKey)
  throw new Decided({
    kind: 'misconfigured',
    message: `Stripe made the total ${formatMoney(total)} where the invoice says ${formatMoney(expected)}, so it was voided there and not sent. Check for taxes or discounts that Stripe adds by itself.`,
  })
}
