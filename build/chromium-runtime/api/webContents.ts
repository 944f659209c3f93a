import { EventEmitter } from 'node:events'
import type { PreloadMessage } from '../bridge/preloadHalf.ts'
import { chromiumRuntime, runtime } from '../runtime.ts'
import { FrameTree, type WebFrameMain } from '../window/frames.ts'
import { type HostEvents, WindowHost } from '../window/host.ts'
import { app } from './app.ts'
import { answerInvoke, IpcMainEvent, ipcMain } from './ipcMain.ts'
import { nativeTheme } from './nativeTheme.ts'
import { type Session, session } from './session.ts'
import { noteInput } from './system.ts'

export interface WebPreferences {
  preload?: string
  partition?: string
  session?: Session
  sandbox?: boolean
  contextIsolation?: boolean
  nodeIntegration?: boolean
  nodeIntegrationInSubFrames?: boolean
  additionalArguments?: string[]
  [other: string]: unknown
}

/** What a window has that was told nothing: Electron's defaults. */
const DEFAULT_PREFERENCES = {
  sandbox: true,
  contextIsolation: true,
  webSecurity: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  devTools: true,
  javascript: true,
}

type WindowOpenHandler = (details: {
  url: string
  frameName: string
  features: string
  disposition: string
  referrer: { url: string; policy: string }
}) => { action: 'allow' | 'deny' }

/** What a preventable event carries, in Electron's shape. */
export interface PreventableEvent {
  readonly defaultPrevented: boolean
  preventDefault(): void
}

/** Emits an event whose first argument can stop what would follow; true when a listener did. */
export function emitPreventable(emitter: EventEmitter, name: string, extra: object = {}, ...args: unknown[]): boolean {
  let prevented = false
  const event = Object.defineProperties(
    { preventDefault: () => (prevented = true), ...extra },
    { defaultPrevented: { get: () => prevented } },
  )
  emitter.emit(name, event, ...args)
  return prevented
}

let lastId = 0
const all = new Map<number, WebContents>()

/** Electron's `WebContents`: what main sees of one page. It starts the page's browser at once and is usable before that is up. */
export class WebContents extends EventEmitter {
  readonly id: number
  readonly session: Session
  readonly #preferences: WebPreferences
  readonly #frames = new FrameTree()
  readonly #host: Promise<WindowHost>
  #started: WindowHost | undefined
  #destroyed = false
  #loading = 0
  #url = ''
  #title = ''
  #onWindowOpen: WindowOpenHandler = () => ({ action: 'deny' })

  constructor(preferences: WebPreferences, bounds: { width: number; height: number }) {
    super()
    lastId += 1
    this.id = lastId
    this.#preferences = { ...DEFAULT_PREFERENCES, ...preferences }
    const { sandbox, contextIsolation, nodeIntegration, preload } = this.#preferences
    if (!sandbox || !contextIsolation || nodeIntegration) {
      throw new Error('The Chromium runtime runs only pages with sandbox, contextIsolation and without nodeIntegration.')
    }
    this.session = preferences.session ?? session.fromPartition(preferences.partition ?? '')
    all.set(this.id, this)
    this.#host = WindowHost.start(
      {
        bounds,
        protocol: this.session.protocol,
        preloadPath: preload,
        inSubFrames: this.#preferences.nodeIntegrationInSubFrames === true,
        process: this.#preloadProcess(),
        colorScheme: nativeTheme.emulated,
      },
      this.#frames,
      this.#hostEvents(),
    )
    this.#host.then(
      (host) => {
        this.#started = host
        if (this.#destroyed) host.kill()
      },
      (error: Error) => {
        console.error('The Chromium runtime could not open a window:', error.message)
        app.exit(1)
      },
    )
    nativeTheme.onEmulation(this.#emulate)
    app.emit('web-contents-created', {}, this)
  }

  static fromId(id: number): WebContents | undefined {
    return all.get(id)
  }

  static getAllWebContents(): WebContents[] {
    return [...all.values()]
  }

  get mainFrame(): WebFrameMain | null {
    return this.#frames.main
  }

  getURL(): string {
    return this.#url
  }

  getTitle(): string {
    return this.#title
  }

  getType(): 'window' {
    return 'window'
  }

  getLastWebPreferences(): WebPreferences {
    return { ...this.#preferences }
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  isLoading(): boolean {
    return this.#loading > 0
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#onWindowOpen = handler
  }

  /** @throws Error 'An object could not be cloned.' for arguments that cannot be copied */
  send(channel: string, ...args: unknown[]): void {
    this.#started?.send(channel, args)
  }

  async loadURL(url: string): Promise<void> {
    const host = await this.#host
    this.#loading += 1
    this.emit('did-start-loading')
    try {
      await host.load(url)
    } catch (error) {
      if (!this.#destroyed) {
        this.emit('did-fail-load', {}, -2, (error as { code?: string }).code ?? (error as Error).message, url, true)
        throw error
      }
    } finally {
      this.#loading -= 1
      this.emit('did-stop-loading')
    }
  }

  reload(): void {
    void this.withHost((host) => host.reload())
  }

  reloadIgnoringCache(): void {
    this.reload()
  }

  /** Runs code in the page's own world. */
  async executeJavaScript(code: string): Promise<unknown> {
    return await (await this.#host).page.evaluate(code)
  }

  focus(): void {
    void this.withHost((host) => host.page.bringToFront())
  }

  /** Does something with the page as soon as its browser is up; nothing when the page was destroyed meanwhile. */
  async withHost(act: (host: WindowHost) => Promise<unknown>): Promise<void> {
    try {
      const host = await this.#host
      if (!this.#destroyed) await act(host)
    } catch (error) {
      if (!this.#destroyed) console.error('The Chromium runtime could not do what main asked of a window:', error)
    }
  }

  /** Kills the page's browser process. Called by its window. */
  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    all.delete(this.id)
    nativeTheme.offEmulation(this.#emulate)
    this.#started?.kill()
    this.emit('destroyed')
  }

  #emulate = (colorScheme: 'light' | 'dark' | null) => {
    void this.withHost((host) => host.page.emulateMedia({ colorScheme }))
  }

  /** The `process` of a sandboxed preload. */
  #preloadProcess(): Record<string, unknown> {
    const { platform, arch, versions } = process
    const argv = [runtime().command[0], ...(this.#preferences.additionalArguments ?? [])]
    return { platform, arch, versions, argv, type: 'renderer', sandboxed: true, contextIsolated: true, env: {} }
  }

  #hostEvents(): HostEvents {
    return {
      onMessage: (message, frame, answer) => this.#onMessage(message, frame, answer),
      mayNavigate: (url, isMainFrame) => {
        const details = { url, isMainFrame, isSameDocument: false }
        const stopped = emitPreventable(this, 'will-frame-navigate', details)
        return !(isMainFrame ? emitPreventable(this, 'will-navigate', details, url) || stopped : stopped)
      },
      onWindowOpen: (url, frameName, features) => {
        const details = { url, frameName, features, disposition: 'new-window', referrer: { url: '', policy: '' } }
        const { action } = this.#onWindowOpen(details)
        chromiumRuntime.record('webContents.windowOpen', url, action)
      },
      onNavigated: (url, inPage) => {
        this.#url = url
        this.emit(inPage ? 'did-navigate-in-page' : 'did-navigate', {}, url)
      },
      onDomReady: () => this.emit('dom-ready', {}),
      onLoaded: () => void this.#onLoaded(),
      onDownload: (url, fileName) => {
        const item = { getURL: () => url, getFilename: () => fileName, cancel: () => {} }
        chromiumRuntime.record('session.will-download', url, fileName)
        this.session.emit('will-download', { preventDefault: () => {} }, item, this)
      },
      onPreloadError: (error) => this.#onPreloadError(error),
      onCrashed: () => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }),
      onClosed: () => {
        if (!this.#destroyed) this.emit('closed-by-user')
      },
    }
  }

  async #onLoaded(): Promise<void> {
    await this.withHost(async ({ page }) => {
      this.#title = await page.title()
    })
    if (!this.#destroyed) this.emit('did-finish-load', {})
  }

  #onPreloadError(error: Error): void {
    console.error(`Unable to load preload script: ${this.#preferences.preload}\n${error.stack}`)
    this.emit('preload-error', {}, this.#preferences.preload, error)
  }

  #onMessage(message: PreloadMessage, frame: WebFrameMain, answer: (text: string) => void): void {
    if (this.#destroyed) return
    if (message.kind === 'window') {
      if (message.event === 'input') noteInput()
      else this.emit(`window-${message.event}`)
      return
    }
    if (message.kind === 'preload-error') {
      this.#onPreloadError(Object.assign(new Error(message.message), { stack: message.stack }))
      return
    }
    const event = new IpcMainEvent(this, frame, answer)
    if (message.kind === 'send') ipcMain.emit(message.channel, event, ...message.args)
    else void answerInvoke(event, message.id, message.channel, message.args).then(answer)
  }
}
