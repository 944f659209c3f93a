import { AppError } from '../../../shared/errors'
import { checkFreeSpace, type Database, DatabaseError, dropMigrationCopies, nextFileOf } from '../db'
import type { Logger } from '../ports/logger'
import type { RewrapTarget } from '../ports/rewrap'
import { type Rewrapped, rewrapAll } from './rewrap'
import type { Session } from './vault.session'
import { VaultError } from './vaultError'

/** What a change of keys needs of the rest of the app. */
export interface KeyChangeHelp {
  /** Makes a backup and checks it. @returns its id; @throws AppError when there is no sound one afterwards */
  readonly backUp: () => Promise<string>
  /** Runs `work` once no command is under way and no backup reads the database; both wait until it ends. The signal ends the waiting. */
  readonly alone: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>
  /** Asks the schedule of backups for one. It waits until this is through and is then made under the new keys. */
  readonly askForBackup: () => void
  /** Copies the database under another key to `target` and checks the copy, while nobody writes. @throws AppError; no copy is there then */
  readonly copyUnderKey: (key: Uint8Array, target: string) => Promise<void>
}

export interface KeyChangesDeps extends KeyChangeHelp {
  readonly session: Session
  readonly database: Database
  /** Every column whose values are sealed under the records key. */
  readonly targets: readonly RewrapTarget[]
  readonly onProgress: (done: number, total: number) => void
  readonly logger: Logger
  /** Free bytes on the disk of a folder; asked before a change is begun. */
  readonly freeBytes?: (dir: string) => number
}

/** What a change of keys did. */
export interface KeysChanged extends Rewrapped {
  /** Id of the backup that was made before. */
  readonly backupId: string
}

const closing = 'The app is closing. The change of keys goes on at the next unlocking.'

/**
 * Changes of the vault's keys (promise V13), one at a time. One that was cut off, by a lock, a full disk or a crash, is carried on at the
 * next unlocking; until then the values open under whichever key they stand, and the database under the one that it has.
 */
export class KeyChanges {
  readonly #deps: KeyChangesDeps
  readonly #abort = new AbortController()
  #last: Promise<unknown> = Promise.resolve()

  constructor(deps: KeyChangesDeps) {
    this.#deps = deps
  }

  /**
   * Makes a backup, then a new master key, a new records key and a new database key; seals every value anew and exchanges the database
   * for a copy under its new key.
   * @param door the passphrase is counted at
   * @throws AppError 'rate_limited', or what kept the backup from being made; DatabaseError 'no-space'; nothing was changed then.
   *   VaultError as `beginKeyChange`; 'locked' when the vault is locked meanwhile, 'database-key-waits' when the database could not be
   *   exchanged: it is then carried on at the next unlocking
   */
  change(passphrase: string, now: number, door: string): Promise<KeysChanged> {
    return this.#inTurn(async () => {
      const { session, database, backUp, freeBytes } = this.#deps
      await session.verifyPassphrase(passphrase, door)
      if (session.previousRecordsKey() !== null) await this.#carryOn()
      const backupId = await backUp()
      checkFreeSpace(database.file, freeBytes)
      await session.beginKeyChange(passphrase, now, door)
      return { ...(await this.#carryOn()), backupId }
    })
  }

  /** Carries on what was cut off; nothing happens when nothing was. Never rejects: what fails is tried again at the next unlocking. */
  async resume(): Promise<void> {
    const { session, logger } = this.#deps
    try {
      await this.#inTurn(async () => {
        if (session.state === 'unlocked' && session.previousRecordsKey() !== null) await this.#carryOn()
      })
    } catch (error) {
      if (this.#abort.signal.aborted || (error instanceof VaultError && error.kind === 'locked')) return
      logger.error({ err: error }, 'a change of keys could not be carried on; it is tried again at the next unlocking')
    }
  }

  /** Ends what is under way where it can be carried on later. Called when the app closes. */
  async stop(): Promise<void> {
    this.#abort.abort(new AppError('unavailable', closing))
    await this.#last
  }

  async #carryOn(): Promise<Rewrapped> {
    const { session, database, targets, onProgress, logger } = this.#deps
    const { vaultId } = session.coreKeys()
    const { signal } = this.#abort
    const done = await rewrapAll({ database, vaultId, keys: session, targets, signal, onProgress })
    await this.#exchangeDatabase()
    if (done.unreadable > 0)
      logger.warn({ values: done.unreadable }, 'some sealed values were damaged before the keys were changed')
    return done
  }

  /** The copy is made while nobody writes, so that it is the whole database; it takes seconds for a large one. */
  async #exchangeDatabase(): Promise<void> {
    const { session, database, alone, askForBackup, copyUnderKey, logger } = this.#deps
    const { signal } = this.#abort
    const exchangeAtOnce = () => {
      // Before the copy is made, so that it holds the asking: no backup opens with the new keys until there is one.
      askForBackup()
      return database.still(async (exchange) => {
        const key = session.nextDatabaseKey()
        if (key === null) throw new Error('No change of keys is under way')
        await copyUnderKey(key, nextFileOf(database.file))
        await session.finishKeyChange(exchange)
      })
    }
    try {
      await alone(exchangeAtOnce, signal)
    } catch (error) {
      if (signal.aborted || !waits(error)) throw error
      logger.warn({ err: error }, 'the database could not get its new key')
      const { kind, message } = new VaultError('database-key-waits')
      throw new VaultError(kind, `${message} The reason: ${error.message}`)
    }
    try {
      dropMigrationCopies(database.file)
    } catch (error) {
      logger.warn({ err: error }, 'copies made before migrations, which nobody can open now, could not be removed')
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(() => {
      this.#abort.signal.throwIfAborted()
      return work()
    })
    this.#last = done.catch(() => undefined)
    return done
  }
}

/** Whether a failure leaves the database as it was, to be tried again: not a lock, nor a file that only the next opening puts in place. */
function waits(error: unknown): error is AppError {
  if (error instanceof DatabaseError && error.kind === 'not-in-place') return false
  return error instanceof AppError && !(error instanceof VaultError)
}
