import { EventEmitter } from 'node:events'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromiumRuntime, runtime } from '../runtime.ts'
import type { Rectangle, WindowBounds } from '../window/browserProcess.ts'
import type { WindowState } from '../window/host.ts'
import { app } from './app.ts'
import { emitPreventable, WebContents, type WebPreferences } from './webContents.ts'
import { openWindows } from './windows.ts'

export interface BrowserWindowOptions {
  width?: number
  height?: number
  x?: number
  y?: number
  show?: boolean
  title?: string
  webPreferences?: WebPreferences
  [looks: string]: unknown
}

const windows = new Map<number, BrowserWindow>()
let lastId = 0
let focused: BrowserWindow | null = null

/**
 * Electron's `BrowserWindow`: a chromeless window of the installed browser, or a page off screen where there is no display. A hidden
 * window is a minimised one.
 */
export class BrowserWindow extends EventEmitter {
  readonly id: number
  readonly webContents: WebContents
  #bounds: Rectangle
  #title: string
  #visible: boolean
  #state: WindowState = 'normal'
  #destroyed = false

  constructor(options: BrowserWindowOptions = {}) {
    super()
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    const { width = 800, height = 600, x, y, title = app.getName(), show = true, webPreferences = {} } = options
    lastId += 1
    this.id = lastId
    this.#bounds = { x: x ?? 0, y: y ?? 0, width, height }
    this.#title = title
    this.#visible = show
    const wanted: WindowBounds = { x, y, width, height }
    this.webContents = new WebContents(webPreferences, wanted)
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show', {}))
    this.webContents.on('closed-by-user', () => this.#onClosedByUser())
    this.webContents.on('window-resize', () => void this.#onResized())
    this.webContents.on('window-focus', () => this.#onFocus(true))
    this.webContents.on('window-blur', () => this.#onFocus(false))
    windows.set(this.id, this)
    openWindows.add(this)
    app.emit('browser-window-created', {}, this)
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows.values()]
  }

  static fromWebContents(webContents: WebContents): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.webContents === webContents) ?? null
  }

  static fromId(id: number): BrowserWindow | null {
    return windows.get(id) ?? null
  }

  static getFocusedWindow(): BrowserWindow | null {
    return focused
  }

  async loadURL(url: string): Promise<void> {
    await this.webContents.loadURL(url)
  }

  async loadFile(file: string): Promise<void> {
    await this.loadURL(pathToFileURL(path.resolve(app.getAppPath(), file)).href)
  }

  reload(): void {
    this.webContents.reload()
  }

  show(): void {
    this.showInactive()
    this.focus()
  }

  showInactive(): void {
    const wasVisible = this.#visible
    this.#visible = true
    if (this.#state === 'minimized' || !wasVisible) this.#setState('normal')
    if (!wasVisible) this.emit('show')
  }

  hide(): void {
    if (!this.#visible) return
    this.#visible = false
    this.#setState('minimized')
    this.emit('hide')
  }

  isVisible(): boolean {
    return this.#visible && !this.#destroyed
  }

  focus(): void {
    this.webContents.focus()
    this.#onFocus(true)
  }

  blur(): void {
    this.#onFocus(false)
  }

  isFocused(): boolean {
    return focused === this
  }

  minimize(): void {
    this.#setState('minimized')
    this.emit('minimize')
  }

  maximize(): void {
    this.#setState('maximized')
    this.emit('maximize')
  }

  unmaximize(): void {
    this.#setState('normal')
    this.emit('unmaximize')
  }

  restore(): void {
    this.#setState('normal')
    this.emit('restore')
  }

  setFullScreen(on: boolean): void {
    this.#setState(on ? 'fullscreen' : 'normal')
  }

  isMinimized(): boolean {
    return this.#state === 'minimized'
  }

  isMaximized(): boolean {
    return this.#state === 'maximized'
  }

  isFullScreen(): boolean {
    return this.#state === 'fullscreen'
  }

  getBounds(): Rectangle {
    return { ...this.#bounds }
  }

  getNormalBounds(): Rectangle {
    return this.getBounds()
  }

  /** Sets outer bounds on a display and the page's size off screen, where a window has no frame. */
  setBounds(bounds: Partial<Rectangle>): void {
    const before = this.#bounds
    this.#bounds = { ...before, ...bounds }
    const wanted = this.#bounds
    void this.webContents.withHost((host) => host.setBounds(wanted, runtime().headless))
    if (wanted.width !== before.width || wanted.height !== before.height) this.emit('resize')
    if (wanted.x !== before.x || wanted.y !== before.y) this.emit('move')
  }

  getContentBounds(): Rectangle {
    return this.getBounds()
  }

  getSize(): [number, number] {
    return [this.#bounds.width, this.#bounds.height]
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height })
  }

  getContentSize(): [number, number] {
    return this.getSize()
  }

  setContentSize(width: number, height: number): void {
    this.setSize(width, height)
  }

  getPosition(): [number, number] {
    return [this.#bounds.x, this.#bounds.y]
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y })
  }

  setTitle(title: string): void {
    this.#title = title
  }

  getTitle(): string {
    return this.#title
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  /** Closes the window unless a listener of 'close' prevents it. */
  close(): void {
    if (this.#destroyed || emitPreventable(this, 'close')) return
    this.destroy()
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    this.#visible = false
    windows.delete(this.id)
    openWindows.delete(this)
    if (focused === this) focused = null
    this.webContents.destroy()
    this.emit('closed')
    app.windowClosed()
  }

  #setState(state: WindowState): void {
    this.#state = state
    if (!runtime().headless) void this.webContents.withHost((host) => host.setState(state))
  }

  /** The window is gone already, so 'close' can be heard but not prevented. */
  #onClosedByUser(): void {
    if (emitPreventable(this, 'close')) console.error('Chromium runtime: a window closed by its user cannot be kept open here.')
    this.destroy()
  }

  async #onResized(): Promise<void> {
    await this.webContents.withHost(async (host) => {
      const bounds = await host.getBounds(runtime().headless)
      if (bounds) this.#bounds = bounds
    })
    if (!this.#destroyed) this.emit('resize')
  }

  #onFocus(gained: boolean): void {
    if (this.#destroyed || gained === (focused === this)) return
    focused = gained ? this : null
    this.emit(gained ? 'focus' : 'blur')
    app.emit(gained ? 'browser-window-focus' : 'browser-window-blur', {}, this)
  }
}

/** Looks and habits of a native window that a browser window does not have: calls are recorded. */
const RECORDED = [
  'center',
  'flashFrame',
  'moveTop',
  'removeMenu',
  'setAlwaysOnTop',
  'setAutoHideMenuBar',
  'setBackgroundColor',
  'setContentProtection',
  'setEnabled',
  'setIcon',
  'setMaximumSize',
  'setMenu',
  'setMenuBarVisibility',
  'setMinimumSize',
  'setOverlayIcon',
  'setProgressBar',
  'setResizable',
  'setSkipTaskbar',
  'setTitleBarOverlay',
  'setVisibleOnAllWorkspaces',
]
for (const name of RECORDED) {
  Object.defineProperty(BrowserWindow.prototype, name, {
    value: (...args: unknown[]) => chromiumRuntime.record(`BrowserWindow.${name}`, ...args),
  })
}
