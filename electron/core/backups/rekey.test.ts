import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { auditEnd, verifyAudit, verifyingKey } from '../audit/index'
import { type Database, nextFileOf, openDatabase, openReader, sql } from '../db'
import { openDriver } from '../db/driver'
import { booksAgree, summariseBooks } from '../ledger/index'
import { copyName, type OnProgress, type RekeyInput } from './jobs'
import { openTestVault, type TestVault } from './testing'
import { thisThread, type Workbench } from './workbench'

const newKey = new Uint8Array(randomBytes(32))
const kind = (kind: string) => expect.objectContaining({ kind })

let t: TestVault
beforeEach(async () => {
  t = await openTestVault()
})
afterEach(() => t.cleanup())

const next = () => nextFileOf(t.database.file)
const copy = (changes: Parameters<TestVault['open']>[0] = {}) => t.open(changes).copyUnderKey(newKey, next())

const rekeyed = () =>
  t.database.still(async (exchange) => {
    await copy()
    exchange({ key: t.keys.database, newKey, commit: () => undefined, isCommitted: () => true })
  })

async function book({ read }: Database) {
  const audit = await verifyAudit({ db: read, publicKey: verifyingKey(t.keys.publicKey), anchors: [] })
  const balances = read.all(sql`SELECT * FROM balance ORDER BY 1, 2, 3, 4, 5`)
  return { ...summariseBooks(read), agree: booksAgree(read), audit, end: auditEnd(read), balances }
}

test('V13, L10: the trial balance and the audit log are the same before and after, whatever stands in them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 5 }), async (entries, after) => {
      t.cleanup()
      t = await openTestVault()
      t.workInOne(entries)
      await t.backups.run('owner')
      const before = await book(t.database)
      expect(before).toMatchObject({ agree: true, audit: { ok: true, rows: entries } })
      await rekeyed()
      expect(await book(t.database)).toEqual(before)
      t.work(after)
      t.database.close()
      expect(() => openReader({ file: t.database.file, key: t.keys.database })).toThrow(kind('wrong-key'))
      const reopened = openDatabase({ file: t.database.file, key: newKey, now: () => t.now })
      expect(await book(reopened)).toMatchObject({ agree: true, audit: { ok: true, rows: entries + after } })
      reopened.close()
    }),
    { numRuns: 8 },
  )
}, 120_000)

test('the copy is checked against the database, shows how far it is, and leaves nothing behind', async () => {
  t.work(5)
  writeFileSync(next(), 'an older copy')
  await copy()
  expect(t.progress).toEqual([60, 90, 100])
  expect(existsSync(t.backups.places.workDir)).toBe(false)
  const read = openReader({ file: next(), key: newKey })
  expect(summariseBooks(read.read)).toEqual(summariseBooks(t.database.read))
  read.close()
})

test('what is told of how far it is never goes back, however late the growing file is looked at', async () => {
  const run = async (_: string, { workDir }: RekeyInput, onProgress: OnProgress) => {
    mkdirSync(workDir, { recursive: true })
    writeFileSync(join(workDir, copyName), 'a page')
    onProgress(60)
    await sleep(300)
  }
  await copy({ workbench: { ...thisThread, run: run as Workbench['run'] } })
  expect(t.progress).toEqual([60, 100])
})

test('without room for it there is no copy, and the database is as it was', async () => {
  t.work(5)
  await expect(copy({ freeBytes: () => 1000 })).rejects.toThrow(kind('no-space'))
  expect(readdirSync(t.dir).filter((name) => name.includes('next') || name.includes('work'))).toEqual([])
  t.work(1)
})

test('a copy of a database that is not sound is dropped', async () => {
  t.work(5)
  const driver = openDriver(t.database.file, t.keys.database, 'existing')
  driver.pragma('foreign_keys = OFF')
  driver.exec(
    "INSERT INTO secret_field (secret_id, version, name, position, type, sealed) VALUES ('sec_gone', 1, 'text', 0, 'text', zeroblob(60))",
  )
  driver.close()
  await expect(copy()).rejects.toThrow(kind('copy-differs'))
  expect([existsSync(next()), existsSync(t.backups.places.workDir)]).toEqual([false, false])
})
