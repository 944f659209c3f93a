import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * V8's own collector (`--expose-gc`); `last-resort` also gives the emptied pages back to the operating system, content and all, and
 * `--zero-unused-memory` has what it leaves free in the others overwritten. A V8 that does not know a flag says so and goes on.
 */
type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void

/** What a request under way still holds is let go of within these, in milliseconds after the lock. */
const rounds = [0, 1000, 3000]

function collector(): Collect {
  setFlagsFromString('--zero-unused-memory')
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as Collect
}

/**
 * Strings that held secrets cannot be wiped, only forgotten: after a lock nothing refers to them any more, but they lie in the heap until
 * it is collected, which an idle process may not do for long. So it is done now, and twice again (promise V5, five seconds).
 * @param later runs work after so many milliseconds without keeping the process alive
 */
export function forgetGarbage(
  collect: Collect = collector(),
  later: (work: () => void, ms: number) => void = (work, ms) => void setTimeout(work, ms).unref(),
): void {
  for (const ms of rounds) later(() => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' }), ms)
}
