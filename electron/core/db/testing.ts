import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from './connection'
import type { Migration } from './migrate'
import { databaseFileName, openDatabase } from './openDatabase'

export interface TestDatabase {
  /** The open database; after `reopen()` read this property again. */
  db: Database
  readonly dir: string
  readonly file: string
  readonly key: Uint8Array
  /** Closes and opens the same file again, as a restart does. */
  reopen(): Database
  /** Closes and deletes the folder. */
  cleanup(): void
}

/** A real encrypted file with every migration applied, in a temporary folder of its own. For tests only. */
export function openTestDatabase(options: { migrations?: readonly Migration[]; now?: () => number } = {}): TestDatabase {
  const dir = mkdtempSync(join(tmpdir(), 'countinghouse-test-'))
  const file = join(dir, databaseFileName)
  const key = new Uint8Array(randomBytes(32))
  const shared = {
    file,
    key,
    now: options.now ?? (() => Date.UTC(2026, 0, 15)),
    ...(options.migrations ? { migrations: options.migrations } : {}),
  }
  const test: TestDatabase = {
    db: openDatabase({ ...shared, create: true }),
    dir,
    file,
    key,
    reopen() {
      test.db.close()
      test.db = openDatabase(shared)
      return test.db
    },
    cleanup() {
      test.db.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  return test
}

/**
 * Runs `fn` with the rights of an ordinary user, since root may write everywhere. Works where the process may change its user (root);
 * elsewhere it already is one.
 */
export function asOrdinaryUser<T>(fn: () => T): T {
  if (process.geteuid?.() !== 0 || !process.seteuid) return fn()
  process.seteuid(65_534)
  try {
    return fn()
  } finally {
    process.seteuid(0)
  }
}
