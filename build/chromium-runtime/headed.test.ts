import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fixture, startFixture } from './fixture/startFixture.ts'

const XVFB = '/usr/bin/Xvfb'
const hasDisplay = process.env.DISPLAY !== undefined || existsSync(XVFB)
if (!hasDisplay) console.warn(`skipped: the window on a display, because there is neither a DISPLAY nor ${XVFB}`)

let xvfb: ChildProcess | undefined
let fixture: Fixture

/** The machine's display, or a virtual one of our own. */
async function display(): Promise<string> {
  if (process.env.DISPLAY) return process.env.DISPLAY
  xvfb = spawn(XVFB, ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const [number] = await once(xvfb.stdio[3] as NodeJS.ReadableStream, 'data')
  return `:${String(number).trim()}`
}

describe.runIf(hasDisplay)('a window on a display', () => {
  beforeAll(async () => {
    fixture = await startFixture({
      args: ['--stay'],
      headed: true,
      env: { DISPLAY: await display() },
    })
  })
  afterAll(async () => {
    await fixture?.stop()
    xvfb?.kill()
  })

  it('has no address bar and the size main wants', async () => {
    const told = await fixture.page.evaluate(() => ({
      alone: matchMedia('(display-mode: standalone)').matches,
      size: [outerWidth, outerHeight],
      agent: navigator.userAgent.includes('Headless'),
    }))
    expect(told).toEqual({ alone: true, size: [900, 600], agent: false })
  })

  it('has the api, and reaches main', async () => {
    expect(await fixture.page.evaluate(() => window.atStart)).toMatchObject({ api: 'object', secret: 'undefined', strange: [] })
    expect(await fixture.invoke('echo', 'headed')).toEqual({ value: 'headed' })
  })

  it('is resized by main, which hears of it', async () => {
    const heard = fixture.app.evaluate(
      ({ BrowserWindow }) =>
        new Promise((resolve) => {
          const [window] = BrowserWindow.getAllWindows()
          window?.once('resize', () => resolve(window.getSize()))
          window?.setBounds({ width: 1000, height: 700 })
        }),
    )
    expect(await heard).toEqual([1000, 700])
    await expect.poll(() => fixture.page.evaluate(() => [outerWidth, outerHeight])).toEqual([1000, 700])
  })

  it('closed by its user is closed for main too', async () => {
    await fixture.page.close()
    await expect.poll(fixture.events).toContain('window-all-closed')
  })
})
