import { type CommandName, contract, type Input, type Output, type Parsed, type QueryName } from '../../../shared/contract/index'
import type { Money } from '../../../shared/domain/money'
import { AppError } from '../../../shared/errors'
import { appendAudit } from '../audit/index'
import { CustomerDirectory, customerHandlers } from '../customers/index'
import { type ReadDb, sql, type WriteDb } from '../db/index'
import type { AuditDetail, CommandContext, CommandFacts, Handlers, QueryContext } from '../dispatch/handler'
import { invoiceHandlers, sendJob, voidJob } from '../invoicing/index'
import { openTestBooks, testNow } from '../ledger/testing'
import { OutboxWorker } from '../outbox/index'
import { applyInvoiceState } from './applyInvoiceState'
import { applyRefundState } from './applyRefundState'
import { FakeProvider } from './fakeProvider'
import { paymentHandlers } from './payments.handlers'
import type { Projected, ProjectionContext } from './projected'
import { refundJob } from './refundJob'

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

export const usd = (minor: number) => ({ minor, currency: 'USD' })
export const eur = (minor: number) => ({ minor, currency: 'EUR' })

/** The code with which an act is refused; anything but an AppError goes on. */
export function codeOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return 'nothing was thrown'
}

/** As `codeOf`, for acts that wait. */
export async function codeOfAsync(act: Promise<unknown>): Promise<string> {
  return await act.then(
    () => 'nothing was thrown',
    (error: unknown) =>
      codeOf(() => {
        throw error
      }),
  )
}

type Served =
  | 'customers.create'
  | 'customers.update'
  | 'customers.get'
  | 'customers.list'
  | 'invoices.create'
  | 'invoices.update'
  | 'invoices.send'
  | 'invoices.get'
  | 'invoices.list'
  | 'invoices.void'
  | 'invoices.duplicate'
  | 'invoices.pdf'
  | 'payments.list'
  | 'payments.get'
  | 'payments.requestRefund'
  | 'payments.refunds'

/**
 * Customers, invoices and payments over a real encrypted database, ledger and outbox; only the clock and the provider are stood in for.
 * Commands run as dispatch runs them: parsed by the contract, in one transaction, their output checked. For tests only.
 */
export function openTestDesk(options: { readonly currency?: string } = {}) {
  const books = openTestBooks(options.currency ?? 'USD')
  const clock = { now: () => desk.at }
  const provider = new FakeProvider(clock)
  const directory = new CustomerDirectory()
  const notices: { title: string; body: string; route: string | null }[] = []
  const notes: Record<string, AuditDetail>[] = []

  const connectedOrThrow = () => {
    if (!desk.connected) throw new AppError('not_connected', 'No provider is connected. Nothing was done; connect Stripe first.')
    return provider
  }
  const handlers: Handlers<Served> = {
    ...customerHandlers({ directory }),
    ...invoiceHandlers({ directory, connectedOrThrow }),
    ...paymentHandlers({ directory, connectedOrThrow }),
  }
  const start = () => {
    const jobDeps = {
      read: books.test.db.read,
      gatewayFor: () => (desk.connected ? provider : null),
    }
    const worker = new OutboxWorker({ database: books.test.db, clock, logger: silent, publish: () => undefined })
    worker.register('invoice.send', sendJob(jobDeps))
    worker.register('invoice.void', voidJob(jobDeps))
    worker.register('refund', refundJob(jobDeps))
    return worker
  }
  let worker = start()
  const project = (apply: (w: WriteDb, context: ProjectionContext) => Projected) => {
    const projected = books.test.db.write((w) => {
      const result = apply(w, { businessId: books.businessId, now: desk.at })
      if (result.kind === 'changed') {
        const { details } = result
        const row = { at: desk.at, actor: 'provider:stripe', door: 'webhook', procedure: 'events.apply', outcome: 'done' }
        appendAudit(w, { ...row, businessId: books.businessId, details })
      }
      return result
    })
    if (projected.kind === 'changed' && projected.notice) notices.push(projected.notice)
    return projected.kind
  }
  let asked = 0

  const desk = {
    /** The clock: UTC epoch milliseconds. */
    at: testNow,
    connected: true,
    businessId: books.businessId,
    otherId: books.otherId,
    provider,
    directory,
    notices,
    notes,
    get db() {
      return books.test.db
    },
    get read(): ReadDb {
      return books.test.db.read
    },
    /** Kills the app and starts it again on the same file. */
    restart() {
      books.test.reopen()
      directory.clear()
      worker = start()
    },
    drain: () => worker.drain(),
    run<N extends CommandName & Served>(name: N, input: Input<N>): Output<N> {
      return books.test.db.write((w) => desk.runIn(w, name, input))
    },
    runIn<N extends CommandName & Served>(w: WriteDb, name: N, input: Input<N>): Output<N> {
      const handler = handlers[name] as unknown as { run(context: CommandContext, input: Parsed<N>): Output<N> }
      const context: CommandContext = {
        actor: { name: 'owner', scopes: new Set() },
        door: 'api',
        now: desk.at,
        db: w,
        note: (details) => void notes.push(details),
        changed: () => undefined,
      }
      const parsed = contract[name].input.parse(input) as Parsed<N>
      return contract[name].output.parse(handler.run(context, parsed)) as Output<N>
    },
    facts<N extends CommandName & Served>(name: N, input: Input<N>): CommandFacts | undefined {
      const handler = handlers[name] as unknown as { facts?(db: ReadDb, input: Parsed<N>): CommandFacts }
      return handler.facts?.(desk.read, contract[name].input.parse(input) as Parsed<N>)
    },
    async ask<N extends QueryName & Served>(name: N, input: Input<N>): Promise<Output<N>> {
      const handler = handlers[name] as unknown as (context: QueryContext, input: Parsed<N>) => Output<N> | Promise<Output<N>>
      const context: QueryContext = { actor: { name: 'owner', scopes: new Set() }, door: 'api', now: desk.at, db: desk.read }
      return contract[name].output.parse(await handler(context, contract[name].input.parse(input) as Parsed<N>)) as Output<N>
    },
    /** Applies an invoice as the provider has it now, as the projector does. */
    syncInvoice: (ref: string) => project((w, context) => applyInvoiceState(w, provider.invoice(ref), context)),
    syncRefund: (ref: string) => project((w, context) => applyRefundState(w, provider.refundState(ref), context)),
    customer(name = 'Anna Ångström', email = 'anna@example.com') {
      return desk.run('customers.create', { businessId: desk.businessId, name, email })
    },
    /** What `invoices.create` takes: one line of 1.5 x 1,000 USD, 20 % tax on top, but for what is changed. */
    invoiceInput(change: Partial<Input<'invoices.create'>> = {}): Input<'invoices.create'> {
      return {
        businessId: desk.businessId,
        customerId: desk.customer().id,
        currency: 'USD',
        dueOn: '2026-02-14',
        lines: [{ description: 'Logo', quantity: '1.5', unitPrice: usd(100_000), taxRate: '0.20' }],
        ...change,
      }
    },
    /** A draft of one line; 20 % tax on top. */
    draft(minor = 100_000, currency = options.currency ?? 'USD', customerId?: string) {
      return desk.run('invoices.create', {
        businessId: desk.businessId,
        customerId: customerId ?? desk.customer().id,
        currency,
        dueOn: '2026-02-14',
        lines: [{ description: 'Consulting', quantity: '1', unitPrice: { minor, currency }, taxRate: '0.20' }],
      })
    },
    /** An invoice that the provider has opened. */
    async open(minor?: number) {
      const draft = desk.draft(minor)
      desk.run('invoices.send', { invoiceId: draft.id, requestId: draft.id })
      await desk.drain()
      const invoice = await desk.ask('invoices.get', { invoiceId: draft.id })
      return { ...invoice, ref: provider.refOf(draft.id) }
    },
    /** An invoice that was paid in full. */
    async paid(minor?: number, fee?: Money) {
      const invoice = await desk.open(minor)
      provider.pay(invoice.ref, { fee: fee ?? null })
      desk.syncInvoice(invoice.ref)
      const { items } = await desk.ask('payments.list', { businessId: desk.businessId, invoiceId: invoice.id })
      const [payment] = items
      if (payment === undefined) throw new Error('The payment was not recorded')
      return { ...(await desk.ask('invoices.get', { invoiceId: invoice.id })), ref: invoice.ref, payment }
    },
    /** Asks for a refund and lets it go out. */
    async refund(paymentId: string, minor: number) {
      asked += 1
      const { refundId } = desk.run('payments.requestRefund', {
        requestId: `refund-${asked}`,
        paymentId,
        amount: usd(minor),
        reason: 'Too much',
      })
      await desk.drain()
      const { items } = await desk.ask('payments.refunds', { paymentId })
      const found = items.find((item) => item.refundId === refundId)
      if (found === undefined) throw new Error('The refund is not listed')
      return found
    },
    /** Balance of every account and currency, zero rows left out: 'assets:stripe USD' -> minor. */
    balances(): Record<string, number> {
      const rows = desk.read.all<{ account: string; currency: string; minor: number }>(sql`
        SELECT a.name AS account, p.currency, sum(p.amount_minor) AS minor FROM posting p JOIN account a ON a.id = p.account_id
        GROUP BY a.name, p.currency HAVING sum(p.amount_minor) <> 0 ORDER BY a.name, p.currency`)
      return Object.fromEntries(rows.map(({ account, currency, minor }) => [`${account} ${currency}`, minor]))
    },
    entries(): number {
      return desk.read.get<{ n: number }>(sql`SELECT count(*) AS n FROM journal_entry`)?.n ?? 0
    },
    cleanup: () => books.cleanup(),
  }
  return desk
}

export type TestDesk = ReturnType<typeof openTestDesk>
