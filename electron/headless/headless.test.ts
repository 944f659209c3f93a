import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { root } from '../../build/lib.mjs'
import { passphrase } from '../../tests/support/liveApp'
import { buildApp, type Exit, type HeadlessProcess, startHeadless } from '../../tests/support/process'
import { databaseFileName, openDatabase } from '../core/db/index'
import { createVault, floorCost, headerFileName, unlockVault } from '../core/vault/index'

/** Each start derives a key from a passphrase, and some wait for a folder. */
vi.setConfig({ testTimeout: 120_000 })

let dir: string
let dataDir: string
let passphraseFile: string
const running: HeadlessProcess[] = []

beforeAll(() => buildApp(), 120_000)

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'countinghouse-headless-'))
  dataDir = join(dir, 'data folder')
  passphraseFile = join(dir, 'passphrase')
  writeFileSync(passphraseFile, `${passphrase}\n`)
})

afterEach(async () => {
  for (const { child, exit } of running.splice(0)) {
    child.kill('SIGKILL')
    await exit
  }
  rmSync(dir, { recursive: true, force: true })
})

function start(...more: string[]): HeadlessProcess {
  const started = startHeadless(['--data', dataDir, '--passphrase-file', passphraseFile, ...more])
  running.push(started)
  return started
}

/** Starts what must fail. */
async function fail(...more: string[]): Promise<Exit> {
  const exit = await start(...more).exit
  expect(exit.stdout).toBe('')
  expect(exit.stderr).not.toMatch(/\n\s+at /)
  return exit
}

async function stop({ child, exit }: HeadlessProcess): Promise<Exit> {
  child.kill('SIGTERM')
  return exit
}

/** A vault made at the least cost, so that the tests do not wait for calibration. */
async function makeVault(world: 'live' | 'practice' = 'live'): Promise<void> {
  mkdirSync(dataDir, { mode: 0o700 })
  const file = join(dataDir, databaseFileName)
  const now = () => Date.now()
  await createVault(dataDir, passphrase, {
    world,
    kdf: floorCost,
    now: now(),
    initialise: (keys) => openDatabase({ file, key: keys.database, create: true, now }).close(),
  })
  if (world === 'practice') writeFileSync(join(dataDir, 'practice.ready'), '')
}

async function ask(url: string, path: string, token: string, body: unknown = {}) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const answer = await fetch(`${url}/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: answer.status, body: (await answer.json()) as unknown }
}

describe('a start', () => {
  test('in an empty place makes a vault for its owner alone and says one line on stdout; SIGTERM ends it with 0', async () => {
    const app = start()
    const ready = await app.ready
    expect(Object.keys(ready)).toEqual(['ready', 'url', 'webhooks', 'token', 'version'])
    expect(ready).toMatchObject({
      ready: true,
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      webhooks: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      token: expect.stringMatching(/^cht_[A-Za-z0-9_-]{43}$/),
    })
    expect(await ask(ready.url, 'vault/status', ready.token)).toEqual({
      status: 200,
      body: { state: 'unlocked', world: 'live', version: ready.version },
    })
    expect((await ask(ready.url, 'businesses/list', ready.token)).body).toEqual({ items: [], nextCursor: null })
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) {
      const info = statSync(join(dataDir, name))
      expect([name, info.mode & 0o777]).toEqual([name, info.isDirectory() ? 0o700 : 0o600])
    }
    const { code, signal, stdout, stderr } = await stop(app)
    expect([code, signal]).toEqual([0, null])
    expect(stdout).toBe(`${JSON.stringify(ready)}\n`)
    expect(stderr).not.toContain(ready.token)
    expect(stderr).not.toContain(passphrase)
    expect(readdirSync(dataDir).filter((name) => name.endsWith('-wal') && statSync(join(dataDir, name)).size > 0)).toEqual([])
  })

  test('on the same folder finds what was there, takes the wished ports, and has a new token', async () => {
    await makeVault()
    const first = start()
    const before = await first.ready
    const business = { name: 'Mill Street Studio', currency: 'USD', country: 'US', timeZone: 'America/New_York' }
    expect((await ask(before.url, 'businesses/create', before.token, business)).status).toBe(200)
    expect((await stop(first)).code).toBe(0)

    const ports = [before.url, before.webhooks].map((url) => new URL(url).port)
    const second = start('--port', ports[0] ?? '', '--webhook-port', ports[1] ?? '')
    const after = await second.ready
    expect([after.url, after.webhooks]).toEqual([before.url, before.webhooks])
    expect((await ask(after.url, 'businesses/list', before.token)).status).toBe(401)
    expect((await ask(after.url, 'businesses/list', after.token)).body).toMatchObject({ items: [{ name: business.name }] })
    expect((await stop(second)).code).toBe(0)
  })

  test('ends with 0 on SIGINT too, whatever is under way and however often it is asked', async () => {
    await makeVault()
    const app = start()
    const { url, token } = await app.ready
    const import_ = fetch(`${url}/api/v1/ledger/import?businessId=biz_x`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
      body: new ReadableStream({ start() {} }),
      duplex: 'half',
    } as RequestInit).catch(() => null)
    for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM', 'SIGTERM', 'SIGINT'] as const) app.child.kill(signal)
    expect(await app.exit).toMatchObject({ code: 0, signal: null })
    await import_
  })

  test.each([
    ['npm', (pid: number) => process.kill(pid, 'SIGTERM')],
    ['its process group', (pid: number) => process.kill(-pid, 'SIGTERM')],
  ])('by npm ends with 0 when %s is asked to end, and leaves nothing behind', async (_whom, end) => {
    await makeVault()
    const args = ['start', '--', '--headless', '--data', dataDir, '--passphrase-file', passphraseFile]
    const npm = spawn('npm', args, { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
    const ended = once(npm, 'exit')
    let said = ''
    for await (const chunk of npm.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
      said += chunk
      if (said.includes('"ready":true')) break
    }
    npm.stdout.resume()
    if (npm.pid === undefined) throw new Error('npm did not start')
    try {
      end(npm.pid)
      expect(await ended).toEqual([0, null])
    } finally {
      if (npm.exitCode !== 0) process.kill(-npm.pid, 'SIGKILL')
    }
    const next = start()
    await next.ready
    expect((await stop(next)).code).toBe(0)
  })

  test('that is interrupted before it is ready ends with 0, and the next one finds everything in order', async () => {
    await makeVault()
    const app = start()
    await once(app.child, 'spawn')
    while (!readdirSync(dataDir).includes('lock.db')) await new Promise((resolve) => setTimeout(resolve, 5))
    app.child.kill('SIGTERM')
    expect(await app.exit).toMatchObject({ code: 0 })
    const next = start()
    await next.ready
    expect((await stop(next)).code).toBe(0)
  })
})

describe('a start that cannot be', () => {
  test('2: for a wrong command line, or without a passphrase where nobody can be asked; it prints the command to run', async () => {
    expect(await fail('--portt', '1')).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage: npm start') })
    const silent = startHeadless(['--data', dataDir])
    running.push(silent)
    const { code, stdout, stderr } = await silent.exit
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(`npm start -- --headless --data '${dataDir}' --passphrase-file FILE`)
    rmSync(passphraseFile)
    expect((await fail()).code).toBe(2)
    expect(readdirSync(dir)).toEqual([])
  })

  test('3: while another one has the folder, after waiting 5 s for it; one that is closing is waited for', async () => {
    await makeVault()
    const first = start()
    const { url, token } = await first.ready
    const second = await fail()
    expect(second).toMatchObject({ code: 3, stderr: expect.stringContaining('already running on this data folder') })
    expect((await ask(url, 'vault/status', token)).status).toBe(200)
    const third = start()
    await once(third.child, 'spawn')
    await stop(first)
    await third.ready
    expect((await stop(third)).code).toBe(0)
  })

  test('4: in the other world', async () => {
    await makeVault('live')
    expect(await fail('--practice')).toMatchObject({ code: 4, stderr: expect.stringContaining('This folder holds a live vault') })
    const after = start()
    await after.ready
    expect((await stop(after)).code).toBe(0)
    rmSync(dataDir, { recursive: true })
    await makeVault('practice')
    expect(await fail()).toMatchObject({ code: 4, stderr: expect.stringContaining('This folder holds a practice world') })
    const practice = start('--practice')
    const { url, token } = await practice.ready
    expect((await ask(url, 'vault/status', token)).body).toMatchObject({ world: 'practice' })
    expect((await stop(practice)).code).toBe(0)
  })

  test('5: with a wrong passphrase, or one too weak for a new vault', async () => {
    writeFileSync(passphraseFile, 'password')
    expect(await fail()).toMatchObject({ code: 5 })
    expect(readdirSync(dataDir)).not.toContain(headerFileName)
    rmSync(dataDir, { recursive: true, force: true })
    await makeVault()
    for (const wrong of ['wrong', '', `${passphrase}\n\n`, `${passphrase} `]) {
      writeFileSync(passphraseFile, wrong)
      expect(await fail()).toMatchObject({ code: 5, stderr: expect.stringMatching(/passphrase/) })
    }
    writeFileSync(passphraseFile, passphrase)
    const app = start()
    await app.ready
    expect((await stop(app)).code).toBe(0)
  })

  test('V7: guesses over the API make the API wait, also after a restart, and do not keep the owner from starting', async () => {
    await makeVault()
    for (let run = 1; run <= 2; run++) {
      const app = start()
      const { url, token } = await app.ready
      await ask(url, 'vault/lock', token)
      const guesses = run === 1 ? 5 : 0
      for (let i = 0; i < guesses; i++)
        expect((await ask(url, 'vault/unlock', token, { passphrase: 'a guess' })).status).toBe(403)
      expect((await ask(url, 'vault/unlock', token, { passphrase })).status).toBe(429)
      expect((await stop(app)).code).toBe(0)
    }
  })

  test('6: of a newer version, by its header or by its database; neither is touched', async () => {
    await makeVault()
    const header = join(dataDir, headerFileName)
    const text = readFileSync(header, 'utf8')
    writeFileSync(header, text.replace('"format": 1', '"format": 2'))
    expect(await fail()).toMatchObject({ code: 6, stderr: expect.stringContaining('newer version') })
    writeFileSync(header, text)
    const keys = await unlockVault(dataDir, { passphrase })
    const driver = new BetterSqlite3(join(dataDir, databaseFileName)) as BetterSqlite3.Database & { key(key: Buffer): void }
    driver.pragma(`cipher='aegis'`)
    driver.key(Buffer.concat([Buffer.from('raw:'), keys.database]))
    driver.pragma('user_version = 9999')
    driver.close()
    expect(await fail()).toMatchObject({ code: 6, stderr: expect.stringContaining('newer version') })
  })

  test('7: when header or database are damaged, cut short or gone', async () => {
    await makeVault()
    const [header, database] = [join(dataDir, headerFileName), join(dataDir, databaseFileName)]
    const [headerBytes, databaseBytes] = [readFileSync(header), readFileSync(database)]
    const damages: (() => void)[] = [
      () => truncateSync(header, headerBytes.length - 1),
      () => writeFileSync(header, '{}'),
      () => writeFileSync(header, headerBytes.toString('utf8').replace('"memoryKiB": 65536', '"memoryKiB": 65535')),
      () => rmSync(header),
      () => truncateSync(database, databaseBytes.length - 100),
      () => truncateSync(database, 0),
      () => rmSync(database),
      () => writeFileSync(database, Buffer.from(databaseBytes).fill(0x5a, 200, 300)),
    ]
    for (const [index, damage] of damages.entries()) {
      damage()
      const exit = await fail()
      expect([index, exit.code, exit.stderr.trim().split('\n').at(-1)]).toEqual([index, 7, expect.stringMatching(/^The .*\.$/)])
      writeFileSync(header, headerBytes)
      writeFileSync(database, databaseBytes)
    }
    const app = start()
    await app.ready
    expect((await stop(app)).code).toBe(0)
  })

  test('1: where the system lets nobody make a folder, in a sentence', async () => {
    const exit = await fail('--data', '/proc/countinghouse/vault')
    expect(exit).toMatchObject({ code: 1, stderr: expect.stringContaining('This folder cannot be written.') })
  })

  test('1: when a port is taken, in a sentence, and the folder is free again', async () => {
    await makeVault()
    const taken = createServer()
    taken.listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    try {
      for (const flag of ['--port', '--webhook-port']) {
        const exit = await fail(flag, String(port))
        expect(exit).toMatchObject({ code: 1, stderr: expect.stringContaining(`port ${port} is in use by another program`) })
      }
    } finally {
      taken.close()
    }
    const app = start()
    await app.ready
    expect((await stop(app)).code).toBe(0)
  })
})
