import { join, resolve } from 'node:path'
import { app, ipcMain, powerMonitor, protocol, session } from 'electron'
import { contract, isProcedureName, type ProcedureName } from '../../shared/contract/index'
import { type ShellProcedure, shell as shellContract } from '../../shared/contract/shell'
import { endOnDefect } from '../adapters/pino/crashReport'
import { createLogger } from '../adapters/pino/logger'
import { inputError, wordsOf } from '../core/dispatch/index'
import { toBody } from '../server/answers'
import { contentHandler, readManifest } from './content'
import { registerKeys } from './desktopKeys'
import { Ending } from './ending'
import { IpcRouter } from './ipc/router'
import { isOurSender } from './ipc/sender'
import { scheme } from './origin'
import { notificationTarget } from './platform/notifier'
import { Settings } from './platform/settings'
import { Shell } from './shell'
import { AppTray } from './tray'
import { AppWindow, confine } from './window'

const dist = join(import.meta.dirname, '..')
const dataFolder = dataFolderOf(process.argv)

app.setName('Countinghouse')
if (dataFolder !== null) app.setPath('userData', join(dataFolder, 'window'))
app.enableSandbox()
protocol.registerSchemesAsPrivileged([
  { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true } },
])

if (!app.requestSingleInstanceLock()) {
  app.quit()
} else {
  app.whenReady().then(start, (error: unknown) => fail(error))
}

/** The folder after `--data`, as the headless app takes it; null without one. */
function dataFolderOf(argv: readonly string[]): string | null {
  const index = argv.findIndex((arg) => arg === '--data' || arg.startsWith('--data='))
  if (index < 0) return null
  const folder = argv[index] === '--data' ? argv[index + 1] : argv[index]?.slice('--data='.length)
  if (folder) return resolve(folder)
  process.stderr.write('--data needs a folder: npm start -- --data DIR\n')
  process.exit(2)
}

function fail(error: unknown): void {
  process.stderr.write(`It could not start: ${error instanceof Error ? error.stack : String(error)}\n`)
  app.exit(1)
}

async function start(): Promise<void> {
  // Started anew after a vault was closed, the app may outlive the terminal that it writes to.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  endOnDefect(app.getPath('userData'))
  const settings = new Settings()
  const window = new AppWindow(settings, dist)
  const shell = new Shell(settings, window, dataFolder, dist)
  const logger = createLogger(null)

  app.on('web-contents-created', (_, contents) => confine(contents))
  const page = session.fromPartition('countinghouse')
  page.setPermissionRequestHandler((_, __, decide) => decide(false))
  page.setPermissionCheckHandler(() => false)
  page.protocol.handle(scheme, contentHandler(readManifest(join(dist, 'renderer'))))

  const router = new IpcRouter(ipcMain, {
    isOurSender: (event) => isOurSender(event, window.contents),
    toBody: (error) => toBody(error, logger),
  })
  for (const name of Object.keys(contract)) {
    if (isProcedureName(name)) router.handle(name, (input) => callProcedure(shell, name, input))
  }
  for (const name of Object.keys(shellContract) as ShellProcedure[]) router.handle(name, (input) => callShell(shell, name, input))

  for (const event of ['suspend', 'lock-screen', 'user-did-resign-active'] as const) {
    powerMonitor.on(event as 'suspend', () => void shell.lock())
  }
  notificationTarget.open = (notice) => void shell.destination.follow(notice)
  const does = { pause: () => void shell.pauseEverything(), lock: () => void shell.lockFromAnywhere() }
  const tray = new AppTray({ open: () => void window.open(), ...does, quit: () => app.quit() })
  shell.desktopKeys = registerKeys(does, logger)
  app.on('second-instance', () => void window.open())
  app.on('activate', () => void window.open())
  app.on('window-all-closed', () => {
    if (!window.isReplacing && !tray.keepsRunning) app.quit()
  })
  const ending = new Ending({ seal: () => shell.end(), quit: () => app.quit(), exit: (code) => app.exit(code), logger })
  app.on('before-quit', (event) => ending.beforeQuit(event))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => app.quit())
  await window.open()
}

function callProcedure(shell: Shell, name: ProcedureName, input: unknown): Promise<unknown> {
  const open = shell.requireApp()
  return open.dispatcher.callByName(name, input ?? {}, { actor: open.owner, door: 'window' })
}

async function callShell(shell: Shell, name: ShellProcedure, input: unknown): Promise<unknown> {
  const procedure = shellContract[name]
  const parsed = procedure.input.safeParse(input ?? {}, { error: wordsOf })
  if (!parsed.success) throw inputError(parsed.error)
  const run = shell.handlers[name] as (parsed: unknown) => Promise<unknown>
  return procedure.output.parse(await run(parsed.data))
}
