import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'
import { withPending } from './events'
import type { Faults } from './faults'
import type { Connection } from './store/database'
import type { Store } from './store/store'
import { withBase } from './view'

export interface Target {
  url: string
  secret: string
}

interface Owed {
  seq: number
  event: string
  endpoint: string
  attempts: number
}

/** Waits before the second and later attempts, in ms; then the delivery counts as failed. Real time, not the simulated clock. */
const BACKOFF = [200, 1_000, 5_000, 15_000, 60_000]
/** A shuffled webhook is held no longer than this. */
const HOLD_MS = 250
const IN_FLIGHT = 8
const TIMEOUT_MS = 10_000
/** The endpoint that stands for the door the app was started with. */
export const OWN_DOOR = ''

/**
 * Delivers events to their subscribers, signed as Stripe signs (docs.stripe.com/webhooks#verify-manually), after the
 * transaction that wrote them. What is owed lies in the `delivery` table, so a restart goes on where the last run ended.
 */
export class Webhooks {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT })
  readonly #retries = new Map<Owed, NodeJS.Timeout>()
  readonly #idle: (() => void)[] = []
  #queue: Owed[] = []
  #held: Owed[] = []
  #hold: NodeJS.Timeout | undefined
  #seen = 0
  #inFlight = 0
  #scheduled = false
  #flushing = 0
  #closed = false

  /** @param connection where settled deliveries are written; they need not survive a power cut, only the process. */
  constructor(
    readonly connection: Connection,
    readonly store: Store,
    readonly faults: Faults,
    readonly ownDoor: () => Target | null,
    readonly clock: { now(): number },
    readonly base: () => string,
  ) {}

  /** Who hears of an event of this type now. */
  subscribers(type: string): string[] {
    const endpoints = this.store
      .allBy('webhook_endpoint', 'type', 'webhook_endpoint')
      .filter(
        (endpoint) =>
          endpoint.status === 'enabled' && endpoint.enabled_events.some((wanted) => wanted === '*' || wanted === type),
      )
      .map((endpoint) => endpoint.id)
    return this.ownDoor() === null ? endpoints : [OWN_DOOR, ...endpoints]
  }

  /** Call after a commit that may have queued something. */
  wake(): void {
    if (this.#scheduled || this.#closed) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#pump()
    })
  }

  /** Sends what is waiting, held or between attempts; resolves when each has had its turn and nothing new is queued. */
  async flush(): Promise<void> {
    this.#flushing += 1
    for (const [owed, timer] of this.#retries) {
      clearTimeout(timer)
      this.#queue.push(owed)
    }
    this.#retries.clear()
    await new Promise<void>((resolve) => {
      this.#idle.push(resolve)
      this.#pump()
    })
    this.#flushing -= 1
  }

  /** Stops; what was not delivered stays owed. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#hold)
    for (const timer of this.#retries.values()) clearTimeout(timer)
    this.#retries.clear()
    this.#queue = []
    this.#held = []
    this.#agent.destroy()
    if (this.#inFlight > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  #pump(): void {
    if (!this.#closed) this.#collect()
    while (this.#inFlight < IN_FLIGHT) {
      const owed = this.#queue.shift()
      if (owed === undefined) break
      this.#inFlight += 1
      // Throws only when its own file cannot be read or written: the row then stays owed, and is taken up again after a restart.
      void this.#deliver(owed)
        .catch(() => {})
        .finally(() => {
          this.#inFlight -= 1
          this.#pump()
        })
    }
    if (this.#inFlight === 0 && this.#queue.length === 0) for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** Takes up what was committed since the last look, through the shuffle buffer when that fault is on. */
  #collect(): void {
    const rows = this.connection.all(
      'SELECT seq, event, endpoint, attempts FROM delivery WHERE seq > ? AND failed = 0 ORDER BY seq LIMIT 1000',
      this.#seen,
    )
    const fresh = rows.map((row) => ({
      seq: Number(row.seq),
      event: String(row.event),
      endpoint: String(row.endpoint),
      attempts: Number(row.attempts),
    }))
    this.#seen = fresh.at(-1)?.seq ?? this.#seen
    const wanted = this.faults.count('shuffleWebhooks')
    const hold = this.#flushing > 0 ? 0 : wanted
    this.#held.push(...fresh)
    if (this.#held.length >= Math.max(1, hold) || hold === 0) this.#release(wanted > 0)
    else if (this.#held.length > 0) {
      this.#hold ??= setTimeout(() => {
        this.#release(true)
        this.#pump()
      }, HOLD_MS)
    }
    if (fresh.length === 1000) this.wake()
  }

  #release(shuffled: boolean): void {
    clearTimeout(this.#hold)
    this.#hold = undefined
    const released = this.#held
    this.#held = []
    while (released.length > 0) {
      const at = shuffled ? Math.floor(this.faults.random() * released.length) : 0
      this.#queue.push(...released.splice(Math.min(at, released.length - 1), 1))
    }
  }

  async #deliver(owed: Owed): Promise<void> {
    if (this.faults.happens('dropWebhooks')) return this.#settle(owed, 'done')
    const target = this.#target(owed.endpoint)
    if (target === 'gone') return this.#settle(owed, 'done')
    const row = this.connection.one('SELECT doc FROM event WHERE id = ?', owed.event)
    const event = withBase(withPending(this.connection, JSON.parse(String(row?.doc))), this.base())
    const body = JSON.stringify(event, null, 2)
    let delivered = false
    for (let copy = 0; copy <= this.faults.count('duplicateWebhooks') && !this.#closed; copy += 1) {
      const accepted = target !== null && (await this.#post(target, body).catch(() => false))
      delivered ||= accepted
    }
    this.#settle(owed, delivered ? 'done' : 'failed')
  }

  #target(endpoint: string): Target | null | 'gone' {
    if (endpoint === OWN_DOOR) return this.ownDoor()
    const known = this.store.find('webhook_endpoint', endpoint)
    const secret = this.store.meta(`secret:${endpoint}`)
    return known?.status === 'enabled' && secret !== undefined ? { url: known.url, secret } : 'gone'
  }

  #settle(owed: Owed, outcome: 'done' | 'failed'): void {
    if (outcome === 'done') {
      this.connection.run('DELETE FROM delivery WHERE seq = ?', owed.seq)
      return
    }
    if (this.#closed) return
    const wait = BACKOFF[owed.attempts]
    owed.attempts += 1
    this.connection.run(
      'UPDATE delivery SET attempts = ?, failed = ? WHERE seq = ?',
      owed.attempts,
      wait === undefined ? 1 : 0,
      owed.seq,
    )
    if (wait === undefined) return
    const timer = setTimeout(() => {
      this.#retries.delete(owed)
      this.#queue.push(owed)
      this.#pump()
    }, wait)
    this.#retries.set(owed, timer)
  }

  /** @returns whether the receiver answered 2xx */
  #post(target: Target, body: string): Promise<boolean> {
    const at = Math.floor(this.clock.now() / 1000)
    const signature = createHmac('sha256', target.secret).update(`${at}.${body}`).digest('hex')
    return new Promise((resolve) => {
      const sent = request(
        target.url,
        {
          agent: this.#agent,
          method: 'POST',
          timeout: TIMEOUT_MS,
          headers: {
            'Content-Type': 'application/json; charset=utf-8',
            'Content-Length': Buffer.byteLength(body),
            'Stripe-Signature': `t=${at},v1=${signature}`,
            'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          },
        },
        (answer) => {
          answer.resume()
          answer.on('close', () =>
            resolve(answer.statusCode !== undefined && answer.statusCode >= 200 && answer.statusCode < 300),
          )
        },
      )
      sent.on('timeout', () => sent.destroy())
      sent.on('error', () => resolve(false))
      sent.end(body)
    })
  }
}
