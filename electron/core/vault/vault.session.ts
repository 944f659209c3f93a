import type { Exchange } from '../db'
import { addFactor, confirmKit, readFactors, removeFactor, verifyPassphrase, type WrapInfo } from './factors'
import { beginKeyChange, finishKeyChange, isKeyChangeOpen } from './keyChange'
import { parseKitCode } from './kitCode'
import type { Proof, RandomProof } from './proof'
import type { Throttle } from './throttle'
import {
  type CoreKeys,
  changePassphrase,
  checkPassphrase,
  readVaultInfo,
  type UnlockedKeys,
  unlockVault,
  type VaultKeys,
  wipe,
} from './vault'
import { VaultError } from './vaultError'

/**
 * - `sealed`: no key is in memory.
 * - `locked`: the core keeps what schedules, outbox and audit need (`CoreKeys`); the records key is gone.
 * - `unlocked`: the records key is there too.
 */
export type VaultState = 'sealed' | 'locked' | 'unlocked'

/** The keys of sealed records, asked for at each use. */
export interface RecordsKeys {
  /** The key to seal with, for the instant of use; never keep it. @throws VaultError 'sealed' | 'locked' */
  recordsKey(): Buffer
  /** While the keys are being changed, the key under which some values still are; else null. @throws VaultError 'sealed' | 'locked' */
  previousRecordsKey(): Buffer | null
}

export interface Session extends RecordsKeys {
  readonly state: VaultState
  /** Id of the wrap that opened the vault last. @throws VaultError 'sealed' before */
  openedWith(): string
  /** The keys that stay while locked: the database goes on being written and audited, tokens checked. @throws VaultError 'sealed' */
  coreKeys(): CoreKeys
  /**
   * Opens the vault, counted at a door (`window`, `api`, ...). A `lock` or `seal` called meanwhile wins.
   * @throws AppError 'rate_limited'; 'invalid_input' for a mistyped kit code, which is not counted; VaultError as `unlockVault`
   */
  unlock(proof: Proof, door: string): Promise<void>
  /**
   * Changes the passphrase; the current one is asked for again and counted at the door as an unlocking is.
   * @throws AppError 'rate_limited'; VaultError as `changePassphrase`
   */
  changePassphrase(current: string | { readonly kitCode: string }, next: string, door: string): Promise<void>
  /** @throws AppError 'rate_limited'; VaultError as `unlockVault` when this is not the passphrase */
  verifyPassphrase(passphrase: string, door: string): Promise<void>
  /** What opens the vault. @throws VaultError 'locked' | 'sealed'; as `readFactors` */
  factors(): ReturnType<typeof readFactors>
  /** Lets something more open the vault; the passphrase is counted at the door. @throws as `changePassphrase`; VaultError as `addFactor` */
  addFactor(passphrase: string, proof: RandomProof, made: { label: string; now: number }, door: string): Promise<WrapInfo>
  /** Takes ways of opening away. @throws VaultError 'locked' | 'sealed'; as `readFactors` */
  removeFactor(which: (wrap: WrapInfo) => boolean): Promise<WrapInfo | null>
  /** Tries a kit, counted at the door. @returns null when it is not the kit in force; @throws AppError 'rate_limited'; as `confirmKit` */
  confirmKit(kitCode: string, now: number, door: string): Promise<WrapInfo | null>
  /** Begins a change of keys; `finishKeyChange` ends it. @throws AppError 'rate_limited'; VaultError as `beginKeyChange` */
  beginKeyChange(passphrase: string, now: number, door: string): Promise<void>
  /** The key that the database file is to get, while the keys are being changed; else null. @throws VaultError 'sealed' | 'locked' */
  nextDatabaseKey(): Buffer | null
  /**
   * Ends a change of keys: the database gets its new key, and the old ones are forgotten, in the header and here, all at once.
   * @param exchange as `Database.still` hands it out, with the copy ready
   * @throws VaultError 'locked' | 'sealed'; as `readFactors` and `exchange`; nothing was done then
   */
  finishKeyChange(exchange: (how: Exchange) => void): Promise<void>
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
 * unlocking itself, so while locked the records cannot be read again without a proof.
 */
export function createSession(dir: string, throttle: Throttle): Session {
  let state: VaultState = 'sealed'
  let openedWith: string | null = null
  let core: CoreKeys | null = null
  let unlocked: UnlockedKeys | null = null
  /** Rises with every lock and seal, so that an unlocking that began before one of them does not undo it. */
  let locks = 0
  /** The last change of the header: each reads what the one before wrote. */
  let headerWork: Promise<unknown> = Promise.resolve()
  const listeners = new Set<(state: VaultState) => void>()

  const change = (next: VaultState) => {
    if (state === next) return
    state = next
    for (const listener of listeners) listener(next)
  }

  const forgetUnlocked = () => {
    unlocked?.records.fill(0)
    unlocked?.previousRecords?.fill(0)
    unlocked?.nextDatabase?.fill(0)
    unlocked?.headerTag.fill(0)
    unlocked = null
  }

  const adopt = (opened: VaultKeys) => {
    if (core && core.vaultId !== opened.vaultId) {
      wipe(opened)
      throw new VaultError(
        'damaged',
        'The vault header now belongs to another vault. Nothing was changed. Restart Countinghouse.',
      )
    }
    const { records, previousRecords, nextDatabase, headerTag, openedWith: wrapId, ...openedCore } = opened
    if (core) wipe(openedCore)
    else core = openedCore
    forgetUnlocked()
    unlocked = { records, previousRecords, nextDatabase, headerTag }
    openedWith = wrapId
    change('unlocked')
  }

  /** A `lock` or `seal` that came while keys were being worked out wins over them. */
  const adoptUnlessLocked = (opened: VaultKeys, before: number) => {
    if (locks !== before) {
      wipe(opened)
      throw new VaultError(core ? 'locked' : 'sealed')
    }
    adopt(opened)
  }

  const unlockedKeys = (): UnlockedKeys => {
    if (!unlocked) throw new VaultError(core ? 'locked' : 'sealed')
    return unlocked
  }

  /** An attempt counts from its beginning. A missing or damaged header is no wrong guess. */
  const counted = async <T>(
    door: string,
    attempt: () => Promise<T>,
    isRight: (result: T) => boolean = () => true,
  ): Promise<T> => {
    readVaultInfo(dir)
    throttle.attempt(door)
    const result = await attempt()
    if (isRight(result)) throttle.succeeded(door)
    return result
  }

  const changingHeader = <T>(work: () => Promise<T>): Promise<T> => {
    const done = headerWork.then(work)
    headerWork = done.then(
      () => undefined,
      () => undefined,
    )
    return done
  }

  return {
    get state() {
      return state
    },
    openedWith() {
      if (openedWith === null) throw new VaultError('sealed')
      return openedWith
    },
    coreKeys() {
      if (!core) throw new VaultError('sealed')
      return core
    },
    recordsKey: () => unlockedKeys().records,
    previousRecordsKey: () => unlockedKeys().previousRecords,
    nextDatabaseKey: () => unlockedKeys().nextDatabase,
    async unlock(proof, door) {
      if ('kitCode' in proof) parseKitCode(proof.kitCode).fill(0)
      const before = locks
      const opened = await counted(door, () => changingHeader(() => unlockVault(dir, proof)))
      adoptUnlessLocked(opened, before)
    },
    async changePassphrase(current, next, door) {
      checkPassphrase(next)
      await counted(door, () => changingHeader(() => changePassphrase(dir, current, next)))
    },
    verifyPassphrase: (passphrase, door) => counted(door, () => verifyPassphrase(dir, passphrase)),
    factors: () => readFactors(dir, unlockedKeys().headerTag),
    addFactor: (passphrase, proof, made, door) =>
      counted(door, () => changingHeader(() => addFactor(dir, passphrase, proof, made))),
    removeFactor: (which) => changingHeader(async () => removeFactor(dir, unlockedKeys().headerTag, which)),
    async confirmKit(kitCode, now, door) {
      parseKitCode(kitCode).fill(0)
      const attempt = () => changingHeader(() => confirmKit(dir, kitCode, now))
      return counted(door, attempt, (kit) => kit !== null)
    },
    async beginKeyChange(passphrase, now, door) {
      const before = locks
      const opened = await counted(door, () => changingHeader(() => beginKeyChange(dir, passphrase, { now })))
      adoptUnlessLocked(opened, before)
    },
    finishKeyChange: (exchange) =>
      changingHeader(async () => {
        const keys = unlockedKeys()
        const { nextDatabase, headerTag } = keys
        if (core === null || nextDatabase === null) throw new Error('No change of keys is under way')
        exchange({
          key: core.database,
          newKey: nextDatabase,
          commit: () => finishKeyChange(dir, headerTag),
          isCommitted: () => !isKeyChangeOpen(dir),
        })
        core.database.fill(0)
        core = { ...core, database: nextDatabase }
        keys.previousRecords?.fill(0)
        unlocked = { ...keys, previousRecords: null, nextDatabase: null }
      }),
    adopt,
    lock() {
      locks++
      forgetUnlocked()
      if (core) change('locked')
    },
    seal() {
      locks++
      forgetUnlocked()
      if (core) wipe(core)
      core = null
      change('sealed')
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
