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
