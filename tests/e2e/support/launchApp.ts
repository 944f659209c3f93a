import { existsSync } from 'node:fs'
import path from 'node:path'
import { _electron, type Page } from 'playwright-core'
import { browserVersion, findBrowser } from '../../../build/chromium-runtime/browser.mjs'
import { driveApp, type ElectronModule, type ProcessEnd } from '../../../build/chromium-runtime/driver'
import { recordDesktop } from './recordDesktop'

export interface LaunchOptions {
  /** Becomes the app's own place for its settings and vaults; made by the test, empty or left by an earlier launch. */
  dataDir: string
  /** Arguments after the app's folder. */
  args?: string[]
  env?: Record<string, string>
  /** The app's folder; the built product when left out. */
  app?: string
}

type DialogMethod = 'showOpenDialog' | 'showSaveDialog' | 'showMessageBox'

/** A call of the desktop that a test can read back, e.g. `{ api: 'shell.openExternal', args: ['https://...'] }`. */
export interface RecordedCall {
  api: string
  args: unknown[]
}

/** What a test can do in the main process, in either runtime. */
export interface MainProcess {
  /** Runs a function in main with the `electron` module and one argument; it may use nothing else. */
  evaluate<Result, Argument>(
    run: (electron: ElectronModule, argument: Argument) => Result,
    argument: Argument,
  ): Promise<Awaited<Result>>
  evaluate<Result>(run: (electron: ElectronModule) => Result): Promise<Awaited<Result>>
  /** Answers the next call of a dialog; calls without a queued answer count as cancelled. */
  queueDialog(method: DialogMethod, answer: unknown): Promise<void>
  /** The calls of dialogs, `shell.openExternal`, `Notification.show` and the clipboard so far, oldest first; of one api when named. */
  recorded(api?: string): Promise<RecordedCall[]>
  setTheme(theme: 'system' | 'light' | 'dark'): Promise<void>
  /** Sets the size of the page in CSS pixels and waits until the page has it. */
  setWindowSize(width: number, height: number): Promise<void>
  /** Clicks the notification that was shown last; false where there is none. */
  clickNotification(): Promise<boolean>
  /** Stands in for the machine: suspend, lock-screen, user-did-resign-active, ... */
  emitPower(event: string): Promise<void>
}

export interface LaunchedApp {
  readonly runtime: 'electron' | 'chromium'
  /** The page of the newest window. Locking destroys it: take the next one with `nextPage`. */
  readonly page: Page
  /** Waits for the next window, or takes one that opened since the last call, and its document. */
  nextPage(): Promise<Page>
  readonly main: MainProcess
  stderr(): string
  /**
   * Waits for the app to end by itself. `relaunched` are the arguments with which it would have started anew, null where it would not: a
   * process that a test does not drive is never started.
   */
  ended(): Promise<ProcessEnd & { relaunched: string[] | null }>
  /** Ends the process as a crash or a power cut would: kill -9. */
  kill(): Promise<void>
  close(): Promise<ProcessEnd>
}

/** What differs between the runtimes; everything else is done in main. */
export interface Driver {
  readonly runtime: 'electron' | 'chromium'
  nextPage(): Promise<Page>
  evaluate: MainProcess['evaluate']
  stderr(): string
  readonly exited: Promise<ProcessEnd>
  kill(): Promise<void>
  close(): Promise<ProcessEnd>
}

const root = path.join(import.meta.dirname, '..', '..', '..')
const ELECTRON_BINARIES: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
}
let announced = false

/** Starts the app in real Electron where its binary is present and in the Chromium runtime otherwise, and prints once which it was. */
export async function launchApp(options: LaunchOptions): Promise<LaunchedApp> {
  const binary = path.join(root, 'node_modules/electron/dist', ELECTRON_BINARIES[process.platform] ?? 'electron')
  const driver = existsSync(binary) ? await startElectron(options, binary) : await startChromium(options)
  try {
    await driver.evaluate(recordDesktop)
    const first = await firstDocument(await driver.nextPage())
    return new App(driver, first)
  } catch (error) {
    await driver.kill()
    throw error
  }
}

/** `--data` says where the data goes; the environment does so for what the app asks Electron before it reads its arguments. */
function placed({ dataDir, args = [], env = {} }: LaunchOptions): { args: string[]; env: Record<string, string> } {
  return { args: ['--data', dataDir, ...args], env: { XDG_CONFIG_HOME: dataDir, ...env } }
}

function announce(text: string): void {
  if (!announced) console.log(`e2e: the app runs in ${text}`)
  announced = true
}

async function startElectron(options: LaunchOptions, executablePath: string): Promise<Driver> {
  const { args, env } = placed(options)
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const electron = await _electron.launch({
    executablePath,
    args: [...asRoot, options.app ?? root, ...args],
    env: { ...(process.env as Record<string, string>), ...env },
  })
  const child = electron.process()
  announce(`Electron ${await electron.evaluate(() => process.versions.electron)}`)
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const exited = new Promise<ProcessEnd>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })))
  const handedOut = new Set<Page>()
  return {
    runtime: 'electron',
    nextPage: async () => {
      const fresh = electron.windows().find((page) => !handedOut.has(page)) ?? (await electron.waitForEvent('window'))
      handedOut.add(fresh)
      return fresh
    },
    evaluate: electron.evaluate.bind(electron) as MainProcess['evaluate'],
    stderr: () => stderr,
    exited,
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
    close: async () => {
      await electron.close()
      return await exited
    },
  }
}

async function startChromium(options: LaunchOptions): Promise<Driver> {
  announce(`the Chromium runtime (${browserVersion(findBrowser() ?? 'no browser')}): Electron's binary is not on this machine`)
  const app = await driveApp({ app: options.app ?? root, ...placed(options) })
  return {
    runtime: 'chromium',
    nextPage: () => app.nextPage(),
    evaluate: app.evaluate.bind(app),
    stderr: () => app.stderr(),
    exited: app.exited,
    kill: async () => {
      app.kill('SIGKILL')
      await app.exited
    },
    close: () => app.close(),
  }
}

/** A window's page shows an empty document until main has loaded its own. */
async function firstDocument(page: Page): Promise<Page> {
  await page.waitForURL((url) => url.protocol !== 'about:' && url.protocol !== 'data:')
  return page
}

class App implements LaunchedApp {
  readonly runtime: 'electron' | 'chromium'
  readonly main: MainProcess
  readonly #driver: Driver
  #page: Page

  constructor(driver: Driver, page: Page) {
    this.runtime = driver.runtime
    this.#driver = driver
    this.#page = page
    this.main = {
      evaluate: driver.evaluate,
      queueDialog: async (method, answer) =>
        await driver.evaluate(
          (_electron, queued) => {
            globalThis.__desktop.answers.push(queued)
          },
          { method, answer },
        ),
      recorded: async (api) =>
        await driver.evaluate(
          (_electron, name) => globalThis.__desktop.recorded.filter((call) => name === null || call.api === name),
          api ?? null,
        ),
      setTheme: async (theme) =>
        await driver.evaluate(({ nativeTheme }, source) => {
          nativeTheme.themeSource = source
        }, theme),
      setWindowSize: async (width, height) => {
        await driver.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(...size), [
          width,
          height,
        ] as [number, number])
        await this.#page.waitForFunction(([w, h]) => innerWidth === w && innerHeight === h, [width, height] as const)
      },
      clickNotification: () => driver.evaluate(() => globalThis.__desktop.notifications.at(-1)?.emit('click') ?? false),
      emitPower: async (event) => {
        await driver.evaluate(({ powerMonitor }, name) => powerMonitor.emit(name), event)
      },
    }
  }

  get page(): Page {
    return this.#page
  }

  async nextPage(): Promise<Page> {
    this.#page = await firstDocument(await this.#driver.nextPage())
    return this.#page
  }

  stderr(): string {
    return this.#driver.stderr()
  }

  async ended(): Promise<ProcessEnd & { relaunched: string[] | null }> {
    const end = await this.#driver.exited
    const told = /^app\.relaunch (.*)$/m.exec(this.stderr())?.[1]
    return { ...end, relaunched: told === undefined ? null : (JSON.parse(told) as string[]) }
  }

  async kill(): Promise<void> {
    await this.#driver.kill()
  }

  async close(): Promise<ProcessEnd> {
    return await this.#driver.close()
  }
}
