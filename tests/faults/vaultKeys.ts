import { readHeader } from '../../electron/core/vault/header'
import { deriveKey, unlockVault } from '../../electron/core/vault/index'
import { openMaster } from '../../electron/core/vault/proof'
import { passphrase } from './app'
import { asKey, asText, type Patterns } from './memorySearch'

/** What opens a vault and what it opens, worked out here, in another process than those that are searched. */
export interface VaultKeyPatterns {
  /** What a lock takes away: the master key, what opens secrets, and the passphrase. */
  readonly unlocked: Patterns
  /** What the core keeps while locked and loses when the vault is closed. */
  readonly core: Patterns
}

/** @param dataDir holds a vault that opens with the passphrase of these tests */
export async function keysOf(dataDir: string): Promise<VaultKeyPatterns> {
  const keys = await unlockVault(dataDir, { passphrase })
  const header = readHeader(dataDir)
  const { master } = await openMaster(header, { passphrase })
  const [{ kdf }] = header.wraps
  return {
    unlocked: new Map([
      ['the key of the passphrase', asKey(await deriveKey(passphrase, Buffer.from(kdf.salt, 'base64'), kdf))],
      ['the master key', asKey(master)],
      ['the records key', asKey(keys.records)],
      ['the key of the header', asKey(keys.headerTag)],
      ['the passphrase', [...asText(passphrase), ...asText(passphrase.slice(passphrase.length / 2))]],
    ]),
    core: new Map([
      ['the database key', asKey(keys.database)],
      ['the audit key', asKey(keys.audit)],
      ['the key of tokens', asKey(keys.tokens)],
      ['the key of digests', asKey(keys.digests)],
    ]),
  }
}
