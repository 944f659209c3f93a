import { expect, type Page, test } from '@playwright/test'
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

test('the command bar chooses the first that it finds, and what is chosen by hand stays chosen', async () => {
  const { page } = practice.app
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByPlaceholder('Find, go and act').fill('lumen')
  const rows = page.locator('[data-action]')
  await expect(rows.first()).toContainText('Lumen Dental Group')
  await expect(rows.first()).toHaveAttribute('data-selected')
  await page.keyboard.press('ArrowDown')
  await expect(rows.nth(1)).toHaveAttribute('data-selected')
  const number = /INV-\d{4}/.exec(await rows.nth(1).innerText())?.[0] ?? ''
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: number })).toBeVisible()
})
