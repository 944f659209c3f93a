import type { BridgeEnd } from './bridgeEnd.ts'
import type { Codec } from './codec.ts'

/** What a document's preload world tells main. */
export type PreloadMessage =
  | { kind: 'invoke'; id: number; channel: string; args: unknown[] }
  | { kind: 'send'; channel: string; args: unknown[] }
  | { kind: 'window'; event: 'input' | 'resize' | 'focus' | 'blur' }
  | { kind: 'preload-error'; message: string; stack: string }

/** What main tells the preload world of a document. */
export type MainMessage =
  | { kind: 'reply'; id: number; ok: true; value: unknown }
  | { kind: 'reply'; id: number; ok: false; value: string }
  | { kind: 'event'; channel: string; args: unknown[] }

export interface PreloadSetup {
  codec: Codec
  bridge: BridgeEnd
  /** Global name of the CDP binding that reaches main; taken and removed before preload runs. */
  bindingName: string
  /** Global name under which main finds this world's receiver. */
  receiverName: string
  /** The `process` that a sandboxed preload sees. */
  process: Record<string, unknown>
  /** The app's preload script as a CommonJS function, or null when the window has none. */
  preload: ((exports: object, require: (name: string) => unknown, module: object, process: object) => void) | null
}

/**
 * The preload world's half: `require('electron')` with `contextBridge` and `ipcRenderer`, joined to main by a CDP binding that only
 * this world has. Self-contained: its source text is injected into the isolated world.
 */
export function runPreload({ codec, bridge, bindingName, receiverName, process, preload }: PreloadSetup): void {
  type Listener = (event: object, ...args: unknown[]) => void
  const world = globalThis as unknown as Record<string, unknown>
  const tell = world[bindingName] as (text: string) => void
  delete world[bindingName]
  const post = (message: PreloadMessage) => tell(codec.encode(message))

  const listeners = new Map<string, Listener[]>()
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void; channel: string }>()
  let lastId = 0

  class IpcRenderer {
    on(channel: string, listener: Listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
      return this
    }
    once(channel: string, listener: Listener) {
      const first: Listener = (event, ...args) => {
        this.removeListener(channel, first)
        listener(event, ...args)
      }
      return this.on(channel, first)
    }
    removeListener(channel: string, listener: Listener) {
      const all = listeners.get(channel) ?? []
      const at = all.lastIndexOf(listener)
      if (at >= 0) listeners.set(channel, all.toSpliced(at, 1))
      return this
    }
    removeAllListeners(channel?: string) {
      if (channel === undefined) listeners.clear()
      else listeners.delete(channel)
      return this
    }
    addListener(channel: string, listener: Listener) {
      return this.on(channel, listener)
    }
    off(channel: string, listener: Listener) {
      return this.removeListener(channel, listener)
    }
    listenerCount(channel: string) {
      return listeners.get(channel)?.length ?? 0
    }
    send(channel: string, ...args: unknown[]) {
      post({ kind: 'send', channel, args })
    }
    async invoke(channel: string, ...args: unknown[]) {
      lastId += 1
      const id = lastId
      post({ kind: 'invoke', id, channel, args })
      return await new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject, channel })
      })
    }
  }
  const ipcRenderer = new IpcRenderer()

  const receive = (text: string) => {
    const message = codec.decode(text) as MainMessage
    if (message.kind === 'event') {
      const event = { sender: ipcRenderer, ports: [] }
      for (const listener of listeners.get(message.channel) ?? []) listener(event, ...message.args)
      return
    }
    const call = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.ok) call?.resolve(message.value)
    else call?.reject(new Error(`Error invoking remote method '${call.channel}': ${message.value}`))
  }
  Object.defineProperty(world, receiverName, { value: receive })

  const contextBridge = {
    exposeInMainWorld: (key: string, api: unknown) => {
      bridge.send({ kind: 'expose', key, value: api })
    },
  }

  let lastInput = Number.NEGATIVE_INFINITY
  const noticeInput = (event: Event) => {
    if (!event.isTrusted || event.timeStamp - lastInput < 1000) return
    lastInput = event.timeStamp
    post({ kind: 'window', event: 'input' })
  }
  if (window === window.top) {
    for (const type of ['pointerdown', 'pointermove', 'keydown', 'wheel']) window.addEventListener(type, noticeInput, true)
    for (const event of ['resize', 'focus', 'blur'] as const) {
      window.addEventListener(event, ({ target }) => {
        if (target === window) post({ kind: 'window', event })
      })
    }
  }

  if (!preload) return
  const electron = { contextBridge, ipcRenderer }
  const requireElectron = (name: string) => {
    if (name === 'electron' || name === 'electron/renderer') return electron
    throw new Error(`module not found: ${name}`)
  }
  const module = { exports: {} }
  try {
    preload(module.exports, requireElectron, module, process)
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    post({ kind: 'preload-error', message, stack: stack ?? message })
  }
}
