import { readFileSync } from 'node:fs'
import type { CDPSession, Page } from 'playwright-core'
import type { Protocol } from '../api/protocol.ts'
import { toAppUrl, toBrowserUrl } from '../api/schemes.ts'
import { createCodec } from '../bridge/codec.ts'
import { PRELOAD_WORLD, pageScript, preloadScript } from '../bridge/inject.ts'
import type { MainMessage, PreloadMessage } from '../bridge/preloadHalf.ts'
import { secretName } from '../runtime.ts'
import { type BrowserProcess, type Rectangle, startBrowser, type WindowBounds } from './browserProcess.ts'
import { chooseFiles } from './fileChooser.ts'
import type { FrameTree, WebFrameMain } from './frames.ts'
import { serveRequests } from './network.ts'

/** What a window hears from its host. */
export interface HostEvents {
  /** A document's preload world speaks; `answer` reaches that same document, or nobody when it is gone. */
  onMessage(message: PreloadMessage, frame: WebFrameMain, answer: (text: string) => void): void
  /** The page wants to go elsewhere; false stops it. */
  mayNavigate(url: string, isMainFrame: boolean): boolean
  onWindowOpen(url: string, frameName: string, features: string): void
  onNavigated(url: string, inPage: boolean): void
  onDomReady(): void
  onLoaded(): void
  onDownload(url: string, fileName: string): void
  onPreloadError(error: Error): void
  onCrashed(): void
  onClosed(): void
}

export interface HostOptions {
  bounds: WindowBounds
  protocol: Protocol
  preloadPath: string | undefined
  inSubFrames: boolean
  process: Record<string, unknown>
  colorScheme: 'light' | 'dark' | null
}

export type WindowState = 'normal' | 'minimized' | 'maximized' | 'fullscreen'

const codec = createCodec()

/** One window: a browser process, its page, and the CDP session that joins the page's preload worlds to main. */
export class WindowHost {
  readonly frames: FrameTree
  readonly page: Page
  readonly #browser: BrowserProcess
  readonly #cdp: CDPSession
  readonly #events: HostEvents
  readonly #receiverName = secretName()
  /** Living preload worlds by CDP's context id. */
  readonly #worlds = new Map<number, { uniqueId: string; frame: WebFrameMain }>()
  /** The document main asked for, as the browser names it. */
  #expected: string | undefined
  #lastUrl = 'about:blank'

  private constructor(browser: BrowserProcess, cdp: CDPSession, frames: FrameTree, events: HostEvents) {
    this.#browser = browser
    this.page = browser.page
    this.#cdp = cdp
    this.frames = frames
    this.#events = events
  }

  static async start(options: HostOptions, frames: FrameTree, events: HostEvents): Promise<WindowHost> {
    const browser = await startBrowser(options.bounds)
    try {
      const cdp = await browser.context.newCDPSession(browser.page)
      const host = new WindowHost(browser, cdp, frames, events)
      await host.#connect(options)
      return host
    } catch (error) {
      browser.kill()
      throw error
    }
  }

  async #connect(options: HostOptions): Promise<void> {
    this.#listen()
    const { context } = this.#browser
    await serveRequests({
      page: this.page,
      protocol: options.protocol,
      isExpected: (url) => url.split('#')[0] === this.#expected?.split('#')[0],
      mayNavigate: this.#events.mayNavigate,
    })
    await context.grantPermissions([])
    const bindingName = secretName()
    const plan = { channel: secretName(), bindingName, receiverName: this.#receiverName, inSubFrames: options.inSubFrames }
    const send = this.#cdp.send.bind(this.#cdp)
    await Promise.all([
      send('Page.enable'),
      send('Runtime.enable'),
      send('Runtime.addBinding', { name: bindingName, executionContextName: PRELOAD_WORLD }),
      send('Page.addScriptToEvaluateOnNewDocument', { source: pageScript(plan) }),
      send('Page.addScriptToEvaluateOnNewDocument', {
        worldName: PRELOAD_WORLD,
        source: this.#preloadSource({ ...plan, process: options.process }, options.preloadPath),
      }),
      this.page.emulateMedia({ colorScheme: options.colorScheme }),
    ])
  }

  #preloadSource(plan: Omit<Parameters<typeof preloadScript>[0], 'preload'>, path: string | undefined): string {
    if (path === undefined) return preloadScript({ ...plan, preload: null })
    try {
      return preloadScript({ ...plan, preload: { path, source: readFileSync(path, 'utf8') } })
    } catch (error) {
      this.#events.onPreloadError(error as Error)
      return preloadScript({ ...plan, preload: null })
    }
  }

  #listen(): void {
    const { page, frames } = this
    const cdp = this.#cdp
    cdp.on('Page.frameAttached', ({ frameId, parentFrameId }) => frames.attached(frameId, parentFrameId))
    cdp.on('Page.frameNavigated', ({ frame }) =>
      this.#onNavigated(frames.navigated(frame), frame.url, frame.parentId === undefined),
    )
    cdp.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      frames.navigatedWithin(frameId, url)
      if (frames.main?.frameToken === frameId) this.#events.onNavigated(toAppUrl(url), true)
    })
    cdp.on('Page.frameDetached', ({ frameId, reason }) => {
      if (reason === 'remove') frames.detached(frameId)
    })
    cdp.on('Runtime.executionContextCreated', ({ context: { id, uniqueId, name, auxData } }) => {
      const frame = frames.get((auxData as { frameId?: string } | undefined)?.frameId ?? '')
      if (name === PRELOAD_WORLD && frame) this.#worlds.set(id, { uniqueId, frame })
    })
    cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => this.#worlds.delete(executionContextId))
    cdp.on('Runtime.executionContextsCleared', () => this.#worlds.clear())
    cdp.on('Runtime.bindingCalled', ({ executionContextId, payload }) => {
      const world = this.#worlds.get(executionContextId)
      if (!world) return
      const message = codec.decode(payload) as PreloadMessage
      this.#events.onMessage(message, world.frame, (text) => this.#deliver(world.uniqueId, text))
    })
    cdp.on('Page.windowOpen', ({ url, windowName, windowFeatures }) =>
      this.#events.onWindowOpen(toAppUrl(url), windowName, windowFeatures.join(',')),
    )
    page.context().on('page', (other) => {
      if (other !== page) void other.close()
    })
    page.on('domcontentloaded', () => this.#events.onDomReady())
    page.on('load', () => this.#events.onLoaded())
    page.on('download', (download) => this.#events.onDownload(toAppUrl(download.url()), download.suggestedFilename()))
    page.on('crash', () => this.#events.onCrashed())
    page.on('close', () => this.#events.onClosed())
  }

  /** Tells main of a new document. One that no request announced (about:, blob:) is undone here when main does not want it. */
  #onNavigated(frame: WebFrameMain, browserUrl: string, isMainFrame: boolean): void {
    if (!isMainFrame) return
    const wasAsked = /^(https?|file):/.test(browserUrl) || this.#expected === browserUrl || this.#lastUrl === 'about:blank'
    if (!wasAsked && !this.#events.mayNavigate(frame.url, true)) {
      this.#expected = this.#lastUrl
      void this.page.goto(this.#lastUrl).catch(() => {})
      return
    }
    this.#expected = undefined
    this.#lastUrl = browserUrl
    this.#events.onNavigated(frame.url, false)
  }

  #deliver(uniqueContextId: string, text: string): void {
    const expression = `${this.#receiverName}(${JSON.stringify(text)})`
    // A document that is gone by now needs no answer.
    this.#cdp.send('Runtime.evaluate', { expression, uniqueContextId }).catch(() => {})
  }

  /** Sends to the preload world of the main frame's document; nothing happens when there is none yet. */
  send(channel: string, args: unknown[]): void {
    const text = codec.encode({ kind: 'event', channel, args } satisfies MainMessage)
    for (const { uniqueId, frame } of this.#worlds.values()) if (frame === this.frames.main) this.#deliver(uniqueId, text)
  }

  /** Asks the person for files or a folder; their absolute paths, none when there is no document to ask in. */
  async chooseFiles(wanted: { folder: boolean; multiple: boolean }): Promise<string[]> {
    for (const { uniqueId, frame } of this.#worlds.values()) {
      if (frame === this.frames.main) return await chooseFiles(this.#cdp, uniqueId, wanted)
    }
    return []
  }

  /**
   * Loads a URL as the window's document.
   *
   * @throws Error with Chromium's name of the reason, e.g. `ERR_FAILED loading 'app://countinghouse/'`
   */
  async load(url: string): Promise<void> {
    const browserUrl = toBrowserUrl(url)
    this.#expected = browserUrl
    try {
      await this.page.goto(browserUrl, { waitUntil: 'load' })
    } catch (error) {
      const reason = /net::(ERR_\w+)/.exec((error as Error).message)?.[1]
      throw reason === undefined ? error : Object.assign(new Error(`${reason} loading '${url}'`), { code: reason, url })
    }
  }

  async reload(): Promise<void> {
    await this.page.reload()
  }

  /** Sets the size of the page off screen, and the window's outer bounds on a display. */
  async setBounds({ x, y, width, height }: WindowBounds, headless: boolean): Promise<void> {
    if (headless) return await this.page.setViewportSize({ width, height })
    const { windowId } = await this.#cdp.send('Browser.getWindowForTarget')
    const place = x === undefined || y === undefined ? {} : { left: x, top: y }
    await this.#cdp.send('Browser.setWindowBounds', { windowId, bounds: { windowState: 'normal' } })
    await this.#cdp.send('Browser.setWindowBounds', { windowId, bounds: { ...place, width, height } })
  }

  async getBounds(headless: boolean): Promise<Rectangle | undefined> {
    if (headless) return undefined
    const { bounds } = await this.#cdp.send('Browser.getWindowForTarget')
    return { x: bounds.left ?? 0, y: bounds.top ?? 0, width: bounds.width ?? 0, height: bounds.height ?? 0 }
  }

  async setState(windowState: WindowState): Promise<void> {
    const { windowId } = await this.#cdp.send('Browser.getWindowForTarget')
    await this.#cdp.send('Browser.setWindowBounds', { windowId, bounds: { windowState } })
  }

  /** Kills the browser process and removes its profile. */
  kill(): void {
    this.frames.clear()
    this.#worlds.clear()
    this.#browser.kill()
  }
}
