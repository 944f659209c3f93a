import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { databaseFileName, openDatabase, sql } from '../db'
import type { RewrapTarget } from '../ports/rewrap'
import { codeSecretPlace } from './codeGenerator'
import { codeSecrets } from './codeSecrets'
import { open, seal } from './envelope'
import { KeyChangeVault, newSession, passphrase, place, silent, things } from './keyChangeTesting'
import { rewrapAll } from './rewrap'
import { openRecord, sealerOf } from './sealer'
import { unlockVault } from './vault'

/** All of promise V13 in a long run, a tenth of it in a short one. */
const records = process.env.COUNTINGHOUSE_LONG_DOSE === '1' ? 10_000 : 1000
const rowsPerTurn = records / 250

let t: KeyChangeVault
beforeEach(async () => {
  t = await KeyChangeVault.create()
})
afterEach(() => t.cleanup())

test('V13: every value stands under the new key afterwards, in turns that let others in, and the old key is gone', async () => {
  t.fill(10_000)
  const old = Buffer.from(t.session.recordsKey())
  const told: [number, number][] = []
  let turns = 0
  const ticking = setInterval(() => turns++, 1)
  const done = await t.changes([things], { onProgress: (...progress) => told.push(progress) }).change(passphrase, 2000, 'window')
  clearInterval(ticking)
  expect(done).toEqual({ records: 10_000, unreadable: 0, backupId: 'bak_before' })
  expect([t.underKey(t.session.recordsKey()), t.underKey(old)]).toEqual([10_000, 0])
  expect(t.session.previousRecordsKey()).toBeNull()
  expect(turns).toBeGreaterThan(5)
  expect(told.at(-1)).toEqual([10_000, 10_000])
  expect(told.length).toBeGreaterThan(10)
  const opened = await unlockVault(t.dir, { passphrase })
  expect(opened.records.equals(t.session.recordsKey())).toBe(true)
  expect(opened.previousRecords).toBeNull()
})

test(`V13: cut at 200 random points with ${records} records: none is lost, each is under one key, and it ends on one version`, async () => {
  t.fill(records)
  const old = Buffer.from(t.session.recordsKey())
  await t.session.beginKeyChange(passphrase, 2000, 'window')
  const { records: fresh, ...others } = await unlockVault(t.dir, { passphrase })
  let commits = 0
  for (let cut = 0; cut < 200; cut++) {
    t.reopen()
    t.newSession().adopt({ ...others, records: Buffer.from(fresh), previousRecords: Buffer.from(old) })
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
      vaultId: t.vaultId,
      keys: t.session,
      rowsPerTurn,
      targets: [counting],
      reached: (step) => {
        if (step === 'commit' && moved > 0) commits++
        if (step === at && moved > 0 && (at === 'commit' || --left === 0)) throw new Error('power cut')
      },
    })
    await expect(attempt).rejects.toThrow('power cut')
    if (cut % 10 === 0) expect(t.underKey(fresh) + t.underKey(old)).toBe(records)
  }
  expect(commits).toBeGreaterThan(50)
  const movedSoFar = t.underKey(fresh)
  expect([movedSoFar > 0, movedSoFar < records]).toEqual([true, true])
  await t.newSession().unlock({ passphrase }, 'window')
  expect(t.session.previousRecordsKey()).toEqual(old)
  await t.changes().resume()
  expect([t.underKey(t.session.recordsKey()), t.underKey(old)]).toEqual([records, 0])
  expect((await unlockVault(t.dir, { passphrase })).previousRecords).toBeNull()
}, 300_000)

test('V13: meanwhile values under either key are read, and new ones are sealed under the new key', async () => {
  t.fill(3)
  const old = Buffer.from(t.session.recordsKey())
  await t.session.beginKeyChange(passphrase, 2000, 'window')
  const context = { vault: t.vaultId, ...place(1) }
  const stored = things.next(t.db.read, null, 1)[0]
  expect(openRecord(t.session, stored?.sealed ?? Buffer.alloc(0), context).toString()).toBe('value 1')
  const sealed = sealerOf(t.session)?.seal(Buffer.from('fresh'), place(1)) ?? Buffer.alloc(0)
  expect(open(t.session.recordsKey(), sealed, context).toString()).toBe('fresh')
  expect(Buffer.from(sealerOf(t.session)?.open(sealed, place(1)) ?? []).toString()).toBe('fresh')
  expect(() => openRecord(t.session, seal(Buffer.alloc(32), Buffer.from('x'), context), context)).toThrow(
    'sealed under another key',
  )
  await t.changes().resume()
  expect(() => openRecord(t.session, seal(old, Buffer.from('x'), context), context)).toThrow('sealed under another key')
})

test('V13: locked meanwhile it stops, says so, and goes on at the next unlocking', async () => {
  t.fill(2000)
  const locking: RewrapTarget = {
    ...things,
    replace: (w, cursor, sealed) => {
      things.replace(w, cursor, sealed)
      if (cursor === '700') t.session.lock()
    },
  }
  await expect(t.changes([locking]).change(passphrase, 2000, 'window')).rejects.toThrow(
    expect.objectContaining({ kind: 'locked' }),
  )
  await t.changes().resume()
  expect(t.session.state).toBe('locked')
  await t.session.unlock({ passphrase }, 'window')
  await t.changes([{ ...things, count: () => t.session.lock() ?? 1 }]).resume()
  await t.session.unlock({ passphrase }, 'window')
  expect(t.session.previousRecordsKey()).not.toBeNull()
  await t.changes().resume()
  expect(t.underKey(t.session.recordsKey())).toBe(2000)
})

test('V13: what was damaged before is left as it is, and nothing else waits for it', async () => {
  t.fill(10)
  t.db.write((w) => w.run(sql`UPDATE sealed_thing SET sealed = zeroblob(60) WHERE id = 4`))
  const warned: unknown[] = []
  const logger = { ...silent, warn: (details: unknown) => void warned.push(details) }
  const done = await t.changes([things], { logger }).change(passphrase, 2000, 'window')
  expect(done).toMatchObject({ records: 9, unreadable: 1 })
  expect(warned).toEqual([{ values: 1 }])
  expect(t.underKey(t.session.recordsKey())).toBe(9)
})

test('V13: a failure of the disk leaves the change begun, and the next one carries it on first', async () => {
  t.fill(10)
  const errors: unknown[] = []
  const full: RewrapTarget = {
    ...things,
    replace: () => {
      throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' })
    },
  }
  await expect(t.changes([full]).change(passphrase, 2000, 'window')).rejects.toThrow()
  const logger = { ...silent, error: (details: unknown) => void errors.push(details) }
  await t.changes([full], { logger }).resume()
  expect(errors).toHaveLength(1)
  const between = Buffer.from(t.session.recordsKey())
  expect(await t.changes().change(passphrase, 3000, 'window')).toMatchObject({ records: 10, unreadable: 0 })
  expect(t.session.recordsKey().equals(between)).toBe(false)
  expect(t.underKey(t.session.recordsKey())).toBe(10)
  expect(t.session.factors().keysChangedAt).toBe(3000)
})

test('V13: a defect of a key is not taken for a value under another key', async () => {
  t.fill(1)
  const keys = { recordsKey: () => Buffer.alloc(5), previousRecordsKey: () => null }
  await expect(rewrapAll({ database: t.db, vaultId: t.vaultId, keys, targets: [things] })).rejects.toThrow('Invalid key length')
})

test('V13: a copy of the folder made in the middle carries on by itself', async () => {
  t.fill(50)
  await t.session.beginKeyChange(passphrase, 2000, 'window')
  t.db.checkpoint()
  const copy = mkdtempSync(join(tmpdir(), 'countinghouse-rewrap-'))
  cpSync(t.dir, copy, { recursive: true })
  t.session = newSession(copy)
  await t.session.unlock({ passphrase }, 'window')
  const opened = openDatabase({ file: join(copy, databaseFileName), key: t.session.coreKeys().database, now: () => 3000 })
  await t.changes([things], { database: opened }).resume()
  expect(t.underKey(t.session.recordsKey(), opened)).toBe(50)
  opened.close()
  rmSync(copy, { recursive: true })
})

test('V13: secrets of code generators move with the others', async () => {
  const secret = Buffer.alloc(20, 7)
  const sealed = seal(t.session.recordsKey(), secret, { vault: t.vaultId, ...codeSecretPlace('fac_1') })
  t.db.write((w) =>
    w.run(sql`INSERT INTO code_generator (id, label, sealed, created_at, last_step) VALUES ('fac_1', 'Mine', ${sealed}, 0, 0)`),
  )
  expect(await t.changes([codeSecrets]).change(passphrase, 2000, 'window')).toMatchObject({ records: 1, unreadable: 0 })
  const [row] = codeSecrets.next(t.db.read, null, 10)
  expect(open(t.session.recordsKey(), row?.sealed ?? secret, { vault: t.vaultId, ...codeSecretPlace('fac_1') })).toEqual(secret)
})
