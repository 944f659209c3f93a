import { toAppUrl } from '../api/schemes.ts'

/** A frame as CDP's Page domain tells it. */
interface CdpFrame {
  id: string
  parentId?: string
  loaderId: string
  name?: string
  url: string
  urlFragment?: string
}

let lastRoutingId = 0

/**
 * One document in one frame: Electron's `WebFrameMain`. It is dead as soon as its frame shows another document or is gone. What it says
 * about itself comes from the browser process alone, never from the page.
 */
export class WebFrameMain {
  readonly routingId: number
  readonly frameToken: string
  readonly processId = 1
  name = ''
  detached = false
  /** The URL as Chromium sees it, with own schemes mapped to https. */
  #browserUrl = 'about:blank'
  readonly #tree: FrameTree
  readonly #parentToken: string | undefined

  constructor(tree: FrameTree, frame: Pick<CdpFrame, 'id' | 'parentId' | 'url' | 'name'>) {
    lastRoutingId += 1
    this.routingId = lastRoutingId
    this.frameToken = frame.id
    this.name = frame.name ?? ''
    this.#tree = tree
    this.#browserUrl = frame.url
    this.#parentToken = frame.parentId
  }

  get url(): string {
    return toAppUrl(this.#browserUrl)
  }

  /** e.g. `app://countinghouse`; `null` in quotes for opaque origins, as in Electron. */
  get origin(): string {
    const { origin } = new URL(this.#browserUrl)
    return origin === 'null' ? origin : toAppUrl(`${origin}/`).replace(/\/$/, '')
  }

  get parent(): WebFrameMain | null {
    return this.#parentToken === undefined ? null : (this.#tree.get(this.#parentToken) ?? null)
  }

  get top(): WebFrameMain | null {
    return this.#tree.main
  }

  get frames(): WebFrameMain[] {
    return this.#tree.childrenOf(this.frameToken)
  }

  isDestroyed(): boolean {
    return this.detached
  }

  /** The document changed its own URL (fragment or history). */
  moveWithin(browserUrl: string): void {
    this.#browserUrl = browserUrl
  }

  isChildOf(token: string): boolean {
    return this.#parentToken === token
  }
}

/** The frames of one window, kept by the events of CDP's Page domain. */
export class FrameTree {
  readonly #frames = new Map<string, WebFrameMain>()
  #mainToken: string | undefined

  get main(): WebFrameMain | null {
    return this.#mainToken === undefined ? null : (this.#frames.get(this.#mainToken) ?? null)
  }

  get(token: string): WebFrameMain | undefined {
    return this.#frames.get(token)
  }

  childrenOf(token: string): WebFrameMain[] {
    return [...this.#frames.values()].filter((frame) => frame.isChildOf(token))
  }

  attached(token: string, parentToken: string): void {
    this.#frames.set(token, new WebFrameMain(this, { id: token, parentId: parentToken, url: 'about:blank' }))
  }

  /** A frame shows a new document. */
  navigated(frame: CdpFrame): WebFrameMain {
    const before = this.#frames.get(frame.id)
    for (const child of this.childrenOf(frame.id)) this.detached(child.frameToken)
    if (before) before.detached = true
    const now = new WebFrameMain(this, { ...frame, url: frame.url + (frame.urlFragment ?? '') })
    this.#frames.set(frame.id, now)
    if (frame.parentId === undefined) this.#mainToken = frame.id
    return now
  }

  navigatedWithin(token: string, browserUrl: string): void {
    this.#frames.get(token)?.moveWithin(browserUrl)
  }

  detached(token: string): void {
    for (const child of this.childrenOf(token)) this.detached(child.frameToken)
    const frame = this.#frames.get(token)
    if (frame) frame.detached = true
    this.#frames.delete(token)
  }

  clear(): void {
    for (const frame of this.#frames.values()) frame.detached = true
    this.#frames.clear()
  }
}
