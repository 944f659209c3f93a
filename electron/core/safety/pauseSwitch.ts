import { AppError } from '../../../shared/errors'
import type { Database } from '../db'
import type { Pause } from '../ports/pause'
import { readPause } from './pause.repository'

/**
 * The pause as the others see it. It is what the database says, so it survives a restart and never differs from a pause that was rolled
 * back; a listener hears of a change with the commit that made it.
 */
export class PauseSwitch implements Pause {
  readonly #database: Database
  readonly #listeners = new Set<(paused: boolean) => void>()
  #told: boolean

  constructor(database: Database) {
    this.#database = database
    this.#told = this.paused
    database.afterCommit(() => this.#tell())
  }

  get paused(): boolean {
    return readPause(this.#database.read) !== undefined
  }

  assertRunning(): void {
    if (!this.paused) return
    throw new AppError(
      'paused',
      'Everything is paused. Nothing was sent and nothing was called. Go on with safety/resume, or in the window, then try again.',
    )
  }

  onChange(listener: (paused: boolean) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #tell(): void {
    const { paused } = this
    if (paused === this.#told) return
    this.#told = paused
    for (const listener of this.#listeners) listener(paused)
  }
}
