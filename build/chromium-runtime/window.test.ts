import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fixture, startFixture } from './fixture/startFixture.ts'

let fixture: Fixture
let page: Page

beforeAll(async () => {
  fixture = await startFixture({ args: ['--stay'] })
  page = fixture.page
})
afterAll(async () => {
  await fixture?.stop()
})

describe('messages between page and main', () => {
  it('invoke answers with what the handler returned', async () => {
    const value = { amount: { minor: 125000, currency: 'USD' }, at: new Date(1), none: undefined }
    expect(await fixture.invoke('echo', value)).toEqual({ value })
    const kinds = await page.evaluate(async () => {
      const value = (await window.api.invoke('echo', new Map([['tags', new Set([5n])]]))) as Map<string, Set<bigint>>
      return [value instanceof Map, value.get('tags')?.has(5n)]
    })
    expect(kinds).toEqual([true, true])
  })

  it('errors are worded as in Electron', async () => {
    expect(await fixture.invoke('fail')).toEqual({ error: "Error invoking remote method 'fail': TypeError: it broke" })
    expect(await fixture.invoke('nobody')).toEqual({
      error: "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
    })
    expect(await fixture.invoke('uncloneable')).toEqual({
      error: "Error invoking remote method 'uncloneable': Error: An object could not be cloned.",
    })
    expect(
      await page.evaluate(() => Promise.resolve(window.api.invoke('echo', () => {})).catch((error: Error) => error.message)),
    ).toBe('An object could not be cloned.')
    expect(await page.evaluate(() => window.api.sendFunction())).toBe('An object could not be cloned.')
  })

  it('send, reply and pushes from main arrive', async () => {
    expect(await page.evaluate(() => window.api.ping('x'))).toBe('x')
    const pushed = page.evaluate(() => new Promise((resolve) => window.api.onPush(resolve)))
    await page.evaluate(() => window.api.echo(0))
    await fixture.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.send('push', { n: 1 }))
    expect(await pushed).toEqual({ n: 1 })
  })

  it('senderFrame tells the truth about the top document', async () => {
    expect((await fixture.invoke('sender', 0)).value).toEqual({
      url: 'app://fixture/',
      origin: 'app://fixture',
      parent: null,
      top: 'app://fixture/',
      routingId: expect.any(Number),
      isMain: true,
    })
    await page.evaluate(() => history.pushState({}, '', '/elsewhere#x'))
    expect((await fixture.invoke('sender', 0)).value).toMatchObject({ url: 'app://fixture/elsewhere#x' })
    await page.evaluate(() => history.back())
  })

  it('own schemes are answered by their handler, with URLs and headers mapped back', async () => {
    const told = await page.evaluate(async () => {
      const request = await (await fetch('/request')).json()
      const post = await (await fetch('/post', { method: 'POST', body: 'body' })).text()
      return { url: request.url, referer: request.headers.referer, post }
    })
    expect(told).toEqual({ url: 'app://fixture/request', referer: 'app://fixture/', post: 'POST body' })
  })
})

describe('ways out of the window', () => {
  const tries: [string, () => unknown, string][] = [
    ['location', () => (location.href = 'https://example.com/'), 'will-navigate https://example.com/'],
    ['own scheme, other host', () => (location.href = 'https://evil.app.invalid/'), 'will-navigate app://evil/'],
    ['about:blank', () => (location.href = 'about:blank'), 'will-navigate about:blank'],
    ['window.open', () => window.open('https://example.com/popup'), 'open https://example.com/popup'],
  ]
  it.each(tries)('E6: %s is told to main and stopped', async (_name, attempt, told) => {
    await page.evaluate(attempt).catch(() => {})
    await expect.poll(fixture.events).toContain(told)
    await expect.poll(() => page.url()).toBe('https://fixture.app.invalid/')
    await expect.poll(() => page.context().pages().length).toBe(1)
    await page.waitForFunction(() => typeof window.api === 'object')
  })

  it('E6: a window that the page opened is closed at once', async () => {
    await page.evaluate(() => Object.assign(window, { opened: window.open('about:blank') }))
    await expect.poll(() => page.evaluate(() => (Reflect.get(window, 'opened') as Window | null)?.closed ?? true)).toBe(true)
  })

  it('a page without a policy of its own still reaches nothing but the machine itself', async () => {
    const outcome = await fixture.app.evaluate(async ({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      await window?.loadURL('app://fixture/bare.html')
      const code = "fetch('https://example.com/', { mode: 'no-cors' }).then(() => 'left', () => 'stayed')"
      const left: unknown = await window?.webContents.executeJavaScript(code)
      await window?.loadURL('app://fixture/')
      return left
    })
    expect(outcome).toBe('stayed')
    const blocked = await fixture.app.evaluate(() =>
      globalThis.__chromiumRuntime.recorded.filter(({ api }) => api === 'network.blocked').flatMap(({ args }) => args),
    )
    expect(blocked).toEqual(['https://example.com/'])
  })
})

describe('reload', () => {
  it('the api, the bridge and main still work in the new document', async () => {
    await page.reload()
    expect(await page.evaluate(() => [window.atStart.api, window.api.nested.add(1, 1)])).toEqual(['object', 2])
    expect(await page.evaluate(() => window.api.invoke('echo', 'again'))).toBe('again')
  })

  it('senderFrame is null for a document that is gone', async () => {
    const before = (await fixture.events()).length
    await page.evaluate(() => void window.api.invoke('sender', 300))
    await page.reload()
    await expect.poll(async () => (await fixture.events()).slice(before)).toContain('sender null')
  })
})
