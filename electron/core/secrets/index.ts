export { attachmentHandlers } from './attachment.handlers'
export { attachContent, attachmentContent, largestAttachment, mediaTypeOf, readAttachment } from './attachments'
export { attachmentsOf } from './attachments.repository'
export { CopyTickets } from './copyTickets'
export { itemFacts } from './facts'
export { fieldNamed, isHidden, laidOver, plainName } from './fieldRules'
export { hintOf } from './hint'
export { Items } from './items'
export { sweepAttachments } from './removedFiles'
export { revealHandlers } from './reveal.handlers'
export { type RevealDeps, revealField } from './reveals'
export { attachmentKeys, secretKeys } from './rewrapTargets'
export { rotationHandlers } from './rotation.handlers'
export {
  type Act,
  type DependantSource,
  type ItemChange,
  type NewItem,
  type NewUse,
  type OpenField,
  type SecretItems,
  type WrittenItems,
  wipeFields,
} from './secretItems'
export { secretHandlers } from './secrets.handlers'
export {
  type DueNotice,
  type DueSummary,
  dueNotices,
  markWarned,
  purgeBin,
  retireRotations,
  weeklySummary,
} from './upkeep'
export { type ActorUse, lastUseBy, recordUse, usesBy } from './uses.repository'
