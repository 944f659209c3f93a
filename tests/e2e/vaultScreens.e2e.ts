import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { look, sizes, themes } from './support/look'
import { type OpenPractice, openPractice } from './support/practice'

let practice: OpenPractice
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  practice = await openPractice()
  await expect(practice.app.page.getByRole('heading', { name: 'Today' })).toBeVisible({ timeout: 60_000 })
})
test.afterAll(async () => {
  rmSync(files, { recursive: true, force: true })
  await practice.close()
})

const files = mkdtempSync(path.join(tmpdir(), 'countinghouse-import-'))
const passwords = path.join(files, 'passwords.csv')
writeFileSync(
  passwords,
  'name,url,username,password\nPaper mill,https://paper.example,robin,orchid-lantern-5\nDomain registrar,https://registrar.example,studio@alderfinch.example,another\n',
)
const broken = path.join(files, 'broken.json')
writeFileSync(broken, 'this is no export')

/** Opens the import and chooses a file of a format. */
async function readFile(page: Page, format: string, file: string): Promise<void> {
  await fromMenu(page, 'Import')
  await page.getByRole('button', { name: format }).click()
  await practice.app.main.queueDialog('showOpenDialog', { canceled: false, filePaths: [file] })
  await page.getByRole('button', { name: 'Choose the file' }).click()
}

async function toVault(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Vault' }).click()
  await expect(page.getByRole('heading', { name: 'Vault', level: 1 })).toBeVisible()
}

async function toItem(page: Page, title: string): Promise<void> {
  await toVault(page)
  await page.getByRole('gridcell', { name: title }).click()
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible()
}

async function fromMenu(page: Page, entry: string): Promise<void> {
  await toVault(page)
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

const views: readonly (readonly [name: string, open: (page: Page) => Promise<void>])[] = [
  ['vault-list', toVault],
  [
    'vault-nothing-found',
    async (page) => {
      await toVault(page)
      await page.getByLabel('Title, tag, hint or host').fill('no such thing')
      await expect(page.getByText('Nothing fits')).toBeVisible()
    },
  ],
  [
    'vault-empty-bin',
    async (page) => {
      await toVault(page)
      await page.getByRole('button', { name: 'Bin' }).click()
      await expect(page.getByText('The bin is empty')).toBeVisible()
    },
  ],
  ['vault-item', (page) => toItem(page, 'Domain registrar')],
  ['vault-item-card', (page) => toItem(page, 'Studio card')],
  [
    'vault-item-shown',
    async (page) => {
      await toItem(page, 'Domain registrar')
      await page.getByRole('button', { name: 'Show Password for 30 seconds' }).click()
      await page.getByRole('button', { name: 'Show One-time code for 30 seconds' }).click()
      await expect(page.getByLabel('Code of One-time code', { exact: true })).toBeVisible()
    },
  ],
  [
    'vault-step-up',
    async (page) => {
      await toItem(page, 'Studio card')
      await page.getByRole('button', { name: 'Show Number for 30 seconds' }).click()
      await expect(page.getByRole('dialog', { name: 'Show that it is you' })).toBeVisible()
    },
  ],
  [
    'vault-rotate',
    async (page) => {
      await toItem(page, 'Backup storage')
      await page.getByRole('button', { name: 'Start rotation' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  ],
  ['vault-item-stripe', (page) => toItem(page, 'Stripe of Alder')],
  [
    'vault-new',
    async (page) => {
      await toVault(page)
      await page.getByRole('button', { name: 'New item' }).click()
      await expect(page.getByRole('heading', { name: 'New item' })).toBeVisible()
    },
  ],
  [
    'vault-generator',
    async (page) => {
      await toVault(page)
      await page.getByRole('button', { name: 'New item' }).click()
      await page.getByRole('button', { name: 'Make a value for Password' }).click()
      await expect(page.getByRole('dialog', { name: 'Password generator' })).toBeVisible()
    },
  ],
  [
    'vault-edit',
    async (page) => {
      await toItem(page, 'Domain registrar')
      await page.getByRole('button', { name: 'Edit' }).click()
      await expect(page.getByRole('heading', { name: 'Edit Domain registrar' })).toBeVisible()
    },
  ],
  [
    'vault-expiring',
    async (page) => {
      await toVault(page)
      await page.getByRole('button', { name: 'Expiring' }).click()
      await expect(page.getByRole('link', { name: 'Backup storage' })).toBeVisible()
    },
  ],
  [
    'vault-expiring-weeks',
    async (page) => {
      await toVault(page)
      await page.getByRole('button', { name: 'Expiring' }).click()
      await page.getByRole('button', { name: 'By week' }).click()
      await page.getByRole('checkbox', { name: 'Select Backup storage' }).check()
      await expect(page.getByText('1 selected')).toBeVisible()
    },
  ],
  [
    'vault-import',
    async (page) => {
      await fromMenu(page, 'Import')
      await expect(page.getByRole('heading', { name: 'Import into the vault' })).toBeVisible()
    },
  ],
  [
    'vault-import-preview',
    async (page) => {
      await readFile(page, 'CSV', passwords)
      await expect(page.getByText('Paper mill')).toBeVisible()
    },
  ],
  [
    'vault-import-failed',
    async (page) => {
      await readFile(page, 'Bitwarden', broken)
      await expect(page.getByText('The file was not read')).toBeVisible()
    },
  ],
  [
    'vault-file',
    async (page) => {
      await toItem(page, 'Lease of the studio')
      await page.getByRole('button', { name: 'Preview lease-summary.txt' }).click()
      await expect(page.getByText('Notice: three months')).toBeVisible()
    },
  ],
  [
    'vault-rotating',
    async (page) => {
      await toItem(page, 'Mail delivery')
      if ((await page.getByRole('button', { name: 'Start rotation' }).count()) === 0) return
      await page.getByRole('button', { name: 'Start rotation' }).click()
      await page.getByLabel('New key', { exact: true }).fill('practice-mail-delivery-key-2')
      await page.getByRole('button', { name: 'Add the new value' }).click()
      await expect(page.getByRole('button', { name: 'I tried it: it works' })).toBeVisible()
    },
  ],
  [
    'vault-export',
    async (page) => {
      await fromMenu(page, 'Export')
      await page.getByRole('button', { name: 'In the open' }).click()
      await expect(page.getByRole('dialog', { name: 'Export the vault' })).toBeVisible()
    },
  ],
]

for (const theme of themes) {
  test(`every view of the vault fits, reads and passes axe in ${theme}`, async () => {
    test.setTimeout(300_000)
    const { app } = practice
    const problems: string[] = []
    await app.main.setTheme(theme)
    // Whether a view fits does not depend on its colours.
    for (const [width, height] of theme === 'light' ? sizes : sizes.slice(0, 1)) {
      await app.main.setWindowSize(width, height)
      for (const [name, open] of views) {
        await open(app.page)
        await expect(app.page.locator('[aria-busy="true"]')).toHaveCount(0)
        problems.push(...(await look(app, name, theme, width)))
        await leave(app.page)
      }
    }
    expect(problems).toEqual([])
  })
}

/** Closes what covers the page. */
async function leave(page: Page): Promise<void> {
  while ((await page.getByRole('dialog').count()) > 0) {
    await page.keyboard.press('Escape')
    await page.waitForTimeout(200)
  }
}
