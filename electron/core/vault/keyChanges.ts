import type { Database } from '../db'
import type { Logger } from '../ports/logger'
import type { RewrapTarget } from '../ports/rewrap'
import { type Rewrapped, rewrapAll } from './rewrap'
import type { Session } from './vault.session'
import { VaultError } from './vaultError'

export interface KeyChangesDeps {
  readonly session: Session
  readonly database: Database
  /** Every column whose values are sealed under the records key. */
  readonly targets: readonly RewrapTarget[]
  readonly onProgress: (done: number, total: number) => void
  readonly logger: Logger
}

/**
 * Changes of the vault's keys (promise V13), one at a time. One that was cut off, by a lock or a crash, is carried on at the next
 * unlocking; until then the values open under whichever key they stand.
 */
export class KeyChanges {
  readonly #deps: KeyChangesDeps
  #last: Promise<unknown> = Promise.resolve()

  constructor(deps: KeyChangesDeps) {
    this.#deps = deps
  }

  /**
   * Makes a new master key and a new records key, and seals every value anew.
   * @param door the passphrase is counted at
   * @throws AppError 'rate_limited'; VaultError as `beginKeyChange`, 'locked' when the vault is locked meanwhile: it is then carried on
   *   at the next unlocking
   */
  change(passphrase: string, now: number, door: string): Promise<Rewrapped> {
    return this.#inTurn(async () => {
      const { session } = this.#deps
      if (session.previousRecordsKey() !== null) await this.#carryOn()
      await session.beginKeyChange(passphrase, now, door)
      return this.#carryOn()
    })
  }

  /** Carries on what was cut off; nothing happens when nothing was. Never rejects: what fails is tried again at the next unlocking. */
  resume(): Promise<void> {
    return this.#inTurn(async () => {
      const { session, logger } = this.#deps
      try {
        if (session.state === 'unlocked' && session.previousRecordsKey() !== null) await this.#carryOn()
      } catch (error) {
        if (error instanceof VaultError && error.kind === 'locked') return
        logger.error({ err: error }, 'a change of keys could not be carried on; it is tried again at the next unlocking')
      }
    })
  }

  async #carryOn(): Promise<Rewrapped> {
    const { session, database, targets, onProgress, logger } = this.#deps
    const { vaultId } = session.coreKeys()
    const done = await rewrapAll({ database, vaultId, keys: session, targets, onProgress })
    await session.finishKeyChange()
    if (done.unreadable > 0)
      logger.warn({ values: done.unreadable }, 'some sealed values were damaged before the keys were changed')
    return done
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => undefined)
    return done
  }
}
