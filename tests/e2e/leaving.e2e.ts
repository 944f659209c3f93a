import { expect, test } from '@playwright/test'
import { addBusiness, type OpenPractice, openPractice } from './support/practice'

let practice: OpenPractice
test.beforeAll(async () => {
  practice = await openPractice()
})
test.afterAll(() => practice.close())

test('another business is shown only once whoever has typed something lets it go', async () => {
  const { page } = practice.app
  const keys = await addBusiness(page, 'Second House')
  await page.getByRole('navigation').getByRole('link', { name: 'Vault' }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'Vault' })).toBeVisible()
  await page.getByRole('button', { name: 'New item' }).click()
  const title = page.getByLabel('Title', { exact: true })
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
