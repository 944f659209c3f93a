import { randomBytes } from 'node:crypto'
import type { SealedPlace } from '../ports/sealer'
import { type EnvelopeContext, envelopeOverhead, open, seal } from './envelope'
import { openRecord } from './sealer'
import type { RecordsKeys } from './vault.session'

/** Key of one version of a record. Wipe it after use. */
export interface RecordKey {
  /** @param schema what the plaintext is made of */
  seal(field: string, schema: string, value: Uint8Array): Buffer
  /** @throws EnvelopeError when the value was changed or stands in another field, version, record or vault */
  open(field: string, schema: string, sealed: Uint8Array): Buffer
  wipe(): void
}

/** Where a wrapped key belongs. */
export interface RecordVersion {
  readonly record: string
  readonly version: number
}

/**
 * Seals records version by version (promises V2, V3): each version has a fresh random key, wrapped under the records key; the key and
 * every field sealed with it are bound to vault, record, field, version and schema.
 */
export interface RecordCipher {
  /** A new key and its wrapped form, `wrappedKeyLength` bytes, to be stored with the version. */
  create(place: RecordVersion): { readonly key: RecordKey; readonly wrapped: Buffer }
  /** @throws EnvelopeError when it was changed or moved; VaultError while the vault is locked */
  unwrap(wrapped: Uint8Array, place: RecordVersion): RecordKey
}

const keyLength = 32

/** Bytes of a wrapped key. */
export const wrappedKeyLength = keyLength + envelopeOverhead

function recordKey(vault: string, key: Buffer, { record, version }: RecordVersion): RecordKey {
  const place = (field: string, schema: string): EnvelopeContext => ({ vault, record, field: `value:${field}`, version, schema })
  return {
    seal: (field, schema, value) => seal(key, value, place(field, schema)),
    open: (field, schema, sealed) => open(key, sealed, place(field, schema)),
    wipe: () => void key.fill(0),
  }
}

/** Where the wrapped key of a version stands, for a change of the records key. */
export function recordKeyPlace({ record, version }: RecordVersion): SealedPlace {
  return { record, field: 'key', version, schema: 'record-key/1' }
}

/** @param vaultId id of the vault that holds the database */
export function createRecordCipher(vaultId: string, keys: RecordsKeys): RecordCipher {
  return {
    create(place) {
      const key = randomBytes(keyLength)
      const wrapped = seal(keys.recordsKey(), key, { vault: vaultId, ...recordKeyPlace(place) })
      return { key: recordKey(vaultId, key, place), wrapped }
    },
    unwrap: (wrapped, place) =>
      recordKey(vaultId, openRecord(keys, wrapped, { vault: vaultId, ...recordKeyPlace(place) }), place),
  }
}
