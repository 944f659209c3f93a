import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { AppError, type ErrorBody, type Result } from '../../../shared/errors'

/** Largest message of the page, in UTF-16 units of its JSON; and calls it may have under way at once. */
export const messageLimit = 1024 * 1024
export const inFlightLimit = 64

export interface RouterDeps {
  readonly isOurSender: (event: IpcMainInvokeEvent) => boolean
  /** Any failure as what the page may see. */
  readonly toBody: (error: unknown) => ErrorBody
}

/**
 * The one way a channel is opened: sender and frame checked, size and number bounded, answered as a `Result`. An untrusted sender gets an
 * error, never `undefined`, so that a mistake cannot look like an empty result.
 */
export class IpcRouter {
  readonly #ipcMain: Pick<IpcMain, 'handle'>
  readonly #deps: RouterDeps
  readonly #channels = new Set<string>()
  #inFlight = 0

  constructor(ipcMain: Pick<IpcMain, 'handle'>, deps: RouterDeps) {
    this.#ipcMain = ipcMain
    this.#deps = deps
  }

  /** Every channel that is open, for the test that tries them all. */
  get channels(): ReadonlySet<string> {
    return this.#channels
  }

  handle(channel: string, run: (input: unknown) => Promise<unknown>): void {
    this.#channels.add(channel)
    this.#ipcMain.handle(channel, async (event, input: unknown): Promise<Result<unknown>> => {
      try {
        if (!this.#deps.isOurSender(event)) throw new AppError('forbidden', 'Nothing was done: this page may not call the app.')
        if (sizeOf(input) > messageLimit) throw new AppError('too_large', 'Nothing was done: the message is larger than 1 MiB.')
        if (this.#inFlight >= inFlightLimit)
          throw new AppError('rate_limited', 'Nothing was done: too many calls are under way. Try again in a moment.')
        this.#inFlight += 1
        try {
          return { ok: true, value: await run(input) }
        } finally {
          this.#inFlight -= 1
        }
      } catch (error) {
        return { ok: false, error: this.#deps.toBody(error) }
      }
    })
  }
}

function sizeOf(input: unknown): number {
  try {
    return JSON.stringify(input)?.length ?? 0
  } catch {
    throw new AppError('invalid_input', 'Nothing was done: the message is not plain data.')
  }
}
