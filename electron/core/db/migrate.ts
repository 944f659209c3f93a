import { chmodSync, closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import { asDatabaseError, DatabaseError } from './databaseError'
import { openDriver } from './driver'
import { syncFolder } from './durableFile'

/** One forward step of the schema. `up` is SQL, or a function for steps that move data. */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly up: string | ((driver: BetterSqlite3.Database) => void)
}

export interface MigrateOptions {
  readonly driver: BetterSqlite3.Database
  readonly file: string
  readonly key: Uint8Array
  readonly migrations: readonly Migration[]
  /** Free bytes of the folder's disk. */
  readonly freeBytes?: (dir: string) => number
  /** UTC epoch milliseconds; names the backup. */
  readonly now: () => number
}

/** Room for the backup and the journal of the migration, in tenths of the database's size. */
const spaceTenths = 22

/** Backups made before a migration that are kept, newest first. */
const keptBackups = 3

/** @throws Error unless versions rise strictly from 1 or above and names are unique: a mistake in the list, found at start. */
export function checkMigrationList(migrations: readonly Migration[]): void {
  let previous = 0
  const names = new Set<string>()
  for (const { version, name } of migrations) {
    if (!Number.isSafeInteger(version) || version <= previous) throw new Error(`Migration ${version} "${name}" is out of order`)
    if (names.has(name)) throw new Error(`Migration name "${name}" is used twice`)
    names.add(name)
    previous = version
  }
}

/** Free bytes for an ordinary user on the disk that holds `dir`. */
export function freeBytesOf(dir: string): number {
  const { bavail, bsize } = statfsSync(dir)
  return bavail * bsize
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/**
 * Refuses when the disk holding `file` has less than 2.2 times its size free (database and write-ahead log).
 * @throws DatabaseError 'no-space'
 */
export function checkFreeSpace(file: string, freeBytes: (dir: string) => number = freeBytesOf): void {
  const needed = Math.ceil(((sizeOf(file) + sizeOf(`${file}-wal`)) * spaceTenths) / 10)
  const free = freeBytes(dirname(file))
  if (free >= needed) return
  const megabytes = (bytes: number) => Math.ceil(bytes / 1_000_000)
  throw new DatabaseError(
    'no-space',
    { file, needed, free },
    `There is not enough free disk space: ${megabytes(needed)} MB are needed, ${megabytes(free)} MB are free. Nothing was changed. Free some space and try again.`,
  )
}

function userVersion(driver: BetterSqlite3.Database): number {
  return Number(driver.pragma('user_version', { simple: true }))
}

/**
 * Copies an open database to `target` (VACUUM INTO keeps cipher and key; the driver's `backup()` fails on an encrypted file),
 * flushes the copy, opens it again with the key and checks every page, and only then gives it its name.
 * @throws DatabaseError when the disk is full or the copy does not verify; `target` then does not exist.
 */
export function copyDatabase(driver: BetterSqlite3.Database, key: Uint8Array, target: string): void {
  const partial = `${target}.partial`
  rmSync(partial, { force: true })
  try {
    closeSync(openSync(partial, 'wx', 0o600))
    driver.prepare('VACUUM INTO ?').run(partial)
    chmodSync(partial, 0o600)
    const handle = openSync(partial, 'r+')
    fsyncSync(handle)
    closeSync(handle)
    const copy = openDriver(partial, key, 'existing')
    try {
      if (copy.pragma('quick_check', { simple: true }) !== 'ok' || userVersion(copy) !== userVersion(driver)) {
        throw new DatabaseError('damaged', { file: partial })
      }
    } finally {
      copy.close()
    }
    renameSync(partial, target)
    syncFolder(dirname(target))
  } catch (error) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${partial}${suffix}`, { force: true })
    throw asDatabaseError(error, { file: target })
  }
}

function pruneBackups(file: string, kept: number): void {
  const dir = dirname(file)
  const mark = `${basename(file)}.before-`
  const backups = readdirSync(dir)
    .filter((name) => name.startsWith(mark) && name.endsWith('.backup'))
    .map((name) => ({ path: join(dir, name), at: statSync(join(dir, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at)
  for (const { path } of backups.slice(kept)) rmSync(path, { force: true })
}

/** Removes the copies made before migrations: once the database has another key, nobody can open them. */
export function dropMigrationCopies(file: string): void {
  pruneBackups(file, 0)
}

function step(driver: BetterSqlite3.Database, migration: Migration): void {
  if (typeof migration.up === 'string') driver.exec(migration.up)
  else migration.up(driver)
  driver.pragma(`user_version = ${migration.version}`)
}

/**
 * Runs the steps in one transaction. Foreign keys are not enforced meanwhile, so that a table may be rebuilt
 * (https://sqlite.org/lang_altertable.html, section 7); they are checked as a whole before the commit.
 */
function apply(driver: BetterSqlite3.Database, pending: readonly Migration[]): void {
  driver.pragma('foreign_keys = OFF')
  try {
    driver
      .transaction(() => {
        for (const migration of pending) step(driver, migration)
        const orphan = driver.prepare('PRAGMA foreign_key_check').get()
        if (orphan) throw new Error('a foreign key points nowhere after the migration')
      })
      .immediate()
  } finally {
    driver.pragma('foreign_keys = ON')
  }
}

/**
 * Brings a database up to the last migration. An existing file is first copied beside it and the copy verified.
 * All pending steps run in one transaction, each stamping `user_version`, so a failure at any step leaves the old schema in use.
 * @throws DatabaseError 'newer' | 'no-space' | 'migration-failed' | 'damaged'
 */
export function migrate({ driver, file, key, migrations, freeBytes = freeBytesOf, now }: MigrateOptions): void {
  checkMigrationList(migrations)
  const current = userVersion(driver)
  const last = migrations.at(-1)?.version ?? 0
  if (current > last) throw new DatabaseError('newer', { file, current, last })
  const pending = migrations.filter(({ version }) => version > current)
  if (pending.length === 0) return
  if (current > 0) {
    checkFreeSpace(file, freeBytes)
    copyDatabase(driver, key, `${file}.before-${last}.${now()}.backup`)
  }
  try {
    apply(driver, pending)
  } catch (error) {
    const known = asDatabaseError(error, { file })
    if (known instanceof DatabaseError) throw known
    const failed = new DatabaseError('migration-failed', { file, from: current, to: last })
    failed.cause = error
    throw failed
  }
  if (current > 0) pruneBackups(file, keptBackups)
}
