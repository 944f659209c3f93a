import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { AppError } from '../../shared/errors'
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

async function main(argv: readonly string[]): Promise<void> {
  const args = parseHeadlessArgs(argv)
  const passphrase = await readPassphrase(args.passphraseFile, argv)
  const token = `cht_${randomBytes(32).toString('base64url')}`
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
  stopOnSignals(app)
  const door = await app.openApiDoor(args.port, token)
  const ready = { ready: true, url: `http://127.0.0.1:${door.port}`, webhooks: app.webhookOrigin, token, version: app.version }
  writeSync(1, `${JSON.stringify(ready)}\n`)
}

/** The first SIGTERM or SIGINT drains and ends with 0; repeats are ignored while that lasts. */
function stopOnSignals(app: App): void {
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    const forced = setTimeout(() => process.exit(0), 4_500)
    forced.unref()
    app.close().then(
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
}

main(process.argv.slice(2)).catch((error: unknown) => {
  say(
    error instanceof UsageError || error instanceof AppError
      ? error.message
      : `It could not start: ${error instanceof Error ? error.stack : String(error)}`,
  )
  process.exit(exitCodeOf(error))
})
