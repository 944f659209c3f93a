import { nextRun } from './cron'

/**
 * Whether a job is to run now: a run of its schedule has come since it was last taken care of. A machine that slept over several runs
 * makes up for them with one. When the clock was set back behind the last run, nobody knows how much was missed: it runs once.
 * @param handledAt when the last run began, or since when the job is known; UTC epoch milliseconds
 */
export function isDue(job: { readonly cron: string }, handledAt: number, now: number): boolean {
  return handledAt > now || nextRun(job.cron, handledAt) <= now
}
