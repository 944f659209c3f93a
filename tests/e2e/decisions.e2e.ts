import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { valueFromPage } from './support/callFromPage'
import { look } from './support/look'
import { type OpenPractice, openPractice } from './support/practice'

let practice: OpenPractice
let folder: string
let businessId: string
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  practice = await openPractice()
  folder = mkdtempSync(path.join(tmpdir(), 'countinghouse-chosen-'))
  businessId = (await valueFromPage(practice.app.page, 'businesses.list', {})).items[0]?.id ?? ''
})
test.afterAll(async () => {
  await practice.close()
  rmSync(folder, { recursive: true, force: true })
})

async function go(page: Page, screen: string): Promise<void> {
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.getByRole('navigation', { name: 'Main screens' }).getByRole('link', { name: screen }).click()
}

/** The next folder that the native dialog answers. */
async function choose(name: string): Promise<string> {
  const chosen = path.join(folder, name)
  mkdirSync(chosen)
  await practice.app.main.queueDialog('showOpenDialog', { canceled: false, filePaths: [chosen] })
  return chosen
}

test('A6: the accountant’s copy is written where the owner says, and checks itself with Node alone', async () => {
  const { page } = practice.app
  await go(page, 'Activity')
  const chosen = await choose('accountant')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: /accountant’s copy/ }).click()
  await expect(page.getByText('The log was written')).toBeVisible()
  const [copy] = readdirSync(chosen)
  const cwd = path.join(chosen, copy ?? '')
  expect(readdirSync(cwd).sort()).toEqual(['README.txt', 'audit.jsonl', 'verifyAudit.mjs'])
  const said = execFileSync(process.execPath, ['verifyAudit.mjs', 'audit.jsonl'], { cwd, encoding: 'utf8' })
  expect(said).toMatch(/^ok: \d+ rows \(the whole log\)/)
})

test('A4: a folder that the owner adds keeps the heads, which the copy is checked against', async () => {
  const { page } = practice.app
  await go(page, 'Activity')
  const chosen = await choose('stick')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: /Where its heads are kept/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: /Add a folder/ }).click()
  await expect(dialog.getByText('Second folder', { exact: true })).toBeVisible()
  await expect(dialog.getByText('Agrees')).toHaveCount(await dialog.getByRole('listitem').count())
  const [inner] = readdirSync(chosen)
  expect(readdirSync(path.join(chosen, inner ?? ''))).toContain('audit-heads.jsonl')
  await dialog.getByRole('button', { name: /Stop keeping heads here/ }).click()
  await expect(dialog.getByText('Second folder', { exact: true })).toBeHidden()
})

/** A paid payment of the practice year that nothing was refunded of. */
async function payment(page: Page): Promise<string> {
  const { items } = await valueFromPage(page, 'payments.list', { businessId, limit: 200 })
  const found = items.find(
    ({ amount, refunded, status }) =>
      status === 'succeeded' && refunded.minor === 0 && amount.currency === 'USD' && amount.minor > 200_000,
  )
  return found?.id ?? ''
}

test('E changes what a refund asks for and approves it so', async () => {
  const { page } = practice.app
  await valueFromPage(page, 'policies.set', { businessId, procedure: 'payments.requestRefund', decision: 'ask' })
  const paymentId = await payment(page)
  await valueFromPage(page, 'payments.requestRefund', {
    requestId: 'edited-refund',
    paymentId,
    amount: { minor: 150_000, currency: 'USD' },
    reason: 'Too much',
  })
  await go(page, 'Approvals')
  await expect(page.getByRole('article')).toHaveCount(1)
  await page.keyboard.press('e')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Amount').fill('900')
  await dialog.getByLabel('Reason').fill('Less than asked')
  expect(await look(practice.app, 'approvals-edit', 'light', 1280)).toEqual([])
  await dialog.getByRole('button', { name: 'Approve with changes' }).click()
  await expect(page.getByText('Nothing waits for you')).toBeVisible()
  await expect
    .poll(async () => (await valueFromPage(page, 'payments.refunds', { paymentId })).items.map(({ amount }) => amount.minor))
    .toEqual([90_000])
})

test('a plan is approved as a whole, its steps in order', async () => {
  const { page } = practice.app
  const step = (title: string) => ({ procedure: 'secrets.create', input: { businessId, kind: 'note', title, fields: [] } })
  await valueFromPage(page, 'approvals.propose', { title: 'Two notes', steps: [step('First note'), step('Second note')] })
  await go(page, 'Approvals')
  await expect(page.getByRole('heading', { name: 'Two notes' })).toBeVisible()
  expect(await look(practice.app, 'approvals-plan', 'light', 1280)).toEqual([])
  await page.getByRole('button', { name: 'Approve all' }).click()
  await expect(page.getByText('2 steps approved')).toBeVisible()
  const { items } = await valueFromPage(page, 'secrets.list', { businessId, query: 'note', limit: 10 })
  expect(items.map(({ title }) => title)).toEqual(expect.arrayContaining(['First note', 'Second note']))
})
