import type { Logger } from '../core/ports/logger'

/** Longest wait for sealing, in milliseconds: what waits for others inside it gives up after two seconds each. */
export const longestSealing = 15_000

export interface EndingParts {
  /** Seals what is open. */
  readonly seal: () => Promise<void>
  /** Quits once more, when nothing is left to seal. */
  readonly quit: () => void
  /** Ends the process at once. */
  readonly exit: (code: number) => void
  readonly logger: Pick<Logger, 'error'>
  /** Milliseconds; `longestSealing` unless a test says otherwise. */
  readonly patience?: number
}

/**
 * The end of the process, whoever asks for it and however often: what is open is sealed first, once. A sealing that fails or takes too long
 * is logged and ends the process all the same, because keys and secrets go with it (promise V5); what was acknowledged stands on the disk.
 */
export class Ending {
  readonly #parts: EndingParts
  #sealed = false
  #sealing: Promise<void> | null = null

  constructor(parts: EndingParts) {
    this.#parts = parts
  }

  /** For `before-quit`. */
  beforeQuit(event: { preventDefault(): void }): void {
    if (this.#sealed) return
    event.preventDefault()
    this.#sealing ??= this.#seal()
  }

  async #seal(): Promise<void> {
    const { seal, quit, exit, logger, patience = longestSealing } = this.#parts
    const { promise: tooLong, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new Error(`Sealing took longer than ${patience} ms`)), patience)
    try {
      await Promise.race([seal(), tooLong])
      this.#sealed = true
      quit()
    } catch (error) {
      logger.error({ err: error }, 'the vault was not closed cleanly; nothing that was acknowledged is lost')
      exit(1)
    } finally {
      clearTimeout(timer)
    }
  }
}
