import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fixture, startFixture } from './fixture/startFixture.ts'

let fixture: Fixture
let page: Page

beforeAll(async () => {
  fixture = await startFixture({ args: ['--stay'] })
  page = fixture.page
  await fixture.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]
      ?.loadURL('app://fixture/polluted.html')
      .then(() => undefined),
  )
})
afterAll(async () => {
  await fixture?.stop()
})

/** The page's prototypes are broken, so it is read through the DOM, from a world of the test's own. */
const told = async (name: string) => await page.locator('html').getAttribute(`data-${name}`)

describe('a page that turned every prototype against the bridge', () => {
  it('is not seen by preload', async () => {
    expect(await told('failure')).toBeNull()
    expect(JSON.parse((await told('look')) ?? '')).toEqual({
      pageGlobal: 'undefined',
      map: [2, 4],
      fs: 'module not found: node:fs',
      node: 'undefined',
      sandboxed: true,
      names: 1,
    })
  })

  it('still gets whole values, callbacks and errors', async () => {
    expect(JSON.parse((await told('echo')) ?? '')).toEqual({
      list: ['a', 'b'],
      nested: { deep: 1 },
      marked: { $: 'x', kind: 'y' },
    })
    expect(await told('sum')).toBe('5')
    expect(await told('callback')).toBe('callback said hello from the page')
    expect(await told('thrown')).toBe('thrown in preload')
  })

  it('caught no call of the bridge', async () => {
    expect(JSON.parse((await told('stolen')) ?? '')).toEqual({})
  })
})
