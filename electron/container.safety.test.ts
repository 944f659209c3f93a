import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entryInput, newRequestId } from '../tests/support/desk'
import { type LiveApp, openLiveApp, passphrase } from '../tests/support/liveApp'
import { type App, openApp } from './container'
import { vaultJobs } from './container.safety'
import { sql } from './core/db/index'
import { floorCost } from './core/vault/index'

const silent = { debug() {}, info() {}, warn() {}, error() {}, close() {} }

function open(dataDir: string, chooseFolder: () => Promise<string | null> = async () => null): Promise<App> {
  return openApp({
    dataDir,
    world: 'live',
    proof: { passphrase },
    door: 'start',
    webhookPort: 0,
    createLogger: () => silent,
    notifier: { notify() {} },
    fileDialogs: { chooseFolder, openForReading: async () => null, save: async () => false },
    publish() {},
    onPracticeProgress() {},
    kdf: floorCost,
  })
}

describe('over the API', () => {
  let live: LiveApp
  let businessId: string
  beforeAll(async () => {
    live = await openLiveApp()
    const place = { currency: 'USD', country: 'US', timeZone: 'America/New_York' }
    businessId = (await live.run('businesses.create', { name: 'Mill Street Studio', ...place })).id
    for (let n = 0; n < 5; n++) await live.run('ledger.post', { ...entryInput(businessId), requestId: newRequestId() })
  }, 60_000)
  afterAll(() => live.close())

  test('a backup is made, listed, verified and drilled; the status says when and what comes next', async () => {
    expect(await live.call('backups.status', {})).toMatchObject({ lastVerifiedAt: null, lastProblem: null, lastDrill: null })
    const first = await live.run('backups.run', {})
    const second = await live.run('backups.run', {})
    expect(first).toMatchObject({ place: 'Data folder', cause: 'owner', entries: 5, problem: null, present: true })
    const page = await live.call('backups.list', { limit: 1 })
    expect(page.items).toMatchObject([{ id: second.id }])
    const rest = await live.call('backups.list', { limit: 1, cursor: page.nextCursor ?? '' })
    expect(rest).toMatchObject({ items: [{ id: first.id }], nextCursor: null })
    expect(await live.run('backups.verify', { backupId: first.id })).toMatchObject({ id: first.id, problem: null })
    expect(await live.run('backups.drill', {})).toMatchObject({ ok: true, backupId: second.id, entries: 5 })
    const status = await live.call('backups.status', {})
    expect(status).toMatchObject({ lastDrill: { ok: true }, settings: { on: true, at: '03:00', place: null } })
    expect(status.lastVerifiedAt).toBeGreaterThanOrEqual(second.createdAt)
    expect(new Date(status.nextAt ?? 0).getHours()).toBe(3)
    expect(new Date(status.nextDrillAt ?? 0).getDay()).toBe(0)
    expect((await live.send('backups.verify', { backupId: 'bak_none' })).status).toBe(404)
    expect((await live.send('backups.list', { cursor: 'x' })).status).toBe(400)
  })

  test('the hour and the rule are the owner’s; off means that nothing comes by itself', async () => {
    await live.run('backups.configure', { at: '22:45', keepDaily: 3 })
    expect((await live.call('backups.status', {})).settings).toMatchObject({ at: '22:45', keepDaily: 3, keepWeekly: 4 })
    expect(new Date((await live.call('backups.status', {})).nextAt ?? 0).getMinutes()).toBe(45)
    await live.run('backups.configure', { on: false })
    expect(await live.call('backups.status', {})).toMatchObject({ nextAt: null, nextDrillAt: null })
    await live.run('backups.configure', { on: true })
    expect((await live.send('backups.choosePlace', { reset: true })).status).toBe(404)
  })

  test('what the pause holds back names the schedules with their times; a restart keeps it', async () => {
    await live.run('safety.pause', { reason: 'Looking into it' })
    await live.restart()
    const status = await live.call('safety.status', {})
    expect(status).toMatchObject({ paused: true, by: 'owner', reason: 'Looking into it' })
    expect(status.held.schedules.map(({ name }) => name)).toEqual(expect.arrayContaining(['backup', 'drill', 'retention']))
    await live.run('vault.lock', {})
    expect((await live.send('safety.resume', {})).status).toBe(423)
    expect(await live.call('safety.status', {})).toMatchObject({ paused: true })
    await live.run('vault.unlock', { passphrase })
    expect(await live.run('safety.resume', {})).toMatchObject({ paused: false })
  })

  test('V8: a restored profile opens as any vault does, paused, with its own backups, and says in its log where it comes from', async () => {
    const { id: backupId } = await live.run('backups.run', {})
    expect((await live.send('backups.restore', { backupId })).status).toBe(400)
    expect((await live.send('backups.restore', { backupId, passphrase: 'not the one of then' })).status).toBe(403)
    const { profile, ...restored } = await live.run('backups.restore', { backupId, passphrase })
    expect(restored).toMatchObject({ entries: 5, verified: true })
    const app = await open(join(dirname(live.dataDir), profile))
    try {
      const caller = { actor: app.owner, door: 'api' } as const
      expect(await app.dispatcher.call('safety.status', {}, caller)).toMatchObject({ paused: true, by: 'schedule:restore' })
      const { items } = await app.dispatcher.call('businesses.list', {}, caller)
      expect(items).toMatchObject([{ id: businessId }])
      const log = await app.dispatcher.call('audit.list', { procedure: 'vault.restored' }, caller)
      expect(log.items).toMatchObject([{ actor: 'schedule:restore', details: { backupId } }])
      expect(await app.dispatcher.call('audit.verify', {}, caller)).toMatchObject({ ok: true })
      await app.dispatcher.call('safety.resume', {}, caller)
    } finally {
      await app.close()
    }
    const again = await open(join(dirname(live.dataDir), profile))
    const caller = { actor: again.owner, door: 'api' } as const
    expect(await again.dispatcher.call('safety.status', {}, caller)).toMatchObject({ paused: false })
    await again.close()
  })

  test('pauseEverything works while locked, for the tray and its hotkey', async () => {
    await live.run('vault.lock', {})
    await live.app.pauseEverything()
    expect(await live.call('safety.status', {})).toMatchObject({ paused: true })
    expect(live.db.all(sql`SELECT door FROM audit_row WHERE procedure = 'safety.pause' ORDER BY seq DESC LIMIT 1`)).toEqual([
      { door: 'window' },
    ])
    await live.run('vault.unlock', { passphrase })
    await live.run('safety.resume', {})
  })
})

test('a place chosen at the screen takes the backups, and what lies there already of this vault is listed', async () => {
  const home = mkdtempSync(join(tmpdir(), 'countinghouse-place-'))
  const stick = join(home, 'stick')
  mkdirSync(stick)
  let answer: string | null = null
  const app = await open(join(home, 'vault'), async () => answer)
  const caller = { actor: app.owner, door: 'window' } as const
  const choose = async () => {
    const outcome = await app.dispatcher.call('backups.choosePlace', {}, caller)
    return outcome.status === 'done' ? outcome.value : null
  }
  const back = async () => {
    const outcome = await app.dispatcher.call('backups.run', {}, caller)
    return outcome.status === 'done' ? outcome.value.fileName : ''
  }
  try {
    expect(await choose()).toMatchObject({ chosen: false, settings: { place: null } })
    const fileName = await back()
    const other = 'countinghouse-2020-01-01-000000.chb'
    writeFileSync(join(stick, other), readFileSync(join(home, 'vault', 'backups', fileName)))
    answer = stick
    expect(await choose()).toMatchObject({ chosen: true, settings: { place: 'stick' } })
    const made = await back()
    expect(existsSync(join(stick, made))).toBe(true)
    const { items } = await app.dispatcher.call('backups.list', {}, caller)
    expect(items.map(({ fileName: name, place }) => [name, place])).toEqual(
      expect.arrayContaining([
        [made, 'stick'],
        [other, 'stick'],
        [fileName, 'Data folder'],
      ]),
    )
    answer = join(home, 'nowhere')
    await expect(choose()).rejects.toMatchObject({ code: 'unavailable' })
    expect(await app.dispatcher.call('backups.choosePlace', { reset: true }, caller)).toMatchObject({
      value: { settings: { place: null } },
    })
    expect(JSON.stringify(await app.dispatcher.call('backups.status', {}, caller))).not.toContain(home)
  } finally {
    await app.close()
    expect(readdirSync(home).sort()).toEqual(['stick', 'vault'])
    rmSync(home, { recursive: true })
  }
})

test('the schedules of the vault tell of what is due without a name, and leave no trace where there is nothing to do', async () => {
  const notices: { title: string; body: string }[] = []
  const notice = { secretId: 'sec_1', businessId: null, title: 'Bank of Ada', dueAt: 1, stage: 'overdue' } as const
  let due = [notice, notice]
  let inBin = 3
  let week = { overdue: [notice], week: [notice, notice], month: [] as (typeof notice)[] }
  const vault = { takeDueNotices: () => due.splice(0), weeklySummary: () => week, purge: async () => inBin }
  const [warn, weekly, bin] = vaultJobs(vault, { notify: (told) => void notices.push(told) })
  const call = { now: 0, signal: new AbortController().signal }
  expect(await warn?.run(call)).toEqual({ warned: 2 })
  expect(await warn?.run(call)).toBeNull()
  due = [notice]
  await warn?.run(call)
  expect(notices.map(({ title }) => title)).toEqual(['2 items of the vault are due', 'An item of the vault is due'])
  expect(await weekly?.run(call)).toEqual({ overdue: 1, week: 2 })
  expect(notices.at(-1)?.title).toBe('Items of the vault: 1 overdue, 2 due this week')
  week = { overdue: [], week: [], month: [notice] }
  expect(await weekly?.run(call)).toBeNull()
  expect(JSON.stringify(notices)).not.toContain('Ada')
  expect(await bin?.run(call)).toEqual({ destroyed: 3 })
  inBin = 0
  expect(await bin?.run(call)).toBeNull()
})
