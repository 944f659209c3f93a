import { mkdirSync } from 'node:fs'
import path from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { type OpenPractice, openPractice } from './support/practice'

const screens = ['Today', 'Invoices', 'Payments', 'Customers', 'Approvals', 'Ledger', 'Activity', 'Settings'] as const
const sizes = [
  [1280, 800],
  [900, 600],
] as const
const folder = path.join(import.meta.dirname, '../../test-results/screens')

let practice: OpenPractice
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  practice = await openPractice()
})
test.afterAll(() => practice.close())

async function go(page: Page, screen: (typeof screens)[number]): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: screen }).first().click()
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
}

for (const theme of ['light', 'dark'] as const) {
  test(`every screen fits, reads and passes axe in ${theme}`, async () => {
    test.setTimeout(180_000)
    const { app } = practice
    const problems: string[] = []
    await app.main.setTheme(theme)
    for (const [width, height] of sizes) {
      await app.main.setWindowSize(width, height)
      for (const screen of screens) {
        await go(app.page, screen)
        await app.page.screenshot({ path: path.join(folder, `${screen.toLowerCase()}-${theme}-${width}.png`) })
        const overflow = await app.page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        if (overflow > 0) problems.push(`${screen} at ${width} px scrolls sideways by ${overflow} px`)
        if (width !== 1280) continue
        const { violations } = await new AxeBuilder({ page: app.page })
          .setLegacyMode()
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
          .analyze()
        problems.push(
          ...violations.flatMap(({ id, nodes }) => nodes.map((node) => `${screen}: ${id} at ${node.html.slice(0, 200)}`)),
        )
      }
    }
    expect(problems).toEqual([])
  })
}
