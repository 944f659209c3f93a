import { chmodSync, closeSync, existsSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Database, type ReadDb, wrapConnection, wrapReader } from './connection'
import { asDatabaseError, DatabaseError } from './databaseError'
import { openDriver } from './driver'
import { syncFolder } from './durableFile'
import { type Migration, migrate } from './migrate'
import { migrations as allMigrations } from './migrations'

/** Name of the database in the data folder. */
export const databaseFileName = 'countinghouse.db'

/** Reading every page takes about 4 ms a MiB, which a start can spare up to here. Larger files are read whole by their nightly backup. */
const startCheckLimit = 16 * 1024 * 1024

export interface OpenOptions {
  readonly file: string
  /** The vault's raw 256-bit database key. Not kept here; the caller owns and wipes it. */
  readonly key: Uint8Array
  /** True for a new vault only. Without it a missing or empty file is damage, never a reason to start afresh. */
  readonly create?: boolean
  readonly migrations?: readonly Migration[]
  /** Free bytes on the disk of a folder; asked before an existing database is migrated. */
  readonly freeBytes?: (dir: string) => number
  /** Largest file in bytes of which every page is read before it is used. */
  readonly checkWholeUpTo?: number
  /** UTC epoch milliseconds. */
  readonly now: () => number
}

/** Makes the file readable by its owner alone before the engine writes to it; its side files take the same mode. */
function createFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
    syncFolder(dirname(file))
  } catch (error) {
    throw asDatabaseError(error, { file })
  }
}

/** @throws DatabaseError 'damaged' when a page is not what was written, or the pages do not fit together */
function assertWhole(driver: ReturnType<typeof openDriver>, file: string): void {
  const found = driver.pragma('quick_check(1)', { simple: true })
  if (found !== 'ok') throw new DatabaseError('damaged', { file, found })
}

/**
 * Opens the one writing connection of a vault's database and brings its schema up to date (promise L1).
 * @throws DatabaseError whose `kind` says what is wrong; the file is then as it was.
 */
export function openDatabase({
  file,
  key,
  create = false,
  migrations = allMigrations,
  freeBytes,
  checkWholeUpTo = startCheckLimit,
  now,
}: OpenOptions): Database {
  if (create) {
    if (existsSync(file)) throw new DatabaseError('damaged', { file }, 'A database stands here already. It was not touched.')
    createFile(file)
  }
  let driver: ReturnType<typeof openDriver> | undefined
  try {
    driver = openDriver(file, key, create ? 'create' : 'existing')
    if (!create) {
      chmodSync(file, 0o600)
      if (statSync(file).size <= checkWholeUpTo) assertWhole(driver, file)
    }
    migrate({ driver, file, key, migrations, now, ...(freeBytes ? { freeBytes } : {}) })
    return wrapConnection(driver, file)
  } catch (error) {
    driver?.close()
    if (create) for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
    throw asDatabaseError(error, { file })
  }
}

/**
 * Opens a second connection that can only read, for workers and streams that must not hold up the writer.
 * The file must have been opened and migrated by `openDatabase` before; `close` refuses while an iterator is open.
 * @throws DatabaseError 'damaged' | 'wrong-key' | 'unsafe-settings' | 'read-only'
 */
export function openReader({ file, key }: { file: string; key: Uint8Array }): { read: ReadDb; close(): void } {
  return wrapReader(openDriver(file, key, 'readonly'))
}
