export { nextRun } from './cron'
export { DueWork, longestTimer, restAfterDefect } from './dueWork'
export { isDue } from './isDue'
export { type ScheduledCall, type ScheduledJob, Scheduler, type SchedulerDeps } from './scheduler'
