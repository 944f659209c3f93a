import { readFileSync, rmSync } from 'node:fs'
import type { SafeStorage } from 'electron'
import { z } from 'zod'
import { AppError } from '../../../shared/errors'
import { writeDurably } from '../../core/db/index'
import type { KeyStore } from '../../core/ports/keyStore'

/** What is used of Electron's `safeStorage`; the backend is named on Linux alone. */
export type Safe = Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'> &
  Partial<Pick<SafeStorage, 'getSelectedStorageBackend'>>

export interface KeychainOptions {
  readonly safe: Safe
  /** Where the encrypted values lie, outside any data folder: the operating system keeps the key that opens them, not the values. */
  readonly file: string
  readonly platform: NodeJS.Platform
}

const names = z.string().regex(/^[A-Za-z0-9._-]{1,100}$/)
const stored = z.record(names, z.base64())
type Stored = z.infer<typeof stored>

const problems = {
  basic:
    'This desktop offers no keychain (GNOME Keyring or KWallet), only a file that any program can read, so the keychain cannot open the vault here.',
  unknown: 'Which keychain this desktop offers could not be found out, so the keychain cannot open the vault here.',
  unavailable: 'The keychain of this machine cannot be used now: it is locked, or this program may not use it.',
} as const

/**
 * The operating system's keychain through Electron's `safeStorage`. Where it would encrypt with a key that every program knows
 * (`basic_text`), or where the backend is unknown, nothing is ever kept (promise E7). What another user or machine encrypted does not
 * decrypt here, so copied files open nothing.
 */
export function createKeychain({ safe, file, platform }: KeychainOptions): KeyStore {
  const problem = async (): Promise<string | null> => {
    if (platform === 'linux') {
      const backend = safe.getSelectedStorageBackend?.() ?? 'unknown'
      if (backend === 'basic_text') return problems.basic
      if (backend === 'unknown') return problems.unknown
    }
    return (await safe.isAsyncEncryptionAvailable()) ? null : problems.unavailable
  }
  const refuse = async (): Promise<void> => {
    const found = await problem()
    if (found !== null) throw new AppError('unavailable', `${found} Nothing was done.`)
  }
  const write = (values: Stored) => writeDurably(file, Buffer.from(`${JSON.stringify(values)}\n`))

  const keep = async (name: string, value: string): Promise<void> => {
    const encrypted = (await safe.encryptStringAsync(value)).toString('base64')
    write({ ...read(file), [names.parse(name)]: encrypted })
  }

  return {
    async available() {
      const found = await problem()
      return found === null ? { ok: true } : { ok: false, problem: found }
    },
    async get(name) {
      await refuse()
      const encrypted = read(file)[name]
      if (encrypted === undefined) return null
      try {
        const { result, shouldReEncrypt } = await safe.decryptStringAsync(Buffer.from(encrypted, 'base64'))
        if (shouldReEncrypt) await keep(name, result)
        return Buffer.from(result, 'base64')
      } catch {
        return null
      }
    },
    async set(name, value) {
      await refuse()
      await keep(name, Buffer.from(value).toString('base64'))
    },
    async delete(name) {
      const { [name]: gone, ...others } = read(file)
      if (gone === undefined) return
      if (Object.keys(others).length === 0) rmSync(file, { force: true })
      else write(others)
    },
  }
}

/** Unreadable contents count as none: what was kept is then lost, and the passphrase still opens the vault. */
function read(file: string): Stored {
  try {
    return stored.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return {}
  }
}
