import { expect, test } from '@playwright/test'
import type { CountinghouseBridge } from '../../shared/contract/bridge'
import { callFromPage, valueFromPage } from './support/callFromPage'
import { addBusiness, type OpenPractice, openPractice } from './support/practice'

const pauseKeys = 'CommandOrControl+Alt+P'
const lockKeys = 'CommandOrControl+Alt+Shift+L'

let practice: OpenPractice
test.beforeEach(async () => {
  practice = await openPractice()
})
test.afterEach(() => practice.close())

/** Presses keys of the whole desktop. Answers false with Electron itself, where no program may. */
async function press(keys: string): Promise<boolean> {
  const { main } = practice.app
  expect(await main.evaluate(({ globalShortcut }, wanted) => globalShortcut.isRegistered(wanted), keys)).toBe(true)
  return main.evaluate((_, wanted) => {
    const runtime = Reflect.get(globalThis, '__chromiumRuntime') as { pressShortcut(keys: string): boolean } | undefined
    return runtime?.pressShortcut(wanted) ?? false
  }, keys)
}

const titles = async () =>
  (await practice.app.main.recorded('Notification.show')).map(({ args }) => (args[0] as { title: string }).title)

test('a hotkey pauses everything from wherever the owner is, and says so; going on is done in the window', async () => {
  const { app } = practice
  await expect.poll(async () => (await callFromPage(app.page, 'safety.status', {})).ok, { timeout: 60_000 }).toBe(true)
  // With Electron the window's own switch stands in for the keys.
  if (!(await press(pauseKeys))) await valueFromPage(app.page, 'safety.pause', {})
  else await expect.poll(titles).toEqual(['Everything is paused'])
  const status = await valueFromPage(app.page, 'safety.status', {})
  expect(status).toMatchObject({ paused: true, by: 'owner', reason: null })
  expect(status.held.schedules.map(({ name }) => name)).toContain('backup')
  expect(await valueFromPage(app.page, 'safety.resume', {})).toMatchObject({ status: 'done', value: { paused: false } })
})

test('a hotkey locks from wherever the owner is, and a click on a notification leads to its card once the vault is open', async () => {
  const { app } = practice
  const showSecond = await addBusiness(app.page, 'Second House')
  const { items } = await valueFromPage(app.page, 'businesses.list', {})
  const [first] = items
  if (first === undefined) throw new Error('There is no business')
  await valueFromPage(app.page, 'policies.set', { procedure: 'rates.set', decision: 'ask' })
  const door = await app.page.evaluate(async () => {
    const { shell } = Reflect.get(window, 'countinghouse') as CountinghouseBridge
    const answer = await shell['shell.setApiDoor']({ on: true })
    return answer.ok ? answer.value : null
  })
  const headers = { authorization: `Bearer ${door?.token}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ businessId: first.id, base: 'EUR', quote: 'USD', on: '2026-01-10', rate: '1.08' })
  const answer = await fetch(`${door?.url}/api/v1/rates/set`, { method: 'POST', headers, body })
  expect(await answer.json()).toMatchObject({ status: 'awaitingApproval' })
  await expect.poll(titles).toEqual(['An approval waits for you'])

  await app.page.keyboard.press(showSecond)
  await expect(app.page.getByRole('button', { name: /Second House/ })).toBeVisible()

  if (!(await press(lockKeys))) await app.page.keyboard.press('ControlOrMeta+Shift+L')
  await app.nextPage()
  const enter = app.page.getByRole('button', { name: 'Continue in the practice world' })
  await expect(enter).toBeVisible()
  await app.main.evaluate(() => void globalThis.__desktop.notifications.splice(1))
  expect(await app.main.clickNotification()).toBe(true)
  await expect(enter).toBeVisible()
  await enter.click()
  await expect(app.page.getByRole('heading', { level: 1, name: 'Approvals' })).toBeVisible()
  await expect(app.page.getByRole('button', { name: new RegExp(first.name) })).toBeVisible()
  await expect(app.page.getByRole('article').filter({ hasText: 'EUR' })).toBeInViewport()
})
