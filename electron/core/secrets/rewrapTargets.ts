import { type ReadDb, sql } from '../db'
import type { RewrapTarget, SealedRow } from '../ports/rewrap'
import { recordKeyPlace } from '../vault/index'
import { replaceAttachmentKey, wrappedAttachmentKeys } from './attachments.repository'
import { replaceWrappedKey, type WrappedKey, wrappedKeys } from './versions.repository'

function sealedRow({ record, version, wrapped }: WrappedKey): SealedRow {
  return { cursor: `${record} ${version}`, sealed: wrapped, place: recordKeyPlace({ record, version }) }
}

function placeOf(cursor: string): { record: string; version: number } {
  const [record = '', version] = cursor.split(' ')
  return { record, version: Number(version) }
}

function count(r: ReadDb, query: ReturnType<typeof sql>): number {
  return r.get<{ n: number }>(query)?.n ?? 0
}

/** The keys of every version of every item. */
export const secretKeys: RewrapTarget = {
  count: (r) => count(r, sql`SELECT count(*) AS n FROM secret_version`),
  next: (r, after, limit) => wrappedKeys(r, after === null ? null : placeOf(after), limit).map(sealedRow),
  replace: (w, cursor, sealed) => replaceWrappedKey(w, { ...placeOf(cursor), wrapped: sealed }),
}

/** The keys of every file. */
export const attachmentKeys: RewrapTarget = {
  count: (r) => count(r, sql`SELECT count(*) AS n FROM secret_attachment WHERE sealed_key IS NOT NULL`),
  next: (r, after, limit) => wrappedAttachmentKeys(r, after === null ? null : placeOf(after).record, limit).map(sealedRow),
  replace: (w, cursor, sealed) => replaceAttachmentKey(w, { ...placeOf(cursor), wrapped: sealed }),
}
