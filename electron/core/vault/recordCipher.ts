import { randomBytes } from 'node:crypto'
import { type EnvelopeContext, envelopeOverhead, open, seal } from './envelope'

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

function keyPlace(vault: string, { record, version }: RecordVersion): EnvelopeContext {
  return { vault, record, field: 'key', version, schema: 'record-key/1' }
}

function recordKey(vault: string, key: Buffer, { record, version }: RecordVersion): RecordKey {
  const place = (field: string, schema: string): EnvelopeContext => ({ vault, record, field: `value:${field}`, version, schema })
  return {
    seal: (field, schema, value) => seal(key, value, place(field, schema)),
    open: (field, schema, sealed) => open(key, sealed, place(field, schema)),
    wipe: () => void key.fill(0),
  }
}

/**
 * @param vaultId id of the vault that holds the database
 * @param recordsKey gives the records key for one use; throws while the vault is locked
 */
export function createRecordCipher(vaultId: string, recordsKey: () => Uint8Array): RecordCipher {
  return {
    create(place) {
      const key = randomBytes(keyLength)
      return { key: recordKey(vaultId, key, place), wrapped: seal(recordsKey(), key, keyPlace(vaultId, place)) }
    },
    unwrap: (wrapped, place) => recordKey(vaultId, open(recordsKey(), wrapped, keyPlace(vaultId, place)), place),
  }
}

/**
 * Wraps the key of a record version anew, for a change of the records key; what is sealed with it stays as it is.
 * @throws EnvelopeError when it does not open under `from`
 */
export function rewrapRecordKey(
  vaultId: string,
  wrapped: Uint8Array,
  place: RecordVersion,
  keys: { readonly from: Uint8Array; readonly to: Uint8Array },
): Buffer {
  const key = open(keys.from, wrapped, keyPlace(vaultId, place))
  try {
    return seal(keys.to, key, keyPlace(vaultId, place))
  } finally {
    key.fill(0)
  }
}
