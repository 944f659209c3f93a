import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { z } from 'zod'
import { AppError } from '../../../shared/errors'
import { writeDurably } from '../db'

/** Beside the header: the database is closed while someone is guessing. */
export const throttleFileName = 'unlock.throttle'

const minute = 60_000

/** Wrong passphrases in a row before a door waits. */
const allowedFailures = 5
const firstWait = 15 * minute
const longestWait = 24 * 60 * minute

const door = z.strictObject({
  /** Attempts since the last success; an attempt counts from its beginning, so killing the app does not undo it. */
  failures: z.int().nonnegative(),
  /** Length of the running wait in milliseconds, 0 for none. */
  wait: z.int().nonnegative(),
  /** Milliseconds since the machine's start when the wait began. */
  since: z.number().nonnegative(),
})
const doors = z.record(z.string().max(64), door)
type Doors = z.infer<typeof doors>

/**
 * Slows the guessing of the passphrase at one door (promise V7): after 5 failures the door waits 15 minutes, after each further 5 twice
 * as long, up to a day. The wait survives a restart of the app and does not look at the wall clock, so setting the clock changes
 * nothing; after a restart of the machine it begins anew. It is a brake for someone at the keyboard: whoever can write the folder can
 * delete the file, and is held by the cost of the passphrase alone (promise V1).
 */
export interface Throttle {
  /**
   * Counts an attempt at a door before the passphrase is tried.
   * @throws AppError 'rate_limited' with details `retryAfterSeconds` while the door waits; the passphrase must then not be tried
   */
  attempt(door: string): void
  /** The attempt succeeded: the door starts from nothing again. */
  succeeded(door: string): void
  /** Whole seconds that the door still waits, 0 when it is open. */
  secondsToWait(door: string): number
}

function waitAfter(failures: number): number {
  if (failures === 0 || failures % allowedFailures !== 0) return 0
  return Math.min(longestWait, firstWait * 2 ** (failures / allowedFailures - 1))
}

/** Unreadable contents count as none: a deleted file would have the same effect. */
function read(file: string): Doors {
  try {
    return doors.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return {}
  }
}

/**
 * @param file path of the throttle file
 * @param sinceBoot milliseconds since the machine's start, sleep included; never set back
 */
export function createThrottle(file: string, sinceBoot: () => number = () => uptime() * 1000): Throttle {
  const remaining = (state: Doors[string] | undefined): number => {
    if (!state) return 0
    const now = sinceBoot()
    const elapsed = now >= state.since ? now - state.since : now
    return Math.max(0, state.wait - elapsed)
  }
  const secondsToWait = (name: string) => Math.ceil(remaining(read(file)[name]) / 1000)
  const write = (all: Doors) => writeDurably(file, Buffer.from(`${JSON.stringify(all)}\n`))

  return {
    secondsToWait,
    attempt(name) {
      const seconds = secondsToWait(name)
      if (seconds > 0) {
        throw new AppError(
          'rate_limited',
          `Too many wrong passphrases. Nothing was tried. Wait ${Math.ceil(seconds / 60)} min and try again.`,
          { retryAfterSeconds: seconds },
        )
      }
      const all = read(file)
      const failures = (all[name]?.failures ?? 0) + 1
      write({ ...all, [name]: { failures, wait: waitAfter(failures), since: sinceBoot() } })
    },
    succeeded(name) {
      const { [name]: _, ...others } = read(file)
      write(others)
    },
  }
}
