import type { BridgeEvent } from '../shared/contract/bridge'
import { secretTargets } from './container.secrets'
import { sealedInputs } from './core/approvals/index'
import type { Database } from './core/db/index'
import { parkedPlace } from './core/dispatch/index'
import type { Clock } from './core/ports/clock'
import { type KeyStore, noKeyStore } from './core/ports/keyStore'
import type { Logger } from './core/ports/logger'
import type { RewrapTarget } from './core/ports/rewrap'
import type { Sealer } from './core/ports/sealer'
import {
  codeSecrets,
  createStepUp,
  factorHandlers,
  forgetGarbage,
  type KeyChangeHelp,
  KeyChanges,
  noteFactorUse,
  type OpenVault,
  readSettings,
  type StepUpState,
  type VaultSettings,
  vaultHandlers,
} from './core/vault/index'

export interface KeyParts {
  readonly vault: OpenVault
  readonly version: string
  /** Left out where there is no window. */
  readonly keyStore: KeyStore | undefined
  readonly passkeyProblem: string | null | undefined
  readonly sealer: () => Sealer | null
  readonly clock: Clock
  readonly publish: (event: BridgeEvent) => void
  readonly logger: Logger
  /** What locking does beyond dropping the records key. */
  readonly lock: () => void
  /** What was held back while locked may go on now. */
  readonly onMayWork: () => void
  readonly keyChangeHelp: KeyChangeHelp
}

/** Every column whose values are sealed under the records key. */
export const sealedTargets: readonly RewrapTarget[] = [codeSecrets, sealedInputs(parkedPlace), ...secretTargets]

const noWindow = 'This run of the app has no window that could ask for a passkey.'

/** What opens the vault, what may go on while it is locked, and changes of its keys. */
export class VaultSecurityDesk {
  readonly stepUp: StepUpState
  readonly #parts: KeyParts
  readonly #database: Database
  readonly #keyChanges: KeyChanges
  readonly #keyStore: KeyStore
  #settings: VaultSettings

  constructor(parts: KeyParts) {
    const { session, database } = parts.vault
    this.#parts = parts
    this.#database = database
    this.#keyStore = parts.keyStore ?? noKeyStore('This run of the app has no window, and so no keychain.')
    this.#settings = readSettings(database.read)
    this.stepUp = createStepUp(session, () => parts.clock.now())
    this.#keyChanges = new KeyChanges({
      session,
      database,
      targets: sealedTargets,
      onProgress: (done, total) => parts.publish({ kind: 'vaultProgress', step: 'rotate', done, total }),
      logger: parts.logger,
      ...parts.keyChangeHelp,
    })
  }

  /**
   * Whether what is sent to providers may be sent now: always while unlocked, while locked as the owner has set it; never while the
   * answer could not be written down.
   */
  get maySend(): boolean {
    if (this.#database.isStill) return false
    return this.#settings.whileLocked === 'everything' || this.#parts.vault.session.state === 'unlocked'
  }

  /** When the vault locks, and what goes on then. */
  get locking(): VaultSettings {
    return this.#settings
  }

  /** Called once, with the vault open: notes what opened it, and carries on a change of keys that was cut off, now and at each unlocking. */
  start(): void {
    const { vault, clock, onMayWork } = this.#parts
    const { session } = vault
    this.#database.write((w) => noteFactorUse(w, session.openedWith(), clock.now()))
    session.onChange((state) => {
      if (state !== 'unlocked') return forgetGarbage()
      onMayWork()
      this.#carryOnKeyChange()
    })
    this.#carryOnKeyChange()
  }

  #carryOnKeyChange(): void {
    void this.#keyChanges.resume().then(() => this.#parts.publish({ kind: 'changed', topics: ['vault'] }))
  }

  /** Ends a change of keys where it can be carried on later. */
  stop(): Promise<void> {
    return this.#keyChanges.stop()
  }

  handlers() {
    const { vault, version, passkeyProblem, sealer, lock, onMayWork } = this.#parts
    const keyStore = this.#keyStore
    const { session, throttle, world } = vault
    return {
      ...vaultHandlers({ session, keyStore, world, version, lock }),
      ...factorHandlers({
        session,
        throttle,
        sealer,
        keyStore,
        passkeyProblem: passkeyProblem === undefined ? noWindow : passkeyProblem,
        stepUp: this.stepUp,
        keyChanges: this.#keyChanges,
        onSettings: (settings) => {
          this.#settings = settings
          onMayWork()
        },
      }),
    }
  }
}
