import type { Database, HeldWrite, WriteDb } from '../../db'

export interface SliceOptions {
  /** Milliseconds of a monotonic clock. */
  readonly elapsed: () => number
  /** Most milliseconds of work at a stretch; a commit may come on top. */
  readonly budget: number
}

/** Turns of the event loop that a request takes from its connection to its answer, at most: accept, head, body, and one to spare. */
const turns = 4

/** Lets everything else that waits for the event loop have its turn. */
export async function giveWay(): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** Does one slice of work in a held transaction; `more()` turns false when its time is up, and is true at least once. */
export function writeSlice<T>(held: HeldWrite, options: SliceOptions, work: (w: WriteDb, more: () => boolean) => T): T {
  return held.run((w) => {
    const end = options.elapsed() + options.budget
    let begun = false
    return work(w, () => {
      const goOn = !begun || options.elapsed() < end
      begun = true
      return goOn
    })
  })
}

/** Slices that share a commit, unless another write comes between them. */
const slicesPerCommit = 8

/**
 * Repeats slices of work until one reports that all is done, and gives way between them.
 * @throws the reason of the signal between two of them; what was done until then is kept
 */
export async function inSlices(
  database: Database,
  options: SliceOptions & { readonly signal: AbortSignal },
  step: (w: WriteDb, more: () => boolean) => boolean,
): Promise<void> {
  const held = database.hold()
  try {
    for (let slice = 1; ; slice++) {
      options.signal.throwIfAborted()
      if (writeSlice(held, options, step)) return
      if (slice % slicesPerCommit === 0) held.commit()
      await giveWay()
    }
  } finally {
    held.commit()
  }
}
