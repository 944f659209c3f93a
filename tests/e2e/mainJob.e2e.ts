import { expect, type Page, test } from '@playwright/test'
import { type OpenPractice, openPractice } from './support/practice'

let practice: OpenPractice
test.beforeAll(async () => {
  practice = await openPractice()
})
test.afterAll(() => practice.close())

async function go(page: Page, letter: string): Promise<void> {
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('g')
  await page.keyboard.press(letter)
}

test('an invoice is written, sent, paid on its page, booked, refunded over the limit and approved by keyboard', async () => {
  test.setTimeout(120_000)
  const { app } = practice
  const { page } = app

  await page
    .getByRole('button', { name: /New invoice/ })
    .first()
    .click()
  await page.getByLabel('Customer').first().fill('Northwind')
  await page.getByRole('option', { name: /Northwind/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Northwind Studio')
  await dialog.getByLabel('E-mail').fill('accounts@northwind.example')
  await dialog.getByRole('button', { name: /Add|Save/ }).click()
  await expect(dialog).toBeHidden()
  await page.getByLabel('Line 1: Description').fill('Brand system')
  await page.getByLabel('Line 1: Unit price').fill('11500')
  await page.getByLabel('Line 1: Tax %').fill('8')
  await page.keyboard.press('Enter')
  await page.getByLabel('Line 2: Description').fill('Workshop, hours')
  await page.getByLabel('Line 2: Quantity').fill('7.5')
  await page.getByLabel('Line 2: Unit price').fill('140')
  await page.getByLabel('Line 2: Tax %').fill('8')
  await expect(page.getByText('$13,554.00').first()).toBeVisible()

  await page
    .getByRole('button', { name: /Review and send|^Send/ })
    .first()
    .click()
  await page.getByRole('button', { name: 'Send invoice' }).click()
  await expect(page.getByText('Open', { exact: true }).first()).toBeVisible()
  const number = await page.getByRole('heading', { level: 1 }).innerText()
  expect(number).toMatch(/INV-\d{4}/)

  await page.getByRole('button', { name: 'Open payment page' }).first().click()
  const [opened] = await expect
    .poll(async () => (await app.main.recorded('shell.openExternal')).map(({ args }) => String(args[0])))
    .toHaveLength(1)
    .then(async () => (await app.main.recorded('shell.openExternal')).map(({ args }) => String(args[0])))
  expect(opened).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/i\//)
  const declined = await fetch(`${opened}/pay`, { method: 'POST', body: new URLSearchParams({ card: '4000000000000002' }) })
  expect(declined.status).toBe(402)
  const paid = await fetch(`${opened}/pay`, { method: 'POST', body: new URLSearchParams({ card: '4242424242424242' }) })
  expect(paid.status).toBe(200)
  await expect(page.getByText('Paid', { exact: true }).first()).toBeVisible()
  await expect.poll(async () => (await app.main.recorded('Notification.show')).length).toBeGreaterThan(0)
  await expect(page.getByText('assets:receivable').or(page.getByText('Payment of invoice')).first()).toBeVisible()

  await go(page, 'p')
  await expect(page.getByRole('heading', { level: 1, name: 'Payments' })).toBeVisible()
  const others = page.getByRole('row').filter({ hasText: 'Kestrel Logistics' })
  await expect(others.first()).toBeVisible()
  await page.getByPlaceholder('Invoice, line or customer').fill('northwind')
  await expect(others).toHaveCount(0)
  const askForRefund = page.getByRole('dialog').getByRole('button', { name: /^Refund/ })
  // A list that has just appeared may still be placing its rows under the pointer.
  await expect(async () => {
    await page.getByRole('row').filter({ hasText: 'Northwind Studio' }).first().click({ timeout: 5_000 })
    await expect(askForRefund).toBeVisible({ timeout: 5_000 })
  }).toPass()
  await askForRefund.click()
  const refund = page.getByRole('dialog').filter({ hasText: 'Refund a payment' })
  await refund.getByLabel('Amount').fill('10800')
  await refund.getByLabel('Reason').fill('Brand system cancelled by agreement')
  await refund.getByRole('button', { name: /Refund \$10,800/ }).click()
  await expect(page.getByText('The refund waits for approval').first()).toBeVisible()
  await expect(page.getByText(/^Waits for approval: Refund USD 10,800/)).toBeVisible()

  await go(page, 'a')
  await expect(page.getByRole('heading', { name: 'Approvals' })).toBeVisible()
  await expect(page.getByText('$10,800.00').first()).toBeVisible()
  await expect(page.getByText('Cannot be undone')).toBeVisible()
  await page.keyboard.press('a')
  await expect(page.getByText('Nothing waits for you')).toBeVisible()

  await go(page, 'p')
  await expect(page.getByText('Partly refunded').first()).toBeVisible()
  await go(page, 'l')
  await expect(page.getByRole('heading', { name: 'Ledger' })).toBeVisible()
  await expect(page.getByText('receivable').first()).toBeVisible()
})
