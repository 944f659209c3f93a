import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import { sql } from '../db'
import { openTestDatabase, type TestDatabase } from '../db/testing'
import type { Pause } from '../ports/pause'
import { type ScheduledJob, Scheduler } from './scheduler'

const at = (text: string) => new Date(text).getTime()

/** A switch of the test's own. */
class TestPause implements Pause {
  paused = false
  readonly #listeners: ((paused: boolean) => void)[] = []

  assertRunning(): void {
    if (this.paused) throw new AppError('paused', 'Paused.')
  }

  onChange(listener: (paused: boolean) => void): () => void {
    this.#listeners.push(listener)
    return () => undefined
  }

  set(paused: boolean): void {
    this.paused = paused
    for (const listener of this.#listeners) listener(paused)
  }
}

let t: TestDatabase
let now = 0
let pause: TestPause
let published = 0
const logged: object[] = []
const schedulers: Scheduler[] = []

beforeEach(() => {
  t = openTestDatabase()
  now = at('2026-03-10T12:00')
  pause = new TestPause()
  published = 0
  logged.length = 0
})
afterEach(async () => {
  await Promise.all(schedulers.splice(0).map((scheduler) => scheduler.stop()))
  t.cleanup()
})

function start(...jobs: ScheduledJob[]): Scheduler {
  const scheduler = new Scheduler({
    database: t.db,
    clock: { now: () => now },
    logger: { debug() {}, info() {}, warn() {}, error: (fields) => void logged.push(fields) },
    pause,
    publish: () => {
      published += 1
    },
  })
  for (const job of jobs) scheduler.register(job)
  schedulers.push(scheduler)
  scheduler.start()
  return scheduler
}

const auditRows = () => t.db.read.all<object>(sql`SELECT actor, door, procedure, outcome, details FROM audit_row ORDER BY seq`)
const runs = () => t.db.read.all<object>(sql`SELECT name, outcome, problem, skipped FROM schedule_run ORDER BY name`)

/** A job that counts its runs. */
function counting(name: string, cron = '0 3 * * *'): ScheduledJob & { readonly at: number[] } {
  const times: number[] = []
  return {
    name,
    cron,
    at: times,
    run: async (call) => {
      times.push(call.now)
      return { runs: times.length }
    },
  }
}

test('a job runs at its time, once, as its own actor, with an audit row', async () => {
  const job = counting('tidy')
  const scheduler = start(job)
  expect(scheduler.nextAt('tidy')).toBe(at('2026-03-11T03:00'))
  await scheduler.runDue()
  expect(job.at).toEqual([])
  now = at('2026-03-11T03:00')
  await scheduler.runDue()
  await scheduler.runDue()
  expect(job.at).toEqual([now])
  expect(auditRows()).toEqual([
    { actor: 'schedule:tidy', door: 'schedule', procedure: 'schedule.tidy', outcome: 'done', details: '{"runs":1}' },
  ])
  expect(published).toBe(1)
  expect(scheduler.nextAt('tidy')).toBe(at('2026-03-12T03:00'))
})

test('what a machine missed while it was off is run once at the next start', async () => {
  await start(counting('tidy')).stop()
  t.reopen()
  now = at('2026-03-20T09:00')
  const job = counting('tidy')
  const scheduler = start(job)
  await scheduler.runDue()
  expect(job.at).toEqual([now])
  expect(scheduler.nextAt('tidy')).toBe(at('2026-03-21T03:00'))
})

test('a run that is asked for comes at once, once, and the job goes back to its own time, be it well or failed', async () => {
  const job = counting('tidy')
  const failing: ScheduledJob = {
    name: 'fails',
    cron: '0 3 * * *',
    run: () => Promise.reject(new AppError('unavailable', 'No disk.')),
  }
  const scheduler = start(job, failing)
  scheduler.ask('tidy')
  scheduler.ask('fails')
  expect(scheduler.nextAt('tidy')).toBe(now)
  await scheduler.runDue()
  now += 1000
  await scheduler.runDue()
  expect(job.at).toEqual([at('2026-03-10T12:00')])
  expect(runs()).toMatchObject([
    { name: 'fails', outcome: 'failed', problem: 'No disk.' },
    { name: 'tidy', outcome: 'done' },
  ])
  expect([scheduler.nextAt('tidy'), scheduler.nextAt('fails')]).toEqual([at('2026-03-11T03:00'), at('2026-03-11T03:00')])
})

test('a run that is asked for waits for a pause, a switch and a restart', async () => {
  pause.set(true)
  let on = true
  const job = { ...counting('tidy'), isOn: () => on }
  const scheduler = start(job)
  scheduler.ask('tidy')
  await scheduler.runDue()
  on = false
  pause.set(false)
  await scheduler.runDue()
  expect(job.at).toEqual([])
  await scheduler.stop()
  t.reopen()
  on = true
  now += 60_000
  await start(job).runDue()
  expect(job.at).toEqual([now])
})

test('a run that is asked for while one is under way comes after it', async () => {
  const ends: (() => void)[] = []
  const times: number[] = []
  const slow: ScheduledJob = {
    name: 'slow',
    cron: '0 3 * * *',
    run: async (call) => {
      times.push(call.now)
      await new Promise<void>((resolve) => ends.push(resolve))
      return null
    },
  }
  const scheduler = start(slow)
  scheduler.ask('slow')
  const first = scheduler.runDue()
  now += 1000
  scheduler.ask('slow')
  ends[0]?.()
  await first
  const second = scheduler.runDue()
  ends[1]?.()
  await second
  expect(times).toEqual([now - 1000, now])
})

test('a job that takes longer than its schedule never runs twice at the same time', async () => {
  let running = 0
  let most = 0
  let end: () => void = () => undefined
  const slow: ScheduledJob = {
    name: 'slow',
    cron: '* * * * *',
    run: async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise<void>((resolve) => {
        end = resolve
      })
      running -= 1
      return {}
    },
  }
  const scheduler = start(slow)
  now += 60_000
  const first = scheduler.runDue()
  now += 60_000
  const second = scheduler.runDue()
  end()
  await Promise.all([first, second])
  expect(most).toBe(1)
  expect(auditRows()).toHaveLength(1)
})

test('a pause holds every job and counts its times; when it ends, what is overdue runs once', async () => {
  const job = counting('tidy')
  const scheduler = start(job)
  pause.set(true)
  now = at('2026-03-11T03:00')
  await scheduler.runDue()
  now += 60_000
  await scheduler.runDue()
  expect(runs()).toEqual([{ name: 'tidy', outcome: null, problem: null, skipped: 1 }])
  now = at('2026-03-12T03:00')
  await scheduler.runDue()
  expect(runs()).toEqual([{ name: 'tidy', outcome: null, problem: null, skipped: 2 }])
  expect(job.at).toEqual([])
  expect(scheduler.upcoming()).toEqual([{ name: 'tidy', nextAt: now }])
  pause.set(false)
  await scheduler.runDue()
  expect(job.at).toEqual([now])
  expect(runs()).toEqual([{ name: 'tidy', outcome: 'done', problem: null, skipped: 0 }])
})

test('a job that fails is recorded with its reason, disturbs no other and waits for its next time', async () => {
  let tries = 0
  const job = counting('tidy')
  const known: ScheduledJob = {
    name: 'known',
    cron: '0 3 * * *',
    run: async () => {
      tries += 1
      throw new AppError('unavailable', 'The folder cannot be reached.')
    },
  }
  const unknown: ScheduledJob = {
    name: 'unknown',
    cron: '0 3 * * *',
    run: async () => {
      throw new TypeError('secret text')
    },
  }
  const scheduler = start(known, unknown, job)
  now = at('2026-03-11T03:00')
  await scheduler.runDue()
  await scheduler.runDue()
  expect(tries).toBe(1)
  expect(job.at).toHaveLength(1)
  expect(runs()).toEqual([
    { name: 'known', outcome: 'failed', problem: 'The folder cannot be reached.', skipped: 0 },
    { name: 'tidy', outcome: 'done', problem: null, skipped: 0 },
    { name: 'unknown', outcome: 'failed', problem: 'Something unexpected went wrong on this side.', skipped: 0 },
  ])
  expect(JSON.stringify(auditRows())).not.toContain('secret text')
  expect(auditRows().map((row) => (row as { outcome: string }).outcome)).toEqual(
    expect.arrayContaining(['failed:unavailable', 'failed:internal', 'done']),
  )
  expect(logged).toHaveLength(2)
})

test('a job that had nothing to do leaves no audit row, and is done until its next time', async () => {
  let tries = 0
  const scheduler = start({
    name: 'quiet',
    cron: '0 3 * * *',
    run: async () => {
      tries += 1
      return null
    },
  })
  now = at('2026-03-11T03:00')
  await scheduler.runDue()
  await scheduler.runDue()
  expect(tries).toBe(1)
  expect(auditRows()).toEqual([])
  expect(published).toBe(0)
})

test('a job that is off does not run and has no next time; a schedule that changes is followed', async () => {
  let on = false
  let cron = '0 3 * * *'
  const job = { ...counting('tidy'), isOn: () => on, cron: () => cron }
  const scheduler = start(job)
  now = at('2026-03-11T03:00')
  await scheduler.runDue()
  expect(job.at).toEqual([])
  expect(scheduler.nextAt('tidy')).toBeNull()
  on = true
  cron = '0 5 * * *'
  expect(scheduler.nextAt('tidy')).toBe(at('2026-03-11T05:00').valueOf())
})

test('a run cut off by closing is told so, is not recorded, and comes again at the next start', async () => {
  const job: ScheduledJob = {
    name: 'long',
    cron: '0 3 * * *',
    run: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  }
  const scheduler = start(job)
  now = at('2026-03-11T03:00')
  const ran = scheduler.runDue()
  await scheduler.stop()
  await ran
  expect(auditRows()).toEqual([])
  const again = counting('long')
  await start(again).runDue()
  expect(again.at).toEqual([now])
})

test('a name stands for one job, and a schedule that is none is refused at once', () => {
  const scheduler = start(counting('tidy'))
  expect(() => scheduler.register(counting('tidy'))).toThrow('twice')
  expect(() => scheduler.register(counting('other', 'now and then'))).toThrow()
})
