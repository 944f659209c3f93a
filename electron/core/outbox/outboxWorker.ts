import type { Topic } from '../../../shared/contract/events'
import { AppError, assertNever } from '../../../shared/errors'
import { appendAudit } from '../audit/index'
import type { Database, WriteDb } from '../db'
import type { AuditDetail } from '../dispatch/handler'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import type { GatewayOutcome } from '../ports/paymentGateway'
import { DueWork, longestTimer, restAfterDefect } from '../scheduler/index'
import { dueRows, finish, markFirstAttempt, nextDueAt, pause, putOff, type StoredRow, waitingRow } from './outbox.repository'
import { keyMayBeForgotten, retryWait } from './retrySchedule'

/** One piece of work, as its performer sees it. */
export interface OutboxRow {
  readonly id: string
  readonly businessId: string
  readonly kind: string
  readonly subjectId: string
  /** The same for every attempt, also after a restart. */
  readonly idempotencyKey: string
  /** Failed attempts so far. */
  readonly attempts: number
  /** The provider may have forgotten the key: look up what was asked before asking again. */
  readonly lookUpFirst: boolean
}

/** The outcomes that end a row. */
export type FinalOutcome<T> = Extract<GatewayOutcome<T>, { kind: 'succeeded' | 'pending' | 'declined' }>

export interface OutboxKind<T> {
  /** Calls the provider; no transaction is open. A throw counts as `uncertain`, AppError not_connected as `misconfigured`. */
  perform(row: OutboxRow): Promise<GatewayOutcome<T>>
  /**
   * Records how it ended, in the transaction that ends the row and writes its audit row. A throw rolls all of it back, and the
   * provider is asked again with the same key.
   * @returns ids and amounts for the audit row
   */
  settle(w: WriteDb, row: OutboxRow, outcome: FinalOutcome<T>, now: number): { readonly [key: string]: AuditDetail } | undefined
  /** Records what keeps the row from being done, a sentence for people; null when it no longer does. */
  problem?(w: WriteDb, row: OutboxRow, message: string | null): void
  /** Lists of the window that a change of these rows makes out of date. */
  readonly topics?: readonly Topic[]
}

export interface OutboxDeps {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  /** Called after a commit that changed something the window may show. */
  readonly publish: (topics: ReadonlySet<Topic>) => void
  /**
   * Whether anything may be sent now, asked before each row is begun; rows wait meanwhile and keep their keys. Whoever lets it become
   * true calls `wake`. Always, when left out.
   */
  readonly mayWork?: () => boolean
}

/** Rows of different subjects that are at their providers at the same time. */
const concurrency = 8

const unexpected = 'Something unexpected went wrong on this side. It is tried again by itself; nothing is done twice.'

/**
 * Does what was decided (design 1.3): for each subject strictly in order, for different subjects at the same time. The provider is
 * called outside any transaction with the row's id as idempotency key; the result is settled in one transaction. A crash between the
 * two repeats the call with the same key.
 */
export class OutboxWorker {
  readonly #deps: OutboxDeps
  readonly #kinds = new Map<string, OutboxKind<unknown>>()
  /** Rows at their providers now, by their ids. */
  readonly #work: DueWork
  /** Rows at rest in memory alone, until an instant of the real clock. */
  readonly #resting = new Map<string, number>()

  constructor(deps: OutboxDeps) {
    this.#deps = deps
    this.#work = new DueWork({
      look: () => this.#look(),
      notRead: (error) => deps.logger.error({ error }, 'The outbox could not be read'),
    })
    deps.database.afterCommit(() => this.wake())
  }

  /** Says how a kind of row is done. Rows of an unknown kind wait. */
  register<T>(kind: string, handling: OutboxKind<T>): void {
    if (this.#kinds.has(kind)) throw new Error(`Outbox kind ${kind} is registered twice`)
    this.#kinds.set(kind, handling as OutboxKind<unknown>)
  }

  /** Begins with what an earlier run left, then follows every commit. Until then rows move only by `drain`. */
  start(): void {
    this.#work.start()
  }

  /** Looks for due rows soon; cheap, and many calls are one look. */
  wake(): void {
    this.#work.wake()
  }

  /** Tries every row that is due by the clock, and those that become due by it meanwhile, until none is. Needs no timer. */
  async drain(): Promise<void> {
    for (;;) {
      this.#launchDue()
      if (this.#work.size === 0) return
      await this.#work.oneEnded()
    }
  }

  /**
   * Starts nothing more and waits for the calls under way. Calls that take longer are left: their answers are dropped, and the next
   * start asks again with the same keys.
   * @param patience milliseconds
   */
  async stop(patience?: number): Promise<void> {
    await this.#work.stop(patience)
  }

  #look(): number {
    this.#launchDue()
    const now = this.#deps.clock.now()
    const due = nextDueAt(this.#deps.database.read, now)
    const wait = due === null ? longestTimer : due - now
    return this.#resting.size > 0 ? Math.min(wait, restAfterDefect) : wait
  }

  #mayBegin(): boolean {
    return !this.#work.isEnding && this.#deps.mayWork?.() !== false
  }

  #launchDue(): void {
    if (!this.#mayBegin()) return
    for (const [id, until] of this.#resting) if (until <= Date.now()) this.#resting.delete(id)
    const held = this.#work.size + this.#resting.size
    if (this.#work.size >= concurrency) return
    const rows = dueRows(this.#deps.database.read, [...this.#kinds.keys()], this.#deps.clock.now(), concurrency + held)
    for (const row of rows) {
      if (this.#work.size >= concurrency || !this.#mayBegin()) return
      if (this.#work.has(row.id) || this.#resting.has(row.id)) continue
      const kind = this.#kinds.get(row.kind)
      if (kind === undefined) continue
      const done = this.#attempt(row, kind).catch((error: unknown) => {
        this.#deps.logger.error(
          { error, outboxId: row.id, kind: row.kind },
          'An outbox row could not be settled; it is tried again',
        )
        this.#resting.set(row.id, Date.now() + restAfterDefect)
      })
      this.#work.add(row.id, done)
    }
  }

  async #attempt(stored: StoredRow, kind: OutboxKind<unknown>): Promise<void> {
    const { database, clock } = this.#deps
    if (stored.firstAttemptAt === null) database.write((w) => markFirstAttempt(w, stored.id, clock.now()))
    const row: OutboxRow = {
      id: stored.id,
      businessId: stored.businessId,
      kind: stored.kind,
      subjectId: stored.subjectId,
      idempotencyKey: stored.id,
      attempts: stored.attempts,
      lookUpFirst: keyMayBeForgotten(stored.firstAttemptAt, clock.now()),
    }
    const outcome = await this.#perform(row, kind)
    if (this.#work.hasEnded) return
    try {
      database.write((w) => this.#record(w, row, kind, outcome))
    } catch (error) {
      this.#deps.logger.error({ error, outboxId: row.id, kind: row.kind }, 'The result of an outbox row could not be recorded')
      database.write((w) => this.#record(w, row, kind, { kind: 'uncertain', message: unexpected }))
    }
    this.#deps.publish(new Set([...(kind.topics ?? []), 'audit', 'integrations']))
  }

  async #perform(row: OutboxRow, kind: OutboxKind<unknown>): Promise<GatewayOutcome<unknown>> {
    try {
      return await kind.perform(row)
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_connected') return { kind: 'misconfigured', message: error.message }
      this.#deps.logger.error({ error, outboxId: row.id, kind: row.kind }, 'An outbox row could not be carried out')
      return { kind: 'uncertain', message: unexpected }
    }
  }

  #record(w: WriteDb, row: OutboxRow, kind: OutboxKind<unknown>, outcome: GatewayOutcome<unknown>): void {
    const now = this.#deps.clock.now()
    const before = waitingRow(w, row.id)
    if (before === undefined) return
    switch (outcome.kind) {
      case 'uncertain':
        putOff(w, row.id, now + retryWait(row.attempts + 1, outcome.retryAfterMs), outcome.message)
        kind.problem?.(w, row, outcome.message)
        return
      case 'misconfigured':
        pause(w, row.id, outcome.message)
        kind.problem?.(w, row, outcome.message)
        this.#audit(w, row, 'paused', { reason: outcome.message }, now)
        return
      case 'succeeded':
      case 'pending':
      case 'declined': {
        if (before.lastProblem !== null) kind.problem?.(w, row, null)
        const details = kind.settle(w, row, outcome, now)
        const declined = outcome.kind === 'declined'
        finish(w, row.id, outcome.kind === 'succeeded' ? 'done' : outcome.kind, declined ? outcome.message : null, now)
        this.#audit(w, row, outcome.kind === 'succeeded' ? 'done' : outcome.kind, details ?? {}, now)
        return
      }
      default:
        assertNever(outcome)
    }
  }

  #audit(w: WriteDb, row: OutboxRow, outcome: string, details: { readonly [key: string]: AuditDetail }, now: number): void {
    appendAudit(w, {
      at: now,
      actor: 'schedule:outbox',
      door: 'schedule',
      procedure: `outbox.${row.kind}`,
      businessId: row.businessId,
      outcome,
      details: { outboxId: row.id, subjectId: row.subjectId, attempts: row.attempts + 1, ...details },
    })
  }
}
