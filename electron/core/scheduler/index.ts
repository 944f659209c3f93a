export { nextRun } from './cron'
export { isDue } from './isDue'
export { type ScheduledCall, type ScheduledJob, Scheduler, type SchedulerDeps } from './scheduler'
