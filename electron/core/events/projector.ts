import type { Topic } from '../../../shared/contract/events'
import { assertNever } from '../../../shared/errors'
import { appendAudit } from '../audit/index'
import { type Database, DatabaseError, type WriteDb } from '../db'
import type { AuditDetail } from '../dispatch/handler'
import { type Connected, type Gateways, setProblem } from '../integrations/index'
import { retryWait } from '../outbox/index'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import type { Notice, Notifier } from '../ports/notifier'
import type { GatewayOutcome, ProviderInvoice, ProviderRefund } from '../ports/paymentGateway'
import { DueWork, longestTimer, restAfterDefect } from '../scheduler/index'
import { BurstRest } from './burstRest'
import { mostAttempts, routeOf, type TargetKind } from './eventRouting'
import { delayEvents, dueEvents, endEvents, failEvent, nextDueAt, type PendingEvent } from './events.repository'

/** What came of laying an object's present state over the books. */
export type Applied =
  | {
      readonly kind: 'changed'
      /** Ids and amounts for the audit row. */
      readonly details: { readonly [key: string]: AuditDetail }
      readonly topics: readonly Topic[]
      /** Shown after the commit; holds no personal data. */
      readonly notice?: Notice
    }
  | { readonly kind: 'unchanged' }
  /** Not of this business's books: another program's invoice in the same account. */
  | { readonly kind: 'foreign' }

export interface ProjectionContext {
  readonly businessId: string
  /** UTC epoch milliseconds. */
  readonly now: number
}

/**
 * Lays the state of an object, as its provider has it now, over the books. It moves by a state machine and never by the order in which
 * events came; laying the same state twice changes nothing. Runs inside the write that marks the events applied.
 */
export type Projection<T> = (w: WriteDb, object: T, context: ProjectionContext) => Applied

interface Projections {
  invoice: Projection<ProviderInvoice>
  refund: Projection<ProviderRefund>
}

export interface ProjectorDeps {
  readonly database: Database
  readonly gateways: Gateways
  readonly clock: Clock
  readonly logger: Logger
  readonly notifier: Notifier
  readonly publish: (topics: ReadonlySet<Topic>) => void
}

interface Target {
  readonly kind: TargetKind
  readonly ref: string
}

/** Pending events that name the same object. */
type Group = readonly [PendingEvent, ...PendingEvent[]]

/** An outcome without a value: nothing was read. */
export type Unread = Exclude<GatewayOutcome<unknown>, { value: unknown }>

/** A reading of an object under way, and the events that came too late for it and wait for the next. */
interface Reading {
  readonly line: PendingEvent[]
  readonly done: Promise<Applied | Unread>
}

const concurrency = 8
/** Events taken in one look: those about the same object share one reading of it, also in a long backlog. */
const batch = 2048

/**
 * Turns events into books. An event is only a hint: its object is read again, once for all pending events about it, and the registered
 * projection moves the books to that state in the write that ends the events. An unreachable provider delays events; five failures on
 * an event that is reachable put it on the dead-letter list (promise W4).
 */
export class Projector {
  readonly #deps: ProjectorDeps
  readonly #projections: Partial<Projections> = {}
  /** Groups being worked on, by what they name. */
  readonly #work: DueWork
  readonly #queue: Group[] = []
  /** Events in the queue or being worked on. */
  readonly #busy = new Set<number>()
  readonly #readings = new Map<string, Reading>()
  #restUntil = 0
  readonly #rest = new BurstRest()

  constructor(deps: ProjectorDeps) {
    this.#deps = deps
    this.#work = new DueWork({
      look: () => this.#look(),
      notRead: (error) => deps.logger.error({ error }, 'The provider events could not be read'),
    })
  }

  /** Says how the books follow a kind of object. */
  registerProjection<K extends TargetKind>(kind: K, apply: Projections[K]): void {
    if (this.#projections[kind]) throw new Error(`The projection of ${kind} is registered twice`)
    this.#projections[kind] = apply
  }

  /** Begins with what is pending, then follows `wake`. Until then events move only by `drain`. */
  start(): void {
    this.#work.start()
  }

  /** Looks for due events soon; cheap, and many calls are one look. @param arrived events that the caller has just kept */
  wake(arrived = 0): void {
    this.#rest.arrive(arrived)
    this.#work.wake()
  }

  /** Works until no event is due by the clock. Needs no timer unless a burst of events arrives meanwhile. */
  async drain(): Promise<void> {
    for (;;) {
      while (this.#rest.left() > 0) await new Promise((resolve) => setTimeout(resolve, this.#rest.left()))
      this.#launchDue()
      if (this.#work.size === 0) return
      await this.#work.oneEnded()
    }
  }

  /** Starts nothing more and waits for what is under way, at most `patience` milliseconds; what is left is done at the next start. */
  async stop(patience?: number): Promise<void> {
    await this.#work.stop(patience)
  }

  /**
   * Reads an object again and lays it over the books, without an event: for what the provider no longer lists as events.
   * @returns what it changed, or why it could not be read or laid
   */
  refresh(connected: Connected, kind: TargetKind, ref: string): Promise<Applied | Unread> {
    return this.#projectTarget(connected, { kind, ref }, [])
  }

  #look(): number {
    const rest = this.#rest.left()
    if (rest > 0) return rest
    this.#launchDue()
    const now = this.#deps.clock.now()
    const due = nextDueAt(this.#deps.database.read, now)
    const wait = due === null ? longestTimer : due - now
    return this.#restUntil > Date.now() ? Math.min(wait, restAfterDefect) : wait
  }

  #launchDue(): void {
    if (this.#work.isEnding || this.#restUntil > Date.now()) return
    this.#rest.begin()
    if (this.#queue.length === 0 && this.#work.size < concurrency) this.#fillQueue()
    while (this.#work.size < concurrency) {
      const group = this.#queue.shift()
      if (group === undefined) return
      this.#launch(group)
    }
  }

  /** Takes the next due events, grouped by what they name. Groups that are being worked on wait for a later look. */
  #fillQueue(): void {
    const { database, gateways, clock } = this.#deps
    const ids = gateways.all().map(({ integrationId }) => integrationId)
    const rows = dueEvents(database.read, ids, clock.now(), batch + this.#busy.size)
    const groups = Map.groupBy(rows, keyOf)
    for (const [key, [first, ...more]] of groups) {
      if (first === undefined || this.#work.has(key)) continue
      const group: Group = [first, ...more]
      for (const { seq } of group) this.#busy.add(seq)
      this.#queue.push(group)
    }
  }

  #launch(group: Group): void {
    const done = this.#project(group)
      .catch((error: unknown) => {
        this.#deps.logger.error({ error }, 'The result of provider events could not be recorded; they are tried again')
        this.#restUntil = Date.now() + restAfterDefect
      })
      .finally(() => {
        for (const { seq } of group) this.#busy.delete(seq)
      })
    this.#work.add(keyOf(group[0]), done)
  }

  async #project(group: Group): Promise<void> {
    const [first] = group
    const connected = this.#deps.gateways.ofIntegration(first.integrationId)
    const route = routeOf(first.objectKind)
    if (connected === undefined) return
    if (route === null || first.objectId === null) return this.#ignore(group)
    if (route.kind === 'direct') {
      await this.#projectTarget(connected, { kind: route.target, ref: first.objectId }, group)
      return
    }
    const payment = first.objectId
    const found = await guarded(() => connected.gateway.invoiceOf('payment_intent', payment))
    if (found.kind !== 'succeeded' && found.kind !== 'pending') return this.#fail(connected, group, found)
    if (found.value === null) return this.#ignore(group)
    await this.#projectTarget(connected, { kind: 'invoice', ref: found.value }, group)
  }

  /** One reading of an object at a time, so that an older state is never laid over a newer one; who comes meanwhile shares the next. */
  #projectTarget(connected: Connected, target: Target, events: readonly PendingEvent[]): Promise<Applied | Unread> {
    const key = `${connected.integrationId} ${target.kind} ${target.ref}`
    const reading = this.#readings.get(key)
    if (reading !== undefined) {
      reading.line.push(...events)
      return reading.done
    }
    const line: PendingEvent[] = []
    const readAll = async (): Promise<Applied | Unread> => {
      try {
        let last = await this.#readAndApply(connected, target, events)
        for (let late = line.splice(0); late.length > 0; late = line.splice(0)) {
          last = await this.#readAndApply(connected, target, late)
        }
        return last
      } finally {
        this.#readings.delete(key)
      }
    }
    const done = readAll()
    this.#readings.set(key, { line, done })
    return done
  }

  async #readAndApply(connected: Connected, target: Target, events: readonly PendingEvent[]): Promise<Applied | Unread> {
    const read = await this.#read(connected, target)
    if (read.kind !== 'read') {
      this.#fail(connected, events, read)
      return read
    }
    if (this.#work.hasEnded) return { kind: 'uncertain', message: 'The app is closing.' }
    try {
      return this.#apply(connected, target, events, read.lay)
    } catch (error) {
      if (error instanceof DatabaseError) throw error
      this.#deps.logger.error({ error, kind: target.kind }, 'A provider object could not be laid over the books')
      const unfit: Unread = { kind: 'declined', code: 'does_not_fit', message: 'It does not fit the books.' }
      this.#fail(connected, events, unfit)
      return unfit
    }
  }

  /** The object's present state together with the projection that takes it. */
  async #read(connected: Connected, { kind, ref }: Target): Promise<Readable | Unread> {
    const { invoice, refund } = this.#projections
    switch (kind) {
      case 'invoice':
        return readable(await guarded(() => connected.gateway.readInvoice(ref)), invoice)
      case 'refund':
        return readable(await guarded(() => connected.gateway.readRefund(ref)), refund)
      default:
        return assertNever(kind)
    }
  }

  #write<T>(fn: (w: WriteDb) => T): T {
    return this.#rest.during(() => this.#deps.database.write(fn))
  }

  #apply(connected: Connected, target: Target, events: readonly PendingEvent[], lay: Readable['lay']): Applied {
    const { clock, notifier, publish } = this.#deps
    const now = clock.now()
    const seqs = events.map(({ seq }) => seq)
    const applied = this.#write((w) => {
      const result = lay(w, { businessId: connected.businessId, now })
      if (seqs.length > 0) endEvents(w, seqs, result.kind === 'foreign' ? 'ignored' : 'applied')
      if (result.kind === 'changed') {
        appendAudit(w, {
          at: now,
          actor: `provider:${connected.provider}`,
          door: events.some(({ via }) => via === 'webhook') ? 'webhook' : 'schedule',
          procedure: 'events.apply',
          businessId: connected.businessId,
          outcome: 'done',
          details: {
            objectKind: target.kind,
            objectRef: target.ref,
            eventIds: events.slice(0, 20).map(({ id }) => id),
            ...result.details,
          },
        })
      }
      return result
    })
    const topics: readonly Topic[] = applied.kind === 'changed' ? [...applied.topics, 'audit'] : []
    publish(new Set<Topic>(['events', 'integrations', ...topics]))
    if (applied.kind === 'changed' && applied.notice) notifier.notify({ ...applied.notice, businessId: connected.businessId })
    return applied
  }

  #ignore(events: readonly PendingEvent[]): void {
    if (this.#work.hasEnded) return
    const seqs = events.map(({ seq }) => seq)
    this.#write((w) => endEvents(w, seqs, 'ignored'))
    this.#deps.publish(new Set<Topic>(['events']))
  }

  #fail(connected: Connected, events: readonly PendingEvent[], outcome: Unread): void {
    const { clock, notifier, publish } = this.#deps
    if (this.#work.hasEnded || events.length === 0) return
    const now = clock.now()
    const delays = Math.max(...events.map((event) => event.delays)) + 1
    const seqs = events.map(({ seq }) => seq)
    let died = 0
    this.#write((w) => {
      switch (outcome.kind) {
        case 'uncertain':
          return delayEvents(w, seqs, now + retryWait(delays, outcome.retryAfterMs), outcome.message)
        case 'misconfigured':
          setProblem(w, connected.integrationId, outcome.message)
          return delayEvents(w, seqs, now + retryWait(delays, longestTimer), outcome.message)
        case 'declined':
          for (const { seq, attempts } of events) {
            const dead = attempts + 1 >= mostAttempts
            if (dead) died++
            failEvent(w, seq, { dead, nextAt: now + retryWait(attempts + 1), problem: outcome.message })
          }
          return
        default:
          return assertNever(outcome)
      }
    })
    publish(new Set<Topic>(['events', 'integrations']))
    if (died > 0) {
      notifier.notify({
        title: died === 1 ? 'A Stripe event could not be applied' : `${died} Stripe events could not be applied`,
        body: 'The books may miss something that happened at Stripe. See Settings, Integrations, and apply again what failed.',
        route: '/settings/integrations',
        businessId: connected.businessId,
      })
    }
  }
}

/** Events with the same key name the same object. */
function keyOf({ integrationId, objectKind, objectId }: PendingEvent): string {
  return `${integrationId} ${objectKind} ${objectId}`
}

interface Readable {
  readonly kind: 'read'
  readonly lay: (w: WriteDb, context: ProjectionContext) => Applied
}

function readable<T>(outcome: GatewayOutcome<T>, projection: Projection<T> | undefined): Readable | Unread {
  if (outcome.kind !== 'succeeded' && outcome.kind !== 'pending') return outcome
  if (projection === undefined) throw new Error('An event was routed to a projection that is not registered')
  return { kind: 'read', lay: (w, context) => projection(w, outcome.value, context) }
}

/** A gateway promises not to throw; one that does is treated as unreachable, since nothing was read. */
async function guarded<T>(call: () => Promise<GatewayOutcome<T>>): Promise<GatewayOutcome<T>> {
  try {
    return await call()
  } catch {
    return { kind: 'uncertain', message: 'Stripe could not be read because of something unexpected on this side.' }
  }
}
