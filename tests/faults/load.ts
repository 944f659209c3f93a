import { createHmac } from 'node:crypto'
import type { Ack } from './ack'
import type { Answer, RunningApp } from './app'
import type { Random } from './random'

/** The practice world's own signing secret; it opens nothing anywhere else. */
const webhookSecret = 'whsec_practice_countinghouse_signing'

export interface LoadOptions {
  readonly app: RunningApp
  readonly businessId: string
  readonly customerId: string
  /** Makes external ids, request ids and event ids of this run its own. */
  readonly run: string
  readonly random: Random
  /** Hears of each 200 the moment it reached the client. */
  readonly acknowledged: (ack: Ack) => void
  readonly stopped: () => boolean
}

const today = () => new Date().toISOString().slice(0, 10)
const usd = (minor: number) => ({ minor, currency: 'USD' })

function value(answer: Answer): Record<string, unknown> | undefined {
  if (answer.status !== 200 || typeof answer.body !== 'object' || answer.body === null) return undefined
  const body = answer.body as Record<string, unknown>
  return 'value' in body ? (body.value as Record<string, unknown>) : body
}

/** What went otherwise than asked for although an answer came; a load that fails proves nothing. */
export class LoadProblems {
  readonly counts = new Map<string, number>()

  /** A connection that broke is part of the game. */
  note(what: string, answer: Answer): void {
    if (answer.status === 0 || answer.status === 200) return
    const key = `${what}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 200)}`
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1)
  }
}

/** Writes, sends, gets paid for and refunds invoices, one after another. */
async function invoices(
  { app, businessId, customerId, run, random, acknowledged, stopped }: LoadOptions,
  problems: LoadProblems,
): Promise<void> {
  for (let n = 0; !stopped(); n++) {
    const unitPrice = usd(random.whole(1000, 90_000))
    const line = { description: `Work ${n}`, quantity: random.pick(['1', '1.5', '3']), unitPrice, taxRate: '0.2' }
    const draft = { requestId: `${run}-create-${n}`, businessId, customerId, currency: 'USD', dueOn: today(), lines: [line] }
    const created = await app.call('invoices.create', draft)
    problems.note('invoices.create', created)
    const id = value(created)?.id
    if (typeof id !== 'string') continue
    acknowledged({ ack: 'invoice', id })
    const sending = { invoiceId: id, requestId: `${run}-send-${n}` }
    let sent = await app.call('invoices.send', sending)
    if (random.chance(0.3)) sent = await app.call('invoices.send', sending)
    problems.note('invoices.send', sent)
    const number = value(sent)?.number
    if (sent.status !== 200) continue
    acknowledged({ ack: 'sent', id, number: typeof number === 'string' ? number : null })
    await payAndRefund({ app, businessId, customerId, run, random, acknowledged, stopped }, id, problems)
  }
}

async function until<T>(stopped: () => boolean, read: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let tries = 0; tries < 100 && !stopped(); tries++) {
    const found = await read()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return undefined
}

async function payAndRefund(
  { app, businessId, run, random, acknowledged, stopped }: LoadOptions,
  id: string,
  problems: LoadProblems,
): Promise<void> {
  const open = await until(stopped, async () => {
    const invoice = value(await app.call('invoices.get', { invoiceId: id }))
    return typeof invoice?.hostedInvoiceUrl === 'string' ? invoice : undefined
  })
  if (!open) return
  const paid = await app.request(`${open.hostedInvoiceUrl}/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'card=4242424242424242',
    redirect: 'manual',
  })
  if (paid.status !== 200 && paid.status !== 303) return problems.note('pay', paid)
  const total = (open.total as { minor: number }).minor
  acknowledged({ ack: 'paid', id, minor: total })
  if (random.chance(0.4)) return
  const payment = await until(stopped, async () => {
    const list = value(await app.call('payments.list', { businessId, invoiceId: id }))
    return (list?.items as { id: string }[] | undefined)?.[0]
  })
  if (!payment) return
  const minor = random.whole(100, total)
  const request = {
    requestId: `${run}-refund-${id}`,
    paymentId: payment.id,
    amount: usd(minor),
    reason: 'Agreed with the customer',
  }
  let refund = await app.call('payments.requestRefund', request)
  if (random.chance(0.3)) refund = await app.call('payments.requestRefund', request)
  problems.note('payments.requestRefund', refund)
  const refundId = value(refund)?.refundId
  if (typeof refundId === 'string') acknowledged({ ack: 'refund', id: refundId, paymentId: payment.id, minor })
}

/** Streams imports in; some lines came before. */
async function imports(
  { app, businessId, run, random, acknowledged, stopped }: LoadOptions,
  problems: LoadProblems,
): Promise<void> {
  for (let n = 0; !stopped(); n++) {
    const externalIds = Array.from(
      { length: random.whole(1, 120) },
      (_, i) => `${run}-import-${random.chance(0.1) ? n - 1 : n}-${i}`,
    )
    const lines = [...new Set(externalIds)].map((externalId) => {
      const minor = random.whole(1, 10_000)
      const postings = [
        { account: `expenses:imported:${n % 3}`, minor, currency: 'USD' },
        { account: 'assets:bank', minor: -minor, currency: 'USD' },
      ]
      return JSON.stringify({ externalId, occurredOn: today(), description: 'Imported', postings })
    })
    const answer = await app.request(`${app.url}/api/v1/ledger/import?businessId=${businessId}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${app.token}` },
      body: lines.join('\n'),
    })
    problems.note('ledger.import', answer)
    if (answer.status === 200) acknowledged({ ack: 'import', externalIds: [...new Set(externalIds)] })
  }
}

/** Posts manual entries, each asked for twice now and then. */
async function entries(
  { app, businessId, run, random, acknowledged, stopped }: LoadOptions,
  problems: LoadProblems,
): Promise<void> {
  for (let n = 0; !stopped(); n++) {
    const minor = random.whole(1, 10_000)
    const postings = [
      { account: 'expenses:payment-fees', amount: usd(minor) },
      { account: 'assets:stripe', amount: usd(-minor) },
    ]
    const requestId = `${run}-post-${n}`
    const input = { businessId, requestId, occurredOn: today(), description: `Entry ${requestId}`, postings }
    let answer = await app.call('ledger.post', input)
    if (random.chance(0.3)) answer = await app.call('ledger.post', input)
    problems.note('ledger.post', answer)
    const id = value(answer)?.entryId
    if (typeof id === 'string') acknowledged({ ack: 'entry', id, externalId: requestId })
  }
}

/** Knocks at the webhook door with signed events, each several times. */
async function webhooks(
  { app, businessId, run, random, acknowledged, stopped }: LoadOptions,
  problems: LoadProblems,
): Promise<void> {
  const list = value(await app.call('integrations.list', { businessId }))
  const url = (list?.items as { webhookUrl: string | null }[] | undefined)?.find((item) => item.webhookUrl)?.webhookUrl
  if (!url) return
  for (let n = 0; !stopped(); n++) {
    const id = `evt_${run.replace(/[^A-Za-z0-9]/g, '')}x${n}`
    const created = Math.floor(Date.now() / 1000)
    const object = { id: `in_unknown${n}`, object: 'invoice' }
    const body = JSON.stringify({
      id,
      object: 'event',
      type: 'invoice.updated',
      created,
      livemode: false,
      api_version: null,
      pending_webhooks: 1,
      request: null,
      data: { object },
    })
    const signature = `t=${created},v1=${createHmac('sha256', webhookSecret).update(`${created}.${body}`).digest('hex')}`
    const deliver = () =>
      app.request(url, { method: 'POST', headers: { 'content-type': 'application/json', 'stripe-signature': signature }, body })
    const answers = await Promise.all(Array.from({ length: random.whole(1, 3) }, deliver))
    for (const answer of answers) problems.note('webhook', answer)
    if (answers.some((answer) => answer.status === 200)) acknowledged({ ack: 'webhook', id })
    await new Promise((resolve) => setTimeout(resolve, random.whole(0, 10)))
  }
}

/** The provider loses answers after acting on them, and loses, repeats and shuffles its webhooks. */
const unsteady = { timeoutAfterSuccess: 0.05, errorRate: 0.05, dropWebhooks: 0.1, duplicateWebhooks: 1, shuffleWebhooks: 3 }

/** Drives the app through its own doors from all sides until told to stop. */
export async function runLoad(options: LoadOptions): Promise<LoadProblems> {
  const problems = new LoadProblems()
  problems.note('practice.setFaults', await options.app.call('practice.setFaults', { stripe: unsteady }))
  const second = { ...options, run: `${options.run}b` }
  await Promise.all([
    invoices(options, problems),
    invoices(second, problems),
    imports(options, problems),
    entries(options, problems),
    webhooks(options, problems),
  ])
  return problems
}
