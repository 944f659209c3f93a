import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { auditEnd, verifyAudit, verifyingKey } from '../audit/index'
import { databaseFileName, openDatabase, openReader, type ReadDb, sql, syncFolder, writeDurably } from '../db'
import { wrapReader } from '../db/connection'
import { asDatabaseError, DatabaseError } from '../db/databaseError'
import { openDriver } from '../db/driver'
import { copyUnderKey } from '../db/exchange'
import { booksAgree, summariseBooks } from '../ledger/index'
import { headerFileName, readVaultInfo } from '../vault/index'
import { BackupError } from './backupError'
import { extractDatabase, readFrame, verifyTag, writeFrame } from './frame'
import type { Manifest } from './manifest'

/** How far a job is, in parts of 100. */
export type OnProgress = (percent: number) => void

/** What the work on one backup needs to know. Everything here can be sent to a worker. */
export interface PackInput {
  /** Folder of the running vault. */
  readonly dataDir: string
  readonly key: Uint8Array
  /** A folder of the job's own, made by it. */
  readonly workDir: string
  /** Path of the backup. */
  readonly target: string
  readonly about: Pick<Manifest, 'vaultId' | 'world' | 'createdAt' | 'cause' | 'appVersion'>
}

export interface Packed {
  readonly tag: Uint8Array
  readonly bytes: number
  readonly manifest: Manifest
}

export interface UnpackInput {
  readonly file: string
  /** An empty folder, made by the job; it holds header and database afterwards. */
  readonly folder: string
}

export interface ExamineInput {
  readonly file: string
  /** What `unpack` made. */
  readonly folder: string
  readonly key: Uint8Array
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  readonly vaultId: string
  /** UTC epoch milliseconds. */
  readonly now: number
}

export interface RekeyInput {
  /** Folder of the running vault. */
  readonly dataDir: string
  readonly key: Uint8Array
  readonly newKey: Uint8Array
  /** A folder of the job's own, made by it, on the disk of the data folder. */
  readonly workDir: string
  /** Path that the copy gets once it is whole and checked; what stands there is replaced. */
  readonly target: string
}

/** Name of the copy that `pack` and `rekey` make in their folder. */
export const copyName = 'copy.db'

const statedNumbers = ['secrets', 'entries', 'auditRows', 'auditHash', 'balances'] as const

function numbersOf(read: ReadDb): Pick<Manifest, (typeof statedNumbers)[number]> {
  const secrets = read.get<{ n: number }>(sql`SELECT count(*) AS n FROM secret WHERE destroyed_at IS NULL`)?.n ?? 0
  const { rows, hash } = auditEnd(read)
  return { secrets, ...summariseBooks(read), auditRows: rows, auditHash: hash }
}

/** Someone who changes the passphrase just then is done with it long before a second try ends. */
const tries = 3

/**
 * A copy of the database and the header that opens it: the header is the same before and after the copying.
 * @returns the header's bytes
 */
function copyWithHeader(dataDir: string, key: Uint8Array, copyFile: string): Buffer {
  for (let n = 0; n < tries; n++) {
    rmSync(copyFile, { force: true })
    const header = readFileSync(join(dataDir, headerFileName))
    const source = openDriver(join(dataDir, databaseFileName), key, 'readonly')
    try {
      source.prepare('VACUUM INTO ?').run(copyFile)
    } finally {
      source.close()
    }
    if (readFileSync(join(dataDir, headerFileName)).equals(header)) return header
  }
  throw new BackupError('keys-changed')
}

/**
 * Copies the database as it is at one instant (`VACUUM INTO`, on a connection that can only read; the copy has the same key) and frames
 * it with the header. The file has its name only when it is whole and flushed.
 * @throws BackupError 'keys-changed'; DatabaseError 'no-space' | 'read-only' | 'disk-error'
 */
function pack({ dataDir, key, workDir, target, about }: PackInput, onProgress: OnProgress): Packed {
  const partial = `${target}.partial`
  try {
    mkdirSync(workDir, { recursive: true, mode: 0o700 })
    const copyFile = join(workDir, copyName)
    const header = copyWithHeader(dataDir, key, copyFile)
    onProgress(50)
    const settled = openDriver(copyFile, key, 'existing')
    const schema = Number(settled.pragma('user_version', { simple: true }))
    settled.close()
    const copy = openReader({ file: copyFile, key })
    const manifest: Manifest = { format: 1, ...about, schema, ...numbersOf(copy.read) }
    copy.close()
    rmSync(partial, { force: true })
    const parts = { manifest, header, databaseFile: copyFile, databaseKey: key }
    const { tag, bytes } = writeFrame(partial, parts, (done, total) => onProgress(50 + Math.floor((done * 50) / total)))
    renameSync(partial, target)
    syncFolder(dirname(target))
    return { tag, bytes, manifest }
  } catch (error) {
    rmSync(partial, { force: true })
    throw asDatabaseError(error)
  } finally {
    rmSync(workDir, { recursive: true, force: true })
  }
}

/**
 * Takes a backup apart into a folder and holds every byte against its hash. Needs no key.
 * @throws BackupError 'missing' | 'damaged' | 'newer'; the folder is gone then
 */
function unpack({ file, folder }: UnpackInput, onProgress: OnProgress): { tag: Uint8Array; manifest: Manifest } {
  try {
    const frame = readFrame(file)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    extractDatabase(file, frame, join(folder, databaseFileName), (done, total) => onProgress(Math.floor((done * 100) / total)))
    writeDurably(join(folder, headerFileName), frame.header)
    return { tag: frame.tag, manifest: frame.manifest }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** Whether structure and foreign keys of a database are right, before anything of it is used. */
function isSound(file: string, key: Uint8Array, schema: number): boolean {
  const driver = openDriver(file, key, 'existing')
  try {
    return (
      driver.pragma('user_version', { simple: true }) === schema &&
      driver.pragma('integrity_check', { simple: true }) === 'ok' &&
      driver.prepare('PRAGMA foreign_key_check').get() === undefined
    )
  } finally {
    driver.close()
  }
}

/**
 * Opens what was unpacked with its keys and checks all of it: the tag, the structure, every balance against its postings, the audit
 * chain with its signed heads, and the numbers against those that the backup states. A database of an older version is brought up to
 * this one on the way. Reads everything; a worker does it.
 * @throws BackupError 'other-vault' | 'damaged' | 'wrong-contents'; DatabaseError 'newer' and others of `openDatabase`
 */
async function examine({ file, folder, key, publicKey, vaultId, now }: ExamineInput, onProgress: OnProgress): Promise<Manifest> {
  const frame = readFrame(file)
  verifyTag(frame, key)
  if (frame.manifest.vaultId !== vaultId || readVaultInfo(folder).vaultId !== vaultId) throw new BackupError('other-vault')
  const databaseFile = join(folder, databaseFileName)
  try {
    if (!isSound(databaseFile, key, frame.manifest.schema)) throw new BackupError('wrong-contents')
    onProgress(30)
    const database = openDatabase({ file: databaseFile, key, now: () => now })
    try {
      const found = numbersOf(database.read)
      const differs = statedNumbers.some((name) => found[name] !== frame.manifest[name])
      if (differs || !booksAgree(database.read)) throw new BackupError('wrong-contents')
      onProgress(50)
      const audit = await verifyAudit({
        db: database.read,
        publicKey: verifyingKey(publicKey),
        anchors: [],
        onProgress: (done, total) => onProgress(50 + Math.floor((done * 50) / total)),
      })
      if (!audit.ok) throw new BackupError('wrong-contents')
      database.checkpoint()
    } finally {
      database.close()
    }
  } catch (error) {
    if (error instanceof DatabaseError && (error.kind === 'damaged' || error.kind === 'wrong-key'))
      throw new BackupError('damaged')
    throw error
  }
  return frame.manifest
}

/**
 * Copies the database under another key, while nobody writes to it, and holds the copy against it: structure, numbers, every kept
 * balance, the end of the audit log. The copy has its name only when it is whole, flushed and found equal.
 * @throws BackupError 'copy-differs'; DatabaseError 'no-space' | 'disk-error' and others; there is no copy then
 */
function rekey({ dataDir, key, newKey, workDir, target }: RekeyInput, onProgress: OnProgress): void {
  try {
    mkdirSync(workDir, { recursive: true, mode: 0o700 })
    const copyFile = join(workDir, copyName)
    const source = openDriver(join(dataDir, databaseFileName), key, 'readonly')
    try {
      const schema = Number(source.pragma('user_version', { simple: true }))
      const expected = numbersOf(wrapReader(source).read)
      copyUnderKey(source, { key, newKey }, copyFile)
      onProgress(60)
      if (!isSound(copyFile, newKey, schema)) throw new BackupError('copy-differs')
      onProgress(90)
      const copy = openReader({ file: copyFile, key: newKey })
      const found = numbersOf(copy.read)
      copy.close()
      if (statedNumbers.some((name) => found[name] !== expected[name])) throw new BackupError('copy-differs')
    } finally {
      source.close()
    }
    renameSync(copyFile, target)
    syncFolder(dirname(target))
  } catch (error) {
    throw asDatabaseError(error)
  } finally {
    rmSync(workDir, { recursive: true, force: true })
  }
}

export const jobs = { pack, unpack, examine, rekey } as const

export type JobName = keyof typeof jobs
export type JobInput<N extends JobName> = Parameters<(typeof jobs)[N]>[0]
export type JobOutput<N extends JobName> = Awaited<ReturnType<(typeof jobs)[N]>>

/** Runs a job in this thread. */
export async function runJob<N extends JobName>(name: N, input: JobInput<N>, onProgress: OnProgress): Promise<JobOutput<N>> {
  const job = jobs[name] as (given: JobInput<N>, progress: OnProgress) => JobOutput<N> | Promise<JobOutput<N>>
  return job(input, onProgress)
}
