import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { databaseFileName, sql } from '../db'
import { openDriver } from '../db/driver'
import { allBackups, changeSettings, lastVerifiedAt, readSettings } from './backups.repository'
import { meddling, openTestVault, type TestVault } from './testing'

const day = 86_400_000

let t: TestVault
beforeEach(async () => {
  t = await openTestVault()
  t.work(5)
}, 60_000)
afterEach(() => t.cleanup())

const folder = () => join(t.dir, 'backups')
const files = () => (existsSync(folder()) ? readdirSync(folder()).sort() : [])

test('V9: a backup is one file for its owner alone, whole, checked, and listed with its numbers', async () => {
  const { backup, pruned } = await t.backups.run('owner')
  expect(backup).toEqual({
    id: expect.stringMatching(/^bak_/),
    fileName: expect.stringMatching(/^countinghouse-2026-03-10-\d{6}\.chb$/),
    place: 'Data folder',
    createdAt: t.now,
    bytes: statSync(join(folder(), backup.fileName)).size,
    cause: 'owner',
    auditRows: 5,
    entries: 5,
    verifiedAt: t.now,
    problem: null,
    keptAs: ['newest', 'daily', 'weekly', 'monthly'],
    present: true,
  })
  expect(pruned).toEqual([])
  expect(files()).toEqual([backup.fileName])
  expect(statSync(join(folder(), backup.fileName)).mode & 0o777).toBe(0o600)
  expect(statSync(folder()).mode & 0o777).toBe(0o700)
  expect(existsSync(t.backups.places.workDir)).toBe(false)
  expect(lastVerifiedAt(t.database.read)).toBe(t.now)
  expect(t.progress.at(-1)).toBe(100)
  expect([...t.progress].sort((a, b) => a - b)).toEqual(t.progress)
})

test('V9: nothing in a backup can be read without the keys', async () => {
  const { backup } = await t.backups.run('owner')
  const bytes = readFileSync(join(folder(), backup.fileName))
  for (const plain of ['Entry 3', 'income:services', 'SQLite format', 'A note']) expect(bytes.includes(plain)).toBe(false)
})

test('two backups of the same second have names of their own', async () => {
  const first = await t.backups.run('owner')
  const second = await t.backups.run('owner')
  expect(second.backup.fileName).not.toBe(first.backup.fileName)
  expect(files()).toHaveLength(2)
})

test('the world goes on while a backup is made: what came later is not in it, and disturbs nothing', async () => {
  const running = t.backups.run('owner')
  t.work(3)
  const { backup } = await running
  expect(backup).toMatchObject({ entries: 5, problem: null })
})

test('one at a time: a second one is refused, or waits where it may', async () => {
  const first = t.backups.run('owner')
  await expect(t.backups.run('owner')).rejects.toMatchObject({ kind: 'busy', code: 'conflict' })
  const waiting = t.backups.run('schedule', true)
  await first
  await expect(waiting).resolves.toMatchObject({ backup: { problem: null } })
})

test('the owner’s own waits for what a schedule does, and is not refused for it', async () => {
  const scheduled = t.backups.run('schedule', true)
  const own = await t.backups.run('owner')
  expect((await scheduled).backup.problem).toBeNull()
  expect(own.backup.problem).toBeNull()
  expect((await t.backups.verify(own.backup.id)).problem).toBeNull()
})

test('V9: old backups go by the rule, and only after a newer one was verified', async () => {
  changeRule({ keepDaily: 2, keepWeekly: 0, keepMonthly: 0 })
  const made: string[] = []
  for (let n = 0; n < 4; n++) {
    made.push((await t.backups.run('schedule')).backup.id)
    t.now += day
  }
  expect(allBackups(t.database.read).map(({ id }) => id)).toEqual([made[3], made[2]])
  expect(files()).toHaveLength(2)
})

function changeRule(rule: { keepDaily: number; keepWeekly: number; keepMonthly: number }): void {
  t.database.write((w) => changeSettings(w, rule))
}

test('V9: while a new backup cannot be verified, no old one goes', async () => {
  changeRule({ keepDaily: 1, keepWeekly: 0, keepMonthly: 0 })
  const first = (await t.backups.run('schedule')).backup
  t.now += 2 * day
  const spoiling = t.open({
    workbench: meddling((name, input) => {
      if (name === 'pack' && 'target' in input) spoil(String(input.target))
    }),
  })
  const { backup, pruned } = await spoiling.run('schedule')
  expect(backup).toMatchObject({ verifiedAt: null, problem: expect.stringContaining('damaged') })
  expect(pruned).toEqual([])
  expect(existsSync(join(folder(), first.fileName))).toBe(true)
  expect(readSettings(t.database.read).lastProblem).toContain('damaged')
  expect(lastVerifiedAt(t.database.read)).toBe(first.verifiedAt)
  t.now += day
  const third = await t.backups.run('schedule')
  expect([...third.pruned].sort()).toEqual([first.id, backup.id].sort())
  expect(readSettings(t.database.read).lastProblem).toBeNull()
})

test.each([
  ['its log was tampered with', `UPDATE audit_row SET details = '{"count":99}' WHERE seq = 3`, 'audit_row_no_update'],
  ['a balance is not that of its postings', 'UPDATE balance SET minor = minor + 1 WHERE account_id = 1', null],
])('V9: a backup that is whole counts for nothing when %s, and no old one goes for it', async (_, tampering, seal) => {
  changeRule({ keepDaily: 1, keepWeekly: 0, keepMonthly: 0 })
  const first = (await t.backups.run('schedule')).backup
  t.now += 2 * day
  const driver = openDriver(join(t.dir, databaseFileName), t.keys.database, 'existing')
  if (seal !== null) driver.exec(`DROP TRIGGER ${seal}`)
  expect(driver.prepare(tampering).run().changes).toBeGreaterThan(0)
  driver.close()
  const { backup, pruned } = await t.backups.run('schedule')
  expect(backup).toMatchObject({ verifiedAt: null, problem: expect.stringContaining('does not agree with itself') })
  expect(pruned).toEqual([])
  expect(existsSync(join(folder(), first.fileName))).toBe(true)
})

function spoil(file: string): void {
  const bytes = readFileSync(file)
  bytes[bytes.length - 5000] = (bytes[bytes.length - 5000] ?? 0) ^ 1
  writeFileSync(file, bytes)
}

test('V9: a backup that was damaged later is noticed by its check, and its line says so', async () => {
  const { backup } = await t.backups.run('owner')
  t.now += day
  await expect(t.backups.verify(backup.id)).resolves.toMatchObject({ verifiedAt: t.now, problem: null })
  spoil(join(folder(), backup.fileName))
  await expect(t.backups.verify(backup.id)).resolves.toMatchObject({
    verifiedAt: t.now,
    problem: expect.stringMatching(/damaged/),
  })
  await expect(t.backups.verify('bak_none')).rejects.toMatchObject({ code: 'not_found' })
})

test('a whole backup in the place of another one is noticed', async () => {
  const first = (await t.backups.run('owner')).backup
  t.work(1)
  const second = (await t.backups.run('owner')).backup
  writeFileSync(join(folder(), second.fileName), readFileSync(join(folder(), first.fileName)))
  await expect(t.backups.verify(second.id)).resolves.toMatchObject({ problem: expect.stringMatching(/damaged/) })
})

test('a disk without room is refused before anything is written, and the old backups stay', async () => {
  const { backup } = await t.backups.run('owner')
  const full = t.open({ freeBytes: () => 4096 })
  await expect(full.run('owner')).rejects.toMatchObject({ kind: 'no-space' })
  expect(files()).toEqual([backup.fileName])
  expect(readSettings(t.database.read).lastProblem).toContain('not enough free disk space')
})

test('a chosen folder holds them; when it is gone the data folder does, and the status says so', async () => {
  const place = join(t.home, 'stick')
  mkdirSync(place)
  t.database.write((w) => changeSettings(w, { place }))
  const first = (await t.backups.run('owner')).backup
  expect(first.place).toBe('stick')
  expect(readdirSync(place)).toEqual([first.fileName])
  t.database.write((w) => changeSettings(w, { place: join(t.home, 'pulled out') }))
  const second = (await t.backups.run('owner')).backup
  expect(second).toMatchObject({ place: 'Data folder', problem: null })
  expect(readSettings(t.database.read).lastProblem).toContain('could not be reached')
})

test('the file of a folder that cannot be reached is not there, and nothing is let go for it', async () => {
  const place = join(t.home, 'stick')
  mkdirSync(place)
  t.database.write((w) => changeSettings(w, { place }))
  const { backup } = await t.backups.run('owner')
  renameSync(place, `${place}-away`)
  await expect(t.backups.verify(backup.id)).rejects.toMatchObject({ code: 'not_found' })
  t.now += 400 * day
  const { pruned } = await t.backups.run('schedule')
  expect(pruned).toEqual([])
  const row = allBackups(t.database.read).find(({ id }) => id === backup.id)
  expect(t.backups.store.describe(row ? [row] : [], t.now)).toMatchObject([{ present: false, keptAs: [] }])
})

test('a file that a power cut left without a line in the list is found again; one of another vault is not', async () => {
  const { backup } = await t.backups.run('owner')
  const other = await openTestVault()
  try {
    other.now += 60_000
    const { backup: foreign } = await other.backups.run('owner')
    writeFileSync(join(folder(), foreign.fileName), readFileSync(join(other.dir, 'backups', foreign.fileName)))
  } finally {
    other.cleanup()
  }
  writeFileSync(join(folder(), 'countinghouse-2026-01-01-000000.chb'), 'no backup at all')
  t.database.write((w) => w.run(sql`DELETE FROM backup`))
  t.backups.recover()
  expect(allBackups(t.database.read)).toMatchObject([
    { fileName: backup.fileName, bytes: backup.bytes, entries: 5, auditRows: 5, cause: 'owner', verifiedAt: null, problem: null },
  ])
  t.backups.recover()
  expect(allBackups(t.database.read)).toHaveLength(1)
  const [row] = allBackups(t.database.read)
  await expect(t.backups.verify(row?.id ?? '')).resolves.toMatchObject({ verifiedAt: t.now, problem: null })
})

test('a drill restores the newest backup, holds it against the vault, and leaves nothing', async () => {
  expect(await t.backups.drill()).toMatchObject({ ok: false, backupId: null, problem: expect.stringContaining('no backup') })
  const { backup } = await t.backups.run('owner')
  t.work(2)
  t.now += 1000
  const before = readdirSync(t.dir)
  expect(await t.backups.drill()).toEqual({
    at: t.now,
    ok: true,
    backupId: backup.id,
    secrets: 1,
    entries: 5,
    auditRows: 5,
    milliseconds: expect.any(Number),
    problem: null,
  })
  expect(readdirSync(t.dir)).toEqual(before)
  expect(readdirSync(t.home)).toEqual(['data'])
  spoil(join(folder(), backup.fileName))
  t.now += 1000
  expect(await t.backups.drill()).toMatchObject({ ok: false, backupId: backup.id, problem: expect.stringContaining('damaged') })
})

test('what a backup or a drill that was killed left behind is swept at the next start', async () => {
  const { backup } = await t.backups.run('owner')
  const left = join(t.backups.places.workDir, 'abc')
  mkdirSync(left, { recursive: true })
  writeFileSync(join(left, 'copy.db'), 'half')
  writeFileSync(join(folder(), 'countinghouse-2026-03-11-030000.chb.partial'), 'half')
  writeFileSync(join(folder(), 'holiday.jpg.partial'), 'not ours')
  t.backups.recover()
  expect(existsSync(t.backups.places.workDir)).toBe(false)
  expect(files()).toEqual([backup.fileName, 'holiday.jpg.partial'])
})

test('a backup of earlier keys is right as long as its bytes are those once verified; the drill leaves it alone', async () => {
  const { backup } = await t.backups.run('owner')
  t.database.write((w) => w.run(sql`UPDATE backup SET key_id = ${'0'.repeat(32)}`))
  t.now += day
  await expect(t.backups.verify(backup.id)).resolves.toMatchObject({ verifiedAt: t.now, problem: null })
  expect(await t.backups.drill()).toMatchObject({ ok: false, backupId: null })
  t.database.write((w) => w.run(sql`UPDATE backup SET verified_at = NULL`))
  await expect(t.backups.verify(backup.id)).resolves.toMatchObject({
    verifiedAt: null,
    problem: expect.stringMatching(/other keys/),
  })
  spoil(join(folder(), backup.fileName))
  await expect(t.backups.verify(backup.id)).resolves.toMatchObject({ problem: expect.stringMatching(/damaged/) })
})
