import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { type LaunchedApp, launchApp } from '../support/launchApp'

const fixture = path.join(import.meta.dirname, '../../../build/chromium-runtime/fixture')
let dataDir: string
let app: LaunchedApp

test.beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'launch-app-'))
  app = await launchApp({ app: fixture, dataDir, args: ['--stay'] })
})
test.afterEach(async () => {
  await app.kill()
  rmSync(dataDir, { recursive: true, force: true })
})

test('a test drives the page, and main behind it', async () => {
  await expect(app.page.getByRole('heading', { name: 'Fixture' })).toBeVisible()
  expect(await app.main.evaluate(({ app: electronApp }, suffix) => electronApp.getName() + suffix, '!')).toBe('runtime-fixture!')
  await app.main.setTheme('dark')
  await expect.poll(() => app.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true)
  for (const [width, height] of [
    [1280, 800],
    [900, 600],
  ] as const) {
    await app.main.setWindowSize(width, height)
    expect(await app.page.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height])
  }
})

test('a test answers dialogs and reads what left the app', async () => {
  await app.main.queueDialog('showSaveDialog', { canceled: false, filePath: '/tmp/ledger.csv' })
  const outcome = await app.main.evaluate(async ({ dialog, shell, clipboard, Notification }) => {
    await shell.openExternal('https://example.com/')
    new Notification({ title: 'Paid', body: 'INV-1' }).show()
    clipboard.writeText('text')
    return [await dialog.showSaveDialog({}), await dialog.showSaveDialog({}), clipboard.readText()]
  })
  expect(outcome).toEqual([{ canceled: false, filePath: '/tmp/ledger.csv' }, { canceled: true, filePath: '' }, 'text'])
  expect(await app.main.recorded('shell.openExternal')).toEqual([{ api: 'shell.openExternal', args: ['https://example.com/'] }])
  expect((await app.main.recorded()).map(({ api }) => api)).toEqual([
    'shell.openExternal',
    'Notification.show',
    'clipboard.writeText',
    'dialog.showSaveDialog',
    'dialog.showSaveDialog',
  ])
})

test('a test stands in for the machine', async () => {
  await app.main.evaluate(({ powerMonitor }) => {
    powerMonitor.once('suspend', () => Object.assign(globalThis, { suspended: true }))
  })
  await app.main.emitPower('suspend')
  expect(await app.main.evaluate(() => Reflect.get(globalThis, 'suspended'))).toBe(true)
})

test('a window that is destroyed and made anew is the next page', async () => {
  await app.main.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.destroy()
    Reflect.get(globalThis, 'openWindow')()
  })
  const before = app.page
  await expect((await app.nextPage()).getByRole('heading', { name: 'Fixture' })).toBeVisible()
  expect(app.page).not.toBe(before)
})

test('the app can be closed, and leaves its words on stderr', async () => {
  expect(await app.close()).toEqual({ code: 0, signal: null })
  if (app.runtime === 'chromium') expect(app.stderr()).toMatch(/^Chromium runtime: the app runs in /)
})
