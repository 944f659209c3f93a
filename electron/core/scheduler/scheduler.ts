import { AppError } from '../../../shared/errors'
import { appendAudit } from '../audit/index'
import type { Database } from '../db'
import type { AuditDetail } from '../dispatch/handler'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import type { Pause } from '../ports/pause'
import { nextRun } from './cron'
import { DueWork } from './dueWork'
import { isDue } from './isDue'
import { askForRun, countSkipped, knowJob, recordRun, runOf, type ScheduleRun } from './scheduleRuns.repository'

/** What a run is given. */
export interface ScheduledCall {
  /** UTC epoch milliseconds, taken once for the whole run. */
  readonly now: number
  /** Aborted when the app closes. */
  readonly signal: AbortSignal
}

export interface ScheduledJob {
  /** One word: the actor is `schedule:<name>`. */
  readonly name: string
  /** Minute, hour, day of month, month, day of week, on this machine's clock; asked anew each time. */
  readonly cron: string | (() => string)
  /** False while the owner has switched it off. */
  readonly isOn?: () => boolean
  /**
   * Does the work. A throw is a failed run, which waits for the next time.
   * @returns ids and counts for the audit row; null when there was nothing to do, which leaves no row
   */
  readonly run: (call: ScheduledCall) => Promise<{ readonly [key: string]: AuditDetail } | null>
}

export interface SchedulerDeps {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly pause: Pause
  /** Called after a run that left an audit row. */
  readonly publish: () => void
}

const unexpected = 'Something unexpected went wrong on this side.'

/**
 * Runs named jobs by their schedules, in this process, none of them twice at the same time. What a sleeping or closed machine missed is
 * run once when it is back. While everything is paused nothing runs: each time that comes is counted, and what is overdue runs once
 * when it goes on.
 */
export class Scheduler {
  readonly #deps: SchedulerDeps
  readonly #jobs = new Map<string, ScheduledJob>()
  /** Jobs that run now, by name. */
  readonly #work: DueWork
  /** The time of each job that was counted as skipped last. */
  readonly #counted = new Map<string, number>()
  readonly #abort = new AbortController()

  constructor(deps: SchedulerDeps) {
    this.#deps = deps
    this.#work = new DueWork({
      look: () => this.#look(),
      notRead: (error) => deps.logger.error({ err: error }, 'the schedules could not be read'),
    })
    deps.pause.onChange((paused) => {
      if (!paused) this.#work.wake()
    })
  }

  /** @throws Error when the name is taken or the schedule is none */
  register(job: ScheduledJob): void {
    if (this.#jobs.has(job.name)) throw new Error(`Schedule ${job.name} is registered twice`)
    nextRun(cronOf(job), 0)
    this.#jobs.set(job.name, job)
  }

  /** Begins with what was missed, then follows the clock. */
  start(): void {
    this.#deps.database.write((w) => {
      for (const name of this.#jobs.keys()) knowJob(w, name, this.#deps.clock.now())
    })
    this.#work.start()
  }

  /** Jobs that are on, with the time that they run next: now, when they are overdue. By name. */
  upcoming(): { readonly name: string; readonly nextAt: number }[] {
    const now = this.#deps.clock.now()
    return [...this.#jobs.values()]
      .filter(isOn)
      .map((job) => ({ name: job.name, nextAt: this.#nextAt(job, now) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** When a job runs next; null when it is off or unknown. */
  nextAt(name: string): number | null {
    return this.upcoming().find((job) => job.name === name)?.nextAt ?? null
  }

  /**
   * Asks for a run of a job before its time: at once, or as soon as the job is on and nothing is paused. It is kept over a restart, and
   * one that fails waits for the job's own time again.
   */
  ask(name: string): void {
    const { database, clock } = this.#deps
    database.write((w) => askForRun(w, name, clock.now()))
    this.#work.wake()
  }

  /** Runs every job that is due by the clock and waits for all that run. */
  async runDue(): Promise<void> {
    this.#launchDue()
    await this.#work.allEnded()
  }

  /**
   * Starts nothing more, tells what runs to end, and waits for it.
   * @param patience milliseconds
   */
  async stop(patience = 2000): Promise<void> {
    this.#abort.abort(new AppError('unavailable', 'The app is closing. It is done after the next start.'))
    await this.#work.stop(patience)
  }

  #nextAt(job: ScheduledJob, now: number): number {
    const known = runOf(this.#deps.database.read, job.name)
    return isToRun(job, known, now) ? now : nextRun(cronOf(job), known?.handledAt ?? now)
  }

  #look(): number {
    this.#launchDue()
    const now = this.#deps.clock.now()
    const times = this.upcoming().map(({ nextAt }) => nextAt)
    return Math.min(...times.filter((nextAt) => nextAt > now)) - now
  }

  #launchDue(): void {
    const { clock, database, pause } = this.#deps
    const now = clock.now()
    for (const job of this.#jobs.values()) {
      if (this.#work.has(job.name) || !isOn(job)) continue
      if (!isToRun(job, runOf(database.read, job.name), now)) continue
      if (pause.paused) this.#skip(job, now)
      else this.#launch(job, now)
    }
  }

  /** Counts the time that has come, each once. */
  #skip(job: ScheduledJob, now: number): void {
    const before = this.#counted.get(job.name)
    if (before !== undefined && before <= now && nextRun(cronOf(job), before) > now) return
    this.#counted.set(job.name, now)
    this.#deps.database.write((w) => countSkipped(w, job.name))
  }

  #launch(job: ScheduledJob, now: number): void {
    this.#counted.delete(job.name)
    const done = this.#run(job, now).catch((error: unknown) =>
      this.#deps.logger.error({ err: error, schedule: job.name }, 'a run could not be recorded'),
    )
    this.#work.add(job.name, done)
  }

  async #run(job: ScheduledJob, now: number): Promise<void> {
    const { database, logger, publish } = this.#deps
    let details: { readonly [key: string]: AuditDetail } | null
    let problem: string | null = null
    let outcome = 'done'
    try {
      details = await job.run({ now, signal: this.#abort.signal })
    } catch (error) {
      if (this.#abort.signal.aborted) return
      logger.error({ err: error, schedule: job.name }, 'a scheduled run failed')
      problem = error instanceof AppError ? error.message : unexpected
      outcome = `failed:${error instanceof AppError ? error.code : 'internal'}`
      details = {}
    }
    const row = details
    database.write((w) => {
      recordRun(w, { name: job.name, handledAt: now, outcome: problem === null ? 'done' : 'failed', problem })
      if (row !== null) {
        const actor = `schedule:${job.name}`
        const procedure = `schedule.${job.name}`
        appendAudit(w, { at: now, actor, door: 'schedule', procedure, businessId: null, outcome, details: row })
      }
    })
    if (row !== null) publish()
  }
}

function isOn(job: ScheduledJob): boolean {
  return job.isOn?.() ?? true
}

/** Whether a job that is known is due, or was asked for. */
function isToRun(job: ScheduledJob, known: ScheduleRun | undefined, now: number): boolean {
  return known !== undefined && (known.askedAt !== null || isDue({ cron: cronOf(job) }, known.handledAt, now))
}

function cronOf(job: ScheduledJob): string {
  return typeof job.cron === 'string' ? job.cron : job.cron()
}
