import type { Throttle } from './throttle'
import { type CoreKeys, changePassphrase, checkPassphrase, readVaultInfo, unlockVault, type VaultKeys, wipe } from './vault'
import { VaultError } from './vaultError'

/**
 * - `sealed`: no key is in memory.
 * - `locked`: the core keeps what schedules, outbox and audit need (`CoreKeys`); the records key is gone.
 * - `unlocked`: the records key is there too.
 */
export type VaultState = 'sealed' | 'locked' | 'unlocked'

export interface Session {
  readonly state: VaultState
  /** The keys that stay while locked: the database goes on being written and audited, tokens checked. @throws VaultError 'sealed' */
  coreKeys(): CoreKeys
  /** The records key, for the instant of use; never keep it. @throws VaultError 'sealed' | 'locked' */
  recordsKey(): Buffer
  /**
   * Opens the vault with its passphrase, counted at a door (`window`, `api`, ...).
   * A `lock` or `seal` called meanwhile wins.
   * @throws AppError 'rate_limited'; VaultError as `unlockVault`
   */
  unlock(passphrase: string, door: string): Promise<void>
  /**
   * Changes the passphrase; the current one is asked for again and counted at the door as an unlocking is.
   * @throws AppError 'rate_limited'; VaultError as `changePassphrase`
   */
  changePassphrase(current: string, next: string, door: string): Promise<void>
  /** Takes over the keys of a vault just created. */
  adopt(keys: VaultKeys): void
  /** Zeroes the records key. Nothing happens when it is already gone. */
  lock(): void
  /** Zeroes every key. */
  seal(): void
  /** Called after each change of state, until the returned function is called. */
  onChange(listener: (state: VaultState) => void): () => void
}

/**
 * Holds the keys of one vault folder in the core's process. The passphrase key and the master key never live longer than the
 * unlocking itself, so while locked the records cannot be read again without the passphrase.
 */
export function createSession(dir: string, throttle: Throttle): Session {
  let state: VaultState = 'sealed'
  let core: CoreKeys | null = null
  let records: Buffer | null = null
  /** Rises with every lock and seal, so that an unlocking that began before one of them does not undo it. */
  let locks = 0
  const listeners = new Set<(state: VaultState) => void>()

  const change = (next: VaultState) => {
    if (state === next) return
    state = next
    for (const listener of listeners) listener(next)
  }

  const adopt = (opened: VaultKeys) => {
    if (core && core.vaultId !== opened.vaultId) {
      wipe(opened)
      throw new VaultError(
        'damaged',
        'The vault header now belongs to another vault. Nothing was changed. Restart Countinghouse.',
      )
    }
    const { records: openedRecords, ...openedCore } = opened
    if (core) wipe(openedCore)
    else core = openedCore
    records?.fill(0)
    records = openedRecords
    change('unlocked')
  }

  return {
    get state() {
      return state
    },
    coreKeys() {
      if (!core) throw new VaultError('sealed')
      return core
    },
    recordsKey() {
      if (!records) throw new VaultError(core ? 'locked' : 'sealed')
      return records
    },
    async unlock(passphrase, door) {
      readVaultInfo(dir)
      throttle.attempt(door)
      const before = locks
      const opened = await unlockVault(dir, passphrase)
      throttle.succeeded(door)
      if (locks !== before) {
        wipe(opened)
        throw new VaultError(core ? 'locked' : 'sealed')
      }
      adopt(opened)
    },
    async changePassphrase(current, next, door) {
      readVaultInfo(dir)
      checkPassphrase(next)
      throttle.attempt(door)
      await changePassphrase(dir, current, next)
      throttle.succeeded(door)
    },
    adopt,
    lock() {
      locks++
      records?.fill(0)
      records = null
      if (core) change('locked')
    },
    seal() {
      locks++
      records?.fill(0)
      if (core) wipe(core)
      records = null
      core = null
      change('sealed')
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
