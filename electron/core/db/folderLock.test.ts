import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { acquireFolderLock, FolderInUse } from './folderLock'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'countinghouse-lock-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** A clock that moves only by waiting. */
function waiting() {
  let time = 0
  const waits: number[] = []
  return {
    waits,
    now: () => time,
    wait: async (ms: number) => {
      waits.push(ms)
      time += ms
    },
  }
}

const driver = createRequire(import.meta.url).resolve('better-sqlite3')

/** What another process meets that tries to take the lock once. */
async function tryElsewhere(): Promise<string> {
  const script = `const db = require(${JSON.stringify(driver)})(process.argv[1], { timeout: 0 });
    try { db.exec('BEGIN EXCLUSIVE'); console.log('held') } catch (error) { console.log(error.code) }`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, join(dir, 'lock.db')])
  return stdout.trim()
}

/** Another process that holds the lock until it is killed. */
async function holder(): Promise<ChildProcess> {
  const script = `const db = require(${JSON.stringify(driver)})(process.argv[1]); db.exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['-e', script, join(dir, 'lock.db')], { stdio: ['ignore', 'pipe', 'inherit'] })
  if (child.stdout) await once(child.stdout, 'data')
  return child
}

test('one lock at a time; released, it can be taken again; releasing twice is harmless', async () => {
  const first = await acquireFolderLock(dir)
  expect(statSync(join(dir, 'lock.db')).mode & 0o777).toBe(0o600)
  const clock = waiting()
  await expect(acquireFolderLock(dir, clock.wait, clock.now)).rejects.toThrow(FolderInUse)
  expect(clock.waits.reduce((sum, ms) => sum + ms, 0)).toBe(5000)
  first.release()
  first.release()
  const second = await acquireFolderLock(dir)
  second.release()
})

test('a predecessor that closes while we wait hands over', async () => {
  const first = await acquireFolderLock(dir)
  const clock = waiting()
  let rounds = 0
  const second = await acquireFolderLock(
    dir,
    async (ms) => {
      await clock.wait(ms)
      if (++rounds === 3) first.release()
    },
    clock.now,
  )
  expect(rounds).toBe(3)
  second.release()
})

test('a failed try does not take the lock from its holder in the same process', async () => {
  const first = await acquireFolderLock(dir)
  const clock = waiting()
  await expect(acquireFolderLock(dir, clock.wait, clock.now)).rejects.toThrow(FolderInUse)
  expect(await tryElsewhere()).toBe('SQLITE_BUSY')
  first.release()
  expect(await tryElsewhere()).toBe('held')
})

test('another process holds it for as long as it lives, even when it is killed', async () => {
  const child = await holder()
  const clock = waiting()
  await expect(acquireFolderLock(dir, clock.wait, clock.now)).rejects.toThrow(FolderInUse)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const lock = await acquireFolderLock(dir)
  lock.release()
})

test('a lock file full of something else is told, not overwritten', async () => {
  writeFileSync(join(dir, 'lock.db'), 'x'.repeat(9000))
  await expect(acquireFolderLock(dir)).rejects.toThrow('lock file of the data folder is damaged')
  expect(statSync(join(dir, 'lock.db')).size).toBe(9000)
})

test('L3: something in the way of the lock file: clear words', async () => {
  mkdirSync(join(dir, 'lock.db'))
  await expect(acquireFolderLock(dir)).rejects.toThrow(expect.objectContaining({ kind: 'read-only' }))
})
