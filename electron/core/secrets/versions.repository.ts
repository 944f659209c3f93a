import type { FieldType, SecretVersion } from '../../../shared/contract/secrets'
import { type ReadDb, sql, type WriteDb } from '../db'
import type { ActorName } from '../dispatch/actor'

export interface SealedField {
  readonly name: string
  readonly type: FieldType
  readonly sealed: Buffer
}

export interface NewVersion {
  readonly secretId: string
  readonly version: number
  readonly at: number
  readonly actor: string
  readonly title: string
  /** Names of the fields that differ from the version before. */
  readonly changed: readonly string[]
  readonly sealedKey: Uint8Array
  readonly fields: readonly { readonly name: string; readonly type: FieldType; readonly sealed: Uint8Array }[]
}

/** Runs for each item of an import of thousands, hence without the cost of the `sql` tag. */
export function insertVersion(w: WriteDb, { secretId, version, at, actor, title, changed, sealedKey, fields }: NewVersion): void {
  w.prepare(
    'INSERT INTO secret_version (secret_id, version, at, actor, title, changed, sealed_key) VALUES (?, ?, ?, ?, ?, ?, ?)',
  ).run(secretId, version, at, actor, title, JSON.stringify(changed), sealedKey)
  const insertField = w.prepare(
    'INSERT INTO secret_field (secret_id, version, name, position, type, sealed) VALUES (?, ?, ?, ?, ?, ?)',
  )
  fields.forEach(({ name, type, sealed }, position) => {
    insertField.run(secretId, version, name, position, type, sealed)
  })
}

export function sealedKeyOf(r: ReadDb, secretId: string, version: number): Buffer | undefined {
  return r.get<{ sealed: Buffer }>(
    sql`SELECT sealed_key AS sealed FROM secret_version WHERE secret_id = ${secretId} AND version = ${version}`,
  )?.sealed
}

/** The fields of a version in their order. */
export function sealedFieldsOf(r: ReadDb, secretId: string, version: number): SealedField[] {
  return r.all<SealedField>(
    sql`SELECT name, type, sealed FROM secret_field WHERE secret_id = ${secretId} AND version = ${version} ORDER BY position`,
  )
}

/** Versions at or below one, newest first. */
export function versionsUpTo(r: ReadDb, secretId: string, version: number, limit: number): SecretVersion[] {
  return r
    .all<Omit<SecretVersion, 'changed'> & { changed: string }>(
      sql`SELECT version, at, actor, title, changed FROM secret_version WHERE secret_id = ${secretId} AND version <= ${version}
        ORDER BY version DESC LIMIT ${limit}`,
    )
    .map((row) => ({ ...row, changed: JSON.parse(row.changed) as string[] }))
}

/** Who made a version, or put it in force after a rotation. */
export function authorOf(r: ReadDb, secretId: string, version: number): ActorName | undefined {
  return r.get<{ actor: ActorName }>(sql`SELECT actor FROM secret_version WHERE secret_id = ${secretId} AND version = ${version}`)
    ?.actor
}

/** Says who made a waiting version the one in use, and when. */
export function stampVersion(w: WriteDb, secretId: string, version: number, by: { at: number; actor: string }): void {
  w.run(sql`UPDATE secret_version SET at = ${by.at}, actor = ${by.actor} WHERE secret_id = ${secretId} AND version = ${version}`)
}

/** Removes the versions above one: those that waited in a rotation. */
export function dropVersionsAbove(w: WriteDb, secretId: string, version: number): void {
  w.run(sql`DELETE FROM secret_field WHERE secret_id = ${secretId} AND version > ${version}`)
  w.run(sql`DELETE FROM secret_version WHERE secret_id = ${secretId} AND version > ${version}`)
}

/** Removes every version of an item whose head was blanked. */
export function dropVersions(w: WriteDb, secretId: string): void {
  dropVersionsAbove(w, secretId, 0)
}

export interface WrappedKey {
  readonly record: string
  readonly version: number
  readonly wrapped: Uint8Array
}

/** Wrapped keys of versions in order of record and version, after one of them. */
export function wrappedKeys(r: ReadDb, after: Omit<WrappedKey, 'wrapped'> | null, limit: number): WrappedKey[] {
  return r.all<WrappedKey>(sql`SELECT secret_id AS record, version, sealed_key AS wrapped FROM secret_version
    WHERE (secret_id, version) > (${after?.record ?? ''}, ${after?.version ?? 0}) ORDER BY secret_id, version LIMIT ${limit}`)
}

export function replaceWrappedKey(w: WriteDb, { record, version, wrapped }: WrappedKey): void {
  w.prepare('UPDATE secret_version SET sealed_key = ? WHERE secret_id = ? AND version = ?').run(wrapped, record, version)
}
