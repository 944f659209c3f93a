import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import { type ReadDb, sql } from '../db'
import { openTestDatabase, type TestDatabase } from '../db/testing'
import type { GatewayOutcome } from '../ports/paymentGateway'
import { enqueue, type OutboxKind, type OutboxRow, OutboxWorker, outboxProblems, resumePaused } from './index'

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const business = 'biz_1'
const start = Date.UTC(2026, 2, 1)

let t: TestDatabase
let now: number

beforeEach(() => {
  t = openTestDatabase()
  now = start
  t.db.write((w) => {
    w.run(
      sql`INSERT INTO business (id, name, currency, country, time_zone, created_at) VALUES (${business}, 'Studio', 'USD', 'US', 'UTC', 0)`,
    )
  })
})
afterEach(() => t.cleanup())

function workerOf(kind: Partial<OutboxKind<string>> & Pick<OutboxKind<string>, 'perform'>, name = 'send'): OutboxWorker {
  const worker = new OutboxWorker({ database: t.db, clock: { now: () => now }, logger: silent, publish: () => undefined })
  worker.register<string>(name, { settle: () => undefined, ...kind })
  return worker
}

function add(subjectId: string, kind = 'send'): string {
  return t.db.write((w) => enqueue(w, { businessId: business, kind, subjectId, now }))
}

function stateOf(id: string, r: ReadDb = t.db.read) {
  return r.get<{ state: string; attempts: number; nextAt: number; problem: string | null }>(
    sql`SELECT state, attempts, next_at AS nextAt, last_problem AS problem FROM outbox WHERE id = ${id}`,
  )
}

const succeeded: GatewayOutcome<string> = { kind: 'succeeded', value: 'ref' }
const uncertain: GatewayOutcome<string> = { kind: 'uncertain', message: 'No answer.' }

/** A provider that keeps idempotency keys, as Stripe does, and may lose its answers after acting. */
class Provider {
  readonly effects = new Map<string, string>()
  calls: string[] = []
  answer(key: string, subject: string, lost: boolean): GatewayOutcome<string> {
    this.calls.push(key)
    if (!this.effects.has(key)) this.effects.set(key, subject)
    return lost ? uncertain : succeeded
  }
}

test('a row is performed after its commit, settled in one transaction with its audit row, and never again', async () => {
  const seen: OutboxRow[] = []
  const settled: string[] = []
  const worker = workerOf({
    perform: async (row) => {
      seen.push(row)
      return succeeded
    },
    settle: (w, row, outcome) => {
      settled.push(`${row.id} ${outcome.kind}`)
      w.run(sql`UPDATE business SET name = 'Paid' WHERE id = ${business}`)
      return { invoiceId: row.subjectId }
    },
  })
  const id = add('inv_1')
  await worker.drain()
  await worker.drain()
  expect(seen).toEqual([
    { id, businessId: business, kind: 'send', subjectId: 'inv_1', idempotencyKey: id, attempts: 0, lookUpFirst: false },
  ])
  expect(settled).toEqual([`${id} succeeded`])
  expect(stateOf(id)).toMatchObject({ state: 'done', attempts: 1, problem: null })
  const audit = t.db.read.all(sql`SELECT actor, procedure, business_id AS businessId, outcome, details FROM audit_row`)
  expect(audit).toEqual([
    {
      actor: 'schedule:outbox',
      procedure: 'outbox.send',
      businessId: business,
      outcome: 'done',
      details: JSON.stringify({ attempts: 1, invoiceId: 'inv_1', outboxId: id, subjectId: 'inv_1' }),
    },
  ])
})

test('a started worker begins on commit by itself and with what an earlier run left', async () => {
  const left = add('inv_1')
  const done: string[] = []
  let arrived: (() => void) | undefined
  const worker = workerOf({
    perform: async (row) => {
      done.push(row.id)
      return succeeded
    },
    settle: () => {
      arrived?.()
      return undefined
    },
  })
  const settledNext = () => new Promise<void>((resolve) => (arrived = resolve))
  const first = settledNext()
  worker.start()
  await first
  const second = settledNext()
  const added = add('inv_2')
  await second
  expect(done).toEqual([left, added])
  await worker.stop()
})

test('an uncertain row is repeated with the same key after 0.2, 0.5, 1, 2, 4, 8 s ... to one hour, and its problem is told and taken back', async () => {
  const keys = new Set<string>()
  const problems: (string | null)[] = []
  let answer: GatewayOutcome<string> = uncertain
  const worker = workerOf({
    perform: async (row) => {
      keys.add(row.idempotencyKey)
      return answer
    },
    problem: (_w, _row, message) => problems.push(message),
  })
  const id = add('inv_1')
  const waits: number[] = []
  for (let attempt = 0; attempt < 18; attempt++) {
    await worker.drain()
    const wait = (stateOf(id)?.nextAt ?? 0) - now
    waits.push(wait)
    now += wait - 1
    await worker.drain()
    expect(stateOf(id)?.attempts).toBe(attempt + 1)
    now += 1
  }
  expect(waits.slice(0, 7)).toEqual([200, 500, 1000, 2000, 4000, 8000, 16_000])
  expect(waits.slice(-3)).toEqual([3_600_000, 3_600_000, 3_600_000])
  expect(outboxProblems(t.db.read, business)).toMatchObject([{ id, state: 'waiting', problem: 'No answer.', attempts: 18 }])
  answer = succeeded
  await worker.drain()
  expect(keys).toEqual(new Set([id]))
  expect(problems.at(-2)).toBe('No answer.')
  expect(problems.at(-1)).toBeNull()
  expect(outboxProblems(t.db.read, business)).toEqual([])
})

test('a Retry-After longer than our own wait is honoured, one beyond an hour is not', async () => {
  let retryAfterMs = 30_000
  const worker = workerOf({ perform: async () => ({ ...uncertain, retryAfterMs }) as GatewayOutcome<string> })
  const id = add('inv_1')
  await worker.drain()
  expect((stateOf(id)?.nextAt ?? 0) - now).toBe(30_000)
  now += 30_000
  retryAfterMs = 86_400_000
  await worker.drain()
  expect((stateOf(id)?.nextAt ?? 0) - now).toBe(3_600_000)
})

test('a row whose first attempt is a day old is looked up first', async () => {
  const looked: boolean[] = []
  const worker = workerOf({
    perform: async (row) => {
      looked.push(row.lookUpFirst)
      return uncertain
    },
  })
  add('inv_1')
  await worker.drain()
  now += 22 * 3_600_000
  await worker.drain()
  now += 2 * 3_600_000
  await worker.drain()
  expect(looked).toEqual([false, false, true])
})

test('a misconfigured row pauses, holds back its own subject alone, and resumes with the same key when asked to', async () => {
  const keys: string[] = []
  let answer: GatewayOutcome<string> = { kind: 'misconfigured', message: 'The key was refused.' }
  const worker = workerOf({
    perform: async (row) => {
      keys.push(row.idempotencyKey)
      return row.subjectId === 'inv_2' ? succeeded : answer
    },
  })
  const first = add('inv_1')
  const behind = add('inv_1')
  const other = add('inv_2')
  await worker.drain()
  now += 7 * 86_400_000
  await worker.drain()
  expect(keys).toEqual([first, other])
  expect(stateOf(first)).toMatchObject({ state: 'paused', problem: 'The key was refused.' })
  expect(stateOf(behind)?.state).toBe('waiting')

  answer = succeeded
  expect(t.db.write((w) => resumePaused(w, 'biz_other', now))).toBe(0)
  expect(t.db.write((w) => resumePaused(w, business, now))).toBe(1)
  await worker.drain()
  expect(keys).toEqual([first, other, first, behind])
})

test('work for a provider that is not connected pauses instead of failing', async () => {
  const worker = workerOf({
    perform: async () => {
      throw new AppError('not_connected', 'Stripe is not connected. Connect it again under Settings.')
    },
  })
  const id = add('inv_1')
  await worker.drain()
  expect(stateOf(id)).toMatchObject({ state: 'paused', problem: 'Stripe is not connected. Connect it again under Settings.' })
})

test('declined and pending end a row for ever', async () => {
  const answers: Record<string, GatewayOutcome<string>> = {
    inv_1: { kind: 'declined', code: 'amount_too_small', message: 'The amount is too small.' },
    inv_2: { kind: 'pending', value: 're_1' },
  }
  const settled: string[] = []
  const worker = workerOf({
    perform: async (row) => answers[row.subjectId] ?? uncertain,
    settle: (_w, row, outcome) => {
      settled.push(`${row.subjectId} ${outcome.kind}`)
      return undefined
    },
  })
  const declined = add('inv_1')
  const pending = add('inv_2')
  await worker.drain()
  now += 86_400_000
  await worker.drain()
  expect(settled.sort()).toEqual(['inv_1 declined', 'inv_2 pending'])
  expect(stateOf(declined)).toMatchObject({ state: 'declined', problem: 'The amount is too small.' })
  expect(stateOf(pending)).toMatchObject({ state: 'pending' })
  expect(() =>
    t.db.write((w) => w.run(sql`UPDATE outbox SET state = 'waiting', finished_at = NULL WHERE id = ${pending}`)),
  ).toThrow('an ended outbox row stays ended')
})

test('a settle that throws leaves nothing behind, and the provider is asked again with the same key', async () => {
  const provider = new Provider()
  let broken = true
  const worker = workerOf({
    perform: async (row) => provider.answer(row.idempotencyKey, row.subjectId, false),
    settle: (w) => {
      w.run(sql`UPDATE business SET name = 'Paid' WHERE id = ${business}`)
      if (broken) throw new Error('defect')
      return undefined
    },
  })
  const id = add('inv_1')
  await worker.drain()
  expect(stateOf(id)).toMatchObject({ state: 'waiting', attempts: 1 })
  expect(t.db.read.get(sql`SELECT name FROM business`)).toEqual({ name: 'Studio' })
  broken = false
  now += 200
  await worker.drain()
  expect(stateOf(id)?.state).toBe('done')
  expect(provider.calls).toEqual([id, id])
  expect(provider.effects.size).toBe(1)
})

test('at most eight subjects are at their providers at once, and each subject keeps its order', async () => {
  let running = 0
  let most = 0
  const order: string[] = []
  const worker = workerOf({
    perform: async (row) => {
      running++
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      order.push(row.id)
      return succeeded
    },
  })
  const bySubject = Array.from({ length: 20 }, (_, subject) => Array.from({ length: 3 }, () => add(`inv_${subject}`)))
  await worker.drain()
  expect(most).toBe(8)
  for (const ids of bySubject) expect(order.filter((id) => ids.includes(id))).toEqual(ids)
  expect(order).toHaveLength(60)
})

test('stop waits for the calls under way and starts nothing more', async () => {
  let release: (() => void) | undefined
  const settled: string[] = []
  const worker = workerOf({
    perform: (row) =>
      row.subjectId === 'inv_1'
        ? new Promise((resolve) => {
            release = () => resolve(succeeded)
          })
        : Promise.resolve(succeeded),
    settle: (_w, row) => {
      settled.push(row.subjectId)
      return undefined
    },
  })
  add('inv_1')
  const draining = worker.drain()
  const stopping = worker.stop()
  add('inv_2')
  release?.()
  await Promise.all([draining, stopping])
  await worker.drain()
  expect(settled).toEqual(['inv_1'])
})

test('stop leaves a call that outlasts its patience; the answer is dropped and the next start sends the same key', async () => {
  const provider = new Provider()
  let release: (() => void) | undefined
  const hung = workerOf({
    perform: (row) => {
      const answer = provider.answer(row.idempotencyKey, row.subjectId, false)
      return new Promise((resolve) => {
        release = () => resolve(answer)
      })
    },
    settle: () => {
      throw new Error('settled after stop')
    },
  })
  const id = add('inv_1')
  const draining = hung.drain()
  await hung.stop(1)
  release?.()
  await draining
  expect(stateOf(id)?.state).toBe('waiting')
  t.reopen()
  await workerOf({ perform: async (row) => provider.answer(row.idempotencyKey, row.subjectId, false) }).drain()
  expect(stateOf(id)?.state).toBe('done')
  expect(provider.effects).toEqual(new Map([[id, 'inv_1']]))
})

test('a clock set back by a year holds nothing up', async () => {
  let answer: GatewayOutcome<string> = uncertain
  const worker = workerOf({ perform: async () => answer })
  const id = add('inv_1')
  await worker.drain()
  now -= 365 * 86_400_000
  answer = succeeded
  await worker.drain()
  expect(stateOf(id)?.state).toBe('done')
})

test('a row of a kind that nobody handles waits, and other kinds go on', async () => {
  const unknown = add('inv_1', 'later')
  const known = add('inv_2')
  await workerOf({ perform: async () => succeeded }).drain()
  expect([stateOf(unknown)?.state, stateOf(known)?.state]).toEqual(['waiting', 'done'])
})

test('L3: whatever is lost, repeated or killed, every row ends once, in the order of its subject, with one effect', async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('add' as const), subject: fc.integer({ min: 0, max: 3 }) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('drain' as const), lose: fc.array(fc.boolean(), { maxLength: 6 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), lose: fc.array(fc.boolean(), { maxLength: 3 }) }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      t.cleanup()
      t = openTestDatabase()
      now = start
      t.db.write((w) => {
        w.run(
          sql`INSERT INTO business (id, name, currency, country, time_zone, created_at) VALUES (${business}, 'S', 'USD', 'US', 'UTC', 0)`,
        )
      })
      const provider = new Provider()
      const settled: string[] = []
      const added: { id: string; subject: string }[] = []
      const build = (lose: boolean[], killed: boolean) =>
        workerOf({
          perform: async (row) => {
            const outcome = provider.answer(row.idempotencyKey, row.subjectId, lose.shift() ?? false)
            return killed ? new Promise<GatewayOutcome<string>>(() => undefined) : outcome
          },
          settle: (_w, row) => {
            settled.push(row.id)
            return undefined
          },
        })
      for (const each of steps) {
        if (each.do === 'add') added.push({ id: add(`inv_${each.subject}`), subject: `inv_${each.subject}` })
        if (each.do === 'drain') await build([...each.lose], false).drain()
        if (each.do === 'crash') {
          const dying = build([...each.lose], true)
          void dying.drain()
          await new Promise((resolve) => setImmediate(resolve))
          await dying.stop(0)
          t.reopen()
        }
        now += 3_600_000
      }
      for (let left = added.length; left >= 0; left--) {
        await build([], false).drain()
        now += 3_600_000
      }
      expect([...settled].sort()).toEqual(added.map(({ id }) => id).sort())
      expect(provider.effects).toEqual(new Map(added.map(({ id, subject }) => [id, subject] as const)))
      for (const subject of new Set(added.map((row) => row.subject))) {
        const ids = added.filter((row) => row.subject === subject).map(({ id }) => id)
        expect(settled.filter((id) => ids.includes(id))).toEqual(ids)
      }
    }),
    { numRuns: 25 },
  )
})
