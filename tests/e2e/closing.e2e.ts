import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import type { CountinghouseBridge } from '../../shared/contract/bridge'
import { valueFromPage } from './support/callFromPage'
import { type LaunchedApp, launchApp } from './support/launchApp'
import { openPractice } from './support/practice'

const passphrase = 'seven quiet herons over the mill pond'
let dataDir: string
let app: LaunchedApp

test.beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'countinghouse-e2e-'))
})
test.afterEach(async () => {
  await app.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** Refuses the closing of the window once, so that what it shows last can be looked at. */
const holdWindow = () =>
  app.main.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.once('close', (event) => event.preventDefault())
  })

const quit = () => app.main.evaluate(({ app: electronApp }) => electronApp.quit()).catch(() => undefined)
const bounds = () => app.main.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())

/** What the shell says to opening another world, asked as the page itself would. */
const explorePractice = (page: Page) =>
  page.evaluate(() => {
    const { shell } = Reflect.get(window, 'countinghouse') as CountinghouseBridge
    return shell['shell.explorePractice']({})
  })

async function openVault(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Open my vault/ }).click()
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Today' })).toBeVisible()
}

test('V5: closing a live vault ends its process; the next one shows the start screen in the same place, and nothing is lost', async () => {
  test.setTimeout(120_000)
  app = await launchApp({ dataDir })
  await app.main.setWindowSize(1100, 700)
  const { page } = app
  await page.getByRole('button', { name: /Create a vault/ }).click()
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByLabel('Repeat the passphrase').fill(passphrase)
  await page.getByLabel(/lost passphrase cannot be recovered/).check()
  await page.getByRole('button', { name: 'Create the vault' }).click()
  await page.getByLabel(/Name/).first().fill('Mill Pond Design')
  await page
    .getByRole('button', { name: /Create|Start|Continue/ })
    .last()
    .click()
  await expect(page.getByRole('heading', { level: 1, name: 'Today' })).toBeVisible({ timeout: 30_000 })
  expect(await explorePractice(page)).toMatchObject({ ok: false, error: { code: 'conflict' } })
  const before = await bounds()

  await page.getByRole('navigation', { name: 'Main screens' }).getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('navigation', { name: 'Sections of the settings' }).getByRole('link', { name: 'Security' }).click()
  await holdWindow()
  await page.getByRole('button', { name: 'Close the vault' }).click()
  await expect(page.getByRole('heading', { name: 'Closing the vault…' })).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
  expect(await explorePractice(page)).toMatchObject({ ok: false, error: { code: 'conflict' } })
  await quit()
  const end = await app.ended()
  expect(end).toMatchObject({ code: 0, signal: null })
  expect(end.relaunched?.slice(-2)).toEqual(['--data', dataDir])

  app = await launchApp({ dataDir })
  await expect(app.page.getByRole('heading', { name: 'Welcome back' })).toBeVisible()
  expect(await bounds()).toEqual(before)
  await openVault(app.page)
  expect((await valueFromPage(app.page, 'businesses.list', {})).items).toMatchObject([{ name: 'Mill Pond Design' }])

  await app.main.emitPower('lock-screen')
  const locked = await app.nextPage()
  await expect(locked.getByRole('heading', { name: 'Locked' })).toBeVisible()
  expect(await explorePractice(locked)).toMatchObject({ ok: false, error: { code: 'conflict' } })
  // The page ends with the process, and may do so before it answers the click.
  await locked
    .getByRole('button', { name: 'Close this vault' })
    .click()
    .catch(() => undefined)
  expect((await app.ended()).relaunched?.slice(-2)).toEqual(['--data', dataDir])
})

test('the practice world holds no secret of anyone: leaving it shows the start screen in the same window', async () => {
  test.setTimeout(120_000)
  const practice = await openPractice()
  app = practice.app
  await app.page.getByRole('button', { name: 'Leave practice' }).click()
  await expect(app.page.getByRole('heading', { name: 'How do you want to begin?' })).toBeVisible()
  await app.page.getByRole('button', { name: /Continue in the practice world/ }).click()
  await expect(app.page.getByRole('heading', { level: 1, name: 'Today' })).toBeVisible({ timeout: 60_000 })
  await practice.close()
  expect(await app.ended()).toEqual({ code: 0, signal: null, relaunched: null })
})
