import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

/** Log files: at most this many, of at most this size each. */
export const logFileBytes = 10 * 1024 * 1024
export const logFiles = 5

/**
 * A destination for log lines that renames `file` to `file.1`, `file.1` to `file.2` and so on when it is full, and forgets the oldest.
 * Files are 0600. Writing is synchronous, so the last lines before a crash are there. A line that cannot be written (a full or read-only
 * disk) is left out: what the app was doing when it wrote the line matters more than the line.
 */
export class RotatingFile {
  readonly #file: string
  readonly #maxBytes: number
  #descriptor: number
  #size: number

  constructor(file: string, maxBytes = logFileBytes) {
    this.#file = file
    this.#maxBytes = maxBytes
    this.#descriptor = openSync(file, 'a', 0o600)
    this.#size = fstatSync(this.#descriptor).size
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line)
    try {
      if (this.#size > 0 && this.#size + bytes > this.#maxBytes) this.#rotate()
      writeSync(this.#descriptor, line)
      this.#size += bytes
    } catch {
      // See above: there is nowhere to report to that this line was not meant for.
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  /** Keeps the file in use as it is when its successor cannot be made. */
  #rotate(): void {
    rmSync(`${this.#file}.${logFiles - 1}`, { force: true })
    for (let index = logFiles - 2; index >= 0; index--) {
      const from = index === 0 ? this.#file : `${this.#file}.${index}`
      try {
        renameSync(from, `${this.#file}.${index + 1}`)
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
      }
    }
    const next = openSync(this.#file, 'a', 0o600)
    closeSync(this.#descriptor)
    this.#descriptor = next
    this.#size = 0
  }
}
