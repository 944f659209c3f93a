import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { callFromPage, valueFromPage } from './support/callFromPage'
import { type LaunchedApp, launchApp } from './support/launchApp'

const passphrase = 'seven quiet herons over the mill pond'
let dataDir: string
let app: LaunchedApp

test.beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'countinghouse-e2e-'))
  app = await launchApp({ dataDir })
})
test.afterEach(async () => {
  await app.close()
  rmSync(dataDir, { recursive: true, force: true })
})

test('a vault is created with advice, a business is named, nothing is seeded, and the vault opens again with its passphrase', async () => {
  test.setTimeout(120_000)
  let { page } = app
  await page.getByRole('button', { name: /Create a vault/ }).click()
  await page.getByLabel('Passphrase', { exact: true }).fill('password')
  await page.getByLabel('Repeat the passphrase').fill('password')
  await page.getByLabel(/lost passphrase cannot be recovered/).check()
  await page.getByRole('button', { name: 'Create the vault' }).click()
  await expect(page.getByText('Too weak')).toBeVisible()
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByLabel('Repeat the passphrase').fill(passphrase)
  await page.getByRole('button', { name: 'Create the vault' }).click()

  await page.getByLabel(/Name/).first().fill('Mill Pond Design')
  await page
    .getByRole('button', { name: /Create|Start|Continue/ })
    .last()
    .click()
  await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible({ timeout: 30_000 })
  const { items } = await valueFromPage(page, 'businesses.list', {})
  expect(items).toMatchObject([{ name: 'Mill Pond Design', practice: false, mode: null }])
  const businessId = items[0]?.id ?? ''
  for (const procedure of ['invoices.list', 'customers.list', 'payments.list', 'ledger.entries'] as const) {
    expect((await valueFromPage(page, procedure, { businessId })).items, procedure).toEqual([])
  }
  const practiceKey = { businessId, provider: 'stripe', secretKey: 'sk_test_practice_countinghouse' } as const
  expect(await callFromPage(page, 'integrations.connect', practiceKey)).toMatchObject({
    ok: false,
    error: { code: 'wrong_world' },
  })

  await app.main.emitPower('lock-screen')
  page = await app.nextPage()
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible()
  expect(await callFromPage(page, 'businesses.list', {})).toMatchObject({ ok: false, error: { code: 'locked' } })
  await page.getByLabel('Passphrase', { exact: true }).fill('not the passphrase at all')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByText(/The vault did not open/)).toBeVisible()
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible()
})
