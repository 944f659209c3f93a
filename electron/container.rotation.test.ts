import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { BridgeEvent } from '../shared/contract/bridge'
import type { Input, ProcedureName, Reply } from '../shared/contract/index'
import { entryInput, newRequestId } from '../tests/support/desk'
import { type App, openApp } from './container'
import { openDriver } from './core/db/driver'
import { databaseFileName, openReader } from './core/db/index'
import { floorCost, unlockVault, type VaultKeys } from './core/vault/index'
import { beginKeyChange } from './core/vault/keyChange'

const passphrase = 'seven quiet herons over the mill pond'
const silent = { debug() {}, info() {}, warn() {}, error() {}, close() {} }
const code = (error: string) => expect.objectContaining({ code: error })

let dataDir: string
let chosen: string
let app: App
let heard: BridgeEvent[]
let businessId: string

beforeEach(async () => {
  const home = mkdtempSync(join(tmpdir(), 'countinghouse-rotation-'))
  dataDir = join(home, 'vault')
  chosen = join(home, 'chosen')
  mkdirSync(chosen)
  heard = []
  app = await open()
  const place = { currency: 'USD', country: 'US', timeZone: 'America/New_York' }
  businessId = (await run('businesses.create', { name: 'Mill Street Studio', ...place })).id
  await posts(5)
})
afterEach(async () => {
  await app.close()
  rmSync(dirname(dataDir), { recursive: true, force: true })
})

function open(): Promise<App> {
  return openApp({
    ...{ dataDir, world: 'live', proof: { passphrase }, door: 'start', webhookPort: 0, kdf: floorCost },
    ...{ createLogger: () => silent, notifier: { notify() {} }, onPracticeProgress() {} },
    fileDialogs: { chooseFolder: async () => chosen, openForReading: async () => null, save: async () => false },
    publish: (event) => heard.push(event),
  })
}

type Done<N extends ProcedureName> = Extract<Reply<N>, { status: 'done' }> extends { value: infer Value } ? Value : never
const call = <N extends ProcedureName>(name: N, input: Input<N>) =>
  app.dispatcher.call(name, input, { actor: app.owner, door: 'window' })
async function run<N extends ProcedureName>(name: N, input: Input<N>): Promise<Done<N>> {
  const reply = (await call(name, input)) as { status: string; value: unknown }
  expect(reply.status).toBe('done')
  return reply.value as Done<N>
}

const posts = (count: number) =>
  Promise.all(Array.from({ length: count }, () => run('ledger.post', { ...entryInput(businessId), requestId: newRequestId() })))
const rotate = () => run('vault.rotateKeys', { passphrase })
const trialBalance = () => call('ledger.trialBalance', { businessId })
const backups = async () => (await call('backups.list', {})).items
/** Waits for the backup that the schedule makes after a change of keys. @returns all, newest first */
const backupsAfterward = () =>
  vi.waitFor(
    async () => {
      const items = await backups()
      expect(items[0]).toMatchObject({ cause: 'schedule', problem: null, verifiedAt: expect.any(Number) })
      return items
    },
    { timeout: 30_000 },
  )
const security = () => call('vault.security', {})

/** What opens the vault's file as it is; the header says it. */
const keysNow = (): Promise<VaultKeys> => unlockVault(dataDir, { passphrase })

function opensWith(key: Uint8Array, dir = dataDir): boolean {
  try {
    openReader({ file: join(dir, databaseFileName), key }).close()
    return true
  } catch (error) {
    expect(error).toMatchObject({ kind: 'wrong-key' })
    return false
  }
}

test('V13, L10: the book and the log are the same before and after, and the file opens with the new key alone', async () => {
  const old = await keysNow()
  const before = await trialBalance()
  const { rows } = await call('audit.verify', {})
  const { backupId } = await rotate()
  expect(await trialBalance()).toEqual(before)
  const verified = await call('audit.verify', {})
  expect(verified).toMatchObject({ ok: true })
  expect(verified.rows).toBeGreaterThan(rows)
  const now = await keysNow()
  expect([opensWith(old.database), opensWith(now.database)]).toEqual([false, true])
  await backupsAfterward()
  expect(readdirSync(dataDir).filter((name) => /next|work|before-/.test(name))).toEqual([])
  await posts(1)
  await app.close()
  app = await open()
  expect((await call('ledger.entries', { businessId })).items).toHaveLength(6)
  expect(await backups()).toMatchObject([
    { cause: 'schedule', entries: 5, problem: null },
    { id: backupId, cause: 'before_rotation', entries: 5, problem: null },
  ])
})

test('V8, V13: the schedule makes a backup under the new keys soon after, which restores and is tried out', async () => {
  await rotate()
  const [made] = await backupsAfterward()
  const restored = await run('backups.restore', { backupId: made?.id ?? '', passphrase })
  expect(restored).toMatchObject({ entries: 5, verified: true })
  const then = await unlockVault(join(dirname(dataDir), restored.profile), { passphrase })
  expect(then.database.equals((await keysNow()).database)).toBe(true)
  expect(await run('backups.drill', {})).toMatchObject({ ok: true, backupId: made?.id })
  const { nextAt } = await call('backups.status', {})
  expect(nextAt).toBeGreaterThan(Date.now())
})

test('where the schedule of backups is off, none is made behind the owner’s back', async () => {
  await run('backups.configure', { on: false })
  await rotate()
  const own = await run('backups.run', {})
  expect((await backups()).map(({ id, cause }) => [id === own.id, cause])).toEqual([
    [true, 'owner'],
    [false, 'before_rotation'],
  ])
})

test('V8, V13: a backup from before opens with the passphrase of its time', async () => {
  const { backupId } = await rotate()
  const next = 'a lantern over nine grey herons'
  await run('vault.changePassphrase', { current: passphrase, next })
  const restored = await run('backups.restore', { backupId, passphrase })
  expect(restored).toMatchObject({ entries: 5, verified: true })
  const folder = join(dirname(dataDir), restored.profile)
  const then = await unlockVault(folder, { passphrase })
  expect(opensWith(then.database, folder)).toBe(true)
  expect(opensWith(then.database)).toBe(false)
  await expect(call('backups.restore', { backupId, passphrase: next })).rejects.toThrow(code('forbidden'))
})

test('a backup that cannot be made stops it with its reason, and nothing is changed', async () => {
  const before = await security()
  writeFileSync(join(dataDir, 'backups'), 'a file where the folder should be')
  const refused = {
    code: 'unavailable',
    message: expect.stringMatching(/^The keys were not changed, because the backup .* reached/),
  }
  await expect(rotate()).rejects.toMatchObject(refused)
  expect(await security()).toEqual(before)
  expect((await keysNow()).previousRecords).toBeNull()
})

test('a backup that is made but does not check out stops it too', async () => {
  const { database } = await keysNow()
  const meddler = openDriver(join(dataDir, databaseFileName), database, 'existing')
  meddler.pragma('foreign_keys = OFF')
  meddler.exec("INSERT INTO audit_subject (subject_id, seq) VALUES ('sub_gone', 999999)")
  meddler.close()
  await expect(rotate()).rejects.toThrow(/^The keys were not changed, because the backup .* does not agree with itself/)
  expect((await keysNow()).database.equals(database)).toBe(true)
  expect(await backups()).toMatchObject([{ cause: 'before_rotation', verifiedAt: null }])
})

test('where the chosen folder is gone, the backup goes to the data folder, and the keys are changed', async () => {
  await run('backups.choosePlace', {})
  rmSync(chosen, { recursive: true })
  const { backupId } = await rotate()
  expect((await backups()).at(-1)).toMatchObject({ id: backupId, place: 'Data folder', present: true })
  expect((await call('backups.status', {})).lastProblem).toContain('could not be reached')
})

test('V13: one that was cut off before the exchange is carried on at the next opening', async () => {
  const old = await keysNow()
  await app.close()
  await beginKeyChange(dataDir, passphrase, { now: Date.now() })
  app = await open()
  await vi.waitFor(async () => expect((await security()).keysChanging).toBe(false), { timeout: 30_000 })
  expect([opensWith(old.database), opensWith((await keysNow()).database)]).toEqual([false, true])
  expect((await call('ledger.entries', { businessId })).items).toHaveLength(5)
})

test('V13: closed in the middle, it is carried on at the next opening', async () => {
  const old = await keysNow()
  const rotating = rotate().catch((error: unknown) => error)
  await vi.waitFor(() => expect(heard.some((event) => event.kind === 'vaultProgress' && event.step === 'rotate')).toBe(true), {
    timeout: 30_000,
    interval: 1,
  })
  await app.close()
  await rotating
  app = await open()
  await vi.waitFor(async () => expect((await security()).keysChanging).toBe(false), { timeout: 30_000 })
  expect([opensWith(old.database), opensWith((await keysNow()).database)]).toEqual([false, true])
  expect((await call('ledger.entries', { businessId })).items).toHaveLength(5)
  expect(existsSync(join(dataDir, `${databaseFileName}.next`))).toBe(false)
})
