import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import { DatabaseError } from './databaseError'
import { changeKey, openDriver } from './driver'
import { syncFolder } from './durableFile'

/** Where a copy of a database under another key waits, whole and checked, until it takes the database's place. */
export const nextFileOf = (file: string) => `${file}.next`

const sideFiles = ['-wal', '-shm'] as const

/** Points of an exchange between which a power cut may fall; a test looks at the folder at each of them. */
export type ExchangeStep = 'closed' | 'cleared' | 'committed' | 'placed' | 'opened'

/** How a copy takes the place of a database. */
export interface Exchange {
  /** What opens the database, and what opens the copy; 32 bytes each. */
  readonly key: Uint8Array
  readonly newKey: Uint8Array
  /** Makes the new key the one that counts, durably and all at once. */
  readonly commit: () => void
  /** Whether it counts: asked when `commit` failed. */
  readonly isCommitted: () => boolean
  /** Told of each step; what it throws stands for a failure of the next one. */
  readonly reached?: (step: ExchangeStep) => void
}

/**
 * Writes a database to a new file under another key. `VACUUM INTO` gives its copy the key of the source, and the driver takes no file
 * name with parameters that could name another; so the copy's pages are encrypted anew, in its own rollback journal. What is deleted in
 * the source is not in it. The file is flushed, closed, and comes up in WAL mode with every setting of promise L1.
 * @param target must not exist; what is there after a throw is worth nothing
 * @throws DatabaseError 'no-space' | 'disk-error' and others of `openDriver`; errors of the engine
 */
export function copyUnderKey(
  source: BetterSqlite3.Database,
  keys: { key: Uint8Array; newKey: Uint8Array },
  target: string,
): void {
  closeSync(openSync(target, 'wx', 0o600))
  source.prepare('VACUUM INTO ?').run(target)
  const copy = openDriver(target, keys.key, 'existing')
  try {
    copy.pragma('journal_mode = DELETE')
    changeKey(copy, keys.newKey)
  } finally {
    copy.close()
  }
  openDriver(target, keys.newKey, 'existing').close()
  const handle = openSync(target, 'r+')
  fsyncSync(handle)
  closeSync(handle)
}

/** Removes a copy that is not to take the database's place. */
export function discardNext(file: string): void {
  const next = nextFileOf(file)
  if (!existsSync(next)) return
  for (const suffix of ['', ...sideFiles]) rmSync(`${next}${suffix}`, { force: true })
  syncFolder(dirname(file))
}

/** The old file's log is empty or gone by then: nothing of it may ever be read into the new file. */
function clearLog(file: string): void {
  for (const suffix of sideFiles) rmSync(`${file}${suffix}`, { force: true })
  syncFolder(dirname(file))
}

/** Gives the copy the database's name, in whose stead it stands from then on; the old file is gone with that. */
function putInPlace(file: string): void {
  renameSync(nextFileOf(file), file)
  syncFolder(dirname(file))
}

/**
 * Puts the copy in the place of an open database. Until the commit the old file stands there whole with an empty log; from then on
 * `settleExchange` finishes at the next opening what was cut off.
 * @param driver the only connection to the file, with nothing written since the copy was begun
 * @returns the connection to go on with, and why it is still the old file where `commit` or what is before it failed
 * @throws with `driver` open: nothing was done; with it closed: only the next opening can go on
 */
export function exchangeFile(
  driver: BetterSqlite3.Database,
  file: string,
  { key, newKey, commit, isCommitted, reached = () => {} }: Exchange,
): { readonly driver: BetterSqlite3.Database; readonly failure?: unknown } {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
  if (log > 0) throw new Error('The database was written to while it was copied')
  driver.close()
  try {
    reached('closed')
    clearLog(file)
    reached('cleared')
    commit()
  } catch (failure) {
    if (!isCommitted()) return { driver: openDriver(file, key, 'existing'), failure }
  }
  reached('committed')
  putInPlace(file)
  reached('placed')
  const opened = openDriver(file, newKey, 'existing')
  reached('opened')
  return { driver: opened }
}

function opensWith(file: string, key: Uint8Array): boolean {
  try {
    openDriver(file, key, 'existing').close()
    return true
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'wrong-key') return false
    throw error
  }
}

/**
 * At an opening, before the database is opened: finishes an exchange that was committed, and removes the copy of one that was not.
 * @param key the database's key by the vault's header
 * @param isBegun whether the header still waits for the exchange
 * @throws DatabaseError; nothing was changed then
 */
export function settleExchange(file: string, key: Uint8Array, isBegun: boolean): void {
  const next = nextFileOf(file)
  if (!existsSync(next)) return
  if (isBegun) discardNext(file)
  else if (opensWith(next, key)) {
    clearLog(file)
    putInPlace(file)
  }
}
