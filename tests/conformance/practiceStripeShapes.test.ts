import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openBed, openInvoice, payHosted, SECRET_KEY } from './practiceStripeBed'

/** Stripe's own sample objects, of API version 2026-07-29. */
const FIXTURES = new URL('../../../shared/data/stripe/fixtures3.json', import.meta.url)

type Json = Record<string, unknown>
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const kind = (value: unknown): string => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value)

/**
 * Where the stand-in differs from the samples, and why. `*` stands for any list index.
 * A path that no longer differs fails the test, so the list cannot grow stale.
 */
const DIFFERENCES: Record<string, string> = {
  'invoice.subscription: missing':
    'the sample still has a field that Invoice lost; the subscription stands in parent.subscription_details',
}

/** Every path where `sample` has a key that `ours` lacks, or both have a value of another JSON type. */
function differences(sample: unknown, ours: unknown, path: string): string[] {
  if (sample === null || ours === null) return []
  if (kind(sample) !== kind(ours)) return [`${path}: ${kind(sample)} in the sample, ${kind(ours)} here`]
  if (Array.isArray(sample) && Array.isArray(ours))
    return sample.length === 0 ? [] : [...new Set(ours.flatMap((item) => differences(sample[0], item, `${path}.*`)))]
  if (!isJson(sample) || !isJson(ours)) return []
  if (path.endsWith('.metadata')) return []
  return Object.entries(sample).flatMap(([key, value]) =>
    Object.hasOwn(ours, key) ? differences(value, ours[key], `${path}.${key}`) : [`${path}.${key}: missing`],
  )
}

test('every object has the shape of the official samples, but for the differences listed with their reason', async () => {
  if (!existsSync(FIXTURES)) {
    process.stdout.write(
      `skipped: comparison with Stripe's sample objects (no ${FIXTURES.pathname.split('/').slice(-3).join('/')} beside the project)\n`,
    )
    return
  }
  const samples = (JSON.parse(readFileSync(FIXTURES, 'utf8')) as { resources: Json }).resources
  const bed = await openBed()
  const get = async (path: string): Promise<Json> => {
    const answer = await fetch(`${bed.stand.url}/v1/${path}`, { headers: { Authorization: `Bearer ${SECRET_KEY}` } })
    expect(answer.status).toBe(200)
    return (await answer.json()) as Json
  }
  const first = async (path: string): Promise<Json> => {
    const { data } = await get(path)
    return (Array.isArray(data) ? data[0] : undefined) as Json
  }
  const { stripe } = bed
  const invoice = await openInvoice(stripe)
  await payHosted(invoice, '4000000000000002')
  await payHosted(invoice)
  const charge = await first('charges?expand[]=data.refunds')
  await stripe.refunds.create({ charge: String(charge.id) })
  await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/', enabled_events: ['*'] })
  const paid = await get(`invoices/${invoice.id}`)
  const draft = await stripe.invoices.create({ customer: String(invoice.customer) })
  const ours: Record<string, Json> = {
    account: await get('account'),
    balance: await get('balance'),
    balance_transaction: await first('balance_transactions?type=charge'),
    charge,
    customer: await first('customers'),
    deleted_invoice: JSON.parse(JSON.stringify(await stripe.invoices.del(draft.id))) as Json,
    event: await first('events'),
    invoice: paid,
    invoice_payment: await first('invoice_payments'),
    invoiceitem: await first('invoiceitems'),
    line_item: (paid.lines as { data: Json[] }).data[0] ?? {},
    payment_intent: await first('payment_intents'),
    refund: await first('refunds'),
    tax_rate: await first('tax_rates'),
    webhook_endpoint: await first('webhook_endpoints'),
  }
  await bed.close()
  // The sample event is about a plan; what an event carries is compared above, object by object.
  const samplesOf = (name: string): unknown =>
    name === 'event' ? { ...(samples[name] as Json), data: { object: {} } } : samples[name]
  const found = Object.entries(ours).flatMap(([name, object]) => differences(samplesOf(name), object, name))
  expect(Object.keys(ours).filter((name) => samples[name] === undefined)).toEqual([])
  const unexplained = found.filter((line) => !Object.hasOwn(DIFFERENCES, line))
  const stale = Object.keys(DIFFERENCES).filter((line) => !found.includes(line))
  expect({ unexplained, stale }).toEqual({ unexplained: [], stale: [] })
})
