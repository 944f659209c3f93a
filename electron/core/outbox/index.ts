export { type HeldWork, heldWork } from './heldWork'
export {
  cancelPaused,
  enqueue,
  hasOutboxRows,
  isPaused,
  type OutboxProblem,
  outboxProblems,
  overlapsWork,
  resumePaused,
} from './outbox.repository'
export { type FinalOutcome, type OutboxDeps, type OutboxKind, type OutboxRow, OutboxWorker } from './outboxWorker'
export { longestWait, retryWait } from './retrySchedule'
