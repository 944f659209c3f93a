import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { AppError } from '../../shared/errors'
import { endOnDefect } from '../adapters/pino/crashReport'
import { createLogger } from '../adapters/pino/logger'
import { type App, openApp } from '../container'
import { DatabaseError, FolderInUse } from '../core/db/index'
import { VaultError, WrongWorld } from '../core/vault/index'
import { parseHeadlessArgs, UsageError } from './args'
import { readPassphrase } from './passphrase'

/** Why the app did not start, as an exit code that scripts can tell apart. */
export const exitCodes = { usage: 2, inUse: 3, wrongWorld: 4, passphrase: 5, newer: 6, damaged: 7, other: 1 } as const

/** The exit code of a failed start. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCodes.usage
  if (error instanceof FolderInUse) return exitCodes.inUse
  if (error instanceof WrongWorld) return exitCodes.wrongWorld
  if (error instanceof VaultError) {
    if (error.kind === 'wrong-passphrase' || error.kind === 'weak-passphrase') return exitCodes.passphrase
    if (error.kind === 'newer') return exitCodes.newer
    if (error.kind === 'damaged' || error.kind === 'refused-parameters') return exitCodes.damaged
  }
  if (error instanceof DatabaseError) {
    if (error.kind === 'newer') return exitCodes.newer
    if (error.kind === 'damaged' || error.kind === 'wrong-key' || error.kind === 'disk-error') return exitCodes.damaged
  }
  if (error instanceof AppError && error.code === 'rate_limited') return exitCodes.passphrase
  return exitCodes.other
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** What a failed start says; a stack only where nobody foresaw it. */
function explain(error: unknown): string {
  if (error instanceof UsageError || error instanceof AppError) return error.message
  if (error instanceof Error && 'code' in error && 'port' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) {
    const why = error.code === 'EADDRINUSE' ? 'is in use by another program' : 'may not be used by this user'
    return `It could not start: port ${error.port} ${why}. Nothing was changed. Choose another with --port or --webhook-port.`
  }
  return `It could not start: ${error instanceof Error ? error.stack : String(error)}`
}

async function main(argv: readonly string[]): Promise<void> {
  const args = parseHeadlessArgs(argv)
  endOnDefect(args.dataDir)
  const passphrase = await readPassphrase(args.passphraseFile, argv)
  const token = `cht_${randomBytes(32).toString('base64url')}`
  const stopping = stopOnSignals()
  const app = await openApp({
    dataDir: args.dataDir,
    world: args.practice ? 'practice' : 'live',
    passphrase,
    door: 'api',
    webhookPort: args.webhookPort,
    createLogger,
    notifier: { notify: () => {} },
    publish: () => {},
    onPracticeProgress: () => {},
  })
  stopping.app = app
  try {
    const door = await app.openApiDoor(args.port, token)
    const ready = { ready: true, url: `http://127.0.0.1:${door.port}`, webhooks: app.webhookOrigin, token, version: app.version }
    writeSync(1, `${JSON.stringify(ready)}\n`)
  } catch (error) {
    await app.close()
    throw error
  }
}

/**
 * The first SIGTERM or SIGINT drains and ends with 0; repeats are ignored while that lasts. Before the app is open there is nothing to
 * drain: whatever was begun is swept at the next start.
 */
function stopOnSignals(): { app: App | null } {
  const state: { app: App | null } = { app: null }
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    if (state.app === null) process.exit(0)
    const forced = setTimeout(() => process.exit(0), 4_500)
    forced.unref()
    state.app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        say(
          `It could not be closed cleanly: ${error instanceof Error ? error.message : String(error)}. Nothing acknowledged is lost.`,
        )
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  return state
}

main(process.argv.slice(2)).catch((error: unknown) => {
  say(explain(error))
  process.exit(exitCodeOf(error))
})
