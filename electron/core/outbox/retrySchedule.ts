/** Waits after the first failed attempts; afterwards each wait doubles the one before. Milliseconds. */
const firstWaits = [200, 500, 1000, 2000, 4000] as const

/** No attempt is put off for longer. Milliseconds. */
export const longestWait = 3_600_000

/**
 * How long to wait after a failed attempt: 0.2, 0.5, 1, 2, 4 s, then doubling to one hour.
 * @param failures failed attempts so far, at least 1
 * @param atLeast what the provider asked for (Retry-After), in milliseconds; kept up to one hour
 * @returns milliseconds
 */
export function retryWait(failures: number, atLeast = 0): number {
  const known = firstWaits[failures - 1]
  const own = known ?? Math.min(longestWait, 4000 * 2 ** Math.min(failures - firstWaits.length, 20))
  return Math.min(longestWait, Math.max(own, atLeast))
}

/**
 * True when the first attempt is so old that the provider may have forgotten its idempotency key (kept at least 24 h), so that what
 * was asked must be looked up before it is asked again. One hour early: a call may take a while.
 */
export function keyMayBeForgotten(firstAttemptAt: number | null, now: number): boolean {
  return firstAttemptAt !== null && now - firstAttemptAt >= 23 * 3_600_000
}
