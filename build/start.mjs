// npm start: sets up what is missing, builds what has changed, opens the app. `npm start -- --help` lists the flags.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { become, ensureBuild, ensureDependencies, node24, root, run, say, withSetupLock } from './lib.mjs'

const help = `npm start                        opens the window; without a display it starts headless
npm start -- --data DIR          the same with its data in DIR
npm start -- --headless --data DIR [--port N] [--webhook-port N] [--passphrase-file FILE] [--practice] [--restore BACKUP]

  --data DIR              where the vault lies; made there when there is none
  --port N                port of the API on 127.0.0.1; any free one when left out
  --webhook-port N        port for webhooks on 127.0.0.1; any free one when left out
  --passphrase-file FILE  file with the passphrase; else it is asked for at the terminal
  --practice              a practice business with a year of books instead of a live vault
  --restore BACKUP        makes the vault from a backup (countinghouse-....chb), in a folder without one

Headless it prints one JSON line when ready (url, webhooks, token, version); logs go to stderr; SIGTERM or Ctrl+C ends it.
Exit codes: 0 ended as asked, 1 other failures, 2 usage, 3 folder in use, 4 wrong world, 5 passphrase, 6 newer vault, 7 damaged.
More: docs/guide.md, docs/api.md
`

const args = process.argv.slice(2)
if (args.includes('--help')) {
  process.stdout.write(help)
  process.exit(0)
}
const asked = args.includes('--headless')
const noDisplay =
  process.platform === 'linux' &&
  !process.env.DISPLAY &&
  !process.env.WAYLAND_DISPLAY &&
  process.env.COUNTINGHOUSE_HEADLESS_WINDOW !== '1'
const headless = asked || noDisplay
if (!asked && noDisplay) say('There is no display here (DISPLAY is not set): starting headless, without a window.')

try {
  await withSetupLock(() => {
    ensureDependencies()
    ensureBuild(headless ? ['core'] : ['core', 'window'])
  })
} catch (error) {
  say(`The set-up failed: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}

if (headless) {
  become(node24, ['--enable-source-maps', join(root, 'dist/main/headless.js'), ...args.filter((arg) => arg !== '--headless')])
} else {
  await openWindow()
}

/** Electron where its binary is here or can be had; else the Chromium runtime with an installed browser. */
async function openWindow() {
  const electron = await electronBinary()
  if (electron !== null) return become(electron, [root, ...args])
  const { findBrowser, installBrowser } = await import('./chromium-runtime/browser.mjs')
  if (findBrowser() === null) {
    say('No browser is installed: installing Chromium ...')
    installBrowser()
  }
  become(process.execPath, [join(root, 'node_modules/electron/cli.js'), root, ...args], {
    ...process.env,
    ELECTRON_OVERRIDE_DIST_PATH: join(root, 'build/chromium-runtime/dist'),
  })
}

/** @returns {Promise<string | null>} */
async function electronBinary() {
  const binary =
    {
      darwin: 'Electron.app/Contents/MacOS/Electron',
      win32: 'electron.exe',
    }[/** @type {'darwin' | 'win32'} */ (process.platform)] ?? 'electron'
  const path = join(root, 'node_modules/electron/dist', binary)
  if (existsSync(path)) return path
  try {
    say('Fetching Electron ...')
    run(process.execPath, [join(root, 'node_modules/electron/install.js')], { quiet: true })
  } catch {
    say('Electron’s binary could not be downloaded.')
  }
  return existsSync(path) ? path : null
}
