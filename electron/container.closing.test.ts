import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLogger } from './adapters/pino/logger'
import { type App, openApp } from './container'
import { databaseFileName } from './core/db/index'
import { floorCost } from './core/vault/index'

const passphrase = 'seven quiet herons over the mill pond'
let dataDir: string
let app: App

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'countinghouse-closing-'))
  app = await open()
})
afterEach(async () => {
  await app.close()
  rmSync(dataDir, { recursive: true, force: true })
})

function open(): Promise<App> {
  return openApp({
    ...{ dataDir, world: 'live', proof: { passphrase }, door: 'start', webhookPort: 0, kdf: floorCost },
    ...{ createLogger, notifier: { notify() {} }, publish() {}, onPracticeProgress() {} },
  })
}

test('V5: a closing that fails still forgets the keys and gives the folder back, says so in the log, and loses nothing', async () => {
  const business = { name: 'Mill Pond Design', currency: 'USD', country: 'US', timeZone: 'America/New_York' }
  await app.dispatcher.call('businesses.create', business, { actor: app.owner, door: 'api' })
  // A disk that does not give back what was written to it, for as long as the closing takes.
  const log = join(dataDir, `${databaseFileName}-wal`)
  const written = readFileSync(log)
  truncateSync(log, 0)
  await expect(app.close()).rejects.toThrow()
  writeFileSync(log, written)
  expect(app.isLocked).toBe(true)
  expect(() => app.databaseVersion).toThrow()
  expect(readFileSync(join(dataDir, 'logs', 'countinghouse.log'), 'utf8')).toContain('the vault was not closed cleanly')

  app = await open()
  const { items } = await app.dispatcher.call('businesses.list', {}, { actor: app.owner, door: 'api' })
  expect(items).toMatchObject([{ name: 'Mill Pond Design' }])
})
