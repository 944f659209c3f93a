import { expect, type Page, test } from '@playwright/test'
import { valueFromPage } from './support/callFromPage'
import { look, sizes, themes } from './support/look'
import { type OpenPractice, openPractice } from './support/practice'

const screens = ['Today', 'Invoices', 'Payments', 'Customers', 'Approvals', 'Ledger', 'Vault', 'Activity', 'Settings'] as const

let practice: OpenPractice
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  practice = await openPractice()
})
test.afterAll(() => practice.close())

async function go(page: Page, screen: (typeof screens)[number]): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: screen }).first().click()
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
}

for (const theme of themes) {
  test(`every screen fits, reads and passes axe in ${theme}`, async () => {
    test.setTimeout(180_000)
    const { app } = practice
    const problems: string[] = []
    await app.main.setTheme(theme)
    for (const [width, height] of sizes) {
      await app.main.setWindowSize(width, height)
      for (const screen of screens) {
        await go(app.page, screen)
        problems.push(...(await look(app, screen.toLowerCase(), theme, width)))
      }
    }
    expect(problems).toEqual([])
  })
}

test('another business is shown only once whoever has typed something lets it go', async () => {
  const { page } = practice.app
  const other = { name: 'Second House', currency: 'USD', country: 'US', timeZone: 'America/New_York' } as const
  await valueFromPage(page, 'businesses.create', other)
  const { items } = await valueFromPage(page, 'businesses.list', {})
  const keys = `ControlOrMeta+${items.findIndex(({ name }) => name === other.name) + 1}`
  await go(page, 'Vault')
  await page.getByRole('button', { name: 'New item' }).click()
  const title = page.getByLabel('Title')
  await title.fill('Typed and not saved')
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await page.keyboard.press(keys)
  // The question itself is not walked over by the same keys.
  await expect(question).toBeVisible()
  await page.keyboard.press(keys)
  await question.getByRole('button', { name: 'Stay' }).click()
  await expect(question).toBeHidden()
  await expect(title).toHaveValue('Typed and not saved')
  await expect(page.getByRole('button', { name: 'Second House' })).toBeHidden()
  await page.keyboard.press(keys)
  await question.getByRole('button', { name: 'Leave' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Today' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Second House' })).toBeVisible()
})
