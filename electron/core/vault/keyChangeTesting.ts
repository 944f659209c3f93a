import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, databaseFileName, openDatabase, sql } from '../db'
import { openDriver } from '../db/driver'
import { copyUnderKey } from '../db/exchange'
import type { RewrapTarget, SealedRow } from '../ports/rewrap'
import { open, seal } from './envelope'
import { type KeyChangeHelp, KeyChanges, type KeyChangesDeps } from './keyChanges'
import { floorCost } from './keyDerivation'
import { createThrottle, throttleFileName } from './throttle'
import { createVault } from './vault'
import { createSession, type Session } from './vault.session'

export const passphrase = 'harbour lantern velvet'
export const silent = { debug() {}, info() {}, warn() {}, error() {} }
export const place = (id: number) => ({ record: `thing_${id}`, field: 'value', version: 1, schema: 'test/1' })

/** A table of sealed values, as an area of the app would have one. */
export const things: RewrapTarget = {
  count: (r) => r.get<{ n: number }>(sql`SELECT count(*) AS n FROM sealed_thing`)?.n ?? 0,
  next: (r, after, limit) =>
    r
      .all<{ id: number; sealed: Buffer }>(
        sql`SELECT id, sealed FROM sealed_thing WHERE id > ${Number(after ?? 0)} ORDER BY id LIMIT ${limit}`,
      )
      .map(({ id, sealed }): SealedRow => ({ cursor: String(id), sealed, place: place(id) })),
  replace: (w, id, sealed) => void w.prepare('UPDATE sealed_thing SET sealed = ? WHERE id = ?').run(sealed, Number(id)),
}

/** A real vault in a folder of its own, whose keys are changed. For tests only. */
export class KeyChangeVault {
  readonly dir: string
  readonly vaultId: string
  session: Session
  db: Database

  private constructor(dir: string, session: Session) {
    this.dir = dir
    this.session = session
    this.vaultId = session.coreKeys().vaultId
    this.db = this.#openDatabase()
  }

  static async create(): Promise<KeyChangeVault> {
    const dir = mkdtempSync(join(tmpdir(), 'countinghouse-rewrap-'))
    const file = join(dir, databaseFileName)
    const keys = await createVault(dir, passphrase, {
      ...{ world: 'live', kdf: floorCost, now: 1000 },
      initialise: ({ database: key }) => openDatabase({ file, key, create: true, now: () => 1000 }).close(),
    })
    const session = newSession(dir)
    session.adopt(keys)
    const vault = new KeyChangeVault(dir, session)
    vault.db.write((w) => w.run(sql`CREATE TABLE sealed_thing (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT`))
    return vault
  }

  #openDatabase(): Database {
    const key = this.session.coreKeys().database
    return openDatabase({ file: join(this.dir, databaseFileName), key, now: () => 1000 })
  }

  reopen(): void {
    this.db.close()
    this.db = this.#openDatabase()
  }

  /** As after a restart: locked, and with no keys until it is unlocked. */
  newSession(): Session {
    this.session = newSession(this.dir)
    return this.session
  }

  /** Copies as the backups' worker does, here and at once. */
  copyUnderKey(newKey: Uint8Array, target: string, session: Session = this.session): void {
    const key = session.coreKeys().database
    const file = target.replace(/\.next$/, '')
    const source = openDriver(file, key, 'readonly')
    try {
      copyUnderKey(source, { key, newKey }, target)
    } finally {
      source.close()
    }
  }

  get help(): KeyChangeHelp {
    return {
      backUp: async () => 'bak_before',
      alone: (work) => work(),
      askForBackup: () => undefined,
      copyUnderKey: async (key, target) => this.copyUnderKey(key, target),
    }
  }

  changes(targets: readonly RewrapTarget[] = [things], more: Partial<KeyChangesDeps> = {}): KeyChanges {
    const { session, db, help } = this
    return new KeyChanges({ session, database: db, targets, onProgress: () => undefined, logger: silent, ...help, ...more })
  }

  fill(count: number, key: Uint8Array = this.session.recordsKey()): void {
    this.db.write((w) => {
      const insert = w.prepare('INSERT INTO sealed_thing (id, sealed) VALUES (?, ?)')
      const vault = this.vaultId
      for (let id = 1; id <= count; id++) insert.run(id, seal(key, Buffer.from(`value ${id}`), { vault, ...place(id) }))
    })
  }

  /** How many values open under a key with what was put into them. */
  underKey(key: Uint8Array, database: Database = this.db): number {
    let found = 0
    for (const { id, sealed } of database.read.all<{ id: number; sealed: Buffer }>(sql`SELECT id, sealed FROM sealed_thing`)) {
      try {
        if (open(key, sealed, { vault: this.vaultId, ...place(id) }).toString() === `value ${id}`) found++
      } catch {}
    }
    return found
  }

  cleanup(): void {
    this.db.close()
    rmSync(this.dir, { recursive: true, force: true })
  }
}

export const newSession = (dir: string): Session => createSession(dir, createThrottle(join(dir, throttleFileName)))
