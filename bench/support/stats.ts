/** Order statistics of a set of measurements; NaN when there are none. */
export interface Spread {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** @param values in any order; not changed */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? Number.NaN }
}

export function median(values: readonly number[]): number {
  return spreadOf(values).p50
}

/** @returns how long each of `times` runs took, in milliseconds; runs before them warm up */
export async function timeEach(times: number, work: () => unknown, warmUp = 3): Promise<{ first: number; each: number[] }> {
  const timed = async () => {
    const start = performance.now()
    await work()
    return performance.now() - start
  }
  const first = await timed()
  for (let n = 1; n < warmUp; n++) await work()
  const each: number[] = []
  for (let n = 0; n < times; n++) each.push(await timed())
  return { first, each }
}
