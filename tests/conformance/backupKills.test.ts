import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allBackups } from '../../electron/core/backups/backups.repository'
import { workerThreads } from '../../electron/core/backups/index'
import { openTestVault, passphrase, type TestVault } from '../../electron/core/backups/testing'
import { unlockVault, wipe } from '../../electron/core/vault/index'

const cache = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url))
let built: string
let vault: TestVault
const children = new Set<ChildProcess>()

beforeAll(async () => {
  mkdirSync(cache, { recursive: true })
  built = mkdtempSync(join(cache, 'backups-'))
  const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: true,
      target: 'node24',
      outDir: built,
      emptyOutDir: true,
      rolldownOptions: {
        input: { child: source('./backupChild.ts'), worker: source('../../electron/core/backups/worker.ts') },
        external: (id: string) => isBuiltin(id) || !/^[./\0]/.test(id),
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  })
  vault = await openTestVault()
  vault.work(300)
}, 60_000)
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  vault.cleanup()
  rmSync(built, { recursive: true, force: true })
})

const worker = () => join(built, 'worker.mjs')
const backupFolder = () => join(vault.dir, 'backups')

test('the work is done in a worker thread, and this one goes on meanwhile', async () => {
  const backups = vault.open({ workbench: workerThreads(worker()) })
  let turns = 0
  const timer = setInterval(() => {
    turns += 1
  }, 1)
  const { backup } = await backups.run('owner')
  clearInterval(timer)
  expect(backup).toMatchObject({ problem: null, entries: 300, auditRows: 300 })
  expect(turns).toBeGreaterThan(10)
  await expect(backups.drill()).resolves.toMatchObject({ ok: true, entries: 300 })
  await expect(
    backups.job('unpack', { file: join(vault.dir, 'nothing'), folder: join(vault.dir, 'never') }, 'backup', 0, 100),
  ).rejects.toMatchObject({ code: 'not_found', details: { backup: 'missing' } })
})

test('a worker that is stopped ends its job with a reason, and leaves no file that counts', async () => {
  const backups = vault.open({ workbench: workerThreads(worker()) })
  const before = readdirSync(backupFolder())
  const running = backups.run('owner')
  await backups.stop()
  await expect(running).rejects.toMatchObject({ code: 'unavailable' })
  backups.recover()
  expect(readdirSync(backupFolder())).toEqual(before)
  expect(existsSync(backups.places.workDir)).toBe(false)
})

async function startChild(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(built, 'child.mjs'), vault.dir, passphrase, worker()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  await once(child.stdout ?? child, 'data')
  return child
}

/** Whatever has its name is whole: every backup opens and agrees with itself, every profile unlocks. */
async function expectOnlyWholeThings(): Promise<void> {
  const backups = vault.open()
  vault.database.write((w) => w.run({ text: 'UPDATE backup SET problem = NULL', values: [] }))
  backups.recover()
  const listed = allBackups(vault.database.read)
  expect(listed.map(({ fileName }) => fileName).sort()).toEqual(readdirSync(backupFolder()).sort())
  for (const { id } of listed.slice(0, 2)) expect(await backups.verify(id)).toMatchObject({ problem: null })
  for (const name of readdirSync(vault.home).filter((entry) => entry.startsWith('restored-'))) {
    const keys = await unlockVault(join(vault.home, name), { passphrase })
    expect(keys.vaultId).toBe(vault.keys.vaultId)
    wipe(keys)
    rmSync(join(vault.home, name), { recursive: true })
  }
}

test('V9: killed at any instant of making, checking, restoring and drilling, it leaves nothing half that counts', async () => {
  let seed = Number(process.env.BACKUP_SEED ?? Date.now() % 2 ** 31)
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
  for (let round = 0; round < 10; round++) {
    const child = await startChild()
    await sleep(random() * 900)
    expect(child.exitCode).toBeNull()
    child.kill('SIGKILL')
    await once(child, 'exit')
    children.delete(child)
    await expectOnlyWholeThings()
  }
  expect(readdirSync(vault.home).filter((name) => name.startsWith('.restored-')).length).toBeLessThanOrEqual(1)
}, 120_000)
