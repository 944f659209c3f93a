export { type ApprovalsDeps, approvalHandlers } from './approvals.handlers'
export {
  addConsent,
  closeApproval,
  failInterrupted,
  finishApproval,
  insertApproval,
  type NewApproval,
  type ParkedCommand,
  readParked,
  rulesThatAsked,
} from './approvals.repository'
export { findPermit, findWaiting, permitMinutes, spendPermit } from './permits.repository'
export { planDigest } from './planDigest'
export { hasEarlierPending, insertPlan, pendingSteps } from './plans.repository'
export { sealedInputs } from './sealedInputs'
export { atWords, secondApproval, soloSecondAt, soloWords } from './secondApproval'
export { WaitingApprovals } from './waitingApprovals'
