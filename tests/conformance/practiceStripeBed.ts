import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Stripe from 'stripe'
import { type PracticeStripe, type PracticeStripeOptions, startPracticeStripe } from '../../electron/practice/stripe'

export const SECRET_KEY = 'sk_test_practice_0123456789abcdef'
/** 2026-03-01T09:00:00Z */
export const START = Date.UTC(2026, 2, 1, 9)

export interface Bed {
  stand: PracticeStripe
  stripe: Stripe
  clock: { at: number; now(): number }
  file: string
  /** Stops and starts again on the same file. */
  restart(options?: Partial<PracticeStripeOptions>): Promise<void>
  close(): Promise<void>
}

export function client(stand: PracticeStripe, key = SECRET_KEY): Stripe {
  return new Stripe(key, { host: '127.0.0.1', port: stand.port, protocol: 'http', maxNetworkRetries: 0, telemetry: false })
}

/** A stand-in on a file of its own, with the real SDK as its client. */
export async function openBed(options: Partial<PracticeStripeOptions> = {}): Promise<Bed> {
  const folder = mkdtempSync(join(tmpdir(), 'practice-stripe-'))
  const file = join(folder, 'stripe.db')
  const clock = {
    at: START,
    now() {
      return this.at
    },
  }
  const start = (more: Partial<PracticeStripeOptions>) =>
    startPracticeStripe({ file, clock, secretKey: SECRET_KEY, webhook: () => null, ...options, ...more })
  const stand = await start({})
  const bed: Bed = {
    stand,
    stripe: client(stand),
    clock,
    file,
    async restart(more = {}) {
      await bed.stand.close()
      bed.stand = await start(more)
      bed.stripe = client(bed.stand)
    },
    async close() {
      await bed.stand.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return bed
}

export interface Received {
  body: string
  signature: string
  event: Stripe.Event
}

export interface Door {
  url: string
  secret: string
  received: Received[]
  /** The status of the next answers; 200 when empty. */
  answers: number[]
  close(): Promise<void>
}

/** A webhook door that keeps what it is sent, after checking the signature as the SDK does. */
export async function openDoor(now: () => number): Promise<Door> {
  const checker = new Stripe(SECRET_KEY)
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const signature = String(request.headers['stripe-signature'])
      const event = checker.webhooks.constructEvent(body, signature, door.secret, 300, undefined, now())
      door.received.push({ body, signature, event })
      response.writeHead(door.answers.shift() ?? 200)
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const door: Door = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    secret: 'whsec_practice_door',
    received: [],
    answers: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return door
}

export interface Draft {
  customer: Stripe.Customer
  invoice: Stripe.Invoice
}

/** A draft of 1,000.00 USD + 20 % tax on two lines: total 1,200.00. */
export async function draftInvoice(stripe: Stripe, more: Stripe.InvoiceCreateParams = {}): Promise<Draft> {
  const customer = await stripe.customers.create({ name: 'Ada Lovelace', email: 'ada@example.com' })
  const draft = await stripe.invoices.create({
    customer: customer.id,
    collection_method: 'send_invoice',
    ...(more.due_date === undefined ? { days_until_due: 14 } : {}),
    currency: 'usd',
    ...more,
  })
  const vat = (amount: number, taxable: number): Stripe.InvoiceAddLinesParams.Line.TaxAmount => ({
    amount,
    taxable_amount: taxable,
    tax_rate_data: { display_name: 'VAT', percentage: 20, inclusive: false },
  })
  const invoice = await stripe.invoices.addLines(draft.id, {
    lines: [
      { amount: 75_000, description: 'Design', tax_amounts: [vat(15_000, 75_000)] },
      { amount: 25_000, description: 'Hosting', tax_amounts: [vat(5_000, 25_000)] },
    ],
  })
  return { customer, invoice }
}

export async function openInvoice(stripe: Stripe, more: Stripe.InvoiceCreateParams = {}): Promise<Stripe.Invoice> {
  const { invoice } = await draftInvoice(stripe, more)
  return stripe.invoices.finalizeInvoice(invoice.id)
}

export interface PaidAnswer {
  status: number
  body: { status: string; message: string; error?: { code: string; decline_code?: string; message: string } }
}

/** Posts a card to the hosted page and asks for JSON. */
export async function payHosted(invoice: Stripe.Invoice, card = '4242424242424242'): Promise<PaidAnswer> {
  const answer = await fetch(`${invoice.hosted_invoice_url}/pay`, {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: new URLSearchParams({ card }),
  })
  return { status: answer.status, body: (await answer.json()) as PaidAnswer['body'] }
}

/** The error an SDK call ends in. */
export async function failure(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error
    throw error
  }
  throw new Error('the call was expected to fail')
}
