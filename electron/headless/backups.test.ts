import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { passphrase } from '../../tests/support/liveApp'
import { buildApp, type HeadlessProcess, startHeadless } from '../../tests/support/process'
import { databaseFileName, openDatabase } from '../core/db/index'
import { createVault, floorCost } from '../core/vault/index'

vi.setConfig({ testTimeout: 120_000 })

let home: string
const dataDir = () => join(home, 'vault')
const running: HeadlessProcess[] = []

beforeAll(async () => {
  await buildApp()
  home = mkdtempSync(join(tmpdir(), 'countinghouse-built-'))
  writeFileSync(join(home, 'passphrase'), passphrase)
  mkdirSync(dataDir(), { mode: 0o700 })
  await createVault(dataDir(), passphrase, {
    world: 'live',
    kdf: floorCost,
    now: Date.now(),
    initialise: ({ database }) =>
      openDatabase({ file: join(dataDir(), databaseFileName), key: database, create: true, now: Date.now }).close(),
  })
}, 180_000)

afterAll(async () => {
  for (const { child, exit } of running) {
    child.kill('SIGKILL')
    await exit
  }
  rmSync(home, { recursive: true, force: true })
})

async function start(dir: string, ...more: string[]) {
  const started = startHeadless(['--data', dir, '--passphrase-file', join(home, 'passphrase'), ...more])
  running.push(started)
  const { url, token } = await started.ready
  return {
    started,
    async call(name: string, input: object): Promise<{ status: string; value: Record<string, unknown> }> {
      const response = await fetch(`${url}/api/v1/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(input),
      })
      const body = (await response.json()) as { status: string; value: Record<string, unknown> }
      if (response.status !== 200) throw new Error(`${name} answered ${response.status}: ${JSON.stringify(body)}`)
      return body
    },
  }
}

test('the built app makes, tries out and restores backups in its worker, and the restored profile starts like any other', async () => {
  const app = await start(dataDir())
  const { value: backup } = await app.call('backups/run', {})
  expect(backup).toMatchObject({ problem: null, present: true, keptAs: ['newest', 'daily', 'weekly', 'monthly'] })
  expect((await app.call('backups/drill', {})).value).toMatchObject({ ok: true, backupId: backup.id })
  const { value: restored } = await app.call('backups/restore', { backupId: backup.id, passphrase })
  expect(restored).toMatchObject({ verified: true })
  app.started.child.kill('SIGTERM')
  expect((await app.started.exit).code).toBe(0)
  const second = await start(join(home, String(restored.profile)))
  expect(await second.call('safety/status', {})).toMatchObject({ paused: true, by: 'schedule:restore' })
  second.started.child.kill('SIGTERM')
  expect((await second.started.exit).code).toBe(0)
})

test('V8: a backup file starts as a vault where there was none, and never over one', async () => {
  const [name = ''] = readdirSync(join(dataDir(), 'backups'))
  const file = join(dataDir(), 'backups', name)
  const fresh = join(home, 'new machine')
  const app = await start(fresh, '--restore', file)
  expect(await app.call('safety/status', {})).toMatchObject({ paused: true, by: 'schedule:restore' })
  app.started.child.kill('SIGTERM')
  expect((await app.started.exit).code).toBe(0)
  const refusal = async (...more: string[]) => {
    const refused = startHeadless(['--data', fresh, '--passphrase-file', join(home, 'passphrase'), ...more])
    running.push(refused)
    return await refused.exit
  }
  expect(await refusal('--restore', file)).toMatchObject({ code: 1 })
  expect(await refusal('--restore', file, '--data', join(home, 'another'), '--practice')).toMatchObject({ code: 4 })
  const cut = join(home, 'cut off.chb')
  writeFileSync(cut, readFileSync(file).subarray(0, 5000))
  expect(await refusal('--restore', cut, '--data', join(home, 'another'))).toMatchObject({ code: 7 })
  expect(await refusal('--restore', '')).toMatchObject({ code: 2 })
})

test('asked to end in the middle of a backup, the app ends well and leaves no file that counts', async () => {
  for (const wait of [20, 60, 120]) {
    const app = await start(dataDir())
    const before = readdirSync(join(dataDir(), 'backups'))
    const running = app.call('backups/run', {}).catch(() => null)
    await sleep(wait)
    app.started.child.kill('SIGTERM')
    expect((await app.started.exit).code).toBe(0)
    const answer = await running
    const again = await start(dataDir())
    const files = readdirSync(join(dataDir(), 'backups'))
    expect(files.filter((name) => !name.endsWith('.chb'))).toEqual([])
    if (answer === null) for (const name of before) expect(files).toContain(name)
    else expect(files).toContain(answer.value.fileName)
    expect((await again.call('backups/drill', {})).value).toMatchObject({ ok: true })
    again.started.child.kill('SIGTERM')
    await again.started.exit
  }
})
