import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { valueFromPage } from './support/callFromPage'
import { type LaunchedApp, launchApp } from './support/launchApp'
import { look, sizes, themes } from './support/look'

const passphrase = 'seven quiet herons over the mill pond'
let home: string
let app: LaunchedApp | undefined

test.beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'countinghouse-e2e-'))
})
test.afterEach(async () => {
  await app?.close()
  rmSync(home, { recursive: true, force: true })
})

/** A backup of a vault that is gone, on a stick. @returns its path */
async function backupOfLostMachine(): Promise<string> {
  const dataDir = path.join(home, 'lost machine')
  app = await launchApp({ dataDir })
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
  await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible({ timeout: 30_000 })
  await valueFromPage(page, 'backups.run', {})
  await app.close()
  const [name = ''] = readdirSync(path.join(dataDir, 'backups'))
  const stick = path.join(home, name)
  copyFileSync(path.join(dataDir, 'backups', name), stick)
  rmSync(dataDir, { recursive: true })
  return stick
}

test('V8: on a new machine the vault comes back from a backup file with its passphrase alone', async () => {
  test.setTimeout(180_000)
  const backup = await backupOfLostMachine()
  const broken = path.join(home, 'broken.chb')
  writeFileSync(broken, 'CHBACKUP and then nothing of it')
  app = await launchApp({ dataDir: path.join(home, 'new machine') })
  const { page, main } = app
  const choose = async (file: string) => {
    await main.queueDialog('showOpenDialog', { canceled: false, filePaths: [file] })
    await page.getByRole('button', { name: /Restore from a backup/ }).click()
  }
  await choose(broken)
  await expect(page.getByText('The backup is damaged', { exact: false })).toBeVisible()

  await choose(backup)
  await expect(page.getByRole('heading', { name: 'Restore your vault' })).toBeVisible()
  await expect(page.getByText('0 secrets, 0 journal entries')).toBeVisible()
  await page.getByLabel('Passphrase', { exact: true }).fill('not the passphrase at all')
  await page.getByRole('button', { name: 'Restore and open' }).click()
  await expect(page.getByText(/did not open/)).toBeVisible()
  const problems: string[] = []
  for (const theme of themes) {
    await main.setTheme(theme)
    for (const [width, height] of sizes) {
      await main.setWindowSize(width, height)
      problems.push(...(await look(app, 'restore-vault', theme, width)))
    }
  }
  expect(problems).toEqual([])
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Restore and open' }).click()
  await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible({ timeout: 60_000 })
  expect((await valueFromPage(page, 'businesses.list', {})).items).toMatchObject([{ name: 'Mill Pond Design' }])
  expect(await valueFromPage(page, 'safety.status', {})).toMatchObject({ paused: true, by: 'schedule:restore' })
  expect(await valueFromPage(page, 'audit.verify', {})).toMatchObject({ ok: true })
})
