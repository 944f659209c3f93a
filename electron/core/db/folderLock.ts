import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import BetterSqlite3 from 'better-sqlite3'
import { AppError } from '../../../shared/errors'
import { asDatabaseError, DatabaseError } from './databaseError'

/** Another process has the data folder open. */
export class FolderInUse extends AppError {
  constructor() {
    super(
      'unavailable',
      'Countinghouse is already running on this data folder. Nothing was changed. Use that window, or close it first.',
    )
    this.name = 'FolderInUse'
  }
}

export interface FolderLock {
  release(): void
}

const lockFileName = 'lock.db'
const damagedLock =
  'The lock file of the data folder is damaged. Nothing was changed. Close Countinghouse, delete lock.db in the data folder and start again.'
const patience = 5_000
const pause = 100

/** Never opens an existing file: closing it again would drop the lock that this process may hold on it (fcntl(2)). */
function createOnce(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
}

function tryLock(file: string): FolderLock | null {
  const driver = new BetterSqlite3(file, { timeout: 0 })
  try {
    driver.pragma('journal_mode = MEMORY')
    driver.exec('BEGIN EXCLUSIVE')
    return {
      release: () => {
        if (driver.open) driver.close()
      },
    }
  } catch (error) {
    driver.close()
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code.startsWith('SQLITE_BUSY')) return null
    if (code === 'SQLITE_NOTADB') throw new DatabaseError('damaged', { file }, damagedLock)
    throw error
  }
}

/**
 * Takes the one lock of a data folder: an exclusive SQLite transaction on `lock.db`, held until `release` or the end of the process,
 * however it ends. Waits up to 5 s for a predecessor that is closing, without blocking the event loop.
 * @param now milliseconds of a clock that only rises
 * @throws FolderInUse when it is held for longer; DatabaseError 'read-only' | 'no-space' | 'damaged' when the file cannot be made or used
 */
export async function acquireFolderLock(
  dir: string,
  wait: (ms: number) => Promise<unknown> = setTimeout,
  now: () => number = () => performance.now(),
): Promise<FolderLock> {
  const file = join(dir, lockFileName)
  const end = now() + patience
  try {
    createOnce(file)
    for (;;) {
      const lock = tryLock(file)
      if (lock) return lock
      if (now() >= end) throw new FolderInUse()
      await wait(pause)
    }
  } catch (error) {
    throw asDatabaseError(error, { file })
  }
}
