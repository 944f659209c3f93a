export { headerFileName, vaultExists } from './creation'
export { type EnvelopeContext, EnvelopeError, envelopeOverhead, open, seal } from './envelope'
export { calibrate, floorCost, type KdfCost } from './keyDerivation'
export { formatKitCode, newKit, parseKitCode } from './kitCode'
export { type OpenFolderOptions, type OpenVault, openVaultFolder, WrongWorld } from './openFolder'
export type { Proof, RandomProof } from './proof'
export { openRecord, sealerOf } from './sealer'
export { createSecretStore, type NewSecret, type SecretInfo, type SecretStore } from './secretStore'
export { createThrottle, type Throttle, throttleFileName } from './throttle'
export {
  type CoreKeys,
  type CreateVaultOptions,
  changePassphrase,
  checkPassphrase,
  createVault,
  readVaultInfo,
  unlockVault,
  type VaultInfo,
  type VaultKeys,
  type World,
  wipe,
} from './vault'
export { type VaultHandlerDeps, vaultHandlers } from './vault.handlers'
export { createSession, type RecordsKeys, type Session, type VaultState } from './vault.session'
export { VaultError, type VaultErrorKind } from './vaultError'
