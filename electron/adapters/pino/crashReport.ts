import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { redactText } from './redaction'

/**
 * Writes what an unexpected end was to `<folder>/logs/crash-<time>.txt` (0600), with everything that looks like a key, token or address taken
 * out. Reports stay on this machine. Never throws: it runs when things are wrong already.
 * @param at UTC epoch milliseconds
 * @returns the text, for stderr
 */
export function writeCrashReport(folder: string, error: unknown, at: number): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const text = redactText(`Countinghouse ended unexpectedly at ${new Date(at).toISOString()}\n${stack}\n`)
  try {
    mkdirSync(join(folder, 'logs'), { recursive: true, mode: 0o700 })
    writeFileSync(join(folder, 'logs', `crash-${at}.txt`), text, { mode: 0o600 })
  } catch {
    return `${text}The crash report could not be written.\n`
  }
  return text
}

/** Ends the process on a defect nobody caught, after writing a crash report: in an unknown state it is safer to stop than to go on. */
export function endOnDefect(folder: string): void {
  const end = (error: unknown) => {
    process.stderr.write(writeCrashReport(folder, error, Date.now()))
    process.exit(1)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
}
