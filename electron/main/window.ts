import { join } from 'node:path'
import { BrowserWindow, session, shell } from 'electron'
import { appUrl, isOurPage } from './origin'
import type { Settings } from './platform/settings'

/** Addresses that the page may hand to the system's browser. Anything else stays closed (promise E6). */
export function mayOpenOutside(url: string, practiceOrigin: string | null): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, origin, username, password } = new URL(url)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || protocol === 'mailto:' || (practiceOrigin !== null && origin === practiceOrigin)
}

/** The one window. Its page and its process are destroyed and made anew at every lock, so that nothing of the page survives. */
export class AppWindow {
  readonly #settings: Settings
  readonly #preload: string
  #window: BrowserWindow | null = null
  #replacing = false

  constructor(settings: Settings, distFolder: string) {
    this.#settings = settings
    this.#preload = join(distFolder, 'preload', 'index.cjs')
  }

  get contents(): Electron.WebContents | null {
    return this.#window === null || this.#window.isDestroyed() ? null : this.#window.webContents
  }

  get isReplacing(): boolean {
    return this.#replacing
  }

  async open(): Promise<void> {
    if (this.#window !== null && !this.#window.isDestroyed()) {
      this.#window.show()
      this.#window.focus()
      return
    }
    const window = new BrowserWindow({
      ...this.#settings.windowBounds,
      minWidth: 900,
      minHeight: 600,
      show: false,
      title: 'Countinghouse',
      backgroundColor: this.#settings.isDark ? '#14171a' : '#ffffff',
      webPreferences: {
        preload: this.#preload,
        partition: 'countinghouse',
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false,
      },
    })
    this.#window = window
    window.setMenuBarVisibility(false)
    window.once('ready-to-show', () => window.show())
    for (const event of ['resize', 'move'] as const) {
      window.on(event as 'resize', () => {
        if (!window.isDestroyed() && !window.isMinimized()) this.#settings.windowBounds = window.getBounds()
      })
    }
    window.on('closed', () => {
      if (this.#window === window) this.#window = null
    })
    await window.loadURL(appUrl)
  }

  send(event: unknown): void {
    this.contents?.send('event', event)
  }

  /** Destroys page and process and starts with an empty page: no cache, history or script of before survives. */
  async replace(): Promise<void> {
    const old = this.#window
    if (old === null || old.isDestroyed()) return
    this.#replacing = true
    try {
      this.#window = null
      old.destroy()
      const page = session.fromPartition('countinghouse')
      await page.clearStorageData()
      await page.clearCache()
      await this.open()
    } finally {
      this.#replacing = false
    }
  }
}

/** Closes every way out of a page: navigation, new windows, attached views. Applies to all contents that are ever created. */
export function confine(contents: Electron.WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isOurPage(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

export async function openOutside(url: string): Promise<void> {
  await shell.openExternal(url)
}
