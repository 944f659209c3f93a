import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, type Locator, type Page, test } from '@playwright/test'
import { look, sizes, themes } from './support/look'
import { type OpenPractice, openPractice } from './support/practice'

const views = ['Trial balance', 'Income statement', 'Balance sheet', 'Journal', 'Register', 'Accounts'] as const

let practice: OpenPractice
let page: Page
let folder: string
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'countinghouse-files-'))
  practice = await openPractice()
  page = practice.app.page
})
test.afterAll(async () => {
  await practice.close()
  rmSync(folder, { recursive: true, force: true })
})

async function view(name: (typeof views)[number]): Promise<void> {
  await page.getByRole('link', { name: 'Ledger', exact: true }).click()
  await page.getByRole('navigation', { name: 'Views of the ledger' }).getByRole('link', { name }).click()
  await expect(page.getByRole('heading', { level: 2, name })).toBeAttached()
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
}

async function menu(item: string): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

/** The row of an account in the first table that has it: its own currency comes first. */
function rowOf(account: string): Locator {
  return page.getByRole('row', { name: account }).first()
}

function file(name: string): string {
  return path.join(folder, name)
}

/** What was saved under a name; empty while nothing is. */
function saved(name: string): string {
  return existsSync(file(name)) ? readFileSync(file(name), 'utf8') : ''
}

test('an entry is written and posted by keyboard, and cannot be posted before it balances', async () => {
  await view('Trial balance')
  await page.keyboard.press('n')
  await expect(page.getByRole('heading', { level: 1, name: 'New journal entry' })).toBeVisible()
  const state = page.locator('#entry-state')
  const post = page.getByRole('button', { name: 'Post entry' })
  await expect(state).toHaveText('Say what the entry is for.')
  await expect(post).toHaveAttribute('aria-disabled', 'true')

  await page.keyboard.type('Desk and chair')
  await page.keyboard.press('Tab')
  await page.keyboard.type('expenses:equipment')
  await page.keyboard.press('Tab')
  await page.keyboard.type('1250.5')
  await expect(state).toHaveText('An entry has at least two lines.')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: 'Line 2: Account' })).toBeFocused()
  await page.keyboard.type('assets:bank')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.type('1250')
  await expect(state).toHaveText('Debits are $0.50 more than credits.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'New journal entry' })).toBeVisible()
  await page.keyboard.type('.50')
  await expect(state).toHaveText('Ready to post.')
  await page.keyboard.press('Control+Enter')

  await expect(page.getByRole('heading', { level: 1, name: /Desk and chair/ })).toBeVisible()
  await expect(page.getByText('Entry posted')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Where it comes from' })).toContainText('was posted by hand')
})

test('an account that is missing is created from the line that names it', async () => {
  await view('Accounts')
  await page.keyboard.press('n')
  const account = page.getByRole('combobox', { name: 'Line 1: Account' })
  await account.fill('expenses:courses')
  await page.getByRole('button', { name: 'Create expenses:courses' }).click()
  const dialog = page.getByRole('dialog', { name: 'New account' })
  await expect(dialog.getByText('expenses:courses', { exact: true })).toBeVisible()
  await dialog.getByRole('button', { name: 'Create account' }).click()
  await expect(dialog).toBeHidden()
  await expect(account).toHaveValue('expenses:courses')
  await expect(page.getByRole('button', { name: 'Create expenses:courses' })).toBeHidden()
  await page.getByLabel('Line 1: Debit').fill('75')
  await page.getByRole('combobox', { name: 'Line 2: Account' }).fill('bank')
  await page.getByRole('option', { name: 'assets:bank' }).click()
  await expect(page.getByLabel('Line 2: Credit')).toHaveValue('75.00')
  await page.getByRole('link', { name: 'Ledger', exact: true }).click()
  await page.getByRole('button', { name: 'Leave', exact: true }).click()
  await view('Accounts')
  await expect(rowOf('courses')).toContainText('no balance')
})

test('any figure leads to its entry and the story behind it in two steps, and back again', async () => {
  await view('Income statement')
  const figure = page.getByRole('link', { name: /^expenses:equipment: \$1,250\.50/ }).first()
  await figure.press('Enter')
  await expect(page.getByRole('heading', { level: 2, name: 'Register' })).toBeAttached()
  const grid = page.getByRole('grid', { name: 'Register, expenses:equipment' })
  await expect(grid.getByRole('row')).toHaveCount(2)
  await expect(page.getByText('Change', { exact: true }).locator('..')).toContainText('$1,250.50')

  await grid.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: /Desk and chair/ })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Where it comes from' })).toContainText('debits expenses:equipment')
  await expect(page.getByRole('link', { name: /^#\d+$/ }).first()).toBeVisible()

  const way = page.getByRole('navigation', { name: 'The way here' })
  await expect(way).toContainText(/Income statement.*expenses:equipment.*Journal entry/)
  await way.getByRole('link', { name: 'expenses:equipment' }).click()
  await expect(grid).toBeVisible()
  await page
    .getByRole('navigation', { name: 'The way here' })
    .getByRole('link', { name: /^Income statement/ })
    .click()
  await expect(page.getByRole('heading', { level: 2, name: 'Income statement' })).toBeAttached()
})

test('a total shows what it is made of; each part leads on', async () => {
  await view('Balance sheet')
  await page
    .getByRole('button', { name: /^Earnings to date/ })
    .first()
    .click()
  const parts = page.getByRole('dialog', { name: 'Earnings to date is made of' })
  await expect(parts.getByRole('listitem').filter({ hasText: 'expenses:equipment' })).toContainText('−1,250.50')
  await parts.getByRole('link', { name: /^income:services/ }).click()
  await expect(page.getByRole('grid', { name: 'Register, income:services' })).toBeVisible()
  await page.getByRole('grid').focus()
  await page.keyboard.press('Enter')
  const source = page.getByRole('complementary', { name: 'Facts of the entry' }).getByRole('link', { name: /INV-\d+/ })
  const number = (await source.textContent())?.replace('Invoice ', '') ?? ''
  await source.click()
  await expect(page.getByRole('heading', { level: 1, name: number })).toBeVisible()
})

test('an entry is reversed, never edited; a document’s entry follows its document', async () => {
  await view('Journal')
  await page.getByRole('row', { name: /Desk and chair/ }).click()
  await page.keyboard.press('r')
  const dialog = page.getByRole('dialog', { name: /^Reverse je_/ })
  await dialog.getByLabel('Reason').fill('Sent back')
  await dialog.getByRole('button', { name: 'Post the reversal' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByText('Reversed by', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Reverse/ })).toHaveCount(0)
  await page.getByRole('button', { name: 'Open the reversal' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /Sent back/ })).toBeVisible()
  await expect(page.getByRole('complementary', { name: 'Facts of the entry' })).toContainText('Reversal of je_')
  await expect(page.getByRole('button', { name: /^Reverse/ })).toHaveCount(0)

  await view('Trial balance')
  await expect(page.getByRole('row', { name: 'expenses:equipment' })).toHaveCount(0)
  await view('Journal')
  await page.getByRole('row', { name: /Desk and chair.*Reversed/ }).click()
  await page.keyboard.press('c')
  await expect(page.getByRole('combobox', { name: 'Line 1: Account' })).toHaveValue('expenses:equipment')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('Entries are never edited.')).toBeVisible()
  const copy = (await page.getByRole('complementary', { name: 'Facts of the entry' }).textContent())?.match(/je_\d+/)?.[0] ?? ''
  await page.getByRole('status').filter({ hasText: copy }).getByRole('button', { name: 'Undo by reversing' }).click()
  await expect(page.getByText('Reversed by', { exact: true })).toBeVisible()

  await view('Journal')
  await page
    .getByRole('row', { name: /^.*Invoice INV-/ })
    .first()
    .click()
  await expect(page.getByText('It follows its invoice')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Reverse/ })).toHaveCount(0)
})

test('a journal is imported with its result told; a bad line is named and leaves nothing', async () => {
  const entry = (id: number, account = 'expenses:books') => ({
    externalId: `old-${id}`,
    occurredOn: '2026-02-03',
    description: `Old entry ${id}`,
    postings: [
      { account, minor: 1000 + id, currency: 'USD' },
      { account: 'assets:bank', minor: -1000 - id, currency: 'USD' },
    ],
  })
  const bad = [JSON.stringify(entry(1)), JSON.stringify(entry(2)), '{"externalId":"old-3"}', JSON.stringify(entry(4))]
  writeFileSync(file('bad.ndjson'), bad.join('\n'))
  writeFileSync(file('good.ndjson'), [1, 2, 3].map((id) => JSON.stringify(entry(id))).join('\n'))

  await view('Accounts')
  await practice.app.main.queueDialog('showOpenDialog', { canceled: false, filePaths: [file('bad.ndjson')] })
  await menu('Import from a file…')
  const problem = page.getByRole('alert').filter({ hasText: 'Nothing was imported' })
  await expect(problem).toContainText('ine 3')
  await expect(page.getByRole('row', { name: 'books' })).toHaveCount(0)
  await problem.getByRole('button', { name: 'Dismiss' }).click()
  await expect(problem).toBeHidden()

  await practice.app.main.queueDialog('showOpenDialog', { canceled: false, filePaths: [file('good.ndjson')] })
  await menu('Import from a file…')
  await expect(page.getByText('3 entries imported')).toBeVisible()
  await expect(rowOf('books')).toContainText('$30.06')

  await practice.app.main.queueDialog('showOpenDialog', { canceled: false, filePaths: [file('good.ndjson')] })
  await menu('Import from a file…')
  await expect(page.getByText('3 left out, because they were imported before.')).toBeVisible()
  await expect(rowOf('books')).toContainText('$30.06')
})

test('the journal is exported in each format, and a list as it is filtered', async () => {
  await view('Journal')
  for (const [item, name, holds] of [
    ['CSV, a row per posting', 'journal.csv', /Desk and chair.*expenses:equipment.*1250\.50/],
    ['hledger journal', 'books.journal', /expenses:equipment {2}1250\.50 USD/],
    ['beancount ledger', 'books.beancount', /Expenses:Equipment/],
  ] as const) {
    await practice.app.main.queueDialog('showSaveDialog', { canceled: false, filePath: file(name) })
    await menu(item)
    await expect(page.getByText('Journal exported').last()).toBeVisible()
    await expect.poll(() => saved(name)).toMatch(holds)
  }
  await page.getByRole('combobox', { name: 'Account' }).fill('equipment')
  await page.getByRole('option', { name: 'expenses:equipment' }).click()
  await expect(page.getByRole('grid', { name: 'Journal' }).getByRole('row')).toHaveCount(5)
  await practice.app.main.queueDialog('showSaveDialog', { canceled: false, filePath: file('filtered.csv') })
  await page.getByRole('button', { name: 'Export CSV' }).click()
  await expect(page.getByText('4 rows exported')).toBeVisible()
  expect(saved('filtered.csv').trim().split('\r\n')).toHaveLength(5)

  await view('Trial balance')
  await practice.app.main.queueDialog('showSaveDialog', { canceled: false, filePath: file('trial.csv') })
  await page.getByRole('button', { name: 'Export CSV' }).click()
  await expect(page.getByText('Statement exported')).toBeVisible()
  const lines = saved('trial.csv').trim().split('\r\n')
  const totals = lines.filter((line) => line.startsWith('Total,')).map((line) => line.split(',').slice(2))
  expect(totals.length).toBeGreaterThan(0)
  for (const [debit, credit] of totals) expect(debit).toBe(credit)
})

test('the period is chosen, stepped and typed', async () => {
  await view('Income statement')
  await page.getByRole('button', { name: /^Period/ }).click()
  await page.getByRole('button', { name: /^Last month/ }).click()
  const columns = page.getByRole('table', { name: /^Income statement/ }).getByRole('columnheader')
  await expect(columns).toHaveCount(3)
  const before = await columns.nth(1).textContent()
  await page.getByRole('button', { name: 'Earlier period' }).click()
  await expect(columns.nth(1)).not.toHaveText(before ?? '')
  await page.getByRole('button', { name: /^Period/ }).click()
  const dialog = page.getByRole('dialog', { name: /^Period/ })
  await dialog.getByLabel('From').fill('2026-02-01')
  await dialog.getByLabel('From').press('Enter')
  await dialog.getByLabel('To').fill('2026-02-15')
  await dialog.getByLabel('To').press('Enter')
  await page.keyboard.press('Escape')
  await expect(columns.nth(1)).toHaveText(/Feb 1\s–\s15, 2026/)
  await expect(page.getByRole('link', { name: /^expenses:books: \$30\.06/ }).first()).toBeVisible()
})

test('closing the books says that it cannot be undone, and refuses earlier entries from then on', async () => {
  await view('Trial balance')
  await menu('Close the books…')
  const dialog = page.getByRole('dialog', { name: 'Close the books through a day' })
  await expect(dialog).toContainText('This cannot be undone.')
  await dialog.getByLabel('Last closed day').fill('2025-12-31')
  await dialog.getByLabel('Last closed day').press('Tab')
  await dialog.getByRole('button', { name: 'Close through Dec 31, 2025' }).click()
  await expect(page.getByText('Closed through Dec 31, 2025', { exact: true })).toBeVisible()
  await menu('Close the books…')
  await dialog.getByLabel('Last closed day').fill('2025-11-30')
  await dialog.getByLabel('Last closed day').press('Tab')
  await expect(dialog).toContainText('closed through Dec 31, 2025 already')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
})

for (const theme of themes) {
  test(`every view of the ledger fits and passes axe in ${theme}`, async () => {
    test.setTimeout(180_000)
    const problems: string[] = []
    const { app } = practice
    await app.main.setTheme(theme)
    for (const [width, height] of sizes) {
      await app.main.setWindowSize(width, height)
      const see = async (name: string) => {
        const picture = `ledger-${name.toLowerCase().replaceAll(' ', '-')}`
        problems.push(...(await look(app, picture, theme, width)))
      }
      for (const name of views) {
        await view(name)
        await see(name)
      }
      await view('Journal')
      await page
        .getByRole('row', { name: /Desk and chair/ })
        .first()
        .click()
      await expect(page.getByRole('heading', { level: 1, name: /Desk and chair/ })).toBeVisible()
      await see('Entry')
      await page.getByRole('button', { name: 'Copy to a new entry' }).click()
      await expect(page.getByRole('combobox', { name: 'Line 1: Account' })).toHaveValue('expenses:equipment')
      await see('New entry')
    }
    expect(problems).toEqual([])
  })
}
