import { appendAudit } from '../audit/index'
import { sql } from '../db'
import { openTestDatabase, type TestDatabase } from '../db/testing'
import { Gateways } from '../integrations/index'
import type {
  GatewayOutcome,
  PaymentGateway,
  ProviderEventHint,
  ProviderInvoice,
  ProviderRefund,
  WebhookReader,
} from '../ports/paymentGateway'
import { Items } from '../secrets/index'
import { createRecordCipher } from '../vault/index'

export const silentLogger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

const unused = (): Promise<never> => Promise.reject(new Error('This call is not expected in these tests'))

/** The far side of a provider: its objects and events, and what it answers instead while something is wrong with it. For tests only. */
export class FakeProvider implements PaymentGateway {
  readonly invoices = new Map<string, ProviderInvoice>()
  readonly refunds = new Map<string, ProviderRefund>()
  /** Oldest first. */
  readonly events: ProviderEventHint[] = []
  readonly calls: string[] = []
  pageSize = 100
  accountId = 'acct_1'
  livemode = false
  /** What a call ends with instead of its answer; null lets it through. Called with the name of the method and its argument. */
  fault: (call: string, about: string) => Exclude<GatewayOutcome<never>, { value: never }> | null = () => null
  /** Awaited before a call answers, after it looked. */
  hold: (call: string, about: string) => Promise<void> | undefined = () => undefined

  async #answer<T>(call: string, about: string, look: () => GatewayOutcome<T>): Promise<GatewayOutcome<T>> {
    this.calls.push(about === '' ? call : `${call} ${about}`)
    const outcome = this.fault(call, about) ?? look()
    await this.hold(call, about)
    return outcome
  }

  checkAccount: PaymentGateway['checkAccount'] = () =>
    this.#answer('checkAccount', '', () => ({ kind: 'succeeded', value: { accountId: this.accountId, livemode: this.livemode } }))
  readInvoice: PaymentGateway['readInvoice'] = (ref) => this.#answer('readInvoice', ref, () => found(this.invoices.get(ref)))
  readRefund: PaymentGateway['readRefund'] = (ref) => this.#answer('readRefund', ref, () => found(this.refunds.get(ref)))
  invoiceOf: PaymentGateway['invoiceOf'] = (_kind, payment) =>
    this.#answer('invoiceOf', payment, () => {
      const invoice = [...this.invoices.values()].find(({ payments }) =>
        payments.some(({ paymentRef }) => paymentRef === payment),
      )
      return { kind: 'succeeded', value: invoice?.invoiceRef ?? null }
    })
  listRefunds: PaymentGateway['listRefunds'] = (payment) =>
    this.#answer('listRefunds', payment, () => ({
      kind: 'succeeded',
      value: [...this.refunds.values()].filter(({ paymentRef }) => paymentRef === payment),
    }))
  listEvents: PaymentGateway['listEvents'] = ({ since, cursor }) =>
    this.#answer('listEvents', '', () => {
      const listed = this.events.filter(({ occurredAt }) => occurredAt >= since).sort((a, b) => b.occurredAt - a.occurredAt)
      const start = cursor === null ? 0 : Number(cursor)
      const events = listed.slice(start, start + this.pageSize)
      return {
        kind: 'succeeded',
        value: { events, nextCursor: start + events.length < listed.length ? String(start + events.length) : null },
      }
    })
  listInvoices: PaymentGateway['listInvoices'] = ({ cursor }) =>
    this.#answer('listInvoices', '', () => {
      const refs = [...this.invoices.keys()]
      const start = cursor === null ? 0 : Number(cursor)
      const invoiceRefs = refs.slice(start, start + this.pageSize)
      return {
        kind: 'succeeded',
        value: { invoiceRefs, nextCursor: start + invoiceRefs.length < refs.length ? String(start + invoiceRefs.length) : null },
      }
    })
  invoiceProblem: PaymentGateway['invoiceProblem'] = () => null
  issueInvoice: PaymentGateway['issueInvoice'] = unused
  voidInvoice: PaymentGateway['voidInvoice'] = unused
  withdrawInvoice: PaymentGateway['withdrawInvoice'] = unused
  refund: PaymentGateway['refund'] = unused

  /** Sets an invoice's state and tells it as an event. */
  invoice(ref: string, paid: number, at: number): ProviderEventHint {
    const currency = 'USD'
    this.invoices.set(ref, {
      invoiceRef: ref,
      invoiceId: null,
      status: paid >= 100 ? 'paid' : 'open',
      hostedInvoiceUrl: null,
      total: { minor: 100, currency },
      amountPaid: { minor: paid, currency },
      payments: Array.from({ length: paid }, (_, n) => ({
        paymentRef: `pi_${ref}_${n}`,
        amount: { minor: 1, currency },
        receivedAt: at,
        settlement: null,
      })),
    })
    return this.tell('invoice.updated', 'invoice', ref, at)
  }

  tell(type: string, objectKind: string, objectId: string | null, at: number): ProviderEventHint {
    const providerEventId = `evt_${this.events.length + 1}`
    const hint = { providerEventId, type, objectKind, objectId, occurredAt: at, livemode: this.livemode }
    this.events.push(hint)
    return hint
  }
}

function found<T>(value: T | undefined): GatewayOutcome<T> {
  return value === undefined
    ? { kind: 'declined', code: 'resource_missing', message: 'It does not exist at Stripe.' }
    : { kind: 'succeeded', value }
}

/** A real database with one business and one connected integration. For tests only. */
export interface EventWorld {
  readonly t: TestDatabase
  readonly provider: FakeProvider
  readonly gateways: Gateways
  readonly items: Items
  readonly businessId: string
  readonly integrationId: string
  readonly pathToken: string
  now: number
}

export const worldStart = Date.UTC(2026, 2, 1, 12)

export function openEventWorld(mode: 'test' | 'live' = 'test'): EventWorld {
  const t = openTestDatabase()
  const provider = new FakeProvider()
  const key = Buffer.alloc(32, 7)
  const world: EventWorld = {
    t,
    provider,
    gateways: new Gateways(() => provider),
    items: new Items(createRecordCipher('vault', { recordsKey: () => key, previousRecordsKey: () => null })),
    businessId: 'biz_1',
    integrationId: 'int_1',
    pathToken: 'p'.repeat(22),
    now: worldStart,
  }
  const { businessId, integrationId, pathToken, items } = world
  provider.livemode = mode === 'live'
  t.db.write((w) => {
    w.run(sql`INSERT INTO business (id, name, currency, country, time_zone, mode, created_at)
      VALUES (${businessId}, 'Studio', 'USD', 'US', 'UTC', ${mode}, 0)`)
    const field = (name: string, text: string) => ({ name, type: 'hidden', value: Buffer.from(text) }) as const
    const fields = [field('Secret key', 'sk_test_12345678'), field('Webhook secret', 'whsec_now')]
    const act = { actor: 'owner', door: 'api', procedure: 'integrations.connect', now: world.now } as const
    const secretId = items.create(w, { businessId, kind: 'stripe', title: 'Stripe', fields }, act)
    appendAudit(w, { ...act, at: world.now, businessId, outcome: 'done', details: { secretId } })
    w.run(sql`INSERT INTO integration (id, business_id, provider, mode, account_ref, path_token, secret_id, key_hint,
        connected_at, cursor_at, complete_since)
      VALUES (${integrationId}, ${businessId}, 'stripe', ${mode}, 'acct_1', ${pathToken}, ${secretId}, '5678', ${world.now},
        ${world.now}, ${world.now})`)
  })
  world.gateways.load(t.db, items, silentLogger)
  return world
}

/** Webhooks of these tests: the hint as JSON, "signed" with the secret itself. */
export const fakeReader: WebhookReader = {
  read({ rawBody, signature, secrets }) {
    if (signature === undefined || !secrets.includes(signature)) return { ok: false, reason: 'signature' }
    return { ok: true, hint: JSON.parse(Buffer.from(rawBody).toString()) as ProviderEventHint }
  },
}
