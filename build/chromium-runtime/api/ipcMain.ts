import { EventEmitter } from 'node:events'
import { createCodec } from '../bridge/codec.ts'
import type { MainMessage } from '../bridge/preloadHalf.ts'
import type { WebFrameMain } from '../window/frames.ts'
import type { WebContents } from './webContents.ts'

/** Who sent a message: Electron's `IpcMainEvent` and `IpcMainInvokeEvent`. */
export class IpcMainEvent {
  readonly type = 'frame'
  readonly ports: never[] = []
  readonly sender: WebContents
  readonly #frame: WebFrameMain
  readonly #answer: (text: string) => void

  constructor(sender: WebContents, frame: WebFrameMain, answer: (text: string) => void) {
    this.sender = sender
    this.#frame = frame
    this.#answer = answer
  }

  /** The frame whose document sent the message; null once that document is gone. */
  get senderFrame(): WebFrameMain | null {
    return this.#frame.detached ? null : this.#frame
  }

  get frameId(): number {
    return this.#frame.routingId
  }

  get processId(): number {
    return this.#frame.processId
  }

  /** Sends to the document the message came from. */
  reply(channel: string, ...args: unknown[]): void {
    this.#answer(codec.encode({ kind: 'event', channel, args } satisfies MainMessage))
  }
}

type InvokeHandler = (event: IpcMainEvent, ...args: unknown[]) => unknown

const codec = createCodec()

class IpcMain extends EventEmitter {
  readonly #handlers = new Map<string, InvokeHandler>()

  handle(channel: string, handler: InvokeHandler): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    if (typeof handler !== 'function') throw new Error(`Expected handler to be a function, but found type '${typeof handler}'`)
    this.#handlers.set(channel, handler)
  }

  handleOnce(channel: string, handler: InvokeHandler): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel)
      return handler(event, ...args)
    })
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }

  static handlerOf(ipc: IpcMain, channel: string): InvokeHandler | undefined {
    return ipc.#handlers.get(channel)
  }
}

export const ipcMain = new IpcMain()
// An EventEmitter throws when nobody listens to 'error'; no page may throw in main by naming that channel.
ipcMain.on('error', () => {})

/**
 * Runs the handler of an invoke and says what the page's promise becomes. Never rejects.
 *
 * @returns the encoded reply; its failures are worded as Electron words them
 */
export async function answerInvoke(event: IpcMainEvent, id: number, channel: string, args: unknown[]): Promise<string> {
  try {
    const handler = IpcMain.handlerOf(ipcMain, channel)
    if (!handler) throw new Error(`No handler registered for '${channel}'`)
    const value = await handler(event, ...args)
    return codec.encode({ kind: 'reply', id, ok: true, value } satisfies MainMessage)
  } catch (error) {
    console.error(`Error occurred in handler for '${channel}':`, error)
    return codec.encode({ kind: 'reply', id, ok: false, value: String(error) } satisfies MainMessage)
  }
}
