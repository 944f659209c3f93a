import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { type DrivenApp, driveApp } from './driver.ts'
import { type Fixture, startFixture } from './fixture/startFixture.ts'

const root = path.join(import.meta.dirname, '..', '..')
const fixtureFolder = path.join(import.meta.dirname, 'fixture')
const executable = path.join(import.meta.dirname, 'dist', 'electron')
const run = promisify(execFile)

let fixture: Fixture | undefined
afterEach(async () => {
  await fixture?.stop()
  fixture = undefined
})

const profilesOf = (pid: number) => readdirSync(tmpdir()).filter((name) => name.startsWith(`chromium-window-${pid}-`))

/** Ids of the browser processes that use a profile of this runtime. */
async function browsersOf(pid: number): Promise<string[]> {
  const { stdout } = await run('pgrep', ['-f', `chromium-window-${pid}-`]).catch(() => ({ stdout: '' }))
  return stdout.split('\n').filter(Boolean)
}

const closeWindows = async ({ app }: Fixture) =>
  await app.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.close()
  })

describe('quitting', () => {
  it('the last window ends the app when nobody listens to window-all-closed', async () => {
    fixture = await startFixture()
    closeWindows(fixture).catch(() => {})
    expect(await fixture.app.exited).toEqual({ code: 0, signal: null })
    expect(fixture.app.stdout()).toMatch(/will-quit after ready, web-contents-created, ready-to-show, closed, before-quit\n$/)
  })

  it('with a listener the app goes on, and can open a window again', async () => {
    fixture = await startFixture({ args: ['--stay'] })
    await closeWindows(fixture)
    expect(await fixture.events()).toContain('window-all-closed')
    await fixture.app.evaluate(() => void (globalThis as unknown as { openWindow(): object }).openWindow())
    const again = await fixture.app.nextPage()
    await again.waitForSelector('h1')
    expect(await again.evaluate(() => window.api.invoke('echo', 'second window'))).toBe('second window')
  })

  it('a window that prevents its close stays, and stops the quit', async () => {
    fixture = await startFixture()
    const survived = await fixture.app.evaluate(({ app, BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      window?.once('close', (event) => event.preventDefault())
      app.quit()
      return window?.isDestroyed() === false
    })
    expect(survived).toBe(true)
    expect((await fixture.app.close()).code).toBe(0)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('%s quits the app', async (signal) => {
    fixture = await startFixture()
    fixture.app.kill(signal)
    expect(await fixture.app.exited).toEqual({ code: 0, signal: null })
    expect(fixture.app.stdout()).toContain('before-quit')
  })

  it('app.exit ends with its code and leaves neither browser nor profile', async () => {
    fixture = await startFixture()
    const { pid } = fixture.app
    expect(profilesOf(pid)).toHaveLength(1)
    expect((await browsersOf(pid)).length).toBeGreaterThan(0)
    fixture.app.evaluate(({ app }) => app.exit(7)).catch(() => {})
    expect((await fixture.app.exited).code).toBe(7)
    expect(profilesOf(pid)).toEqual([])
    await expect.poll(() => browsersOf(pid)).toEqual([])
  })

  it('destroying a window kills its browser and removes its profile while the app goes on', async () => {
    fixture = await startFixture({ args: ['--stay'] })
    const { pid } = fixture.app
    const disconnected = new Promise((resolve) => fixture?.page.once('close', resolve))
    await fixture.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.destroy())
    await disconnected
    await expect.poll(() => browsersOf(pid)).toEqual([])
    expect(profilesOf(pid)).toEqual([])
  })

  it('after kill -9 the browser goes by itself, and the next start removes the profile', async () => {
    fixture = await startFixture()
    const { pid } = fixture.app
    fixture.app.kill('SIGKILL')
    expect((await fixture.app.exited).signal).toBe('SIGKILL')
    await expect.poll(() => browsersOf(pid), { timeout: 10_000 }).toEqual([])
    expect(profilesOf(pid)).toHaveLength(1)
    const next = await startFixture()
    expect(profilesOf(pid)).toEqual([])
    await next.stop()
  })
})

describe('going on after trouble', () => {
  it('app.relaunch starts the app anew when it exits', async () => {
    fixture = await startFixture()
    const mark = path.join(fixture.data, 'mark')
    const args = [fixtureFolder, `--data=${fixture.data}`, `--mark-and-quit=${mark}`]
    fixture.app
      .evaluate(({ app }, again) => {
        app.relaunch({ args: again })
        app.exit(0)
      }, args)
      .catch(() => {})
    expect((await fixture.app.exited).code).toBe(0)
    await expect.poll(() => existsSync(mark), { timeout: 10_000 }).toBe(true)
    expect(readFileSync(mark, 'utf8')).toBe([executable, ...args].join(' '))
  })

  it('a page that crashed is told to main', async () => {
    fixture = await startFixture()
    fixture.page.goto('chrome://crash').catch(() => {})
    await expect.poll(fixture.events).toContain('gone crashed')
  })

  it.each([
    ['throws', 'throw new Error("preload broke")', 'preload-error preload broke'],
    ['is no script', 'export const x = 1', "preload-error Unexpected token 'export'"],
    ['is not there', undefined, expect.stringMatching(/^preload-error ENOENT/)],
  ])('a preload that %s is told to main, and the page goes on without an api', async (_name, source, told) => {
    const file = path.join(tmpdir(), `runtime-preload-${process.pid}.cjs`)
    if (source !== undefined) writeFileSync(file, source)
    fixture = await startFixture({ args: [`--preload=${path.relative(fixtureFolder, file)}`] })
    expect(await fixture.events()).toContainEqual(told)
    expect(await fixture.page.evaluate(() => typeof window.api)).toBe('undefined')
    expect(fixture.app.stderr()).toContain('Unable to load preload script')
    rmSync(file, { force: true })
  })
})

describe('single instance', () => {
  it('a second start on the same folder tells the first and ends', async () => {
    fixture = await startFixture()
    await run(executable, [fixtureFolder, `--data=${fixture.data}`, 'from-second'])
    await expect.poll(fixture.events).toContain('second-instance from-second {"from":"fixture"}')
  })

  it('the lock of a killed start is taken over', async () => {
    fixture = await startFixture()
    fixture.app.kill('SIGKILL')
    await fixture.app.exited
    const next = await driveApp({ app: fixtureFolder, args: [`--data=${fixture.data}`] })
    expect(await next.evaluate(({ app }) => app.hasSingleInstanceLock())).toBe(true)
    await next.close()
  })
})

describe('starting', () => {
  it("runs through Electron's own npm package, and says on its first line what it cannot stand in for", async () => {
    const cli = path.join(root, 'node_modules', 'electron', 'cli.js')
    const env = {
      ...process.env,
      ELECTRON_OVERRIDE_DIST_PATH: path.join(import.meta.dirname, 'dist'),
      COUNTINGHOUSE_HEADLESS_WINDOW: '1',
    }
    const child = spawn(process.execPath, [cli, fixtureFolder, '--flag'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = once(child, 'close')
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    expect(String(await once(child.stdout, 'data'))).toBe('window shown\n')
    expect(stderr.split('\n')[0]).toMatch(/^Chromium runtime: the app runs in .*\d+\.\d+.*; no keychain, tray, .*fuses.*\.$/)
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })

  it('main sees what Electron would tell it', async () => {
    fixture = await startFixture({ args: ['--flag=x'] })
    const facts = await fixture.app.evaluate(({ app }) => ({
      name: app.getName(),
      version: app.getVersion(),
      packaged: app.isPackaged,
      userData: app.getPath('userData'),
      argv: process.argv.slice(-1),
      switches: [app.commandLine.hasSwitch('flag'), app.commandLine.getSwitchValue('flag')],
      electron: process.versions.electron,
      type: process.type,
    }))
    const installed = JSON.parse(readFileSync(path.join(root, 'node_modules/electron/package.json'), 'utf8')).version
    expect(facts).toEqual({
      name: 'runtime-fixture',
      version: '1.2.3',
      packaged: false,
      userData: fixture.data,
      argv: ['--flag=x'],
      switches: [true, 'x'],
      electron: installed,
      type: 'browser',
    })
  })

  it('says what to do when there is no browser', async () => {
    const env = { ...process.env, COUNTINGHOUSE_BROWSER: '/nowhere/chromium' }
    await expect(run(executable, [fixtureFolder], { env })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no Chromium, Google Chrome or Microsoft Edge was found; install one'),
    })
  })

  it('a CommonJS main can require electron', async () => {
    const file = path.join(tmpdir(), `runtime-main-${process.pid}.cjs`)
    writeFileSync(
      file,
      "const { app, utilityProcess } = require('electron'); globalThis.known = [typeof app.whenReady, typeof utilityProcess]",
    )
    const app: DrivenApp = await driveApp({ app: file })
    expect(await app.evaluate(() => (globalThis as unknown as { known: string[] }).known)).toEqual(['function', 'undefined'])
    await app.close()
    rmSync(file)
  })

  it('the debugging port is open only when it was asked for', async () => {
    const port = 20_000 + (process.pid % 10_000)
    const child = spawn(executable, [fixtureFolder], {
      env: { ...process.env, COUNTINGHOUSE_HEADLESS_WINDOW: '1', COUNTINGHOUSE_DEBUG_PORT: String(port) },
      stdio: 'ignore',
    })
    const answer = async () => (await fetch(`http://127.0.0.1:${port}/json/version`)).json().catch(() => null)
    await expect
      .poll(() => answer().catch(() => null), { timeout: 10_000 })
      .toMatchObject({ Browser: expect.stringMatching(/Chrome/) })
    child.kill('SIGTERM')
    await once(child, 'close')
    expect(existsSync(path.join(tmpdir(), `chromium-window-${child.pid}`))).toBe(false)
  })
})
