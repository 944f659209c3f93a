export { type ChangedDetails, noteCustomerAsPayee, payeeDetailsChanged } from './payeeChanges'
export { payeeChecksum, payeeDetailsDigest } from './payeeDetails'
export { type PayeeDeps, payeeHandlers } from './payees.handlers'
export { inQuarantine } from './payees.repository'
