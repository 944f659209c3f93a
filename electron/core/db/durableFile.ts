import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { asDatabaseError, DatabaseError } from './databaseError'

/** Flushes a folder's entries. Windows has no such call and keeps its metadata in a journal. */
export function syncFolder(dir: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(dir, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** The points between which a power cut may fall; a test stops at each of them. */
export type DurableStep = 'begin' | 'created' | 'written' | 'flushed' | 'checked' | 'renamed' | 'done'

/**
 * Replaces a small file so that after a power cut at any instant it holds the old or the new bytes, never a mixture:
 * temporary file (0600), fsync, read back, rename, fsync of the folder.
 * @param reached told of each step; a throw there stops as a crash would.
 * @throws DatabaseError 'no-space' | 'read-only' | 'damaged'; the old file is then still in place.
 */
export function writeDurably(file: string, bytes: Uint8Array, reached: (step: DurableStep) => void = () => {}): void {
  const partial = `${file}.partial`
  try {
    reached('begin')
    rmSync(partial, { force: true })
    const handle = openSync(partial, 'wx', 0o600)
    try {
      reached('created')
      let written = 0
      while (written < bytes.length) written += writeSync(handle, bytes, written)
      reached('written')
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    reached('flushed')
    if (!readFileSync(partial).equals(bytes)) throw new DatabaseError('damaged', { file: partial })
    reached('checked')
    renameSync(partial, file)
    reached('renamed')
    syncFolder(dirname(file))
    reached('done')
  } catch (error) {
    throw asDatabaseError(error, { file })
  }
}
