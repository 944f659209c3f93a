/** Milliseconds for each event that arrived: about twice what the door needs to take one in. */
const restPerEvent = 0.2
/** Milliseconds for each that the projector's own writes took: on a slow disk it is these that keep the door waiting. */
const restPerWork = 2
/** The books are never further behind than this because of a rest. Milliseconds. */
const longestRest = 250

/**
 * How long the projector leaves the process to the webhook door after each look. At some hundred events a second that is next to nothing. In
 * a burst of thousands, or on a disk that takes its time, acknowledging comes first: the books follow a quarter of a second later, and an
 * object that many of the events name is read once for all of them.
 */
export class BurstRest {
  readonly #elapsed: () => number
  #arrived = 0
  #worked = 0
  #until = 0

  /** @param elapsed milliseconds of a monotonic clock */
  constructor(elapsed: () => number = () => performance.now()) {
    this.#elapsed = elapsed
  }

  /** Says that so many events were kept. */
  arrive(events: number): void {
    this.#arrived += events
  }

  /** Does a piece of the projector's work that holds up everything else. */
  during<T>(work: () => T): T {
    const start = this.#elapsed()
    try {
      return work()
    } finally {
      this.#worked += this.#elapsed() - start
    }
  }

  /** Milliseconds until the door has had its time; zero or less when it has. */
  left(): number {
    return this.#until - this.#elapsed()
  }

  /** Begins the rest that the events and the work since the last one call for; without events there is none. */
  begin(): void {
    const wanted = this.#arrived === 0 ? 0 : Math.max(this.#arrived * restPerEvent, this.#worked * restPerWork)
    this.#until = this.#elapsed() + Math.min(longestRest, wanted)
    this.#arrived = 0
    this.#worked = 0
  }
}
