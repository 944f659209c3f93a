import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { asDatabaseError, DatabaseError } from './databaseError'
import { applySettings, cipherSettings, isSafeSqlite, refusedSettings, type Setting, settings } from './settings'

/** The encrypting build adds this to the driver's interface; it takes the key as bytes, so that the copy can be wiped. */
interface Keyed {
  key(key: Buffer): number
  rekey(key: Buffer): number
}

const pageSize = 4096

/** Bytes 16 to 23 stand in plain text in the encrypted file: page size, read and write version 1 or 2, 64 reserved bytes, fractions. */
const plainHeader = /^1000(0[12]){2}40402020$/

/** A power cut during a checkpoint may leave the last page in part; the log still holds all of it and is copied in again. */
function endsInWholePage(file: string, size: number): boolean {
  return size % pageSize === 0 || (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
}

function checkShape(file: string): void {
  if (!existsSync(file))
    throw new DatabaseError('damaged', { file }, 'The database of this vault is missing. Restore it from a backup.')
  const { size } = statSync(file)
  if (size < pageSize || !endsInWholePage(file, size)) throw new DatabaseError('damaged', { file, size })
  const bytes = Buffer.alloc(8)
  const handle = openSync(file, 'r')
  try {
    readSync(handle, bytes, 0, 8, 16)
  } finally {
    closeSync(handle)
  }
  if (!plainHeader.test(bytes.toString('hex'))) throw new DatabaseError('damaged', { file, header: bytes.toString('hex') })
}

function assertLength(key: Uint8Array): void {
  if (key.length !== 32) throw new RangeError('A database key has 32 bytes')
}

/** Gives the 256-bit key to the connection as it is: the `raw:` prefix keeps the library from deriving another one from it. */
function giveKey(driver: BetterSqlite3.Database, how: keyof Keyed, key: Uint8Array): void {
  const raw = Buffer.concat([Buffer.from('raw:'), key])
  try {
    const keyed = driver as BetterSqlite3.Database & Keyed
    keyed[how](raw)
  } finally {
    raw.fill(0)
  }
}

/**
 * Encrypts every page of an open file anew. Not crash-safe by itself: for a copy that nobody relies on yet.
 * @param key 32 bytes; not kept and not changed
 */
export function changeKey(driver: BetterSqlite3.Database, key: Uint8Array): void {
  assertLength(key)
  giveKey(driver, 'rekey', key)
}

/** What an engine must be and keep to; a test asks for what none can give. */
export interface Demands {
  readonly settings: readonly Setting[]
  readonly isSafe: (sqliteVersion: string) => boolean
}

/**
 * Opens an encrypted file (AEGIS-256, pages of 4096 bytes, raw key), sets every setting of promise L1 and reads each back.
 * @param key 32 bytes; not kept and not changed.
 * @throws DatabaseError 'damaged' | 'wrong-key' | 'unsafe-settings' | 'read-only' | 'no-space' | 'disk-error'
 */
export function openDriver(
  file: string,
  key: Uint8Array,
  mode: 'create' | 'existing' | 'readonly',
  demands: Demands = { settings, isSafe: isSafeSqlite },
): BetterSqlite3.Database {
  assertLength(key)
  let driver: BetterSqlite3.Database | undefined
  try {
    if (mode !== 'create') checkShape(file)
    driver = new BetterSqlite3(file, { readonly: mode === 'readonly' })
    const pragma = (text: string): unknown => driver?.pragma(text, { simple: true })
    applySettings(pragma, cipherSettings)
    giveKey(driver, 'key', key)
    const version = driver
      .prepare<[], { version: string }>('SELECT sqlite_version() AS version FROM (SELECT count(*) FROM sqlite_schema)')
      .get()
    if (!version || !demands.isSafe(version.version))
      throw new DatabaseError('unsafe-settings', { file, sqlite: version?.version })
    applySettings(
      pragma,
      mode === 'readonly' ? demands.settings.filter((setting) => setting.pragma !== 'journal_mode') : demands.settings,
    )
    const refused = refusedSettings(pragma, [...cipherSettings, ...demands.settings])
    if (refused.length > 0) throw new DatabaseError('unsafe-settings', { file, refused })
    return driver
  } catch (error) {
    driver?.close()
    throw asDatabaseError(error, { file })
  }
}
