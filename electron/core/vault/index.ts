export { codeSecrets } from './codeSecrets'
export { beginCreation, endCreation, headerFileName, vaultExists } from './creation'
export { type EnvelopeContext, EnvelopeError, envelopeOverhead, open, seal } from './envelope'
export { type FactorHandlerDeps, factorHandlers } from './factors.handlers'
export { forgetGarbage } from './forgetGarbage'
export { type KeyChangeHelp, KeyChanges } from './keyChanges'
export { calibrate, deriveKey, floorCost, type KdfCost, saltLength } from './keyDerivation'
export { formatKitCode, newKit, parseKitCode } from './kitCode'
export { type OpenFolderOptions, type OpenVault, openVaultFolder, WrongWorld } from './openFolder'
export type { Proof } from './proof'
export { keychainEntry, type ProofInput, proofOf, wipeProof } from './proofInput'
export { createRecordCipher, type RecordCipher, type RecordKey, recordKeyPlace } from './recordCipher'
export { openRecord, sealerOf } from './sealer'
export { createStepUp, type StepUpState } from './stepUp'
export { createThrottle, type Throttle, throttleFileName } from './throttle'
export {
  type CoreKeys,
  type CreateVaultOptions,
  changePassphrase,
  checkPassphrase,
  createVault,
  openingsOf,
  readVaultInfo,
  unlockVault,
  type VaultInfo,
  type VaultKeys,
  type World,
  wipe,
} from './vault'
export { type VaultHandlerDeps, vaultHandlers } from './vault.handlers'
export { noteFactorUse, readSettings, type VaultSettings } from './vault.repository'
export { createSession, type RecordsKeys, type Session, type VaultState } from './vault.session'
export { VaultError, type VaultErrorKind } from './vaultError'
