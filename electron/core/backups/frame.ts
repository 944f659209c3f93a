import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { asDatabaseError } from '../db/databaseError'
import { BackupError } from './backupError'
import { decodeManifest, encodeManifest, type Manifest } from './manifest'

/*
 * A backup is one file: a prefix of 160 bytes, the manifest, the vault header, the database. Numbers are big endian.
 *   0 magic "CHBACKUP" | 8 format, 32 bits | 12 length of the manifest, 32 bits | 16 length of the header, 32 bits | 20 zero, 32 bits
 *   24 length of the database, 64 bits | 32, 64, 96 SHA-256 of manifest, header, database | 128 HMAC-SHA-256 of bytes 0 to 127
 * Every bit of the file is thus bound to a key that only the vault's opener has, and damage is noticed without any key.
 */
const magic = Buffer.from('CHBACKUP')
const format = 1
const prefixLength = 160
const taggedLength = 128

/** The parts before the database are small; anything larger is not a backup and is not read into memory. */
const mostManifest = 16 * 1024
const mostHeader = 64 * 1024

const chunkLength = 1024 * 1024

/** A backup file whose prefix, manifest and header were found whole; its database is not read yet. */
export interface Frame {
  readonly manifest: Manifest
  /** Bytes of the vault header. */
  readonly header: Buffer
  readonly databaseLength: number
  readonly databaseHash: Buffer
  /** Stands for the whole file: 32 bytes. */
  readonly tag: Buffer
  readonly tagged: Buffer
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** The key of the tag, drawn from the database key that the backup's own header wraps (HKDF, RFC 5869). */
function tagOf(tagged: Uint8Array, databaseKey: Uint8Array): Buffer {
  const key = Buffer.from(hkdfSync('sha256', databaseKey, Buffer.alloc(0), 'countinghouse.backup/1', 32))
  try {
    return createHmac('sha256', key).update(tagged).digest()
  } finally {
    key.fill(0)
  }
}

/** Names a database key without giving anything of it away: 32 hexadecimal digits. */
export function keyId(databaseKey: Uint8Array): string {
  return createHmac('sha256', databaseKey).update('countinghouse.backup key id').digest('hex').slice(0, 32)
}

function writeAll(handle: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done, bytes.length - done, at + done)
}

function readExactly(handle: number, length: number, at: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let done = 0; done < length; ) {
    const read = readSync(handle, bytes, done, length - done, at + done)
    if (read === 0) throw new BackupError('damaged')
    done += read
  }
  return bytes
}

/** Copies `length` bytes. @returns their SHA-256 */
function copy(
  from: { readonly handle: number; readonly at: number; readonly length: number },
  to: { readonly handle: number; readonly at: number },
  onBytes: (done: number) => void,
): Buffer {
  const hash = createHash('sha256')
  for (let done = 0; done < from.length; ) {
    const bytes = readExactly(from.handle, Math.min(chunkLength, from.length - done), from.at + done)
    hash.update(bytes)
    writeAll(to.handle, bytes, to.at + done)
    done += bytes.length
    onBytes(done)
  }
  return hash.digest()
}

export interface FrameParts {
  readonly manifest: Manifest
  readonly header: Uint8Array
  readonly databaseFile: string
  readonly databaseKey: Uint8Array
}

/**
 * Writes a backup and flushes it; the prefix comes last, so a file cut off before is none. The caller gives it its name.
 * @param file must not exist
 * @returns its tag and length
 * @throws DatabaseError 'no-space' | 'read-only' | 'disk-error'; nothing is left then
 */
export function writeFrame(
  file: string,
  parts: FrameParts,
  onBytes: (done: number, total: number) => void = () => {},
): { readonly tag: Buffer; readonly bytes: number } {
  const manifest = encodeManifest(parts.manifest)
  try {
    const target = openSync(file, 'wx', 0o600)
    try {
      const source = openSync(parts.databaseFile, 'r')
      try {
        const { size } = fstatSync(source)
        const at = prefixLength + manifest.length + parts.header.length
        writeAll(target, manifest, prefixLength)
        writeAll(target, parts.header, prefixLength + manifest.length)
        const databaseHash = copy({ handle: source, at: 0, length: size }, { handle: target, at }, (done) => onBytes(done, size))
        const tagged = Buffer.alloc(taggedLength)
        magic.copy(tagged)
        tagged.writeUInt32BE(format, 8)
        tagged.writeUInt32BE(manifest.length, 12)
        tagged.writeUInt32BE(parts.header.length, 16)
        tagged.writeBigUInt64BE(BigInt(size), 24)
        Buffer.concat([sha256(manifest), sha256(parts.header), databaseHash]).copy(tagged, 32)
        const tag = tagOf(tagged, parts.databaseKey)
        writeAll(target, Buffer.concat([tagged, tag]), 0)
        fsyncSync(target)
        return { tag, bytes: at + size }
      } finally {
        closeSync(source)
      }
    } finally {
      closeSync(target)
    }
  } catch (error) {
    rmSync(file, { force: true })
    throw asDatabaseError(error)
  }
}

/**
 * Reads all of a backup but its database and checks the shape, the lengths and the hashes of what it read.
 * @throws BackupError 'missing' | 'newer' | 'damaged'
 */
export function readFrame(file: string): Frame {
  return withFile(file, (handle) => {
    const { size } = fstatSync(handle)
    if (size < prefixLength) throw new BackupError('damaged')
    const prefix = readExactly(handle, prefixLength, 0)
    const found = prefix.readUInt32BE(8)
    if (!prefix.subarray(0, magic.length).equals(magic) || found < 1) throw new BackupError('damaged')
    if (found > format) throw new BackupError('newer')
    const lengths = { manifest: prefix.readUInt32BE(12), header: prefix.readUInt32BE(16), database: prefix.readBigUInt64BE(24) }
    if (lengths.manifest > mostManifest || lengths.header > mostHeader || prefix.readUInt32BE(20) !== 0)
      throw new BackupError('damaged')
    const before = prefixLength + lengths.manifest + lengths.header
    if (BigInt(before) + lengths.database !== BigInt(size)) throw new BackupError('damaged')
    const manifest = readExactly(handle, lengths.manifest, prefixLength)
    const header = readExactly(handle, lengths.header, prefixLength + lengths.manifest)
    if (!sha256(manifest).equals(prefix.subarray(32, 64)) || !sha256(header).equals(prefix.subarray(64, 96)))
      throw new BackupError('damaged')
    return {
      manifest: decodeManifest(manifest),
      header,
      databaseLength: Number(lengths.database),
      databaseHash: prefix.subarray(96, 128),
      tag: prefix.subarray(taggedLength),
      tagged: prefix.subarray(0, taggedLength),
    }
  })
}

function withFile<T>(file: string, use: (handle: number) => T): T {
  let handle: number
  try {
    handle = openSync(file, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      throw new BackupError('missing')
    throw asDatabaseError(error)
  }
  try {
    return use(handle)
  } catch (error) {
    throw asDatabaseError(error)
  } finally {
    closeSync(handle)
  }
}

/** @throws BackupError 'damaged' when the prefix was changed, hashed anew or made under another database key */
export function verifyTag(frame: Frame, databaseKey: Uint8Array): void {
  if (!timingSafeEqual(frame.tag, tagOf(frame.tagged, databaseKey))) throw new BackupError('damaged')
}

/**
 * Writes the database of a backup to a file of its own and flushes it.
 * @param target must not exist
 * @throws BackupError 'damaged' when it is not what was written; the target is removed again then
 */
export function extractDatabase(
  file: string,
  frame: Frame,
  target: string,
  onBytes: (done: number, total: number) => void = () => {},
): void {
  const length = frame.databaseLength
  try {
    withFile(file, (source) => {
      const handle = openSync(target, 'wx', 0o600)
      try {
        const at = fstatSync(source).size - length
        const hash = copy({ handle: source, at, length }, { handle, at: 0 }, (done) => onBytes(done, length))
        if (!hash.equals(frame.databaseHash)) throw new BackupError('damaged')
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
    })
  } catch (error) {
    rmSync(target, { force: true })
    throw error
  }
}
