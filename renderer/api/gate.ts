interface Waiting {
  readonly start: () => void
  readonly signal: AbortSignal | undefined
}

/**
 * Lets at most `width` tasks run at once and starts the newest waiting one first: in a list that is scrolled fast, the rows in view matter
 * and the ones already gone do not. A task whose signal aborts while it waits is never started.
 */
export class Gate {
  readonly #width: number
  readonly #waiting: Waiting[] = []
  #running = 0

  constructor(width: number) {
    this.#width = width
  }

  /** Runs `task` when there is room; rejects with the signal's reason when it aborts first. */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#running >= this.#width) await this.#turn(signal)
    this.#running += 1
    try {
      signal?.throwIfAborted()
      return await task()
    } finally {
      this.#running -= 1
      this.#next()
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ start: resolve, signal })
    })
  }

  #next(): void {
    for (;;) {
      const waiting = this.#waiting.pop()
      if (!waiting) return
      waiting.start()
      if (!waiting.signal?.aborted) return
    }
  }
}
