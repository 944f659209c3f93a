import { sql } from '../db'
import { openTestDatabase, type TestDatabase } from '../db/testing'
import type { GatewayOutcome } from '../ports/paymentGateway'
import { enqueue, type OutboxKind, OutboxWorker } from './index'

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

export const business = 'biz_1'
export const succeeded: GatewayOutcome<string> = { kind: 'succeeded', value: 'ref' }
export const uncertain: GatewayOutcome<string> = { kind: 'uncertain', message: 'No answer.' }

/** A real database with one business, and a clock that moves when told. For tests only. */
export class OutboxBed {
  readonly t: TestDatabase = openTestDatabase()
  now = Date.UTC(2026, 2, 1)

  constructor() {
    this.t.db.write((w) => {
      w.run(sql`INSERT INTO business (id, name, currency, country, time_zone, created_at)
        VALUES (${business}, 'Studio', 'USD', 'US', 'UTC', 0)`)
    })
  }

  worker(
    kind: Partial<OutboxKind<string>> & Pick<OutboxKind<string>, 'perform'>,
    name = 'send',
    mayWork?: () => boolean,
  ): OutboxWorker {
    const worker = new OutboxWorker({
      ...(mayWork === undefined ? {} : { mayWork }),
      database: this.t.db,
      clock: { now: () => this.now },
      logger: silent,
      publish: () => undefined,
    })
    worker.register<string>(name, { settle: () => undefined, ...kind })
    return worker
  }

  add(subjectId: string, kind = 'send'): string {
    return this.t.db.write((w) => enqueue(w, { businessId: business, kind, subjectId, now: this.now }))
  }

  stateOf(id: string) {
    return this.t.db.read.get<{ state: string; attempts: number; nextAt: number; problem: string | null }>(
      sql`SELECT state, attempts, next_at AS nextAt, last_problem AS problem FROM outbox WHERE id = ${id}`,
    )
  }
}

/** A provider that keeps idempotency keys, as Stripe does, and may lose its answers after acting. */
export class FakeFarSide {
  /** What was done, by key: the subject it was done to. */
  readonly effects = new Map<string, string>()
  readonly calls: string[] = []

  answer(key: string, subject: string, lost: boolean): GatewayOutcome<string> {
    this.calls.push(key)
    if (!this.effects.has(key)) this.effects.set(key, subject)
    return lost ? uncertain : succeeded
  }
}
