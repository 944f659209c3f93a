import { randomBytes } from 'node:crypto'
import { AppError } from '../../../shared/errors'
import { type ReadDb, sql, type WriteDb } from '../db'
import { newId } from '../ports/ids'
import { type EnvelopeContext, EnvelopeError, envelopeOverhead, open, seal } from './envelope'

/** What may be shown of a secret without revealing it. */
export interface SecretInfo {
  readonly id: string
  readonly businessId: string | null
  readonly kind: string
  readonly label: string
  readonly version: number
  /** UTC epoch milliseconds. */
  readonly createdAt: number
  readonly updatedAt: number
}

export interface NewSecret {
  /** Null for a secret of the vault itself. */
  readonly businessId: string | null
  /** What it is for, e.g. 'stripe.secretKey'. */
  readonly kind: string
  /** For people; not secret. */
  readonly label: string
  readonly value: Uint8Array
}

interface Row {
  id: string
  businessId: string | null
  kind: string
  label: string
  version: number
  createdAt: number
  updatedAt: number
}

const keyLength = 32
const wrappedLength = keyLength + envelopeOverhead
const schema = 'secret/1'

const columns = sql`id, business_id AS businessId, kind, label, version, created_at AS createdAt, updated_at AS updatedAt`

/**
 * Secrets sealed one by one (promises V2, V3): each version has a fresh random key, sealed under the records key and followed by the
 * value sealed under it; both are bound to vault, id, field, version and schema.
 */
export interface SecretStore {
  put(w: WriteDb, secret: NewSecret): SecretInfo
  /** Replaces the value; the version rises by one. @throws AppError 'not_found' | 'conflict' when `version` is not the stored one */
  replace(w: WriteDb, id: string, change: { value: Uint8Array; version: number; label?: string }): SecretInfo
  /** The value itself. The caller audits the reveal and wipes the buffer. @throws AppError 'not_found'; EnvelopeError when it was tampered with */
  read(r: ReadDb, id: string): Buffer
  /** @throws AppError 'not_found' */
  info(r: ReadDb, id: string): SecretInfo
  /** The secrets of one business (null: of the vault), oldest first. */
  list(r: ReadDb, businessId: string | null): SecretInfo[]
  /** @throws AppError 'not_found' */
  remove(w: WriteDb, id: string): void
}

function place(vault: string, record: string, field: 'key' | 'value', version: number): EnvelopeContext {
  return { vault, record, field, version, schema }
}

function notFound(): AppError {
  return new AppError('not_found', 'There is no such secret. Nothing was changed.')
}

/**
 * @param vaultId id of the vault that holds the database
 * @param recordsKey gives the records key for one use; throws while the vault is locked
 * @param now UTC epoch milliseconds
 */
export function createSecretStore(vaultId: string, recordsKey: () => Uint8Array, now: () => number): SecretStore {
  const sealValue = (id: string, version: number, value: Uint8Array): Buffer => {
    const key = randomBytes(keyLength)
    try {
      return Buffer.concat([
        seal(recordsKey(), key, place(vaultId, id, 'key', version)),
        seal(key, value, place(vaultId, id, 'value', version)),
      ])
    } finally {
      key.fill(0)
    }
  }

  const info = (r: ReadDb, id: string): SecretInfo => {
    const row = r.get<Row>(sql`SELECT ${columns} FROM secret WHERE id = ${id}`)
    if (!row) throw notFound()
    return row
  }

  return {
    info,
    put(w, { businessId, kind, label, value }) {
      const at = now()
      const id = newId('sec', at)
      const sealed = sealValue(id, 1, value)
      w.run(sql`INSERT INTO secret (id, business_id, kind, label, version, sealed, created_at, updated_at)
        VALUES (${id}, ${businessId}, ${kind}, ${label}, ${1}, ${sealed}, ${at}, ${at})`)
      return info(w, id)
    },
    replace(w, id, { value, version, label }) {
      const current = info(w, id)
      if (current.version !== version) {
        throw new AppError('conflict', 'The secret was changed meanwhile. Nothing was changed now. Look at it again and repeat.')
      }
      const sealed = sealValue(id, version + 1, value)
      w.run(sql`UPDATE secret SET sealed = ${sealed}, version = ${version + 1}, label = ${label ?? current.label}, updated_at = ${now()}
        WHERE id = ${id}`)
      return info(w, id)
    },
    read(r, id) {
      const row = r.get<{ version: number; sealed: Buffer }>(sql`SELECT version, sealed FROM secret WHERE id = ${id}`)
      if (!row) throw notFound()
      if (row.sealed.length < wrappedLength) throw new EnvelopeError()
      const key = open(recordsKey(), row.sealed.subarray(0, wrappedLength), place(vaultId, id, 'key', row.version))
      try {
        return open(key, row.sealed.subarray(wrappedLength), place(vaultId, id, 'value', row.version))
      } finally {
        key.fill(0)
      }
    },
    list(r, businessId) {
      return r.all<Row>(sql`SELECT ${columns} FROM secret WHERE business_id IS ${businessId} ORDER BY id`)
    },
    remove(w, id) {
      if (w.run(sql`DELETE FROM secret WHERE id = ${id}`).changes === 0) throw notFound()
    },
  }
}
