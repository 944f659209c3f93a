import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { entryInput } from '../../tests/support/desk'
import { passphrase } from '../../tests/support/liveApp'
import { buildApp, type HeadlessProcess, startHeadless } from '../../tests/support/process'
import { databaseFileName, openDatabase, openReader } from '../core/db/index'
import { createVault, floorCost, headerFileName, unlockVault } from '../core/vault/index'

vi.setConfig({ testTimeout: 1_200_000 })

/** How often each point of a change is met. */
const rounds = process.env.COUNTINGHOUSE_LONG_DOSE === '1' ? 25 : 1
/** Enough that the copy takes a moment. */
const imported = 5_000

let home: string
let app: Awaited<ReturnType<typeof start>>
let businessId: string
const dataDir = () => join(home, 'vault')
const running: HeadlessProcess[] = []

beforeAll(async () => {
  await buildApp()
  home = mkdtempSync(join(tmpdir(), 'countinghouse-rotating-'))
  writeFileSync(join(home, 'passphrase'), passphrase)
  mkdirSync(dataDir(), { mode: 0o700 })
  await createVault(dataDir(), passphrase, {
    ...{ world: 'live', kdf: floorCost, now: Date.now() },
    initialise: ({ database: key }) =>
      openDatabase({ file: join(dataDir(), databaseFileName), key, create: true, now: Date.now }).close(),
  })
  app = await start()
  const place = { currency: 'USD', country: 'US', timeZone: 'America/New_York' }
  const made = await app.call('businesses/create', { name: 'Mill Street Studio', ...place })
  businessId = made.value.id as string
  await app.importEntries(imported)
}, 300_000)

afterAll(async () => {
  for (const { child, exit } of running) {
    child.kill('SIGKILL')
    await exit
  }
  rmSync(home, { recursive: true, force: true })
})

async function start() {
  const started = startHeadless(['--data', dataDir(), '--passphrase-file', join(home, 'passphrase')])
  running.push(started)
  const { url, token } = await started.ready
  const headers = { authorization: `Bearer ${token}` }
  return {
    started,
    async call(name: string, input: object): Promise<Record<string, unknown> & { value: Record<string, unknown> }> {
      const response = await fetch(`${url}/api/v1/${name}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(input),
      })
      const text = await response.text()
      if (response.status !== 200) throw new Error(`${name} answered ${response.status}: ${text}`)
      return JSON.parse(text)
    },
    async importEntries(count: number): Promise<void> {
      const line = (n: number) =>
        JSON.stringify({
          ...{ externalId: `import-${n}`, occurredOn: '2026-01-10', description: `Imported ${n} ${'x'.repeat(80)}` },
          postings: [
            { account: 'assets:bank', minor: -n, currency: 'USD' },
            { account: 'expenses:office', minor: n, currency: 'USD' },
          ],
        })
      const response = await fetch(`${url}/api/v1/ledger/import?businessId=${businessId}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/x-ndjson' },
        body: Array.from({ length: count }, (_, n) => line(n + 1)).join('\n'),
      })
      expect([response.status, await response.text()]).toEqual([200, expect.stringContaining(`"imported":${count}`)])
    },
  }
}

let posted = 0
/** Posts an entry. @returns its number once it was acknowledged; null when the answer never came */
async function post(): Promise<number | null> {
  posted += 1
  const mine = posted
  const input = { ...entryInput(businessId, mine), requestId: `posted-${mine}`, description: `Posted ${mine}` }
  try {
    await app.call('ledger/post', input)
    return mine
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/** Numbers of the posted entries that the books hold, each as often as it stands there. */
async function postedNumbers(): Promise<number[]> {
  const found: number[] = []
  let cursor: unknown
  do {
    const page = await app.call('ledger/entries', { businessId, limit: 200, from: '2026-01-10', ...(cursor ? { cursor } : {}) })
    const items = page.items as { description: string }[]
    found.push(...items.flatMap(({ description }) => (description.startsWith('Posted ') ? [Number(description.slice(7))] : [])))
    cursor = items.some(({ description }) => description.startsWith('Imported')) ? null : page.nextCursor
  } while (cursor)
  return found.sort((a, b) => a - b)
}

const fileKey = async () => Buffer.from((await unlockVault(dataDir(), { passphrase })).database)
const opensWith = (key: Uint8Array) => {
  try {
    openReader({ file: join(dataDir(), databaseFileName), key }).close()
    return true
  } catch {
    return false
  }
}

test('V13: while the keys are changed questions are answered, and what is to be written waits and is written once', async () => {
  const old = await fileKey()
  const asked: Promise<unknown>[] = []
  const writes: Promise<number | null>[] = []
  let over = false
  const rotating = app.call('vault/rotateKeys', { passphrase }).finally(() => {
    over = true
  })
  while (!over) {
    writes.push(post())
    asked.push(app.call('ledger/trialBalance', { businessId }))
    await sleep(10)
  }
  expect(await rotating).toMatchObject({ status: 'done' })
  await Promise.all(asked)
  expect(await postedNumbers()).toEqual(await Promise.all(writes))
  expect(await app.call('audit/verify', {})).toMatchObject({ ok: true })
  const fresh = await fileKey()
  expect([fresh.equals(old), opensWith(old), opensWith(fresh)]).toEqual([false, false, true])
})

const isBegun = () => readFileSync(join(dataDir(), headerFileName), 'utf8').includes('previousDatabase')
const files = (folder: string) => (existsSync(folder) ? readdirSync(folder) : [])

/** What stands in the folder at points of a change, in their order. */
const points: readonly (() => boolean)[] = [
  isBegun,
  () => isBegun() && files(join(dataDir(), 'backup-work')).length > 0,
  () => existsSync(join(dataDir(), `${databaseFileName}.next`)),
  () => seenBegun && !isBegun(),
]
let seenBegun = false

/** Waits for a point, and a little longer. @returns false when the change was over before */
async function reached(point: () => boolean, isOver: () => boolean): Promise<boolean> {
  seenBegun = false
  while (!point()) {
    if (isOver()) return false
    seenBegun ||= isBegun()
    await setImmediate()
  }
  if (Math.random() < 0.5) await sleep(Math.random() * 100)
  return !isOver()
}

test('V13, L2: killed at random instants of a change, nothing acknowledged is lost, and it ends on one key', async () => {
  const acknowledged = new Set(await postedNumbers())
  let cutOff = 0
  for (const point of Array.from({ length: rounds }, () => points).flat()) {
    const old = await fileKey()
    let over = false
    const rotating = app.call('vault/rotateKeys', { passphrase }).then(
      () => {
        over = true
      },
      () => undefined,
    )
    let killed = false
    const writing = (async () => {
      while (!killed) {
        const mine = await post()
        if (mine !== null) acknowledged.add(mine)
      }
    })()
    if (await reached(point, () => over)) cutOff += 1
    killed = true
    app.started.child.kill('SIGKILL')
    await Promise.all([app.started.exit, writing, rotating])
    app = await start()
    await vi.waitFor(async () => expect(await app.call('vault/security', {})).toMatchObject({ keysChanging: false }), {
      timeout: 60_000,
    })
    const found = await postedNumbers()
    expect(new Set(found).size).toBe(found.length)
    expect([...acknowledged].filter((mine) => !found.includes(mine))).toEqual([])
    for (const mine of found) acknowledged.add(mine)
    expect(await app.call('audit/verify', {})).toMatchObject({ ok: true })
    const fresh = await fileKey()
    expect([opensWith(fresh), fresh.equals(old) || !opensWith(old)]).toEqual([true, true])
    expect(readdirSync(dataDir()).filter((name) => name.endsWith('.next'))).toEqual([])
  }
  expect(cutOff).toBeGreaterThan(0)
})
