/** A toast that stands in the corner. */
export interface StandingToast {
  readonly id: string
  /** What it is about; undefined where a repeat stands beside it. */
  readonly key: string | undefined
  /** It says only how a step of its screen ended, and may go with that screen. */
  readonly passing: boolean
  /** When it was shown, UTC epoch milliseconds. */
  readonly at: number
}

/** More at once would cover what one works with. */
const most = 3
/** A step that ends by going to another screen is told there. */
const carriedMs = 1500

/** Ids of what gives way to a toast of a key: the one of the same key, and the oldest where too many would stand. @param standing oldest first */
export function givesWay(standing: readonly StandingToast[], key: string | undefined): string[] {
  const same = standing.filter((toast) => key !== undefined && toast.key === key)
  const others = standing.filter((toast) => !same.includes(toast))
  return [...same, ...others.slice(0, Math.max(0, others.length - most + 1))].map(({ id }) => id)
}

/** Ids of what goes with a screen that is left at an instant (UTC epoch milliseconds): not failures, ways back and countdowns. */
export function goesWithScreen(standing: readonly StandingToast[], now: number): string[] {
  return standing.filter(({ passing, at }) => passing && now - at > carriedMs).map(({ id }) => id)
}
