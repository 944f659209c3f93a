import { spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { chromiumRuntime, runtime } from '../runtime.ts'
import { SingleInstance } from './singleInstance.ts'
import { openWindows } from './windows.ts'

/** Where each platform keeps the settings of apps. */
function appDataFolder(): string {
  if (process.platform === 'win32') return process.env.APPDATA ?? path.join(homedir(), 'AppData', 'Roaming')
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support')
  return process.env.XDG_CONFIG_HOME ?? path.join(homedir(), '.config')
}

const HOME_FOLDERS: Record<string, string> = {
  desktop: 'Desktop',
  documents: 'Documents',
  downloads: 'Downloads',
  music: 'Music',
  pictures: 'Pictures',
  videos: 'Videos',
}

/** Electron's `app`: the life of the process from ready to quit. */
class App extends EventEmitter {
  readonly isPackaged = false
  readonly commandLine = {
    appendSwitch: (name: string, value?: string) => chromiumRuntime.record('app.commandLine.appendSwitch', name, value),
    appendArgument: (value: string) => chromiumRuntime.record('app.commandLine.appendArgument', value),
    removeSwitch: (name: string) => chromiumRuntime.record('app.commandLine.removeSwitch', name),
    hasSwitch: (name: string) => process.argv.some((argument) => argument === `--${name}` || argument.startsWith(`--${name}=`)),
    getSwitchValue: (name: string) =>
      process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '',
  }
  #name: string | undefined
  #ready = false
  #quitting = false
  #relaunch: { args: string[] } | undefined
  #lock: SingleInstance | undefined
  readonly #paths = new Map<string, string>()
  readonly #whenReady = Promise.withResolvers<void>()

  get name(): string {
    return this.getName()
  }

  set name(name: string) {
    this.setName(name)
  }

  getName(): string {
    return this.#name ?? runtime().appName
  }

  setName(name: string): void {
    this.#name = name
  }

  getVersion(): string {
    return runtime().appVersion
  }

  getAppPath(): string {
    return runtime().appPath
  }

  getLocale(): string {
    return Intl.DateTimeFormat().resolvedOptions().locale
  }

  getSystemLocale(): string {
    return this.getLocale()
  }

  getLocaleCountryCode(): string {
    return new Intl.Locale(this.getLocale()).region ?? ''
  }

  getPreferredSystemLanguages(): string[] {
    return [this.getLocale()]
  }

  /** @throws Error for a name Electron does not know */
  getPath(name: string): string {
    const set = this.#paths.get(name)
    if (set !== undefined) return set
    const inHome = HOME_FOLDERS[name]
    if (inHome !== undefined) return path.join(homedir(), inHome)
    switch (name) {
      case 'home':
        return homedir()
      case 'temp':
        return tmpdir()
      case 'appData':
        return appDataFolder()
      case 'userData':
        return path.join(this.getPath('appData'), this.getName())
      case 'sessionData':
        return this.getPath('userData')
      case 'logs':
        return path.join(this.getPath('userData'), 'logs')
      case 'crashDumps':
        return path.join(this.getPath('userData'), 'Crashpad')
      case 'exe':
      case 'module':
        return runtime().command[0] ?? process.execPath
      default:
        throw new Error(`Failed to get '${name}' path`)
    }
  }

  setPath(name: string, folder: string): void {
    if (!path.isAbsolute(folder)) throw new Error('Path must be absolute')
    this.#paths.set(name, folder)
  }

  setAppLogsPath(folder?: string): void {
    this.setPath('logs', folder ?? path.join(this.getPath('userData'), 'logs'))
  }

  isReady(): boolean {
    return this.#ready
  }

  async whenReady(): Promise<void> {
    await this.#whenReady.promise
  }

  /** Called by the start script when the app's main entry has been loaded. */
  becomeReady(): void {
    this.#ready = true
    this.#whenReady.resolve()
    this.emit('will-finish-launching')
    this.emit('ready', {}, {})
  }

  requestSingleInstanceLock(additionalData: unknown = {}): boolean {
    this.#lock ??= new SingleInstance(this.getPath('userData'))
    return this.#lock.acquire(additionalData, (second) => {
      this.emit('second-instance', {}, second.argv, second.workingDirectory, second.additionalData)
    })
  }

  hasSingleInstanceLock(): boolean {
    return this.#lock?.isHeld() ?? false
  }

  releaseSingleInstanceLock(): void {
    this.#lock?.release()
    this.#lock = undefined
  }

  /** Every window here is sandboxed or refused, so there is nothing to do but to remember the call. */
  enableSandbox(): void {
    if (this.#ready) throw new Error('app.enableSandbox() can only be called before app is ready')
    chromiumRuntime.record('app.enableSandbox')
  }

  /** Starts the app anew when this process exits. */
  relaunch(options: { args?: string[] } = {}): void {
    chromiumRuntime.record('app.relaunch', options)
    this.#relaunch = { args: options.args ?? process.argv.slice(1) }
  }

  /** before-quit, then every window's close, then will-quit; any of them can stop it. */
  quit(): void {
    if (this.#quitting) return
    this.#quitting = true
    if (this.#emitStoppable('before-quit')) {
      this.#quitting = false
      return
    }
    for (const window of [...openWindows]) {
      window.close()
      if (!window.isDestroyed()) {
        this.#quitting = false
        return
      }
    }
    this.#finishQuitting()
  }

  /** Destroys all windows without asking and exits. */
  exit(exitCode = 0): void {
    this.#quitting = true
    for (const window of [...openWindows]) window.destroy()
    this.emit('quit', {}, exitCode)
    this.#startAgain()
    process.exit(exitCode)
  }

  /** Called by a window after it is gone. Without a listener the app ends with its last window, as Electron's does. */
  windowClosed(): void {
    if (openWindows.size > 0 || this.#quitting) return
    if (this.listenerCount('window-all-closed') === 0) this.quit()
    else this.emit('window-all-closed')
  }

  focus(): void {
    chromiumRuntime.record('app.focus')
  }

  #finishQuitting(): void {
    if (this.#emitStoppable('will-quit')) {
      this.#quitting = false
      return
    }
    this.exit(typeof process.exitCode === 'number' ? process.exitCode : 0)
  }

  #emitStoppable(name: string): boolean {
    let stopped = false
    this.emit(name, {
      preventDefault: () => {
        stopped = true
      },
      get defaultPrevented() {
        return stopped
      },
    })
    return stopped
  }

  #startAgain(): void {
    if (!this.#relaunch) return
    const [executable = process.execPath] = runtime().command
    this.releaseSingleInstanceLock()
    spawn(executable, this.#relaunch.args, { detached: true, stdio: 'inherit' }).unref()
  }
}

export const app = new App()

/** Places of the desktop that a process without Electron cannot reach: calls are recorded. */
const RECORDED = [
  'addRecentDocument',
  'clearRecentDocuments',
  'configureHostResolver',
  'disableHardwareAcceleration',
  'hide',
  'setAboutPanelOptions',
  'setAppUserModelId',
  'setAsDefaultProtocolClient',
  'setBadgeCount',
  'setLoginItemSettings',
  'setUserTasks',
  'show',
  'showAboutPanel',
]
for (const name of RECORDED) {
  Object.defineProperty(app, name, { value: (...args: unknown[]) => chromiumRuntime.record(`app.${name}`, ...args) })
}
