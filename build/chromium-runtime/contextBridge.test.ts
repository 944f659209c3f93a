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

describe('what the page sees', () => {
  it('the api is there before the first script of the page', async () => {
    expect(await page.evaluate(() => window.atStart)).toMatchObject({ api: 'object', version: 1 })
  })

  it('globals of preload, require and the binding are invisible', async () => {
    expect(await page.evaluate(() => window.atStart)).toMatchObject({
      require: 'undefined',
      process: 'undefined',
      secret: 'undefined',
      strange: [],
    })
  })

  it('the api is frozen to the ground and cannot be replaced', async () => {
    const attempts = await page.evaluate(() => {
      const attempt = (act: () => unknown) => {
        try {
          return act()
        } catch (error) {
          return (error as Error).constructor.name
        }
      }
      ;('use strict')
      return {
        frozen: [window.api, window.api.nested, window.api.nested.list, window.api.nested.list[1], window.api.echo].every(
          Object.isFrozen,
        ),
        define: attempt(() => Object.defineProperty(window, 'api', { value: 1 })),
        remove: Reflect.deleteProperty(window, 'api'),
        set: Reflect.set(window, 'api', 1),
        member: Reflect.set(window.api, 'echo', 1),
        still: typeof window.api.echo,
      }
    })
    expect(attempts).toEqual({ frozen: true, define: 'TypeError', remove: false, set: false, member: false, still: 'function' })
  })

  it('nothing is exposed over what the window has already', async () => {
    const message = 'Cannot bind an API on top of an existing property on the window object'
    expect(await page.evaluate(() => [window.api.exposeAgain('api'), window.api.exposeAgain('location')])).toEqual([
      message,
      message,
    ])
  })

  it('ipcRenderer exposed as it is becomes an empty object', async () => {
    expect(await page.evaluate(() => Object.keys(window.rawIpc))).toEqual([])
  })

  it('iframes get no api', async () => {
    const frame = page.frames().find((each) => each.url().endsWith('/frame.html'))
    expect(await frame?.evaluate(() => [typeof window.api, typeof window.rawIpc])).toEqual(['undefined', 'undefined'])
  })

  it('the content security policy of the response holds', async () => {
    const refused = await page.evaluate(() => {
      const attempt = (act: () => unknown) => {
        try {
          return String(act())
        } catch (error) {
          return (error as Error).name
        }
      }
      return {
        html: attempt(() => {
          document.body.innerHTML = '<p>text</p>'
        }),
        secure: window.isSecureContext,
        colour: getComputedStyle(document.querySelector('h1') ?? document.body).color,
      }
    })
    expect(refused).toEqual({ html: 'TypeError', secure: true, colour: 'rgb(0, 128, 0)' })
  })
})

describe('what preload sees', () => {
  it('globals of the page, require of Node and Buffer are invisible', async () => {
    expect(await page.evaluate(() => window.api.look())).toEqual({
      pageGlobal: 'undefined',
      map: [2, 4],
      fromPrototype: undefined,
      fs: 'module not found: node:fs',
      node: 'undefined',
      sandboxed: true,
      names: 1,
    })
  })
})

describe('what crosses the bridge', () => {
  it('values and synchronous returns', async () => {
    expect(await page.evaluate(() => window.api.nested.add(2, 3))).toBe(5)
    const kinds = await page.evaluate(() => {
      const value = { date: new Date(5), map: new Map([[1, 2]]), set: new Set([1]), big: 5n, bytes: new Uint8Array([7]) }
      const back = window.api.echo(value) as typeof value
      return {
        seenInPreload: window.api.typeNames(value),
        ours: [back.date instanceof Date, back.map instanceof Map, back.set instanceof Set, back.bytes instanceof Uint8Array],
        values: [back.date.getTime(), back.map.get(1), back.set.has(1), String(back.big), back.bytes[0]],
        copied: back !== value,
      }
    })
    expect(kinds).toEqual({
      seenInPreload: [
        'date:[object Date]',
        'map:[object Map]',
        'set:[object Set]',
        'big:[object BigInt]',
        'bytes:[object Uint8Array]',
      ],
      ours: [true, true, true, true],
      values: [5, 2, true, '5', 7],
      copied: true,
    })
  })

  it('errors that are thrown, with their message', async () => {
    const thrown = await page.evaluate(() =>
      [window.api.throws, window.api.throwsNothing].map((call) => {
        try {
          return call()
        } catch (error) {
          return [error instanceof Error, (error as Error).message]
        }
      }),
    )
    expect(thrown[0]).toEqual([true, 'thrown in preload'])
    expect(thrown[1]).toEqual([true, expect.stringContaining('a valid exception was not thrown')])
  })

  it('promises, both ways and both ends', async () => {
    const settled = await page.evaluate(async () => {
      const promise = window.api.resolves(7)
      return [
        promise instanceof Promise,
        await promise,
        await Promise.resolve(window.api.rejects()).catch((error: Error) => [error instanceof Error, error.message]),
        await window.api.awaits(Promise.resolve('page')),
      ]
    })
    expect(settled).toEqual([true, 7, [true, 'rejected in preload'], 'awaited page'])
  })

  it('callbacks, functions that are returned, and functions that come home', async () => {
    const called = await page.evaluate(async () => {
      const mine = (word: unknown) => `${word}!`
      const later = new Promise((resolve) => window.api.callsLater(resolve))
      window.api.keep(mine)
      const adder = window.api.makeAdder(2) as (b: number) => number
      return [window.api.calls(mine), await later, adder(3), window.api.kept(0) === mine, window.api.echo(adder) === adder]
    })
    expect(called).toEqual(['callback said hello!', 'later', 5, true, true])
  })

  it('symbols are left out', async () => {
    expect(await page.evaluate(() => JSON.stringify(window.api.symbol()))).toBe('{"before":1,"after":2}')
  })

  it('cycles are kept', async () => {
    expect(
      await page.evaluate(() => {
        const loop: { self?: unknown } = {}
        loop.self = loop
        const back = window.api.echo(loop) as typeof loop
        return back.self === back
      }),
    ).toBe(true)
  })
})
