import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sql } from '../db'
import { openTestDatabase, type TestDatabase } from '../db/testing'
import type { RewrapTarget, SealedRow } from '../ports/rewrap'
import { codeSecretPlace } from './codeGenerator'
import { codeSecrets } from './codeSecrets'
import { open, seal } from './envelope'
import { KeyChanges } from './keyChanges'
import { floorCost } from './keyDerivation'
import { rewrapAll } from './rewrap'
import { openRecord, sealerOf } from './sealer'
import { createThrottle, throttleFileName } from './throttle'
import { createVault, unlockVault } from './vault'
import { createSession, type Session } from './vault.session'

const passphrase = 'harbour lantern velvet'
/** All of promise V13 in a long run, a tenth of it in a short one. */
const records = process.env.COUNTINGHOUSE_LONG_DOSE === '1' ? 10_000 : 1000
const rowsPerTurn = records / 250
const silent = { debug() {}, info() {}, warn() {}, error() {} }

let dir: string
let t: TestDatabase
let session: Session
let vaultId: string
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'countinghouse-rewrap-'))
  t = openTestDatabase()
  t.db.write((w) => {
    w.run(sql`CREATE TABLE sealed_thing (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT`)
  })
  const keys = await createVault(dir, passphrase, { world: 'live', kdf: floorCost, now: 1000, initialise: () => {} })
  vaultId = keys.vaultId
  session = newSession()
  session.adopt(keys)
})
afterEach(() => {
  t.cleanup()
  rmSync(dir, { recursive: true, force: true })
})

const newSession = () => createSession(dir, createThrottle(join(dir, throttleFileName)))
const place = (id: number) => ({ record: `thing_${id}`, field: 'value', version: 1, schema: 'test/1' })

const things: RewrapTarget = {
  count: (r) => r.get<{ n: number }>(sql`SELECT count(*) AS n FROM sealed_thing`)?.n ?? 0,
  next: (r, after, limit) =>
    r
      .all<{ id: number; sealed: Buffer }>(
        sql`SELECT id, sealed FROM sealed_thing WHERE id > ${Number(after ?? 0)} ORDER BY id LIMIT ${limit}`,
      )
      .map(({ id, sealed }): SealedRow => ({ cursor: String(id), sealed, place: place(id) })),
  replace: (w, id, sealed) => void w.prepare('UPDATE sealed_thing SET sealed = ? WHERE id = ?').run(sealed, Number(id)),
}

function fill(count: number, key: Uint8Array = session.recordsKey()): void {
  t.db.write((w) => {
    const insert = w.prepare('INSERT INTO sealed_thing (id, sealed) VALUES (?, ?)')
    for (let id = 1; id <= count; id++) insert.run(id, seal(key, Buffer.from(`value ${id}`), { vault: vaultId, ...place(id) }))
  })
}

/** How many values open under a key with what was put into them. */
function underKey(key: Uint8Array): number {
  let found = 0
  for (const { id, sealed } of t.db.read.all<{ id: number; sealed: Buffer }>(sql`SELECT id, sealed FROM sealed_thing`)) {
    try {
      if (open(key, sealed, { vault: vaultId, ...place(id) }).toString() === `value ${id}`) found++
    } catch {}
  }
  return found
}

const changes = (
  targets: readonly RewrapTarget[] = [things],
  more: { onProgress?: (done: number, total: number) => void } = {},
) => new KeyChanges({ session, database: t.db, targets, onProgress: () => undefined, logger: silent, ...more })

test('V13: every value stands under the new key afterwards, in turns that let others in, and the old key is gone', async () => {
  fill(10_000)
  const old = Buffer.from(session.recordsKey())
  const told: [number, number][] = []
  let turns = 0
  const ticking = setInterval(() => turns++, 1)
  const done = await changes([things], { onProgress: (...progress) => told.push(progress) }).change(passphrase, 2000, 'window')
  clearInterval(ticking)
  expect(done).toEqual({ records: 10_000, unreadable: 0 })
  expect([underKey(session.recordsKey()), underKey(old)]).toEqual([10_000, 0])
  expect(session.previousRecordsKey()).toBeNull()
  expect(turns).toBeGreaterThan(5)
  expect(told.at(-1)).toEqual([10_000, 10_000])
  expect(told.length).toBeGreaterThan(10)
  const opened = await unlockVault(dir, { passphrase })
  expect(opened.records.equals(session.recordsKey())).toBe(true)
  expect(opened.previousRecords).toBeNull()
})

test(`V13: cut at 200 random points with ${records} records: none is lost, each is under one key, and it ends on one version`, async () => {
  fill(records)
  const old = Buffer.from(session.recordsKey())
  await session.beginKeyChange(passphrase, 2000, 'window')
  const { records: fresh, ...others } = await unlockVault(dir, { passphrase })
  let commits = 0
  for (let cut = 0; cut < 200; cut++) {
    t.reopen()
    session = newSession()
    session.adopt({ ...others, records: Buffer.from(fresh), previousRecords: Buffer.from(old) })
    let left = 1 + Math.floor(Math.random() * 2 * rowsPerTurn)
    const at = Math.random() < 0.5 ? 'value' : 'commit'
    let moved = 0
    const counting: RewrapTarget = {
      ...things,
      replace: (...given) => {
        moved++
        things.replace(...given)
      },
    }
    const attempt = rewrapAll({
      database: t.db,
      vaultId,
      keys: session,
      rowsPerTurn,
      targets: [counting],
      reached: (step) => {
        if (step === 'commit' && moved > 0) commits++
        if (step === at && moved > 0 && (at === 'commit' || --left === 0)) throw new Error('power cut')
      },
    })
    await expect(attempt).rejects.toThrow('power cut')
    if (cut % 10 === 0) expect(underKey(fresh) + underKey(old)).toBe(records)
  }
  expect(commits).toBeGreaterThan(50)
  const movedSoFar = underKey(fresh)
  expect([movedSoFar > 0, movedSoFar < records]).toEqual([true, true])
  session = newSession()
  await session.unlock({ passphrase }, 'window')
  expect(session.previousRecordsKey()).toEqual(old)
  await changes().resume()
  expect([underKey(session.recordsKey()), underKey(old)]).toEqual([records, 0])
  expect((await unlockVault(dir, { passphrase })).previousRecords).toBeNull()
}, 300_000)

test('V13: meanwhile values under either key are read, and new ones are sealed under the new key', async () => {
  fill(3)
  const old = Buffer.from(session.recordsKey())
  await session.beginKeyChange(passphrase, 2000, 'window')
  const context = { vault: vaultId, ...place(1) }
  const stored = things.next(t.db.read, null, 1)[0]
  expect(openRecord(session, stored?.sealed ?? Buffer.alloc(0), context).toString()).toBe('value 1')
  const sealed = sealerOf(session)?.seal(Buffer.from('fresh'), place(1)) ?? Buffer.alloc(0)
  expect(open(session.recordsKey(), sealed, context).toString()).toBe('fresh')
  expect(Buffer.from(sealerOf(session)?.open(sealed, place(1)) ?? []).toString()).toBe('fresh')
  expect(() => openRecord(session, seal(Buffer.alloc(32), Buffer.from('x'), context), context)).toThrow(
    'sealed under another key',
  )
  await changes().resume()
  expect(() => openRecord(session, seal(old, Buffer.from('x'), context), context)).toThrow('sealed under another key')
})

test('V13: locked meanwhile it stops, says so, and goes on at the next unlocking', async () => {
  fill(2000)
  const locking: RewrapTarget = {
    ...things,
    replace: (w, cursor, sealed) => {
      things.replace(w, cursor, sealed)
      if (cursor === '700') session.lock()
    },
  }
  await expect(changes([locking]).change(passphrase, 2000, 'window')).rejects.toThrow(expect.objectContaining({ kind: 'locked' }))
  await changes().resume()
  expect(session.state).toBe('locked')
  await session.unlock({ passphrase }, 'window')
  await changes([{ ...things, count: () => session.lock() ?? 1 }]).resume()
  await session.unlock({ passphrase }, 'window')
  expect(session.previousRecordsKey()).not.toBeNull()
  await changes().resume()
  expect(underKey(session.recordsKey())).toBe(2000)
})

test('V13: what was damaged before is left as it is, and nothing else waits for it', async () => {
  fill(10)
  t.db.write((w) => w.run(sql`UPDATE sealed_thing SET sealed = zeroblob(60) WHERE id = 4`))
  const warned: unknown[] = []
  const logger = { ...silent, warn: (details: unknown) => void warned.push(details) }
  const keyChanges = new KeyChanges({ session, database: t.db, targets: [things], onProgress: () => undefined, logger })
  expect(await keyChanges.change(passphrase, 2000, 'window')).toEqual({ records: 9, unreadable: 1 })
  expect(warned).toEqual([{ values: 1 }])
  expect(underKey(session.recordsKey())).toBe(9)
})

test('V13: a failure of the disk leaves the change begun, and the next one carries it on first', async () => {
  fill(10)
  const errors: unknown[] = []
  const full: RewrapTarget = {
    ...things,
    replace: () => {
      throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' })
    },
  }
  await expect(changes([full]).change(passphrase, 2000, 'window')).rejects.toThrow()
  const logger = { ...silent, error: (details: unknown) => void errors.push(details) }
  await new KeyChanges({ session, database: t.db, targets: [full], onProgress: () => undefined, logger }).resume()
  expect(errors).toHaveLength(1)
  const between = Buffer.from(session.recordsKey())
  expect(await changes().change(passphrase, 3000, 'window')).toEqual({ records: 10, unreadable: 0 })
  expect(session.recordsKey().equals(between)).toBe(false)
  expect(underKey(session.recordsKey())).toBe(10)
  expect(session.factors().keysChangedAt).toBe(3000)
})

test('V13: a defect of a key is not taken for a value under another key', async () => {
  fill(1)
  const keys = { recordsKey: () => Buffer.alloc(5), previousRecordsKey: () => null }
  await expect(rewrapAll({ database: t.db, vaultId, keys, targets: [things] })).rejects.toThrow('Invalid key length')
})

test('V13: a copy of the folder made in the middle carries on by itself', async () => {
  fill(50)
  await session.beginKeyChange(passphrase, 2000, 'window')
  const copy = mkdtempSync(join(tmpdir(), 'countinghouse-rewrap-'))
  cpSync(dir, copy, { recursive: true })
  session = createSession(copy, createThrottle(join(copy, throttleFileName)))
  await session.unlock({ passphrase }, 'window')
  await changes().resume()
  expect(underKey(session.recordsKey())).toBe(50)
  rmSync(copy, { recursive: true })
})

test('V13: secrets of code generators move with the others', async () => {
  const secret = Buffer.alloc(20, 7)
  const sealed = seal(session.recordsKey(), secret, { vault: vaultId, ...codeSecretPlace('fac_1') })
  t.db.write((w) =>
    w.run(sql`INSERT INTO code_generator (id, label, sealed, created_at, last_step) VALUES ('fac_1', 'Mine', ${sealed}, 0, 0)`),
  )
  expect(await changes([codeSecrets]).change(passphrase, 2000, 'window')).toEqual({ records: 1, unreadable: 0 })
  const [row] = codeSecrets.next(t.db.read, null, 10)
  expect(open(session.recordsKey(), row?.sealed ?? secret, { vault: vaultId, ...codeSecretPlace('fac_1') })).toEqual(secret)
})
