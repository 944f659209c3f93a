/** Milliseconds for each event that arrived: about twice what the door needs to take one in. */
const restPerEvent = 0.2
/** The books are never further behind than this because of a rest. Milliseconds. */
const longestRest = 250

/**
 * How long the projector leaves the process to the webhook door after each look. At some hundred events a second that is next to nothing. In
 * a burst of thousands, acknowledging comes first: the books follow a quarter of a second later, and an object that many of the events name
 * is read once for all of them.
 */
export class BurstRest {
  readonly #elapsed: () => number
  #arrived = 0
  #until = 0

  /** @param elapsed milliseconds of a monotonic clock */
  constructor(elapsed: () => number = () => performance.now()) {
    this.#elapsed = elapsed
  }

  /** Says that so many events were kept. */
  arrive(events: number): void {
    this.#arrived += events
  }

  /** Milliseconds until the door has had its time; zero or less when it has. */
  left(): number {
    return this.#until - this.#elapsed()
  }

  /** Begins the rest that the events since the last one call for. */
  begin(): void {
    this.#until = this.#elapsed() + Math.min(longestRest, this.#arrived * restPerEvent)
    this.#arrived = 0
  }
}
