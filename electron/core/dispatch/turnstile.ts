import { once } from 'node:events'

/** Lets commands in, and keeps new ones waiting while something runs that no command may run beside. */
export class Turnstile {
  readonly #inside = new Set<{ readonly name: string; readonly ended: Promise<unknown> }>()
  /** Ends with what runs alone. */
  #closed: Promise<unknown> | null = null

  /** Runs a command as soon as it may come in. */
  async pass<T>(name: string, command: () => Promise<T>): Promise<T> {
    while (this.#closed !== null) await this.#closed
    const done = command()
    const visit = { name, ended: done.catch(() => undefined) }
    this.#inside.add(visit)
    try {
      return await done
    } finally {
      this.#inside.delete(visit)
    }
  }

  /**
   * Waits until nobody is inside, then runs `work` while nobody comes in.
   * @param own name of the command that asks for it: those of this name do not count, since they wait for it
   * @param signal ends the waiting, not the work; its reason is thrown then
   */
  async alone<T>(own: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      signal.throwIfAborted()
      const others = [...this.#inside].filter(({ name }) => name !== own)
      if (this.#closed === null && others.length === 0) break
      await Promise.race([this.#closed, ...others.map(({ ended }) => ended), once(signal, 'abort')].filter((end) => end !== null))
    }
    const done = work()
    this.#closed = done
      .catch(() => undefined)
      .finally(() => {
        this.#closed = null
      })
    return done
  }
}
