import type { AccountFacts } from './context'
import { Faults, type StripeFaults } from './faults'
import { Api } from './http/api'
import { type Call, listCalls } from './http/calls'
import { PracticeServer } from './http/server'
import { newId } from './ids'
import { Connection } from './store/database'
import { Store } from './store/store'
import { Webhooks } from './webhooks'

export type { StripeFaults } from './faults'

export interface PracticeStripeOptions {
  /** The stand-in's own SQLite file, created when it is missing. What an answer reports is committed there before it is sent. */
  file: string
  /** Wanted port; without it the port of last time. When that is taken, any free one. */
  port?: number
  /** Epoch ms. Object times, event life, idempotency keys and webhook signatures follow it. */
  clock: { now(): number }
  /** The only key accepted. */
  secretKey: string
  /** Where signed webhooks go, asked at each event and each delivery; `null` means nobody listens. */
  webhook: () => { url: string; secret: string } | null
  /** Decides on faults; between 0 and 1. */
  random?: () => number
  /** Three letters; default `usd`. Fixed when the file is created. */
  accountCurrency?: string
}

export interface PracticeStripe {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly port: number
  /** Replaces all faults; `{}` clears them. They hit `/v1/*` and webhooks only, and end with the process. */
  setFaults(faults: StripeFaults): void
  /** Requests to `/v1/*` with how they were answered, newest first, kept over restarts. `next` is the following page's `before`. */
  calls(page: { limit: number; before?: number }): { items: Call[]; next: number | null }
  /** Sends every webhook that waits (held or between attempts) and resolves when each was tried. */
  flushWebhooks(): Promise<void>
  close(): Promise<void>
}

/** The account this file stands for, made when the file is new. */
function openAccount(store: Store, options: PracticeStripeOptions): AccountFacts {
  const known = store.meta('account')
  if (known !== undefined) return JSON.parse(known) as AccountFacts
  const account = {
    id: newId('acct'),
    created: Math.floor(options.clock.now() / 1000),
    currency: (options.accountCurrency ?? 'usd').toLowerCase(),
  }
  store.setMeta('account', JSON.stringify(account))
  return account
}

/**
 * Starts a stateful stand-in of Stripe's HTTP API on 127.0.0.1, with its hosted invoice page. It behaves as Stripe documents
 * for API version 2026-10-28.endive, and moves only when it is asked: nothing is finalized, retried or paid out by time.
 * @throws Error when the file cannot be opened in durable mode or belongs to a newer version
 */
export async function startPracticeStripe(options: PracticeStripeOptions): Promise<PracticeStripe> {
  const durable = new Connection(options.file, 'FULL')
  durable.migrate()
  const quick = new Connection(options.file, 'NORMAL')
  const store = new Store(durable)
  const account = durable.transaction(() => openAccount(store, options))
  const faults = new Faults(options.random ?? Math.random)
  const webhooks = new Webhooks(quick, store, faults, options.webhook, options.clock, () => server.url)
  const api = new Api({ durable, quick, store, webhooks, faults, clock: options.clock, account, secretKey: options.secretKey })
  const server: PracticeServer = new PracticeServer(api, { store, transact: (cause, work) => api.transact(cause, work) })
  const wanted = options.port === undefined || options.port === 0 ? Number(store.meta('port') ?? 0) : options.port
  await server.listen(wanted === 0 ? [0] : [wanted, 0])
  const { url, port } = server
  store.setMeta('port', String(port))
  webhooks.wake()
  return {
    url,
    port,
    setFaults(next) {
      faults.set(next)
      webhooks.wake()
    },
    calls: (page) => listCalls(durable, page),
    flushWebhooks: () => webhooks.flush(),
    async close() {
      await server.close()
      await webhooks.close()
      quick.close()
      durable.close()
    },
  }
}
