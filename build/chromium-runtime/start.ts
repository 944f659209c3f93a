/**
 * The start script behind `dist/electron`: finds the browser and the app, answers `import 'electron'`, and loads the app's main entry.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { registerHooks } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { browserVersion, findBrowser } from './browser.mjs'
import { isControlled, obeyDriver } from './control.ts'
import { chromiumRuntime, setFacts } from './runtime.ts'
import { sweepProfiles } from './window/browserProcess.ts'

const EXECUTABLE = path.join(import.meta.dirname, 'dist', 'electron')
const ELECTRON_VERSION = readFileSync(path.join(import.meta.dirname, 'dist', 'version'), 'utf8').trim()

const MISSING = [
  'keychain',
  'tray',
  'menus',
  'native dialogs and notifications',
  'fuses',
  'asar integrity',
  'permission handlers',
  'utility processes',
  'updater',
]

interface AppToRun {
  folder: string
  entry: string
  name: string
  version: string
}

function findApp(argument: string): AppToRun {
  const target = path.resolve(argument)
  const isFolder = statSync(target).isDirectory()
  const folder = isFolder ? target : path.dirname(target)
  const file = path.join(folder, 'package.json')
  const manifest = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const entry = isFolder ? path.join(folder, manifest.main ?? 'index.js') : target
  return {
    folder,
    entry,
    name: manifest.productName ?? manifest.name ?? 'Electron',
    version: manifest.version ?? ELECTRON_VERSION,
  }
}

/** Off screen when told so, and on a Unix desktop that is not there. */
function isHeadless(): boolean {
  const { COUNTINGHOUSE_HEADLESS_WINDOW, DISPLAY, WAYLAND_DISPLAY } = process.env
  if (COUNTINGHOUSE_HEADLESS_WINDOW === '1') return true
  return process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY
}

/** Every import and require of 'electron' gets the stand-in. */
function answerElectron(): void {
  const url = pathToFileURL(path.join(import.meta.dirname, 'electron.ts')).href
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'electron' || specifier === 'electron/main' || specifier === 'electron/common'
        ? { url, format: 'module-typescript', shortCircuit: true }
        : next(specifier, context),
  })
}

/** What main finds in `process`. The version `countinghouse-chromium` tells it that this is the Chromium runtime. */
function lookLikeElectron(browser: string, isRoot: boolean): void {
  const chrome = /[\d.]+$/.exec(browser)?.[0] ?? '0'
  const value = { ...process.versions, electron: ELECTRON_VERSION, chrome, 'countinghouse-chromium': browser }
  Object.defineProperty(process, 'versions', { value, enumerable: true })
  Object.assign(process, { type: 'browser', defaultApp: true, resourcesPath: path.join(import.meta.dirname, 'dist') })
  const lacks = isRoot ? [...MISSING, 'OS sandbox (started as root)'] : MISSING
  process.stderr.write(`Chromium runtime: the app runs in ${browser}; no ${lacks.join(', ')}.\n`)
}

/** As in Electron, a signal quits the app unless the app listens to it itself. */
function quitOnSignals(quit: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) quit()
    })
  }
}

async function start(args: string[]): Promise<void> {
  const target = args.find((argument) => !argument.startsWith('-'))
  if (target === undefined) {
    process.stdout.write(`v${ELECTRON_VERSION}\n`)
    return
  }
  const executable = findBrowser()
  if (executable === null) {
    process.stderr.write('Chromium runtime: no Chromium, Google Chrome or Microsoft Edge was found; install one, ')
    process.stderr.write('or name its executable in COUNTINGHOUSE_BROWSER.\n')
    process.exitCode = 1
    return
  }
  const { folder, entry, name, version } = findApp(target)
  const browser = browserVersion(executable)
  const controlled = isControlled()
  lookLikeElectron(browser, process.getuid?.() === 0)
  process.argv = [EXECUTABLE, ...args]
  // What passes between page and main lies in buffers. Each has memory of its own, which is overwritten when it is freed (dist/electron);
  // in a pool it would stay for as long as anything else in the same piece is used.
  Buffer.poolSize = 0
  // Meant for this process alone: the browser has an allocator of its own.
  delete process.env.GLIBC_TUNABLES
  const facts = {
    executable,
    browser,
    controlled,
    appName: name,
    appVersion: version,
    appPath: folder,
    command: [EXECUTABLE, ...args],
  }
  setFacts({ ...facts, headless: isHeadless() })
  sweepProfiles()
  answerElectron()
  const { default: electron } = await import('./electron.ts')
  if (controlled) obeyDriver(electron)
  // The app lives until it quits, whether or not anything is going on.
  setInterval(() => {}, 2 ** 30)
  quitOnSignals(() => electron.app.quit())
  await import(pathToFileURL(entry).href)
  electron.app.becomeReady()
  chromiumRuntime.emit('ready')
}

await start(process.argv.slice(2))
