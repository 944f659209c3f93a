import { type ReadDb, sql, type WriteDb } from '../db'

export interface ScheduleRun {
  readonly name: string
  /** When the last run began, or since when the job is known. UTC epoch milliseconds. */
  readonly handledAt: number
  readonly outcome: 'done' | 'failed' | null
  readonly problem: string | null
  /** Runs that a pause has held back since the last run. */
  readonly skipped: number
  /** When a run was asked for that has not begun; null where none is. UTC epoch milliseconds. */
  readonly askedAt: number | null
}

export function runOf(r: ReadDb, name: string): ScheduleRun | undefined {
  return r.get<ScheduleRun>(
    sql`SELECT name, handled_at AS handledAt, outcome, problem, skipped, asked_at AS askedAt FROM schedule_run WHERE name = ${name}`,
  )
}

/** Notes that a job is known since `now`; nothing happens when it was known before. */
export function knowJob(w: WriteDb, name: string, now: number): void {
  w.run(sql`INSERT INTO schedule_run (name, handled_at) VALUES (${name}, ${now}) ON CONFLICT (name) DO NOTHING`)
}

/** Notes that a run is asked for, whenever the schedule's own time is. */
export function askForRun(w: WriteDb, name: string, now: number): void {
  w.run(sql`INSERT INTO schedule_run (name, handled_at, asked_at) VALUES (${name}, ${now}, ${now})
    ON CONFLICT (name) DO UPDATE SET asked_at = excluded.asked_at`)
}

/** Notes how a run ended; what was asked for before it began is done with it. */
export function recordRun(w: WriteDb, run: Pick<ScheduleRun, 'name' | 'handledAt' | 'outcome' | 'problem'>): void {
  w.run(sql`UPDATE schedule_run SET handled_at = ${run.handledAt}, outcome = ${run.outcome}, problem = ${run.problem}, skipped = 0,
      asked_at = CASE WHEN asked_at > ${run.handledAt} THEN asked_at END
    WHERE name = ${run.name}`)
}

export function countSkipped(w: WriteDb, name: string): void {
  w.run(sql`UPDATE schedule_run SET skipped = skipped + 1 WHERE name = ${name}`)
}
