import { AppError } from '../../../shared/errors'

/** At most so many calls at once; more are refused, so that a loop at a caller's cannot use up the machine. */
export const mostCalls = 64
/** Of these one caller has at most half, so that none shuts the others out with calls that hang. */
const mostOfOne = mostCalls / 2
/** How long after a change of the vault calls under way are asked again whether they may go on, in milliseconds. */
const recheckAfter = 50

interface Call {
  /** Whose use it is. */
  readonly actor: string
  readonly controller: AbortController
  /** Why it may not go on; null when it may. */
  readonly problem: () => AppError | null
}

/** The calls that are under way. Each is cut off as soon as what permitted it is gone. */
export class CallsUnderWay {
  readonly #calls = new Set<Call>()
  #timer: NodeJS.Timeout | null = null

  get count(): number {
    return this.#calls.size
  }

  /**
   * @param actor whose use it is
   * @param problem asked again after every change of the vault
   * @returns the signal that cuts the call off, and what ends it here
   * @throws AppError rate_limited
   */
  begin(actor: string, problem: () => AppError | null): { readonly signal: AbortSignal; end(): void } {
    const isFull = this.#calls.size >= mostCalls
    if (isFull || [...this.#calls].filter((call) => call.actor === actor).length >= mostOfOne) {
      const which = isFull ? 'calls' : 'calls of yours'
      throw new AppError(
        'rate_limited',
        `Nothing was sent: too many ${which} are under way. Wait for one to end, then try again.`,
      )
    }
    const call = { actor, controller: new AbortController(), problem }
    this.#calls.add(call)
    return { signal: call.controller.signal, end: () => void this.#calls.delete(call) }
  }

  /** Asks every call again whether it may go on, soon and once for many changes. */
  recheckSoon(): void {
    if (this.#calls.size === 0 || this.#timer !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      for (const { controller, problem } of this.#calls) {
        const found = problem()
        if (found !== null) controller.abort(found)
      }
    }, recheckAfter)
    this.#timer.unref()
  }

  /** Cuts every call off now. */
  cutOff(why: AppError): void {
    for (const { controller } of this.#calls) controller.abort(why)
  }
}
