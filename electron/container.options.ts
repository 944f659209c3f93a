import type { BridgeEvent } from '../shared/contract/bridge'
import type { FileDialogs } from './core/ports/fileDialogs'
import type { KeyStore } from './core/ports/keyStore'
import type { Logger } from './core/ports/logger'
import type { Notifier } from './core/ports/notifier'
import type { OutboundHttp } from './core/ports/outboundHttp'
import type { KdfCost, Proof, World } from './core/vault/index'

/** What `openApp` needs to know of where and how it runs. */
export interface AppOptions {
  readonly dataDir: string
  readonly world: World
  /** What opens the vault; a new one is made with a passphrase alone. */
  readonly proof: Proof
  /** Which door the proof came through. */
  readonly door: 'start' | 'window'
  /** 0 for any free port. */
  readonly webhookPort: number
  /** A second place for the signed heads of the audit log, outside the data folder: an older copy of the whole folder is noticed there. */
  readonly anchorFolder?: string
  readonly createLogger: (dataDir: string) => Logger & { close(): void }
  readonly notifier: Notifier
  /** Native dialogs of this machine; none in a headless run. */
  readonly fileDialogs?: FileDialogs
  /** This machine's keychain; none in a headless run. */
  readonly keyStore?: KeyStore
  /** Why no passkey can be asked for, a sentence; null where the window can. */
  readonly passkeyProblem?: string | null
  /** How calls of the broker leave; https to public addresses when left out. */
  readonly outbound?: OutboundHttp
  readonly publish: (event: BridgeEvent) => void
  readonly onPracticeProgress: (step: string, done: number, total: number) => void
  /** Script of the worker threads for backups, beside which that for imports lies; without one that work is done in the calling thread. */
  readonly backupWorker?: string
  /** Cost of the passphrase for a new vault; calibrated on this machine when left out. */
  readonly kdf?: KdfCost
}

/** What the app goes on knowing: whoever opened the vault shows a proof again, it is not remembered. */
export type KeptOptions = Omit<AppOptions, 'proof'>
