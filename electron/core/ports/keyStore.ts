import { AppError } from '../../../shared/errors'

/** The operating system's keychain, as far as this machine has one that can be trusted with a key. */
export interface KeyStore {
  /** Whether it may hold keys; `problem` is a sentence for people. */
  available(): Promise<{ readonly ok: true } | { readonly ok: false; readonly problem: string }>
  /**
   * @param name of letters, digits, `.`, `-` and `_`
   * @returns what was kept under the name; null when nothing was, or when this is another machine or user than the one that kept it
   * @throws AppError 'unavailable' with the problem
   */
  get(name: string): Promise<Buffer | null>
  /** @throws AppError 'unavailable' with the problem; what was kept before is then still kept */
  set(name: string, value: Uint8Array): Promise<void>
  /** Forgets what was kept; nothing happens when nothing was. */
  delete(name: string): Promise<void>
}

/** A machine without a keychain that can be trusted: nothing is ever kept. @param problem a sentence for people */
export function noKeyStore(problem: string): KeyStore {
  return {
    available: async () => ({ ok: false, problem }),
    get: async () => null,
    set: async () => {
      throw new AppError('unavailable', `${problem} Nothing was kept.`)
    },
    delete: async () => undefined,
  }
}

/** A number in the keychain that only rises: an older copy of a whole folder is noticed against it (promise V4). */
export interface RisingCounter {
  /** @returns null where the keychain holds none, or cannot be used */
  read(): Promise<number | null>
  /** Raises it to `value`; a smaller one changes nothing. @returns false where the keychain cannot be used */
  raise(value: number): Promise<boolean>
}

/** @param name of the entry, one for each thing that is counted */
export function risingCounter(store: KeyStore, name: string): RisingCounter {
  /** One after the other, so that of two raises the larger stays. */
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
  const read = async (): Promise<number | null> => {
    if (!(await store.available()).ok) return null
    const kept = await store.get(name)
    const value = kept === null ? Number.NaN : Number(kept.toString('utf8'))
    return Number.isSafeInteger(value) && value >= 0 ? value : null
  }
  return {
    read: () => inTurn(read),
    raise: (value) =>
      inTurn(async () => {
        if (!(await store.available()).ok) return false
        if (value > ((await read()) ?? -1)) await store.set(name, Buffer.from(String(value), 'utf8'))
        return true
      }),
  }
}
