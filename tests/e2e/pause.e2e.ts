import { expect, test } from '@playwright/test'
import { callFromPage, valueFromPage } from './support/callFromPage'
import { type OpenPractice, openPractice } from './support/practice'

const shortcut = 'CommandOrControl+Alt+P'

let practice: OpenPractice
test.beforeEach(async () => {
  practice = await openPractice()
})
test.afterEach(() => practice.close())

test('a hotkey pauses everything from wherever the owner is, and says so; going on is done in the window', async () => {
  const { app } = practice
  await expect.poll(async () => (await callFromPage(app.page, 'safety.status', {})).ok, { timeout: 60_000 }).toBe(true)
  expect(await app.main.evaluate(({ globalShortcut }, keys) => globalShortcut.isRegistered(keys), shortcut)).toBe(true)
  const pressed = await app.main.evaluate((_, keys) => {
    const runtime = Reflect.get(globalThis, '__chromiumRuntime') as { pressShortcut(keys: string): boolean } | undefined
    return runtime?.pressShortcut(keys) ?? null
  }, shortcut)
  // No program may press keys of the whole desktop; with Electron itself the window's own switch stands in for them.
  if (pressed === null) await valueFromPage(app.page, 'safety.pause', {})
  else {
    await expect.poll(() => app.main.recorded('Notification.show')).toHaveLength(1)
    expect(await app.main.recorded('Notification.show')).toMatchObject([{ args: [{ title: 'Everything is paused' }] }])
  }
  const status = await valueFromPage(app.page, 'safety.status', {})
  expect(status).toMatchObject({ paused: true, by: 'owner', reason: null })
  expect(status.held.schedules.map(({ name }) => name)).toContain('backup')
  expect(await valueFromPage(app.page, 'safety.resume', {})).toMatchObject({ status: 'done', value: { paused: false } })
})
