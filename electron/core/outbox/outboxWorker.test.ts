import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import { sql } from '../db'
import type { GatewayOutcome } from '../ports/paymentGateway'
import { cancelPaused, isPaused, type OutboxRow, outboxProblems, overlapsWork, resumePaused } from './index'
import { business, FakeFarSide, OutboxBed, succeeded, uncertain } from './testing'

let bed: OutboxBed
beforeEach(() => {
  bed = new OutboxBed()
})
afterEach(() => bed.t.cleanup())

test('a row is performed after its commit, settled in one transaction with its audit row, and never again', async () => {
  const seen: OutboxRow[] = []
  const settled: string[] = []
  const worker = bed.worker({
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
  const id = bed.add('inv_1')
  await worker.drain()
  await worker.drain()
  expect(seen).toEqual([
    { id, businessId: business, kind: 'send', subjectId: 'inv_1', idempotencyKey: id, attempts: 0, lookUpFirst: false },
  ])
  expect(settled).toEqual([`${id} succeeded`])
  expect(bed.stateOf(id)).toMatchObject({ state: 'done', attempts: 1, problem: null })
  const audit = bed.t.db.read.all(sql`SELECT actor, procedure, business_id AS businessId, outcome, details FROM audit_row`)
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
  const left = bed.add('inv_1')
  const done: string[] = []
  let arrived: (() => void) | undefined
  const worker = bed.worker({
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
  const added = bed.add('inv_2')
  await second
  expect(done).toEqual([left, added])
  await worker.stop()
})

test('an uncertain row is repeated with the same key after 0.2, 0.5, 1, 2, 4, 8 s ... to one hour, and its problem is told and taken back', async () => {
  const keys = new Set<string>()
  const problems: (string | null)[] = []
  let answer: GatewayOutcome<string> = uncertain
  const worker = bed.worker({
    perform: async (row) => {
      keys.add(row.idempotencyKey)
      return answer
    },
    problem: (_w, _row, message) => problems.push(message),
  })
  const id = bed.add('inv_1')
  const waits: number[] = []
  for (let attempt = 0; attempt < 18; attempt++) {
    await worker.drain()
    const wait = (bed.stateOf(id)?.nextAt ?? 0) - bed.now
    waits.push(wait)
    bed.now += wait - 1
    await worker.drain()
    expect(bed.stateOf(id)?.attempts).toBe(attempt + 1)
    bed.now += 1
  }
  expect(waits.slice(0, 7)).toEqual([200, 500, 1000, 2000, 4000, 8000, 16_000])
  expect(waits.slice(-3)).toEqual([3_600_000, 3_600_000, 3_600_000])
  expect(outboxProblems(bed.t.db.read, business)).toMatchObject([{ id, state: 'waiting', problem: 'No answer.', attempts: 18 }])
  answer = succeeded
  await worker.drain()
  expect(keys).toEqual(new Set([id]))
  expect(problems.at(-2)).toBe('No answer.')
  expect(problems.at(-1)).toBeNull()
  expect(outboxProblems(bed.t.db.read, business)).toEqual([])
})

test('a Retry-After longer than our own wait is honoured, one beyond an hour is not', async () => {
  let retryAfterMs = 30_000
  const worker = bed.worker({ perform: async () => ({ ...uncertain, retryAfterMs }) as GatewayOutcome<string> })
  const id = bed.add('inv_1')
  await worker.drain()
  expect((bed.stateOf(id)?.nextAt ?? 0) - bed.now).toBe(30_000)
  bed.now += 30_000
  retryAfterMs = 86_400_000
  await worker.drain()
  expect((bed.stateOf(id)?.nextAt ?? 0) - bed.now).toBe(3_600_000)
})

test('a row whose first attempt is a day old is looked up first', async () => {
  const looked: boolean[] = []
  const worker = bed.worker({
    perform: async (row) => {
      looked.push(row.lookUpFirst)
      return uncertain
    },
  })
  bed.add('inv_1')
  await worker.drain()
  bed.now += 22 * 3_600_000
  await worker.drain()
  bed.now += 2 * 3_600_000
  await worker.drain()
  expect(looked).toEqual([false, false, true])
})

test('a misconfigured row pauses, holds back its own subject alone, and resumes with the same key when asked to', async () => {
  const keys: string[] = []
  let answer: GatewayOutcome<string> = { kind: 'misconfigured', message: 'The key was refused.' }
  const worker = bed.worker({
    perform: async (row) => {
      keys.push(row.idempotencyKey)
      return row.subjectId === 'inv_2' ? succeeded : answer
    },
  })
  const first = bed.add('inv_1')
  const behind = bed.add('inv_1')
  const other = bed.add('inv_2')
  await worker.drain()
  bed.now += 7 * 86_400_000
  await worker.drain()
  expect(keys).toEqual([first, other])
  expect(bed.stateOf(first)).toMatchObject({ state: 'paused', problem: 'The key was refused.' })
  expect(bed.stateOf(behind)?.state).toBe('waiting')

  answer = succeeded
  expect(bed.t.db.write((w) => resumePaused(w, 'biz_other', bed.now))).toBe(0)
  expect(bed.t.db.write((w) => resumePaused(w, business, bed.now))).toBe(1)
  await worker.drain()
  expect(keys).toEqual([first, other, first, behind])
})

test('paused work can be given up for good: it ends as declined, is not resumed, and lets its subject go on; other work cannot', async () => {
  const keys: string[] = []
  const worker = bed.worker({
    perform: async (row) => {
      keys.push(row.id)
      return keys.length === 1 ? { kind: 'misconfigured', message: 'The key was refused.' } : succeeded
    },
  })
  const work = { businessId: business, kind: 'send', subjectId: 'inv_1' }
  const cancel = (of: Partial<typeof work> = {}) =>
    bed.t.db.write((w) => cancelPaused(w, { ...work, ...of, reason: 'It was given up.' }, bed.now))
  const first = bed.add('inv_1')
  expect([isPaused(bed.t.db.read, work), cancel()]).toEqual([false, null])
  await worker.drain()
  const behind = bed.add('inv_1')
  expect(isPaused(bed.t.db.read, work)).toBe(true)
  expect([cancel({ kind: 'void' }), cancel({ subjectId: 'inv_2' }), cancel({ businessId: 'biz_2' })]).toEqual([null, null, null])
  expect(cancel()).toBe(first)
  expect(cancel()).toBeNull()
  expect(bed.stateOf(first)).toMatchObject({ state: 'declined', problem: 'It was given up.' })
  expect(bed.t.db.write((w) => resumePaused(w, business, bed.now))).toBe(0)
  await worker.drain()
  expect(keys).toEqual([first, behind])
})

test('work overlaps other work that was still open when it was first tried', async () => {
  const worker = bed.worker({ perform: async (row) => (row.subjectId === 'inv_held' ? uncertain : succeeded) })
  const overlaps = (id: string, subject: string) => overlapsWork(bed.t.db.read, id, business, [subject])
  bed.add('inv_early')
  bed.add('inv_held')
  await worker.drain()
  bed.now += 1
  const id = bed.add('inv_1')
  bed.add('inv_beside')
  await worker.drain()
  expect([overlaps(id, 'inv_early'), overlaps(id, 'inv_beside'), overlaps(id, 'inv_held')]).toEqual([false, true, true])
  expect(overlapsWork(bed.t.db.read, id, 'biz_2', ['inv_held'])).toBe(false)
})

test('work for a provider that is not connected pauses instead of failing', async () => {
  const worker = bed.worker({
    perform: async () => {
      throw new AppError('not_connected', 'Stripe is not connected. Connect it again under Settings.')
    },
  })
  const id = bed.add('inv_1')
  await worker.drain()
  expect(bed.stateOf(id)).toMatchObject({ state: 'paused', problem: 'Stripe is not connected. Connect it again under Settings.' })
})

test('declined and pending end a row for ever', async () => {
  const answers: Record<string, GatewayOutcome<string>> = {
    inv_1: { kind: 'declined', code: 'amount_too_small', message: 'The amount is too small.' },
    inv_2: { kind: 'pending', value: 're_1' },
  }
  const settled: string[] = []
  const worker = bed.worker({
    perform: async (row) => answers[row.subjectId] ?? uncertain,
    settle: (_w, row, outcome) => {
      settled.push(`${row.subjectId} ${outcome.kind}`)
      return undefined
    },
  })
  const declined = bed.add('inv_1')
  const pending = bed.add('inv_2')
  await worker.drain()
  bed.now += 86_400_000
  await worker.drain()
  expect(settled.sort()).toEqual(['inv_1 declined', 'inv_2 pending'])
  expect(bed.stateOf(declined)).toMatchObject({ state: 'declined', problem: 'The amount is too small.' })
  expect(bed.stateOf(pending)).toMatchObject({ state: 'pending' })
  expect(() =>
    bed.t.db.write((w) => w.run(sql`UPDATE outbox SET state = 'waiting', finished_at = NULL WHERE id = ${pending}`)),
  ).toThrow('an ended outbox row stays ended')
})

test('a settle that throws leaves nothing behind, and the provider is asked again with the same key', async () => {
  const provider = new FakeFarSide()
  let broken = true
  const worker = bed.worker({
    perform: async (row) => provider.answer(row.idempotencyKey, row.subjectId, false),
    settle: (w) => {
      w.run(sql`UPDATE business SET name = 'Paid' WHERE id = ${business}`)
      if (broken) throw new Error('defect')
      return undefined
    },
  })
  const id = bed.add('inv_1')
  await worker.drain()
  expect(bed.stateOf(id)).toMatchObject({ state: 'waiting', attempts: 1 })
  expect(bed.t.db.read.get(sql`SELECT name FROM business`)).toEqual({ name: 'Studio' })
  broken = false
  bed.now += 200
  await worker.drain()
  expect(bed.stateOf(id)?.state).toBe('done')
  expect(provider.calls).toEqual([id, id])
  expect(provider.effects.size).toBe(1)
})

test('at most eight subjects are at their providers at once, and each subject keeps its order', async () => {
  let running = 0
  let most = 0
  const order: string[] = []
  const worker = bed.worker({
    perform: async (row) => {
      running++
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      order.push(row.id)
      return succeeded
    },
  })
  const bySubject = Array.from({ length: 20 }, (_, subject) => Array.from({ length: 3 }, () => bed.add(`inv_${subject}`)))
  await worker.drain()
  expect(most).toBe(8)
  for (const ids of bySubject) expect(order.filter((id) => ids.includes(id))).toEqual(ids)
  expect(order).toHaveLength(60)
})

test('stop waits for the calls under way and starts nothing more', async () => {
  let release: (() => void) | undefined
  const settled: string[] = []
  const worker = bed.worker({
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
  bed.add('inv_1')
  const draining = worker.drain()
  const stopping = worker.stop()
  bed.add('inv_2')
  release?.()
  await Promise.all([draining, stopping])
  await worker.drain()
  expect(settled).toEqual(['inv_1'])
})

test('stop leaves a call that outlasts its patience; the answer is dropped and the next start sends the same key', async () => {
  const provider = new FakeFarSide()
  let release: (() => void) | undefined
  const hung = bed.worker({
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
  const id = bed.add('inv_1')
  const draining = hung.drain()
  await hung.stop(1)
  release?.()
  await draining
  expect(bed.stateOf(id)?.state).toBe('waiting')
  bed.t.reopen()
  await bed.worker({ perform: async (row) => provider.answer(row.idempotencyKey, row.subjectId, false) }).drain()
  expect(bed.stateOf(id)?.state).toBe('done')
  expect(provider.effects).toEqual(new Map([[id, 'inv_1']]))
})

test('a clock set back by a year holds nothing up', async () => {
  let answer: GatewayOutcome<string> = uncertain
  const worker = bed.worker({ perform: async () => answer })
  const id = bed.add('inv_1')
  await worker.drain()
  bed.now -= 365 * 86_400_000
  answer = succeeded
  await worker.drain()
  expect(bed.stateOf(id)?.state).toBe('done')
})

test('a row of a kind that nobody handles waits, and other kinds go on', async () => {
  const unknown = bed.add('inv_1', 'later')
  const known = bed.add('inv_2')
  await bed.worker({ perform: async () => succeeded }).drain()
  expect([bed.stateOf(unknown)?.state, bed.stateOf(known)?.state]).toEqual(['waiting', 'done'])
})

test('nothing is begun while the gate is shut: a call under way ends, rows wait with their keys, and a wake goes on', async () => {
  const keys: string[] = []
  let open = true
  let settled: (() => void) | undefined
  const worker = bed.worker(
    {
      perform: async (row) => {
        keys.push(row.idempotencyKey)
        open = row.subjectId === 'inv_2'
        return succeeded
      },
      settle: (_w, row) => {
        if (row.subjectId === 'inv_2') settled?.()
        return undefined
      },
    },
    'send',
    () => open,
  )
  const first = bed.add('inv_1')
  const held = bed.add('inv_2')
  await worker.drain()
  expect(keys).toEqual([first])
  expect([bed.stateOf(first)?.state, bed.stateOf(held)?.state]).toEqual(['done', 'waiting'])
  expect(bed.stateOf(held)?.attempts).toBe(0)

  const done = new Promise<void>((resolve) => {
    settled = resolve
  })
  worker.start()
  open = true
  worker.wake()
  await done
  await worker.stop()
  expect(keys).toEqual([first, held])
})
