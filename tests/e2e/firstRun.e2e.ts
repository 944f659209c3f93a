import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
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
  const list = await page.evaluate(() => Reflect.get(window, 'countinghouse').procedures['businesses.list']({}))
  expect(list.value.items).toHaveLength(1)
  expect(list.value.items[0]).toMatchObject({ name: 'Mill Pond Design', practice: false, mode: null })
  const businessId: string = list.value.items[0].id
  for (const procedure of ['invoices.list', 'customers.list', 'payments.list', 'ledger.entries']) {
    const rows = await page.evaluate(
      ([name, id]) => Reflect.get(window, 'countinghouse').procedures[name as string]({ businessId: id }),
      [procedure, businessId],
    )
    expect(rows.value.items, procedure).toEqual([])
  }
  const refused = await page.evaluate(
    (id) =>
      Reflect.get(window, 'countinghouse').procedures['integrations.connect']({
        businessId: id,
        provider: 'stripe',
        secretKey: 'sk_test_practice_countinghouse',
      }),
    businessId,
  )
  expect(refused).toMatchObject({ ok: false, error: { code: 'wrong_world' } })

  await app.main.emitPower('lock-screen')
  page = await app.nextPage()
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible()
  const locked = await page.evaluate(() => Reflect.get(window, 'countinghouse').procedures['businesses.list']({}))
  expect(locked).toMatchObject({ ok: false, error: { code: 'locked' } })
  await page.getByLabel('Passphrase', { exact: true }).fill('not the passphrase at all')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByText(/The vault did not open/)).toBeVisible()
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible()
})
