import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import type { ScheduledJob } from '../scheduler/index'
import { backupJobs } from './backupJobs'
import { allBackups, changeSettings, lastDrill } from './backups.repository'
import { openTestVault, type TestVault } from './testing'

let t: TestVault
beforeEach(async () => {
  t = await openTestVault()
  t.work(3)
}, 60_000)
afterEach(() => t.cleanup())

function job(name: string, backups = t.backups): ScheduledJob {
  const found = backupJobs(backups).find((one) => one.name === name)
  if (found === undefined) throw new Error(`There is no schedule ${name}`)
  return found
}
const run = (name: string, backups = t.backups) => job(name, backups).run({ now: t.now, signal: new AbortController().signal })
const cronOf = ({ cron }: ScheduledJob) => (typeof cron === 'string' ? cron : cron())

test('the nightly backup comes at the owner’s hour, and neither it nor the drill when they are off', () => {
  expect(cronOf(job('backup'))).toBe('0 3 * * *')
  expect(job('backup').isOn?.()).toBe(true)
  t.database.write((w) => changeSettings(w, { at: '22:05', on: false }))
  expect(cronOf(job('backup'))).toBe('5 22 * * *')
  expect([job('backup').isOn?.(), job('drill').isOn?.()]).toEqual([false, false])
})

test('a night that goes well is quiet and leaves ids and counts for the log; the drill after it too', async () => {
  const details = await run('backup')
  const [row] = allBackups(t.database.read)
  expect(row).toMatchObject({ cause: 'schedule', problem: null })
  expect(details).toEqual({ backupId: row?.id, bytes: row?.bytes, verified: true, pruned: [] })
  expect(await run('drill')).toEqual({ backupId: row?.id, entries: 3, auditRows: 3 })
  expect(lastDrill(t.database.read)).toMatchObject({ ok: true })
  expect(t.notices).toEqual([])
})

test('a night that fails is told of once, without a name or a path, and is a failed run', async () => {
  await expect(run('backup', t.open({ freeBytes: () => 0 }))).rejects.toBeInstanceOf(AppError)
  expect(t.notices).toEqual(['The backup failed'])
  await expect(run('drill')).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('no backup') })
  expect(t.notices).toEqual(['The backup failed', 'The restore drill failed'])
})

test('retention lets go of what no rule keeps, and says nothing where there is nothing', async () => {
  await run('backup')
  expect(await run('retention')).toBeNull()
  const [row] = allBackups(t.database.read)
  rmSync(join(t.dir, 'backups', row?.fileName ?? ''))
  expect(await run('retention')).toEqual({ pruned: [row?.id] })
  writeFileSync(join(t.dir, 'backups', 'notes.txt'), 'mine')
  expect(await run('retention')).toBeNull()
})
