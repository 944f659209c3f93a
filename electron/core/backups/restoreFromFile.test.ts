import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../db'
import { summariseBooks } from '../ledger/index'
import { readVaultInfo, vaultExists } from '../vault/index'
import { describeBackupFile, type RestoreFromFileOptions, restoreFromFile } from './restoreFromFile'
import { openRestored } from './restoreTesting'
import { readRestoreMark } from './restoring'
import { meddling, openTestVault, passphrase, type TestVault } from './testing'
import { thisThread } from './workbench'

let t: TestVault
let file: string
let target: string
beforeEach(async () => {
  t = await openTestVault()
  t.work(20)
  const { backup } = await t.backups.run('owner')
  file = join(t.home, 'on a stick.chb')
  renameSync(join(t.dir, 'backups', backup.fileName), file)
  target = join(t.home, 'new machine', 'vault')
  mkdirSync(join(t.home, 'new machine'))
}, 60_000)
afterEach(() => t.cleanup())

const restoreIt = (change: Partial<RestoreFromFileOptions> = {}) =>
  restoreFromFile({
    file,
    dataDir: target,
    world: 'live',
    proof: { passphrase },
    door: 'window',
    workbench: thisThread,
    now: t.now,
    ...change,
  })

describe('V8: a backup on a machine without a vault', () => {
  test('tells what it holds before it is opened', () => {
    expect(describeBackupFile(file)).toMatchObject({ world: 'live', createdAt: t.now, secrets: 1, entries: 20, auditRows: 20 })
  })

  test('becomes a vault with every item, balance and row of the log', async () => {
    const steps: number[] = []
    expect(await restoreIt({ onProgress: (percent) => steps.push(percent) })).toEqual({ secrets: 1, entries: 20, auditRows: 20 })
    expect(steps.at(-1)).toBe(100)
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
    expect(readVaultInfo(target).vaultId).toBe(t.keys.vaultId)
    expect(readRestoreMark(target)).toEqual({
      backupId: expect.stringMatching(/^file-[0-9a-f]{16}$/),
      createdAt: t.now,
      restoredAt: t.now,
    })
    expect(statSync(target).mode & 0o777).toBe(0o700)
    expect(readdirSync(target)).not.toContain('backup-work')
    const copy = await openRestored(target, passphrase)
    try {
      expect(summariseBooks(copy.read)).toEqual(summariseBooks(t.database.read))
      const sealed = (r: typeof copy.read) => r.get(sql`SELECT sealed FROM secret_field WHERE secret_id = 'sec_1'`)
      expect(sealed(copy.read)).toEqual(sealed(t.database.read))
    } finally {
      copy.close()
    }
  })

  test('is refused over a vault, in the other world, damaged, missing and with a wrong passphrase: no vault is there then', async () => {
    await expect(restoreIt({ dataDir: t.dir })).rejects.toMatchObject({ code: 'conflict' })
    await expect(restoreIt({ world: 'practice' })).rejects.toMatchObject({ code: 'wrong_world' })
    await expect(restoreIt({ file: join(t.home, 'none.chb') })).rejects.toMatchObject({ code: 'not_found' })
    await expect(restoreIt({ proof: { passphrase: 'not the one of then' } })).rejects.toMatchObject({ code: 'forbidden' })
    const whole = readFileSync(file)
    const at = whole.length - 5000
    whole[at] = (whole[at] ?? 0) ^ 1
    writeFileSync(file, whole)
    await expect(restoreIt()).rejects.toMatchObject({ details: { backup: 'damaged' } })
    expect(vaultExists(target)).toBe(false)
  })

  test('guessing its passphrase is slowed', async () => {
    for (let n = 0; n < 5; n++)
      await expect(restoreIt({ proof: { passphrase: `wrong ${n}` } })).rejects.toMatchObject({
        kind: 'wrong-passphrase',
        message: expect.stringContaining('the passphrase that the vault had when it was made'),
      })
    await expect(restoreIt()).rejects.toMatchObject({ code: 'rate_limited' })
  })

  test('ended half way, it leaves no vault and can be done again', async () => {
    const workbench = meddling((name) => {
      if (name === 'examine') throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    })
    await expect(restoreIt({ workbench })).rejects.toMatchObject({ kind: 'no-space' })
    expect(vaultExists(target)).toBe(false)
    mkdirSync(join(target, 'backup-work', 'left by a power cut'), { recursive: true })
    writeFileSync(join(target, 'vault.creating'), '')
    writeFileSync(join(target, 'countinghouse.db'), 'cut off before the header came')
    expect(vaultExists(target)).toBe(false)
    expect(await restoreIt()).toMatchObject({ entries: 20 })
    expect(existsSync(join(target, 'vault.creating'))).toBe(false)
  })
})
