export { type ApprovalsDeps, approvalHandlers } from './approvals.handlers'
export {
  closeApproval,
  expireApprovals,
  failInterrupted,
  finishApproval,
  insertApproval,
  type ParkedCommand,
  readParked,
} from './approvals.repository'
export { hasPolicy, policyInForce } from './policies.repository'
