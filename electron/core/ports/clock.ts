/** Wall clock, in UTC epoch milliseconds. */
export interface Clock {
  now(): number
}

/** A clock that stands still until it is moved, then follows the system again. Only the making of a practice year uses it. */
export class SimulatedClock implements Clock {
  #at: number | null = null

  now(): number {
    return this.#at ?? Date.now()
  }

  /** Sets the instant, never earlier than the one before. */
  set(at: number): void {
    this.#at = Math.max(at, this.#at ?? at)
  }

  /** Lets the clock run with the system's. */
  release(): void {
    this.#at = null
  }
}
