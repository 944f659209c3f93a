import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { TOTP, URI } from 'otpauth'
import { callFromPage, valueFromPage } from './support/callFromPage'
import { type LaunchedApp, launchApp } from './support/launchApp'

const passphrase = 'seven quiet herons over the mill pond'
const next = 'lanterns over the harbour at nine'
let dataDir: string
let app: LaunchedApp
let page: Page

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'countinghouse-e2e-'))
  app = await launchApp({ dataDir })
  page = app.page
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
})
test.afterAll(async () => {
  await app.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const clipboardText = () => app.main.evaluate(async ({ clipboard }) => await clipboard.readText())

async function openSecurity(): Promise<void> {
  await page.getByRole('navigation', { name: 'Main screens' }).getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('navigation', { name: 'Sections of the settings' }).getByRole('link', { name: 'Security' }).click()
}

async function prove(button: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await dialog.getByRole('button', { name: button }).click()
}

/** Presses the lock button and waits for the new page. */
async function lock(): Promise<void> {
  const old = page
  await page.getByRole('button', { name: 'Lock now' }).first().click()
  page = await app.nextPage()
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible()
  expect(old.isClosed()).toBe(true)
}

let kit = ''

test('a code generator is added with its first code, and stands in for the passphrase at step-up', async () => {
  await openSecurity()
  await page.getByRole('button', { name: 'Add a code generator' }).click()
  await prove('Go on')
  await page.getByRole('button', { name: 'Copy the address for the app' }).click()
  await expect.poll(clipboardText).toContain('otpauth://')
  const totp = URI.parse(await clipboardText())
  if (!(totp instanceof TOTP)) throw new Error('This is no address of a code generator')
  await page.getByLabel('Code 1').click()
  await page.keyboard.type('000000')
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByLabel('Code 1').click()
  await page.keyboard.type(totp.generate())
  await expect(page.getByText('The code generator works')).toBeVisible()
  expect(await callFromPage(page, 'vault.stepUp', { code: totp.generate() })).toMatchObject({ ok: false })

  const fields = [{ name: 'PIN', type: 'hidden' as const, value: '4811' }]
  await valueFromPage(page, 'secrets.create', { requestId: 'door', kind: 'note', title: 'Door', sensitive: true, fields })
  await page.getByRole('navigation', { name: 'Main screens' }).getByRole('link', { name: 'Vault' }).click()
  await page.getByRole('gridcell', { name: 'Door' }).click()
  await page.getByRole('button', { name: 'Show PIN for 30 seconds' }).click()
  await expect(page.getByLabel('Digit 1 of the code')).toBeFocused()
  await page.keyboard.type('000000')
  await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible()
  // The code of before was used up; the next one is taken a little early.
  await page.keyboard.type(totp.generate({ timestamp: Date.now() + 30_000 }))
  await expect(page.getByText('4811')).toBeVisible()
  await openSecurity()
})

test('V8: a recovery kit is made, shown once, and tried', async () => {
  await page.getByRole('button', { name: 'Make a recovery kit' }).click()
  await prove('Make a recovery kit')
  const code = page.getByRole('dialog').locator('dd').first()
  await expect(code).toBeVisible()
  kit = await code.innerText()
  await page.getByRole('button', { name: 'I have it on paper' }).click()
  await page.getByRole('button', { name: 'Try it' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Code').fill('0000-1111-2222')
  await dialog.getByRole('button', { name: 'Try it' }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByLabel('Code').fill(kit.toLowerCase())
  await dialog.getByRole('button', { name: 'Try it' }).click()
  await expect(page.getByText('The kit works', { exact: true })).toBeVisible()
})

test('locking destroys the page and takes what was copied off the clipboard; the kit opens the vault and makes a new passphrase', async () => {
  await callFromPage(page, 'vault.status', {})
  await page.evaluate(async () => {
    const bridge = Reflect.get(window, 'countinghouse') as { shell: Record<string, (input: unknown) => Promise<unknown>> }
    await bridge.shell['shell.copyText']?.({ text: 'copied by us' })
  })
  expect(await clipboardText()).toBe('copied by us')
  await lock()
  expect(await clipboardText()).toBe('')
  expect(await callFromPage(page, 'businesses.list', {})).toMatchObject({ ok: false, error: { code: 'locked' } })

  await page.getByRole('button', { name: 'Use the recovery kit' }).click()
  await page.getByLabel('Recovery kit').fill(kit)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible()
  await openSecurity()
  await page.getByLabel('I lost it: use the recovery kit').check()
  await page.getByLabel('Code of the recovery kit').fill(kit)
  await page.getByLabel('New passphrase', { exact: true }).fill(next)
  await page.getByLabel('Repeat the new passphrase').fill(next)
  await page.getByRole('button', { name: 'Change passphrase' }).click()
  await expect(page.getByText('Passphrase changed')).toBeVisible()

  await lock()
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByText(/did not open/)).toBeVisible()
  await page.getByLabel('Passphrase', { exact: true }).fill(next)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible()
})

test('the choice of what goes on while locked is kept, and the keys are changed with progress', async () => {
  await openSecurity()
  await page.getByLabel('Watch and alert only').click()
  await expect(page.getByLabel('Watch and alert only')).toBeChecked()
  await expect(page.getByText('Saved').first()).toBeVisible()
  await page.getByRole('button', { name: 'Change the keys' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Passphrase', { exact: true }).fill(next)
  await dialog.getByRole('button', { name: 'Change the keys' }).click()
  await expect(page.getByText(/^The keys are changed:/)).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('There is no kit.', { exact: false })).toBeVisible()
  expect(await callFromPage(page, 'vault.security', {})).toMatchObject({ ok: true, value: { whileLocked: 'watch_only' } })
})
