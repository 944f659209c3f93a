import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, type Locator, type Page, test } from '@playwright/test'
import { valueFromPage } from './support/callFromPage'
import { type OpenPractice, openPractice } from './support/practice'

let practice: OpenPractice
test.beforeAll(async () => {
  practice = await openPractice()
  await expect(practice.app.page.getByRole('heading', { name: 'Today' })).toBeVisible({ timeout: 60_000 })
})
test.afterAll(() => practice.close())

/** Goes to the vault by its keys, from wherever the window is. */
async function goToVault(page: Page): Promise<void> {
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.locator('#content').focus()
  await page.keyboard.press('g')
  await page.keyboard.press('k')
  await expect(page.getByRole('heading', { name: 'Vault', level: 1 })).toBeVisible()
}

async function openItem(page: Page, title: string): Promise<void> {
  await goToVault(page)
  await page.getByRole('gridcell', { name: title }).click()
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible()
}

/** Presses Tab until a part has the focus. */
async function tabTo(page: Page, part: Locator): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if (await part.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  await expect(part).toBeFocused()
}

/** Answers the question who is there, where it is asked. */
async function passStepUp(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Show that it is you' })
  await expect(dialog.or(page.getByText(/items saved as/))).toBeVisible()
  if ((await dialog.count()) === 0) return
  await dialog.getByLabel('Passphrase', { exact: true }).fill('practice makes perfect')
  await page.keyboard.press('Enter')
}

/** What main's clipboard holds. */
function clipboardText(): Promise<string> {
  return practice.app.main.evaluate(async ({ clipboard }) => await clipboard.readText())
}

test('an item is kept and found by keyboard alone', async () => {
  const { page } = practice.app
  await goToVault(page)
  await page.keyboard.press('n')
  await expect(page.getByLabel('Title', { exact: true })).toBeFocused()
  await page.keyboard.type('Print shop account')
  await tabTo(page, page.getByRole('textbox', { name: 'User name' }))
  await page.keyboard.type('robin@alderfinch.example')
  await tabTo(page, page.getByRole('button', { name: 'Make a value for Password' }))
  await page.keyboard.press('Enter')
  const generator = page.getByRole('dialog', { name: 'Password generator' })
  await expect(generator).toBeVisible()
  await tabTo(page, generator.getByRole('button', { name: 'Use it' }))
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue(/^.{20}$/)
  await tabTo(page, page.getByRole('textbox', { name: 'Website' }))
  await page.keyboard.type('print.example')
  await page.keyboard.press('Control+s')
  await expect(page.getByRole('heading', { name: 'Print shop account', level: 1 })).toBeVisible()
  await expect(page.getByText('https://print.example')).toBeVisible()

  await goToVault(page)
  await page.keyboard.press('/')
  await page.keyboard.type('print sh')
  await expect(page.getByRole('gridcell', { name: 'Print shop account' })).toBeVisible()
  await expect(page.getByRole('gridcell', { name: 'Domain registrar' })).toHaveCount(0)
  await page.getByRole('grid', { name: 'Vault' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Print shop account', level: 1 })).toBeVisible()
})

test('a value is shown only while it is held, and use is written down', async () => {
  const { page } = practice.app
  await openItem(page, 'Web hosting')
  const value = page.getByText('v7!Rk2mQx9#Lw4tz')
  const hold = page.getByRole('button', { name: 'Hold to show Password' })
  const box = await hold.boundingBox()
  if (!box) throw new Error('no button to hold')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  await expect(value).toBeVisible()
  await page.mouse.up()
  await expect(value).toHaveCount(0)

  await hold.focus()
  await page.keyboard.down('Space')
  await expect(value).toBeVisible()
  await page.keyboard.up('Space')
  await expect(value).toHaveCount(0)

  await page.getByRole('button', { name: 'Show Password for 30 seconds' }).click()
  await expect(value).toBeVisible()
  await page.evaluate(() => window.dispatchEvent(new Event('blur')))
  await expect(value).toHaveCount(0)
  await expect(page.getByText('Shown', { exact: true }).first()).toBeVisible()
})

test('V6: a copied value leaves the clipboard after 10 seconds, and what else was copied meanwhile stays', async () => {
  test.setTimeout(60_000)
  const { page, main } = practice.app
  await openItem(page, 'Web hosting')
  await page.getByRole('button', { name: 'Copy Password' }).click()
  await expect(page.getByText('Password copied')).toBeVisible()
  expect(await clipboardText()).toBe('v7!Rk2mQx9#Lw4tz')
  await expect.poll(clipboardText, { timeout: 15_000 }).toBe('')

  await page.keyboard.press('c')
  await expect.poll(clipboardText).toBe('v7!Rk2mQx9#Lw4tz')
  await main.evaluate(async ({ clipboard }) => await clipboard.writeText('a recipe'))
  await expect(page.getByText('Password copied')).toHaveCount(0, { timeout: 15_000 })
  await page.waitForTimeout(500)
  expect(await clipboardText()).toBe('a recipe')
})

test('a change is in the history, restored, and undone', async () => {
  const { page } = practice.app
  await openItem(page, 'Web hosting')
  await page.keyboard.press('e')
  await page.getByRole('textbox', { name: 'SFTP host' }).fill('sftp2.hosting.example')
  await page.getByRole('link', { name: 'Today' }).first().click()
  await page.getByRole('button', { name: 'Stay' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('sftp2.hosting.example')).toBeVisible()
  await expect(page.getByText('Changed: SFTP host')).toBeVisible()
  await page.getByRole('button', { name: 'Restore version 1' }).click()
  await expect(page.getByText('sftp.hosting.example')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await expect(page.getByText('sftp2.hosting.example')).toBeVisible()
})

test('what is deleted goes to the bin and comes back', async () => {
  const { page } = practice.app
  await openItem(page, 'Maps on the website')
  await page.getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByRole('heading', { name: 'Vault', level: 1 })).toBeVisible()
  await expect(page.getByText('Maps on the website is in the bin')).toBeVisible()
  await expect(page.getByRole('gridcell', { name: 'Maps on the website' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await expect(page.getByRole('gridcell', { name: 'Maps on the website' })).toBeVisible()
})

test('a sensitive value asks again who is there', async () => {
  const { page } = practice.app
  await openItem(page, 'Tax portal')
  const value = page.getByText('granite-ferry-40-olive')
  await page.getByRole('button', { name: 'Show Password for 30 seconds' }).click()
  const dialog = page.getByRole('dialog', { name: 'Show that it is you' })
  await dialog.getByLabel('Passphrase', { exact: true }).fill('not this one')
  await page.keyboard.press('Enter')
  await expect(dialog.getByText(/wrong|not right|does not/i).first()).toBeVisible()
  await expect(value).toHaveCount(0)
  await dialog.getByLabel('Passphrase', { exact: true }).fill('practice makes perfect')
  await page.keyboard.press('Enter')
  await expect(value).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Hide Password' }).click()
  await expect(value).toHaveCount(0)
})

test('a password is rotated: added, tried, used, and the old one kept for a day', async () => {
  const { page } = practice.app
  await openItem(page, 'Domain registrar')
  await page.getByRole('button', { name: 'Start rotation' }).click()
  const dialog = page.getByRole('dialog', { name: 'Rotate Domain registrar' })
  await dialog.getByLabel('New password', { exact: true }).fill('amber-kestrel-52-fold')
  await dialog.getByRole('button', { name: 'Add the new value' }).click()
  await page.getByRole('button', { name: 'I tried it: it works' }).click()
  await page.getByRole('button', { name: 'Use the new value' }).click()
  await expect(page.getByText('The new value is in use')).toBeVisible()
  await expect(page.getByText(/The old value is retired/)).toBeVisible()
  await page.getByRole('button', { name: 'Show Password for 30 seconds' }).click()
  await expect(page.getByText('amber-kestrel-52-fold')).toBeVisible()
  await page.getByRole('button', { name: 'Go back to the old value' }).click()
  await expect(page.getByText('The rotation is cancelled')).toBeVisible()
})

test('a file of another vault is looked through, imported, and exported again under a passphrase of its own', async () => {
  const { page, main } = practice.app
  const folder = mkdtempSync(path.join(tmpdir(), 'countinghouse-import-'))
  try {
    const given = path.join(folder, 'passwords.csv')
    writeFileSync(given, 'name,url,username,password\nPaper mill,https://paper.example,robin,orchid-lantern-5\n')
    await goToVault(page)
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Import' }).click()
    await page.getByRole('button', { name: 'CSV' }).click()
    await main.queueDialog('showOpenDialog', { canceled: false, filePaths: [given] })
    await page.getByRole('button', { name: 'Choose the file' }).click()
    await expect(page.getByRole('checkbox', { name: 'Import Paper mill' })).toBeChecked()
    await page.getByRole('button', { name: 'Import 1 item' }).click()
    await expect(page.getByText('1 item is in the vault')).toBeVisible()
    await openItem(page, 'Paper mill')

    const written = path.join(folder, 'vault-export')
    await goToVault(page)
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Export' }).click()
    const dialog = page.getByRole('dialog', { name: 'Export the vault' })
    await dialog.getByLabel('Passphrase of the file').fill('seven quiet lanterns by the quay')
    await dialog.getByLabel('Repeat it').fill('seven quiet lanterns by the quay')
    await main.queueDialog('showSaveDialog', { canceled: false, filePath: written })
    await dialog.getByRole('button', { name: 'Choose where to save it' }).click()
    await passStepUp(page)
    await expect(page.getByText(/items saved as/)).toBeVisible()
    expect(readFileSync(written).includes('orchid-lantern-5')).toBe(false)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a file is attached, looked at, saved outside and removed for good', async () => {
  const { page, main } = practice.app
  const folder = mkdtempSync(path.join(tmpdir(), 'countinghouse-files-'))
  try {
    const given = path.join(folder, 'insurance.txt')
    writeFileSync(given, 'Policy 4711, renewed every June')
    await openItem(page, 'Studio: alarm and keys')
    await main.queueDialog('showOpenDialog', { canceled: false, filePaths: [given] })
    await page.getByRole('button', { name: 'Attach a file' }).click()
    await page.getByRole('button', { name: 'Preview insurance.txt' }).click()
    await expect(page.getByText('Policy 4711, renewed every June')).toBeVisible()
    await page.keyboard.press('Escape')

    const saved = path.join(folder, 'saved.txt')
    await main.queueDialog('showSaveDialog', { canceled: false, filePath: saved })
    await page.getByRole('button', { name: 'Save insurance.txt' }).click()
    await expect(page.getByText('The file is saved outside the vault')).toBeVisible()
    expect(readFileSync(saved, 'utf8')).toBe('Policy 4711, renewed every June')

    await page.getByRole('button', { name: 'Remove insurance.txt' }).click()
    await page.getByRole('button', { name: 'Remove for good' }).click()
    await expect(page.getByText('The file is removed')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Save insurance.txt' })).toHaveCount(0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('the command bar finds an item by its title; R shows its value and hides it again', async () => {
  const { page } = practice.app
  await goToVault(page)
  await page.keyboard.press('Control+k')
  await page.getByRole('textbox', { name: 'Find, go and act' }).fill('Backup sto')
  await page.getByRole('button', { name: 'Backup storage' }).click()
  await expect(page.getByRole('heading', { name: 'Backup storage', level: 1 })).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  const value = page.getByText('practice-backup-storage-key-1')
  await page.keyboard.press('r')
  await expect(value).toBeVisible()
  await page.keyboard.press('r')
  await expect(value).toHaveCount(0)
})

test('the stored Stripe key is tried at Stripe, and what depends on it is named', async () => {
  const { page } = practice.app
  await openItem(page, 'Stripe of Alder & Finch Studio')
  await expect(page.getByText('Connection', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Test the connection' }).click()
  await expect(page.getByText('It works', { exact: true })).toBeVisible()
})

test('V14: nothing that was shown stays in the page, its storage or its addresses', async () => {
  const { page } = practice.app
  await goToVault(page)
  const kept = await page.evaluate(() =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      location.href,
      history.state,
      document.documentElement.outerHTML,
    ]),
  )
  for (const secret of ['v7!Rk2mQx9#Lw4tz', 'granite-ferry-40-olive', 'amber-kestrel-52-fold']) expect(kept).not.toContain(secret)
  const { items } = await valueFromPage(page, 'audit.list', { limit: 200 })
  expect(JSON.stringify(items)).not.toContain('granite-ferry-40-olive')
})
