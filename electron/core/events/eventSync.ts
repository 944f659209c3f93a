import type { Topic } from '../../../shared/contract/events'
import { AppError } from '../../../shared/errors'
import type { Database } from '../db'
import {
  advanceCursor,
  type Connected,
  connectedIntegration,
  type Gateways,
  type IntegrationRow,
  setProblem,
} from '../integrations/index'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import type { GatewayOutcome } from '../ports/paymentGateway'
import { countApplied, gapCount, hasTroubled, hurryPending, keepEvent, pendingSeqs } from './events.repository'
import type { Projector } from './projector'

export interface SyncResult {
  /** Events that the provider listed. */
  readonly fetched: number
  /** Events that were not applied before and are now. */
  readonly applied: number
  /** Events that are known and still not applied. */
  readonly gaps: number
}

export interface EventSyncDeps {
  readonly database: Database
  readonly gateways: Gateways
  readonly projector: Projector
  readonly clock: Clock
  readonly logger: Logger
  readonly publish: (topics: ReadonlySet<Topic>) => void
  /** Waits so many milliseconds of real time. */
  readonly sleep: (ms: number) => Promise<void>
}

const minute = 60_000
const day = 86_400_000
/** Polls overlap: a provider may list an event later than its time says. */
const overlap = 10 * minute
/** Stripe lists events of the last 30 days. */
const eventLife = 29 * day
/** Waits between the tries of one reading, and between rounds of applying, in milliseconds. */
const waits = [200, 500, 1000] as const

class SyncFailed extends Error {}

const closing = 'The app is closing.'

/**
 * Fetches what webhooks did not bring: a cursor over the provider's event list heals every gap (design 1.4). One run per integration at
 * a time; a second waits for the first and then looks again.
 */
export class EventSync {
  readonly #deps: EventSyncDeps
  readonly #running = new Map<string, Promise<unknown>>()
  #stopped = false

  constructor(deps: EventSyncDeps) {
    this.#deps = deps
  }

  /**
   * Fetches and applies now what one business, or every connected one, is missing.
   * @throws AppError not_connected; unavailable when a provider could not be asked (what was fetched before stays)
   */
  async sync(businessId?: string): Promise<SyncResult> {
    const { gateways } = this.#deps
    const one = businessId === undefined ? undefined : gateways.ofBusiness(businessId)
    if (businessId !== undefined && one === undefined) {
      throw new AppError(
        'not_connected',
        'Stripe is not connected to this business, so there is nothing to fetch. Connect it under Settings.',
      )
    }
    const wanted = one === undefined ? gateways.all() : [one]
    const ends = await Promise.allSettled(wanted.map((connected) => this.#inTurn(connected, true)))
    const failed = ends.find((end) => end.status === 'rejected')
    if (failed !== undefined) throw asAppError(failed.reason)
    const total = { fetched: 0, applied: 0, gaps: 0 }
    for (const end of ends) {
      if (end.status !== 'fulfilled') continue
      total.fetched += end.value.fetched
      total.applied += end.value.applied
      total.gaps += end.value.gaps
    }
    return total
  }

  /** As `sync` for every connected provider, in the background: nothing is thrown, a problem is shown with the integration. */
  async poll(): Promise<void> {
    await Promise.all(
      this.#deps.gateways.all().map(async (connected) => {
        if (this.#running.has(connected.integrationId)) return
        try {
          await this.#inTurn(connected, false)
        } catch (error) {
          if (!(error instanceof SyncFailed)) this.#deps.logger.error({ error }, 'A poll of provider events failed')
        }
      }),
    )
  }

  /** Starts nothing more. A run under way writes nothing after its present call; what it did not reach is fetched at the next start. */
  async stop(patience = 3000): Promise<void> {
    this.#stopped = true
    let bound: NodeJS.Timeout | undefined
    const timeout = new Promise<void>((resolve) => {
      bound = setTimeout(resolve, patience)
    })
    await Promise.race([Promise.allSettled(this.#running.values()), timeout])
    clearTimeout(bound)
  }

  async #inTurn(connected: Connected, patient: boolean): Promise<SyncResult> {
    const key = connected.integrationId
    const before = this.#running.get(key) ?? Promise.resolve()
    const mine = before.catch(() => undefined).then(() => this.#run(connected, patient))
    this.#running.set(key, mine)
    try {
      return await mine
    } finally {
      if (this.#running.get(key) === mine) this.#running.delete(key)
    }
  }

  async #run(connected: Connected, patient: boolean): Promise<SyncResult> {
    const { database, clock, publish } = this.#deps
    const id = connected.integrationId
    if (this.#stopped) throw new SyncFailed(closing)
    const row = connectedIntegration(database.read, id)
    if (row === undefined) return { fetched: 0, applied: 0, gaps: 0 }
    const candidates = pendingSeqs(database.read, id)
    try {
      const startedAt = clock.now()
      const tooOld = startedAt - row.cursorAt > eventLife
      if (tooOld) await this.#refreshObjects(connected, row.cursorAt - overlap)
      const { fetched, newest } = await this.#fetch(
        connected,
        row,
        candidates,
        tooOld ? startedAt - eventLife : row.cursorAt - overlap,
      )
      database.write((w) => {
        advanceCursor(w, id, {
          // The cursor follows the provider's clock; without news it trails ours by a day, which no sane difference of clocks exceeds.
          cursorAt: Math.max(newest ?? 0, startedAt - day),
          completeSince: tooOld ? startedAt - eventLife : 0,
          now: clock.now(),
        })
        if (!hasTroubled(w, id)) setProblem(w, id, null)
      })
      await this.#apply(id, patient)
      if (this.#stopped) throw new SyncFailed(closing)
      return { fetched, applied: countApplied(database.read, candidates), gaps: gapCount(database.read, id) }
    } catch (error) {
      if (error instanceof SyncFailed && !this.#stopped) database.write((w) => setProblem(w, id, error.message))
      throw error
    } finally {
      publish(new Set<Topic>(['events', 'integrations']))
    }
  }

  /** Keeps every listed event since an instant; new ones join `candidates`. */
  async #fetch(
    connected: Connected,
    row: IntegrationRow,
    candidates: number[],
    since: number,
  ): Promise<{ fetched: number; newest: number | null }> {
    const { database, clock, projector } = this.#deps
    const to = { businessId: row.businessId, integrationId: row.id, live: row.mode === 'live' }
    let fetched = 0
    let newest: number | null = null
    const pages = this.#pages((cursor) => connected.gateway.listEvents({ since, cursor }))
    for await (const { events } of pages) {
      if (events.length === 0) continue
      const now = clock.now()
      database.write((w) => {
        for (const hint of events) {
          const seq = keepEvent(w, to, hint, 'poll', now)
          if (seq !== null) candidates.push(seq)
        }
      })
      projector.wake()
      fetched += events.length
      newest = Math.max(newest ?? 0, ...events.map(({ occurredAt }) => occurredAt))
    }
    return { fetched, newest }
  }

  /**
   * Reads every invoice and its refunds again: the events in which they changed are no longer listed. An object that does not fit the
   * books is logged by the projector and does not hold up the others.
   */
  async #refreshObjects(connected: Connected, since: number): Promise<void> {
    const { gateway } = connected
    const refresh = (kind: 'invoice' | 'refund', ref: string) =>
      this.#persistently(async () => {
        const end = await this.#deps.projector.refresh(connected, kind, ref)
        return end.kind === 'uncertain' || end.kind === 'misconfigured' ? end : { kind: 'succeeded', value: null }
      })
    for await (const { invoiceRefs } of this.#pages((cursor) => gateway.listInvoices({ since, cursor }))) {
      for (const ref of invoiceRefs) {
        const invoice = await this.#persistently(() => gateway.readInvoice(ref))
        await refresh('invoice', ref)
        for (const { paymentRef } of invoice.payments) {
          const refunds = await this.#persistently(() => gateway.listRefunds(paymentRef))
          for (const { refundRef } of refunds) await refresh('refund', refundRef)
        }
      }
    }
  }

  async *#pages<T extends { readonly nextCursor: string | null }>(
    read: (cursor: string | null) => Promise<GatewayOutcome<T>>,
  ): AsyncGenerator<T> {
    let cursor: string | null = null
    do {
      const from: string | null = cursor
      const page: T = await this.#persistently(() => read(from))
      yield page
      cursor = page.nextCursor
    } while (cursor !== null)
  }

  /** Waits until the projector has nothing to do; a caller who waits for the result gets a few rounds over a shaky line. */
  async #apply(integrationId: string, patient: boolean): Promise<void> {
    const { database, clock, projector, sleep } = this.#deps
    if (!patient) return projector.drain()
    for (const wait of [0, ...waits]) {
      if (wait > 0) await sleep(wait)
      if (this.#stopped) throw new SyncFailed(closing)
      database.write((w) => hurryPending(w, integrationId, clock.now()))
      await projector.drain()
      if (pendingSeqs(database.read, integrationId).length === 0) return
    }
  }

  async #persistently<T>(call: () => Promise<GatewayOutcome<T>>): Promise<T> {
    for (const wait of [...waits, null]) {
      if (this.#stopped) break
      const outcome = await call()
      if (this.#stopped) break
      if (outcome.kind === 'succeeded' || outcome.kind === 'pending') return outcome.value
      if (outcome.kind !== 'uncertain' || wait === null) throw new SyncFailed(outcome.message)
      await this.#deps.sleep(Math.max(wait, Math.min(outcome.retryAfterMs ?? 0, 5000)))
    }
    throw new SyncFailed(closing)
  }
}

function asAppError(reason: unknown): unknown {
  if (!(reason instanceof SyncFailed)) return reason
  const rest = 'What was fetched before stays, and fetching goes on by itself.'
  return new AppError('unavailable', `Stripe’s events could not be fetched. ${reason.message} ${rest}`)
}

/** Calls `run` every `ms` milliseconds until the returned function is called. */
export type Scheduler = (ms: number, run: () => void) => () => void

/** A plain timer that keeps no process alive. */
export const timerScheduler: Scheduler = (ms, run) => {
  const timer = setInterval(run, ms)
  timer.unref()
  return () => clearInterval(timer)
}

/** How often providers are polled, in milliseconds. */
export const pollEvery = { live: minute, practice: 5000 } as const
