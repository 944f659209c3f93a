import { setImmediate } from 'node:timers/promises'
import { AppError } from '../../../shared/errors'
import type { Database, ReadDb, WriteDb } from '../db'
import { newId } from '../ports/ids'
import { EnvelopeError, type RecordKey } from '../vault/index'
import {
  type AttachmentRow,
  findAttachment,
  insertChunk,
  keepAttachment,
  readChunk,
  removeAttachment,
  stageAttachment,
} from './attachments.repository'
import type { Items } from './items'
import { damaged } from './sealedFields'

/** Bytes of a chunk before it is sealed; the last may be shorter. */
export const chunkSize = 65_536
/** What may be attached and previewed in one message. */
export const largestPreview = 524_288
export const largestAttachment = 52_428_800
/** Chunks that one short transaction stores: 1 MiB. */
const chunksAtOnce = 16

export interface NewAttachment {
  readonly secretId: string
  readonly name: string
  readonly mediaType: string
  readonly bytes: number
}

function chunkCount(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / chunkSize))
}

/** A chunk knows its place, how many there are and how long the whole is: moved, left out or cut off, it does not open (as STREAM does it). */
function placeOf({ bytes, chunks }: Pick<AttachmentRow, 'bytes' | 'chunks'>, position: number): [string, string] {
  return [`chunk/${position}/${chunks}`, `attachment/1/${bytes}`]
}

/** Stages a file whose chunks are then added in order. */
class Sealing {
  readonly row: AttachmentRow
  readonly #key: RecordKey
  #next = 0

  constructor(w: WriteDb, items: Items, attachment: NewAttachment, now: number) {
    const id = newId('att', now)
    const { key, wrapped } = items.cipher.create({ record: id, version: 1 })
    this.#key = key
    this.row = { ...attachment, id, chunks: chunkCount(attachment.bytes), sealedKey: wrapped, createdAt: now }
    stageAttachment(w, this.row)
  }

  add(w: WriteDb, chunk: Uint8Array): void {
    const [field, schema] = placeOf(this.row, this.#next)
    insertChunk(w, this.row.id, this.#next, this.#key.seal(field, schema, chunk))
    this.#next += 1
  }

  wipe(): void {
    this.#key.wipe()
  }
}

/** Attaches a file that is in memory. @returns its id */
export function attachContent(
  w: WriteDb,
  items: Items,
  attachment: Omit<NewAttachment, 'bytes'>,
  content: Uint8Array,
  now: number,
): string {
  const sealing = new Sealing(w, items, { ...attachment, bytes: content.length }, now)
  try {
    for (let at = 0; at === 0 || at < content.length; at += chunkSize) sealing.add(w, content.subarray(at, at + chunkSize))
    keepAttachment(w, sealing.row.id)
    return sealing.row.id
  } finally {
    sealing.wipe()
  }
}

/** The same bytes in chunks of `chunkSize`, the last one shorter, at least one. */
async function* rechunked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0)
  let given = false
  for await (const piece of source) {
    held = Buffer.concat([held, piece])
    while (held.length >= chunkSize) {
      yield held.subarray(0, chunkSize)
      given = true
      held = held.subarray(chunkSize)
    }
  }
  if (held.length > 0 || !given) yield held
}

function changedMeanwhile(): AppError {
  return new AppError('conflict', 'The file changed while it was read. Nothing was attached. Try again.')
}

/**
 * Attaches a file as it is read, in short transactions; nobody sees it before it is whole.
 * @param keep ends it in the transaction that makes it visible
 * @throws AppError conflict when the file does not have as many bytes as it said; what was stored of it is removed then
 */
export async function attachStream<T>(
  database: Database,
  items: Items,
  attachment: NewAttachment,
  source: AsyncIterable<Uint8Array>,
  now: number,
  keep: (w: WriteDb, id: string) => T,
): Promise<T> {
  const sealing = database.write((w) => new Sealing(w, items, attachment, now))
  const { id } = sealing.row
  try {
    let bytes = 0
    let waiting: Buffer[] = []
    const store = () => {
      const chunks = waiting
      waiting = []
      database.write((w) => {
        for (const chunk of chunks) sealing.add(w, chunk)
      })
    }
    for await (const chunk of rechunked(source)) {
      bytes += chunk.length
      if (bytes > attachment.bytes) throw changedMeanwhile()
      waiting.push(chunk)
      if (waiting.length >= chunksAtOnce) {
        store()
        await setImmediate()
      }
    }
    if (bytes !== attachment.bytes) throw changedMeanwhile()
    if (waiting.length > 0) store()
    return database.write((w) => {
      keepAttachment(w, id)
      return keep(w, id)
    })
  } catch (error) {
    database.write((w) => removeAttachment(w, id))
    throw error
  } finally {
    sealing.wipe()
  }
}

/** @throws AppError not_found */
export function getAttachment(r: ReadDb, id: string): AttachmentRow {
  const row = findAttachment(r, id)
  if (row === undefined) throw new AppError('not_found', 'There is no such file in the vault. Nothing was done.')
  return row
}

/**
 * The content of a file, chunk by chunk; each is wiped when the next one is asked for.
 * @throws AppError internal when a chunk was changed, moved or is missing
 */
export function* readAttachment(r: ReadDb, items: Items, row: AttachmentRow): Generator<Buffer> {
  let key: RecordKey | undefined
  try {
    key = items.cipher.unwrap(row.sealedKey, { record: row.id, version: 1 })
    for (let position = 0; position < row.chunks; position++) {
      const sealed = readChunk(r, row.id, position)
      if (sealed === undefined) throw new EnvelopeError()
      const chunk = key.open(...placeOf(row, position), sealed)
      yield chunk
      chunk.fill(0)
    }
  } catch (error) {
    throw damaged(error)
  } finally {
    key?.wipe()
  }
}

/** The whole content of a small file. The caller wipes it. */
export function attachmentContent(r: ReadDb, items: Items, row: AttachmentRow): Buffer {
  const content = Buffer.alloc(row.bytes)
  let at = 0
  for (const chunk of readAttachment(r, items, row)) at += chunk.copy(content, at)
  return content
}

const mediaTypes: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  pem: 'application/x-pem-file',
  crt: 'application/x-pem-file',
  key: 'application/x-pem-file',
  p12: 'application/x-pkcs12',
  pfx: 'application/x-pkcs12',
  zip: 'application/zip',
}

/** What a file is by the ending of its name. */
export function mediaTypeOf(name: string): string {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  return (Object.hasOwn(mediaTypes, ending) ? mediaTypes[ending] : undefined) ?? 'application/octet-stream'
}
