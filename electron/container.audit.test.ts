import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type App, openApp } from './container'
import { floorCost } from './core/vault/index'

const silent = { debug() {}, info() {}, warn() {}, error() {}, close() {} }
const token = `cht_${'r'.repeat(43)}`

let base: string
let notices: string[]

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'countinghouse-restored-'))
  notices = []
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

/** Opens the vault with a second place for its heads outside the data folder, and closes it again. */
async function whileOpen<T>(work: (app: App) => Promise<T>): Promise<T> {
  const app = await openApp({
    dataDir: join(base, 'data'),
    world: 'live',
    proof: { passphrase: 'seven quiet herons over the mill pond' },
    door: 'window',
    webhookPort: 0,
    anchorFolder: join(base, 'anchors'),
    createLogger: () => silent,
    notifier: { notify: ({ title }) => notices.push(title) },
    publish() {},
    onPracticeProgress() {},
    kdf: floorCost,
  })
  try {
    return await work(app)
  } finally {
    await app.close()
  }
}

const place = { currency: 'USD', country: 'US', timeZone: 'America/New_York' }
const create = (app: App, name: string) =>
  app.dispatcher.call('businesses.create', { name, ...place }, { actor: app.owner, door: 'window' })
const verify = (app: App) => app.dispatcher.call('audit.verify', {}, { actor: app.owner, door: 'window' })

test('A5: a data folder put back from a copy is noticed, acknowledged by its owner over the API, and quiet from then on', async () => {
  await whileOpen((app) => create(app, 'Mill Street Studio'))
  cpSync(join(base, 'data'), join(base, 'copy'), { recursive: true })
  await whileOpen((app) => create(app, 'Second Street Studio'))
  expect(notices).toEqual([])

  rmSync(join(base, 'data'), { recursive: true })
  cpSync(join(base, 'copy'), join(base, 'data'), { recursive: true })
  await whileOpen(async (app) => {
    expect(notices).toContain('The audit log needs a look')
    await create(app, 'Third Street Studio')
    expect(await verify(app)).toMatchObject({ ok: false, restored: [{ id: 'anchor_app_folder', name: 'app folder' }] })

    const door = await app.openApiDoor(0, token)
    const answer = await fetch(`http://127.0.0.1:${door.port}/api/v1/audit/acknowledgeRestore`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"requestId":"restore-1"}',
    })
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { status: 'done', value: { places: [{ name: 'app folder' }] } },
    ])
    expect(await verify(app)).toMatchObject({ ok: true, restored: [] })
  })

  notices = []
  await whileOpen(async (app) => {
    await create(app, 'Fourth Street Studio')
    expect(await verify(app)).toMatchObject({ ok: true, restored: [] })
    const { items } = await app.dispatcher.call(
      'audit.list',
      { procedure: 'audit.acknowledgeRestore' },
      { actor: app.owner, door: 'window' },
    )
    expect(items).toMatchObject([
      { actor: 'owner', door: 'api', outcome: 'done', details: { places: [{ id: 'anchor_app_folder' }] } },
    ])
  })
  expect(notices).toEqual([])
  const kept = readdirSync(join(base, 'anchors'), { recursive: true }).filter((name) => String(name).includes('.until-'))
  expect(kept).toHaveLength(2)
}, 60_000)
