import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'

/** What the start script found out about this run. */
export interface RuntimeFacts {
  /** The browser's executable. */
  executable: string
  /** As the browser says itself, e.g. `Chromium 156.0.8078.79`. */
  browser: string
  /** Whether windows are drawn off screen. */
  headless: boolean
  /** Whether a test drives this process; then nothing reaches out to the desktop. */
  controlled: boolean
  /** The folder of the app's package.json, and what stands in it. */
  appPath: string
  appName: string
  appVersion: string
  /** What `app.relaunch` starts: the executable and its arguments. */
  command: string[]
}

/** One call of an api that this runtime only records. */
export interface RecordedCall {
  /** Dotted name, e.g. `shell.openExternal`. */
  api: string
  args: unknown[]
}

let facts: RuntimeFacts | undefined

/** States the facts of this run; called once, by the start script, before the app is loaded. */
export function setFacts(found: RuntimeFacts): void {
  facts = found
  chromiumRuntime.hasPerson = !found.headless && !found.controlled
}

export function runtime(): RuntimeFacts {
  if (!facts) throw new Error('The Chromium runtime has not been started; run its "electron" executable.')
  return facts
}

/** Random and unguessable, so that neither a page nor a preload can know or meet it. */
export const secretName = (): string => `_${randomUUID().replaceAll('-', '')}`

/**
 * What tests reach as `globalThis.__chromiumRuntime` in main: the calls of stood-in apis and the answers to give.
 * Events: `window` (endpoint) when a window can be attached to, `browser-pid`.
 */
class ChromiumRuntime extends EventEmitter {
  readonly recorded: RecordedCall[] = []
  readonly #answers = new Map<string, unknown[]>()
  /** Whether somebody sits in front of the window who can be asked; set in tests that play that person. */
  hasPerson = false

  /** Records a call of a stood-in api. */
  record(api: string, ...args: unknown[]): void {
    this.recorded.push({ api, args })
  }

  /** Queues what the next call of a dialog answers, e.g. `queueAnswer('showOpenDialog', { canceled: false, filePaths: ['/x'] })`. */
  queueAnswer(method: string, answer: unknown): void {
    this.#answers.set(method, [...(this.#answers.get(method) ?? []), answer])
  }

  /** Takes the oldest queued answer of a dialog, or `undefined` when none is queued. */
  takeAnswer(method: string): unknown {
    return this.#answers.get(method)?.shift()
  }
}

export const chromiumRuntime = new ChromiumRuntime()
Object.defineProperty(globalThis, '__chromiumRuntime', { value: chromiumRuntime })
