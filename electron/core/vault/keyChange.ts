import { randomBytes } from 'node:crypto'
import type { DurableStep } from '../db'
import { authenticHeader } from './factors'
import { authenticate, readHeader, tagKeyOf, writeHeader } from './header'
import { openMaster, wrapUnderPassphrase } from './proof'
import { openKeys, sealKeys, type VaultKeys, wipe } from './vault'
import { VaultError } from './vaultError'

const keyLength = 32

/**
 * Begins a change of keys (promise V13): a new master key, a new records key and a new key of the database file stand in the header
 * after one write, the old records key beside them until every value is sealed under the new one, the old database key until the file is
 * exchanged. After a power cut at any instant the vault opens with the passphrase, before or after that write. The keys of audit, tokens
 * and digests keep their values and are wrapped anew; the passphrase is the only wrap that stays, since the others' secrets are not here
 * to wrap the new master key.
 * @returns the keys as they are from now on
 * @throws VaultError as `unlockVault`; 'keys-changing' while an earlier change is not through
 */
export async function beginKeyChange(
  dir: string,
  passphrase: string,
  { now, reached }: { now: number; reached?: (step: DurableStep) => void },
): Promise<VaultKeys> {
  const header = readHeader(dir)
  if (header.keys.previousRecords !== undefined) throw new VaultError('keys-changing')
  const [wrap] = header.wraps
  const { master } = await openMaster(header, { passphrase })
  const old = openKeys(header, master, wrap.id)
  master.fill(0)
  const fresh = randomBytes(keyLength)
  const keys: VaultKeys = {
    ...old,
    nextDatabase: randomBytes(keyLength),
    records: randomBytes(keyLength),
    previousRecords: old.records,
    headerTag: tagKeyOf(fresh),
  }
  old.headerTag.fill(0)
  try {
    const renewed = await wrapUnderPassphrase(header.vaultId, fresh, passphrase, wrap.kdf, wrap)
    const sealed = sealKeys(header.vaultId, fresh, keys)
    writeHeader(dir, authenticate({ ...header, keysChangedAt: now, wraps: [renewed], keys: sealed }, keys.headerTag), reached)
    return keys
  } catch (error) {
    wipe(keys)
    throw error
  } finally {
    fresh.fill(0)
  }
}

/**
 * Ends a change of keys once every value is sealed under the new records key and the copy of the database under its new key stands ready
 * (`nextFileOf`): the old keys leave the header, and the new database key is the one that counts.
 * @throws VaultError as `readFactors`
 */
export function finishKeyChange(dir: string, tagKey: Uint8Array, reached?: (step: DurableStep) => void): void {
  const header = authenticHeader(dir, tagKey)
  const { previousRecords: _, previousDatabase: __, ...keys } = header.keys
  writeHeader(dir, authenticate({ ...header, keys }, tagKey), reached)
}

/** Whether a change of keys is begun and not ended. @throws VaultError as `readHeader` */
export function isKeyChangeOpen(dir: string): boolean {
  return readHeader(dir).keys.previousRecords !== undefined
}
