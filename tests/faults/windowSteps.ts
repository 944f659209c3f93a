import type { Page } from 'playwright-core'
import type { CountinghouseBridge } from '../../shared/contract/bridge'
import type { Canaries } from './canaries'

/**
 * What a person does in the window, done so that nothing secret reaches the browser but through the page: keys are pressed one by one, and
 * what the page itself makes is told to it backwards.
 */

const backwards = (text: string): string => [...text].reverse().join('')

export async function createVault(page: Page, passphrase: string): Promise<void> {
  await page.getByRole('button', { name: /Create a vault/ }).click()
  for (const label of ['Passphrase', 'Repeat the passphrase']) {
    await page.getByLabel(label, { exact: true }).click()
    await page.keyboard.type(passphrase)
  }
  await page.getByLabel(/lost passphrase cannot be recovered/).check()
  await page.getByRole('button', { name: 'Create the vault' }).click()
  await page.getByLabel(/Name/).first().fill('Mill Pond Design')
  await page
    .getByRole('button', { name: /Create|Start|Continue/ })
    .last()
    .click()
  await today(page)
}

/** Keeps a secret as a person does, looks at it and copies it. */
export async function keepByTyping(page: Page, value: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main screens' }).getByRole('link', { name: 'Vault' }).click()
  await page.getByRole('heading', { name: 'Vault', level: 1 }).waitFor()
  await page.keyboard.press('n')
  await page.getByRole('textbox', { name: 'Title', exact: true }).click()
  await page.keyboard.type('Print shop account')
  await page.getByLabel('Password', { exact: true }).click()
  await page.keyboard.type(value)
  await page.keyboard.press('Control+s')
  await page.getByRole('heading', { name: 'Print shop account', level: 1 }).waitFor()
  await page.getByRole('button', { name: 'Show Password for 30 seconds' }).click()
  await page.getByRole('button', { name: 'Copy Password' }).click()
  await page.getByText('Password copied').waitFor()
}

/** Keeps the canaries but the first, put together by the page. */
export async function keepByBridge(page: Page, { head, tail }: Canaries, count: number): Promise<void> {
  await page.evaluate(
    async ([daeh, liat, all]) => {
      const { procedures } = Reflect.get(window, 'countinghouse') as CountinghouseBridge
      const forwards = (text: string): string => [...text].reverse().join('')
      for (let number = 1; number < all; number++) {
        const value = `${forwards(daeh)}-${String(number).padStart(2, '0')}-${forwards(liat)}`
        const fields = [{ name: 'value', type: 'hidden', value }] as const
        const kept = await procedures['secrets.create']({ kind: 'note', title: `Number ${number}`, fields: [...fields] })
        if (!kept.ok) throw new Error(`A secret was not kept: ${kept.error.code}`)
      }
    },
    [backwards(head), backwards(tail), count] as const,
  )
}

/** Shows every secret in the page. @throws Error unless there are so many */
export async function showAll(page: Page, count: number): Promise<void> {
  await page.evaluate(async (expected) => {
    const { procedures } = Reflect.get(window, 'countinghouse') as CountinghouseBridge
    const listed = await procedures['secrets.list']({ limit: 200 })
    if (!listed.ok || listed.value.items.length !== expected) throw new Error('Not every secret is listed')
    for (const { id, kind } of listed.value.items) {
      const shown = await procedures['secrets.reveal']({ secretId: id, field: kind === 'note' ? 'value' : 'Password' })
      if (!shown.ok || shown.value.status !== 'done') throw new Error('A secret was not shown')
      document.body.append(Object.assign(document.createElement('p'), { textContent: shown.value.value.value }))
    }
  }, count)
}

export async function lockVault(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Lock now' }).first().click()
}

export async function unlockVault(page: Page, passphrase: string): Promise<void> {
  await page.getByRole('heading', { name: 'Locked' }).waitFor()
  await page.getByLabel('Passphrase', { exact: true }).click()
  await page.keyboard.type(passphrase)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await today(page)
}

/** Closes the vault; the window goes with it. */
export async function closeVault(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main screens' }).getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('navigation', { name: 'Sections of the settings' }).getByRole('link', { name: 'Security' }).click()
  await page.getByRole('button', { name: 'Close the vault' }).click()
}

async function today(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor()
}
