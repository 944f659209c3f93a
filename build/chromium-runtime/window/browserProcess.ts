import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { chromiumRuntime, runtime } from '../runtime.ts'

/** Each window has a browser process and a profile of its own; both are destroyed with it, and nothing of the page survives. */
export interface BrowserProcess {
  context: BrowserContext
  page: Page
  /** Kills the process at once and removes its profile. */
  kill(): void
}

/** In device-independent pixels. */
export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

/** Without a place the desktop chooses one. */
export type WindowBounds = Pick<Rectangle, 'width' | 'height'> & { [Side in 'x' | 'y']?: number | undefined }

const PROFILE = /^chromium-window-(\d+)-/
const isRoot = process.getuid?.() === 0

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-breakpad',
  '--disk-cache-size=1',
  '--no-proxy-server',
  // No name but the machine's own resolves, so that neither page nor browser reaches the network behind the app's back.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1',
  // Without it a file:// page loads none of its module scripts.
  '--allow-file-access-from-files',
]

/** Debugging port for the next window: the one the environment names for the first, any free one for a test, else none. */
let wantedPort = process.env.COUNTINGHOUSE_DEBUG_PORT

function debuggingFlags(): string[] {
  const port = wantedPort ?? (runtime().controlled ? '0' : undefined)
  wantedPort = undefined
  return port === undefined ? [] : [`--remote-debugging-port=${port}`]
}

function readEndpoint(profile: string): string | undefined {
  try {
    const [port, address] = readFileSync(path.join(profile, 'DevToolsActivePort'), 'utf8').split('\n')
    return `ws://127.0.0.1:${port}${address}`
  } catch {
    return undefined
  }
}

/** Starts a browser with one empty page: a window without address bar where there is a display, else off screen. */
export async function startBrowser(bounds: WindowBounds): Promise<BrowserProcess> {
  const { executable, headless, appName } = runtime()
  const profile = mkdtempSync(path.join(tmpdir(), `chromium-window-${process.pid}-`))
  const position = bounds.x === undefined || bounds.y === undefined ? [] : [`--window-position=${bounds.x},${bounds.y}`]
  // Only a URL that Chromium deems safe for an app opens a window without tabs and address bar; about:blank is none.
  const chromeless = [
    '--app=data:text/html,',
    `--class=${appName}`,
    `--window-size=${bounds.width},${bounds.height}`,
    ...position,
  ]
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable,
    headless,
    chromiumSandbox: !isRoot,
    ignoreDefaultArgs: ['--enable-automation'],
    args: [...FLAGS, ...debuggingFlags(), ...(isRoot ? ['--test-type'] : []), ...(headless ? [] : chromeless)],
    viewport: headless ? { width: bounds.width, height: bounds.height } : null,
    colorScheme: null,
    acceptDownloads: false,
    serviceWorkers: 'block',
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
  const page = context.pages()[0] ?? (await context.newPage())
  const pid = await browserPid(context)
  let killed = false
  const kill = () => {
    if (killed) return
    killed = true
    process.removeListener('exit', kill)
    killGroup(pid)
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
  }
  process.once('exit', kill)
  const endpoint = readEndpoint(profile)
  if (endpoint) chromiumRuntime.emit('window', endpoint)
  return { context, page, kill }
}

async function browserPid(context: BrowserContext): Promise<number> {
  const session = await context.browser()?.newBrowserCDPSession()
  const info = await session?.send('SystemInfo.getProcessInfo')
  const browser = info?.processInfo.find(({ type }) => type === 'browser')
  if (!browser) throw new Error('The browser did not name its process.')
  await session?.detach()
  return browser.id
}

function killGroup(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // It is gone already, or is no group leader on this platform.
    }
  }
}

/** Removes the profiles of runs that were killed before they could do it themselves. */
export function sweepProfiles(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(PROFILE.exec(name)?.[1])
    if (pid && !isAlive(pid)) rmSync(path.join(tmpdir(), name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
