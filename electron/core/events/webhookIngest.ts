import type { Topic } from '../../../shared/contract/events'
import type { Provider } from '../../../shared/contract/integrations'
import type { Database } from '../db'
import { type Connected, type Gateways, secretsInUse } from '../integrations/index'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import type { ProviderEventHint, WebhookReader } from '../ports/paymentGateway'
import { keepEvent } from './events.repository'

/** The answer of the webhook door: 2xx only after a durable commit. */
export type WebhookAnswer = { readonly status: 200 | 400 | 404 } | { readonly status: 503; readonly retryAfterSeconds: number }

export interface WebhookDelivery {
  readonly provider: Provider
  readonly pathToken: string
  /** The exact bytes received: the signature covers them. */
  readonly rawBody: Uint8Array
  readonly signature: string | undefined
}

export interface WebhookIngestDeps {
  readonly database: Database
  readonly gateways: Gateways
  readonly reader: WebhookReader
  readonly clock: Clock
  readonly logger: Logger
  readonly publish: (topics: ReadonlySet<Topic>) => void
  /** Called after a commit that kept events, with their number. */
  readonly onKept: (events: number) => void
  /** Deliveries that may wait for their commit; more are told to come back. */
  readonly bound?: number
}

interface Waiting {
  readonly connected: Connected
  readonly hint: ProviderEventHint
  readonly answer: (answer: WebhookAnswer) => void
}

/** A commit holds at most so many deliveries and waits at most so long (milliseconds) for more. */
const batchSize = 64
const batchWait = 5

const comeBack: WebhookAnswer = { status: 503, retryAfterSeconds: 1 }

/**
 * Takes webhooks in. Each is checked, then kept by a commit it shares with others that came at the same time, each in a savepoint of its
 * own; only after that commit is it acknowledged (promise W3). Nothing is applied here.
 */
export class WebhookIngest {
  readonly #deps: WebhookIngestDeps
  readonly #bound: number
  #queue: Waiting[] = []
  #timer: NodeJS.Timeout | null = null
  #closed = false

  constructor(deps: WebhookIngestDeps) {
    this.#deps = deps
    this.#bound = deps.bound ?? 2048
  }

  /**
   * @returns 200 kept (or known), 400 not a genuine event, 404 no such address, 503 cannot be kept now
   */
  ingest(delivery: WebhookDelivery): Promise<WebhookAnswer> {
    const { gateways, reader, clock, logger } = this.#deps
    if (this.#closed || !gateways.loaded || this.#queue.length >= this.#bound) return Promise.resolve(comeBack)
    const connected = gateways.byPathToken(delivery.provider, delivery.pathToken)
    if (connected === undefined) return Promise.resolve({ status: 404 })
    const now = clock.now()
    const read = reader.read({
      rawBody: delivery.rawBody,
      signature: delivery.signature,
      secrets: secretsInUse(connected, now),
      now,
    })
    if (!read.ok) {
      logger.warn({ integrationId: connected.integrationId, reason: read.reason }, 'A webhook was refused')
      return Promise.resolve({ status: 400 })
    }
    return new Promise((answer) => {
      this.#queue.push({ connected, hint: read.hint, answer })
      if (this.#queue.length >= batchSize) this.#flush()
      else this.#timer ??= setTimeout(() => this.#flush(), batchWait)
    })
  }

  /** Commits what waits and takes no more. */
  stop(): void {
    this.#closed = true
    while (this.#queue.length > 0) this.#flush()
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer)
    const batch = this.#queue.splice(0, batchSize)
    this.#timer = this.#queue.length > 0 ? setTimeout(() => this.#flush(), batchWait) : null
    const { database, clock, logger } = this.#deps
    let answers: WebhookAnswer[]
    let kept = 0
    try {
      const now = clock.now()
      answers = database.write((w) =>
        batch.map(({ connected, hint }): WebhookAnswer => {
          try {
            const to = { ...connected, live: connected.mode === 'live' }
            if (database.savepoint(w, () => keepEvent(w, to, hint, 'webhook', now)) !== null) kept++
            return { status: 200 }
          } catch (error) {
            logger.error({ error, providerEventId: hint.providerEventId }, 'An event could not be kept')
            return comeBack
          }
        }),
      )
    } catch (error) {
      logger.error({ error, deliveries: batch.length }, 'Webhooks could not be committed')
      answers = batch.map(() => comeBack)
      kept = 0
    }
    for (const [index, { answer }] of batch.entries()) answer(answers[index] ?? comeBack)
    if (kept === 0) return
    this.#deps.onKept(kept)
    this.#deps.publish(new Set<Topic>(['events']))
  }
}
