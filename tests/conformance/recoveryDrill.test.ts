import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyAudit, verifyingKey } from '../../electron/core/audit/index'
import { restore } from '../../electron/core/backups/restoring'
import { openTestVault, passphrase, type TestVault } from '../../electron/core/backups/testing'
import { databaseFileName, openDatabase, sql } from '../../electron/core/db/index'
import { booksAgree, summariseBooks } from '../../electron/core/ledger/index'
import { addFactor } from '../../electron/core/vault/factors'
import { createThrottle, formatKitCode, newKit, unlockVault, wipe } from '../../electron/core/vault/index'

/** DRILL_ENTRIES gives another size. */
const entries = Number(process.env.DRILL_ENTRIES ?? 50_000)
const kitCode = formatKitCode(newKit())

let vault: TestVault
beforeAll(async () => {
  vault = await openTestVault()
  await addFactor(vault.dir, passphrase, { kitCode }, { label: 'Kit', now: vault.now })
  vault.workInOne(entries)
}, 300_000)
afterAll(() => vault.cleanup())

test(`V8, L10: a backup of ${entries} entries and the kit bring everything back to a new profile within five minutes`, async () => {
  const { backup } = await vault.backups.run('owner')
  expect(backup).toMatchObject({ problem: null, entries, auditRows: entries })
  const began = performance.now()
  const throttle = createThrottle(join(vault.home, 'throttle'))
  const restored = await restore({ backups: vault.backups, throttle }, backup.id, { kitCode }, 'api')
  const seconds = (performance.now() - began) / 1000
  process.stdout.write(`V8: ${entries} entries restored and checked in ${seconds.toFixed(1)} s of 300 s, ${backup.bytes} bytes\n`)
  expect(seconds).toBeLessThan(300)
  expect(restored).toMatchObject({ secrets: 1, entries, auditRows: entries })
  expect(readdirSync(vault.home)).toContain(restored.profile)

  const dir = join(vault.home, restored.profile)
  const keys = await unlockVault(dir, { kitCode })
  const copy = openDatabase({ file: join(dir, databaseFileName), key: keys.database, now: () => vault.now })
  try {
    expect(summariseBooks(copy.read)).toEqual(summariseBooks(vault.database.read))
    expect(booksAgree(copy.read)).toBe(true)
    const publicKey = verifyingKey(keys.publicKey)
    expect(await verifyAudit({ db: copy.read, publicKey, anchors: [] })).toMatchObject({ ok: true, rows: entries })
    const root = sql`SELECT size, root FROM audit_head ORDER BY size DESC LIMIT 1`
    expect(copy.read.get(root)).toEqual(vault.database.read.get(root))
  } finally {
    copy.close()
    wipe(keys)
  }
}, 600_000)
