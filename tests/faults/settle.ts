import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import type { Ack } from './ack'
import type { RunningApp } from './app'

const patienceMs = 30_000

function items(body: unknown): Record<string, unknown>[] {
  return typeof body === 'object' && body !== null && 'items' in body ? (body.items as Record<string, unknown>[]) : []
}

async function isStill(app: RunningApp, businessId: string): Promise<boolean> {
  const sending = items((await app.call('invoices.list', { businessId, status: 'sending' })).body)
  if (sending.length > 0) return false
  for (const payment of items((await app.call('payments.list', { businessId, limit: 200 })).body)) {
    const refunds = items((await app.call('payments.refunds', { paymentId: payment.id })).body)
    if (refunds.some((refund) => refund.status === 'submitted')) return false
  }
  return true
}

/**
 * Lets a restarted app finish what it had begun: outbox, events, projections; then holds the end state against what clients were told.
 * @returns what is wrong; empty when all is well
 */
export async function settle(app: RunningApp, businessId: string, acks: readonly Ack[]): Promise<string[]> {
  const problems: string[] = []
  const end = Date.now() + patienceMs
  const paid = acks.filter((ack) => ack.ack === 'paid')
  let waiting = paid.map((ack) => ack.id)
  for (;;) {
    const sync = await app.call('events.sync', {})
    if (sync.status !== 200) problems.push(`events.sync answered ${sync.status}`)
    const states = await Promise.all(waiting.map(async (id) => (await app.call('invoices.get', { invoiceId: id })).body))
    waiting = waiting.filter((_, i) => (states[i] as { status?: string } | null)?.status !== 'paid')
    if (waiting.length === 0 && (await isStill(app, businessId))) break
    if (Date.now() > end || problems.length > 0) {
      problems.push(`after ${patienceMs / 1000} s something is still under way (${waiting.length} paid invoices not marked so)`)
      return problems
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const verified = (await app.call('audit.verify', {})).body as { ok?: boolean; firstBad?: { reason: string } }
  if (verified.ok !== true) problems.push(`audit.verify: ${verified.firstBad?.reason ?? JSON.stringify(verified)}`)
  const balance = (await app.call('ledger.trialBalance', { businessId })).body as { rows?: { currency: string; minor: number }[] }
  const sums = new Map<string, number>()
  for (const { currency, minor } of balance.rows ?? []) sums.set(currency, (sums.get(currency) ?? 0) + minor)
  for (const [currency, sum] of sums) if (sum !== 0) problems.push(`the trial balance is off by ${sum} ${currency}`)
  if (!balance.rows) problems.push('there is no trial balance')
  return problems
}

interface Doc {
  readonly id: string
  readonly status?: string
  readonly number?: string | null
  readonly amount?: number
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * Asks the practice provider's own file whether anything was done twice there, or not at all.
 * @param dir a closed data folder, after `settle`
 */
export function providerAgrees(dir: string, acks: readonly Ack[]): string[] {
  const driver = new BetterSqlite3(join(dir, 'practice-stripe.db'), { readonly: true })
  try {
    const docs = (type: string): Doc[] =>
      driver
        .prepare<[string], { doc: string }>('SELECT doc FROM object WHERE type = ?')
        .all(type)
        .map((row) => JSON.parse(row.doc) as Doc)
    const invoices = docs('invoice').filter((invoice) => invoice.status !== 'void' && invoice.status !== 'draft')
    const refunds = docs('refund')
    const problems: string[] = []
    const repeated = (what: string, keys: (string | null | undefined)[]): void => {
      const seen = new Set<string>()
      for (const key of keys) {
        if (key && seen.has(key)) problems.push(`the provider has ${what} ${key} twice`)
        if (key) seen.add(key)
      }
    }
    repeated(
      'invoice',
      invoices.map((invoice) => invoice.metadata?.countinghouse_invoice_id),
    )
    repeated(
      'invoice number',
      invoices.map((invoice) => invoice.number),
    )
    repeated(
      'refund',
      refunds.map((refund) => refund.metadata?.countinghouse_refund_id),
    )
    for (const ack of acks) {
      if (ack.ack === 'sent' && !invoices.some((invoice) => invoice.metadata?.countinghouse_invoice_id === ack.id))
        problems.push(`invoice ${ack.id} never reached the provider`)
      const refund = ack.ack === 'refund' && refunds.find((found) => found.metadata?.countinghouse_refund_id === ack.id)
      if (ack.ack === 'refund' && (!refund || refund.amount !== ack.minor))
        problems.push(`refund ${ack.id} never reached the provider`)
    }
    return problems
  } finally {
    driver.close()
  }
}
