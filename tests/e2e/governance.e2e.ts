import { expect, type Page, test } from '@playwright/test'
import { valueFromPage } from './support/callFromPage'
import { look, sizes, themes } from './support/look'
import { type OpenPractice, openPractice } from './support/practice'

let practice: OpenPractice
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  practice = await openPractice()
})
test.afterAll(() => practice.close())

async function openSettings(page: Page, section: string): Promise<void> {
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.getByRole('navigation', { name: 'Main screens' }).getByRole('link', { name: 'Settings' }).click()
  await page
    .getByRole('navigation', { name: 'Sections of the settings' })
    .getByRole('link', { name: section, exact: true })
    .click()
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
}

async function openAccess(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main screens' }).getByRole('link', { name: 'Vault' }).click()
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Access' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Access' })).toBeVisible()
}

test('a ready rule is switched on; a rule of one’s own is tried on the past, saved and taken back', async () => {
  const { page } = practice.app
  await openSettings(page, 'Policies')
  const first = page.getByRole('switch', { name: /for the first time asks first/ })
  await expect(first).not.toBeChecked()
  await first.click({ force: true })
  await expect(first).toBeChecked()

  await page.getByRole('button', { name: 'New rule' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'When this is wanted' }).fill('Send an inv')
  await page.getByRole('option', { name: 'Send an invoice' }).click()
  await dialog.getByRole('button', { name: 'Try it on the past' }).click()
  await expect(dialog.getByText(/it would have asked for [1-9]/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Save the rule' }).click()
  await expect(dialog).toBeHidden()
  const rule = page.getByRole('button', { name: /^Remove: .*invoice/i })
  await rule.click()
  await expect(rule).toBeHidden()
  const { items } = await valueFromPage(page, 'policies.list', { limit: 200 })
  expect(items.some(({ procedure }) => procedure === 'invoices.send')).toBe(false)
})

test('everything is paused from the sidebar, says what waits, and goes on', async () => {
  const { page } = practice.app
  await page.getByRole('button', { name: 'Pause everything' }).click()
  await expect(page.getByText('Everything is paused').first()).toBeVisible()
  const { items: businesses } = await valueFromPage(page, 'businesses.list', {})
  const businessId = businesses[0]?.id ?? ''
  const { items: customers } = await valueFromPage(page, 'customers.list', { businessId, limit: 1 })
  const draft = await valueFromPage(page, 'invoices.create', {
    businessId,
    customerId: customers[0]?.id ?? '',
    currency: 'USD',
    dueOn: '2030-01-31',
    lines: [{ description: 'Workshop', quantity: '1', unitPrice: { minor: 40_000, currency: 'USD' } }],
  })
  await valueFromPage(page, 'invoices.send', {
    invoiceId: draft.status === 'done' ? draft.value.id : '',
    requestId: 'paused-send',
  })
  await page.getByRole('button', { name: 'What waits' }).click()
  await expect(page.getByRole('dialog').getByText(/Invoices to be sent: 1/)).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Go on' }).click()
  await expect(page.getByRole('button', { name: 'What waits' })).toBeHidden()
})

test('access is given with its token shown once, seen in the list, and ended', async () => {
  const { page } = practice.app
  await page.keyboard.press('Escape')
  await openAccess(page)
  await page.getByRole('button', { name: 'Give access' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Give access' }).click()
  await expect(dialog.getByText('Say who it is for.')).toBeVisible()
  await dialog.getByLabel('Who gets it').fill('Mira, bookkeeping')
  await dialog.getByRole('combobox', { name: 'Which items' }).click()
  await page.getByRole('option').first().click()
  await page.keyboard.press('Escape')
  await dialog.getByLabel('Hosts that may be called').fill('api.example.com')
  await dialog.getByRole('button', { name: 'Give access' }).click()
  await expect(dialog.getByText(/^chg_/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await page.getByText('Mira, bookkeeping').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(page.getByText('No grant is active')).toBeVisible()
})

test('a backup is made and verified, and the drill brings everything back', async () => {
  test.setTimeout(180_000)
  const { page } = practice.app
  await openSettings(page, 'Backups')
  await page.getByRole('button', { name: 'Back up now' }).click()
  await expect(page.getByRole('cell', { name: 'Verified' }).first()).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Drill now' }).click()
  await expect(page.getByText(/came back whole/)).toBeVisible({ timeout: 60_000 })
})

test('the newest head of the log is carried away and holds', async () => {
  const { page } = practice.app
  await page.getByRole('navigation', { name: 'Main screens' }).getByRole('link', { name: 'Activity' }).click()
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: /Where its heads are kept/ }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Agrees').first()).toBeVisible()
  await dialog.getByRole('button', { name: 'Show the newest head' }).click()
  await expect(dialog.getByRole('img', { name: /QR code of the signed head/ })).toBeVisible()
  const { text } = await valueFromPage(page, 'audit.carryHead', {})
  await dialog.getByLabel('Check a head that you carried away').fill(text)
  await expect(dialog.getByText(/still begins with/)).toBeVisible()
  await dialog.getByLabel('Check a head that you carried away').fill(text.replace('"size":', '"size":1'))
  await expect(dialog.getByRole('alert')).toBeVisible()
  await page.keyboard.press('Escape')
})

for (const theme of themes) {
  test(`rules, security, backups and access fit, read and pass axe in ${theme}`, async () => {
    test.setTimeout(180_000)
    const { app } = practice
    const problems: string[] = []
    await app.main.setTheme(theme)
    for (const [width, height] of sizes) {
      await app.main.setWindowSize(width, height)
      for (const section of ['Policies', 'Security', 'Backups']) {
        await openSettings(app.page, section)
        problems.push(...(await look(app, `settings-${section.toLowerCase()}`, theme, width)))
      }
      await app.page.getByRole('navigation', { name: 'Sections of the settings' }).getByRole('link', { name: 'Policies' }).click()
      await app.page.getByRole('button', { name: 'New rule' }).click()
      await app.page.getByRole('button', { name: /Only when/ }).click()
      problems.push(...(await look(app, 'settings-new-rule', theme, width)))
      await app.page.keyboard.press('Escape')
      await openAccess(app.page)
      problems.push(...(await look(app, 'access', theme, width)))
      await app.page.getByRole('button', { name: 'Give access' }).first().click()
      await expect(app.page.getByLabel('Who gets it')).toBeVisible()
      problems.push(...(await look(app, 'access-new', theme, width)))
      await app.page.keyboard.press('Escape')
    }
    expect(problems).toEqual([])
  })
}
