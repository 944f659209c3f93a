import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '../../electron/core/db/index'
import type { Invoice } from '../../shared/contract/invoices'
import type { Payment } from '../../shared/contract/payments'
import { type LiveApp, practiceKey, practiceWebhookSecret } from './liveApp'

/** A practice business at work, in a vault beside another business. */
export interface Desk {
  readonly businessId: string
  readonly otherId: string
  readonly customerId: string
  newCustomer(): Promise<string>
  newDraft(): Promise<Invoice>
  /** An invoice that the provider has issued. */
  newOpenInvoice(): Promise<Invoice>
  /** An invoice of 100.00 that was paid on the hosted page. */
  newPayment(): Promise<Payment>
  newEntry(): Promise<string>
  newToken(): Promise<string>
  /** Waits until nothing is under way to or from the provider. */
  settle(): Promise<void>
}

const perInvoice = 10_000

export function invoiceInput(businessId: string, customerId: string) {
  return {
    businessId,
    customerId,
    currency: 'USD',
    dueOn: '2150-01-31',
    lines: [{ description: 'Design, hours', quantity: '2.5', unitPrice: { minor: perInvoice / 2.5, currency: 'USD' } }],
  }
}

export function entryInput(businessId: string, minor = 1_000) {
  return {
    businessId,
    occurredOn: '2026-01-10',
    description: 'Paper and ink',
    postings: [
      { account: 'assets:bank', amount: { minor: -minor, currency: 'USD' } },
      { account: 'expenses:office', amount: { minor, currency: 'USD' } },
    ],
  }
}

let counter = 0
/** A requestId that was not used before. */
export function newRequestId(): string {
  counter += 1
  return `request-${process.pid}-${counter}`
}

async function eventually<T>(what: string, look: () => Promise<T | null> | T | null): Promise<T> {
  for (let tries = 0; tries < 500; tries++) {
    const found = await look()
    if (found !== null) return found
    await sleep(20)
  }
  throw new Error(`It did not come to this: ${what}`)
}

/** Sets a business up in a practice vault: connected to the stand-in, with a customer and the accounts of its chart. */
export async function openDesk(live: LiveApp): Promise<Desk> {
  const place = { country: 'US', timeZone: 'America/New_York' }
  const { id: businessId } = await live.run('businesses.create', { name: 'Mill Street Studio', currency: 'USD', ...place })
  const { id: otherId } = await live.run('businesses.create', { name: 'Second Street Studio', currency: 'EUR', ...place })
  await live.run('integrations.connect', {
    businessId,
    provider: 'stripe',
    secretKey: practiceKey,
    webhookSecret: practiceWebhookSecret,
  })
  const newCustomer = async () => {
    const name = `Customer ${newRequestId()}`
    return (await live.run('customers.create', { businessId, name, email: 'post@customer.example' })).id
  }
  const customerId = await newCustomer()
  const newDraft = () => live.run('invoices.create', invoiceInput(businessId, customerId))
  const newOpenInvoice = async () => {
    const { id } = await newDraft()
    await live.run('invoices.send', { invoiceId: id, requestId: newRequestId() })
    return eventually('the invoice is open', async () => {
      const invoice = await live.call('invoices.get', { invoiceId: id })
      return invoice.status === 'open' && invoice.hostedInvoiceUrl !== null ? invoice : null
    })
  }
  const settle = () =>
    eventually('nothing is under way', () => {
      const busy = live.db.get(sql`SELECT 1 FROM outbox WHERE state = 'waiting' LIMIT 1`)
      const waiting = live.db.get(sql`SELECT 1 FROM provider_event WHERE status = 'pending' LIMIT 1`)
      return busy === undefined && waiting === undefined ? true : null
    }).then(() => undefined)
  return {
    businessId,
    otherId,
    customerId,
    newCustomer,
    newDraft,
    newOpenInvoice,
    settle,
    async newPayment() {
      const invoice = await newOpenInvoice()
      await fetch(`${invoice.hostedInvoiceUrl}/pay`, { method: 'POST', body: new URLSearchParams({ card: '4242424242424242' }) })
      await live.run('events.sync', {})
      const payment = await eventually('the payment has come in with its fee', async () => {
        const { items } = await live.call('payments.list', { businessId, invoiceId: invoice.id })
        const [found] = items
        return found !== undefined && found.fee !== null ? found : null
      })
      await settle()
      return payment
    },
    newEntry: async () => (await live.run('ledger.post', { ...entryInput(businessId), requestId: newRequestId() })).entryId,
    newToken: async () => (await live.run('tokens.create', { name: 'A script', scopes: ['rates:read'], expiresInHours: 1 })).id,
  }
}
