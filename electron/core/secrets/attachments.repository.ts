import type { Attachment } from '../../../shared/contract/secrets'
import type { ReadDb, WriteDb } from '../db'
import { sql } from '../db'
import type { WrappedKey } from './versions.repository'

export interface AttachmentRow extends Attachment {
  readonly secretId: string
  readonly chunks: number
  readonly sealedKey: Buffer
}

const columns = sql`id, secret_id AS secretId, name, media_type AS mediaType, bytes, chunks, sealed_key AS sealedKey, created_at AS createdAt`

/** The files of an item, in the order of their attaching. */
export function attachmentsOf(r: ReadDb, secretId: string): AttachmentRow[] {
  return r.all<AttachmentRow>(
    sql`SELECT ${columns} FROM secret_attachment WHERE secret_id = ${secretId} AND state = 'kept' ORDER BY id`,
  )
}

/** @returns undefined for one that is not whole yet, or was removed */
export function findAttachment(r: ReadDb, id: string): AttachmentRow | undefined {
  return r.get<AttachmentRow>(sql`SELECT ${columns} FROM secret_attachment WHERE id = ${id} AND state = 'kept'`)
}

/** A file that nobody sees until it is kept. */
export function stageAttachment(w: WriteDb, row: AttachmentRow): void {
  w.run(sql`INSERT INTO secret_attachment (id, secret_id, name, media_type, bytes, chunks, sealed_key, state, created_at)
    VALUES (${row.id}, ${row.secretId}, ${row.name}, ${row.mediaType}, ${row.bytes}, ${row.chunks}, ${row.sealedKey}, 'staged',
      ${row.createdAt})`)
}

export function insertChunk(w: WriteDb, attachmentId: string, position: number, sealed: Uint8Array): void {
  w.run(
    sql`INSERT INTO secret_attachment_chunk (attachment_id, position, sealed) VALUES (${attachmentId}, ${position}, ${sealed})`,
  )
}

export function readChunk(r: ReadDb, attachmentId: string, position: number): Buffer | undefined {
  return r.get<{ sealed: Buffer }>(
    sql`SELECT sealed FROM secret_attachment_chunk WHERE attachment_id = ${attachmentId} AND position = ${position}`,
  )?.sealed
}

export function keepAttachment(w: WriteDb, id: string): void {
  w.run(sql`UPDATE secret_attachment SET state = 'kept' WHERE id = ${id}`)
}

const removal = sql`UPDATE secret_attachment SET state = 'removed', sealed_key = NULL, name = '', media_type = ''`

/** Destroys the key of a file, without which its chunks are noise; they go in slices later. */
export function removeAttachment(w: WriteDb, id: string): void {
  w.run(sql`${removal} WHERE id = ${id} AND state <> 'removed'`)
}

export function removeAttachmentsOf(w: WriteDb, secretId: string): void {
  w.run(sql`${removal} WHERE secret_id = ${secretId} AND state <> 'removed'`)
}

/** Destroys the keys of files that a run before this one began to attach and never finished. */
export function removeStaged(w: WriteDb): void {
  w.run(sql`${removal} WHERE state = 'staged'`)
}

/** Deletes some chunks of removed files. @returns how many; 0 when none are left */
export function deleteRemovedChunks(w: WriteDb, limit: number): number {
  return w.run(sql`DELETE FROM secret_attachment_chunk WHERE rowid IN (
    SELECT c.rowid FROM secret_attachment_chunk c JOIN secret_attachment a ON a.id = c.attachment_id
    WHERE a.state = 'removed' LIMIT ${limit})`).changes
}

/** Wrapped keys of files in order of their ids, after one of them. */
export function wrappedAttachmentKeys(r: ReadDb, after: string | null, limit: number): WrappedKey[] {
  return r.all<WrappedKey>(sql`SELECT id AS record, 1 AS version, sealed_key AS wrapped FROM secret_attachment
    WHERE id > ${after ?? ''} AND sealed_key IS NOT NULL ORDER BY id LIMIT ${limit}`)
}

export function replaceAttachmentKey(w: WriteDb, { record, wrapped }: WrappedKey): void {
  w.run(sql`UPDATE secret_attachment SET sealed_key = ${wrapped} WHERE id = ${record}`)
}
