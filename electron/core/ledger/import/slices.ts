import type { Database, WriteDb } from '../../db'

export interface SliceOptions {
  /** Milliseconds of a monotonic clock. */
  readonly elapsed: () => number
  /** Most milliseconds of work in one transaction; its commit comes on top. */
  readonly budget: number
}

/** Lets everything else that waits for the event loop have its turn. */
export function giveWay(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Runs one short transaction; `more()` turns false when its time is up, and is true at least once. */
export function writeSlice<T>(database: Database, options: SliceOptions, work: (w: WriteDb, more: () => boolean) => T): T {
  return database.write((w) => {
    const end = options.elapsed() + options.budget
    let begun = false
    return work(w, () => {
      const goOn = !begun || options.elapsed() < end
      begun = true
      return goOn
    })
  })
}

/** Repeats short transactions until one reports that all is done. @throws the reason of the signal between two of them */
export async function inSlices(
  database: Database,
  options: SliceOptions & { readonly signal: AbortSignal },
  step: (w: WriteDb, more: () => boolean) => boolean,
): Promise<void> {
  for (;;) {
    options.signal.throwIfAborted()
    if (writeSlice(database, options, step)) return
    await giveWay()
  }
}
