import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { endOnDefect } from '../adapters/pino/crashReport'
import { createLogger } from '../adapters/pino/logger'
import { type App, openApp } from '../container'
import { restoreFromFile, workerThreads } from '../core/backups/index'
import { parseHeadlessArgs } from './args'
import { exitCodeOf, explain } from './failedStart'
import { readPassphrase } from './passphrase'

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

async function main(argv: readonly string[]): Promise<void> {
  const args = parseHeadlessArgs(argv)
  endOnDefect(args.dataDir)
  const passphrase = await readPassphrase(args.passphraseFile, argv)
  const token = `cht_${randomBytes(32).toString('base64url')}`
  const stopping = stopOnSignals()
  const world = args.practice ? 'practice' : 'live'
  const backupWorker = join(import.meta.dirname, 'backupWorker.js')
  if (args.restore !== null) {
    const workbench = workerThreads(backupWorker)
    const from = { file: args.restore, dataDir: args.dataDir, world, door: 'start', workbench, now: Date.now() } as const
    const { secrets, entries } = await restoreFromFile({ ...from, proof: { passphrase } })
    say(
      `Restored ${secrets} secrets and ${entries} journal entries. Everything is paused: call safety/resume once you have looked.`,
    )
  }
  const app = await openApp({
    dataDir: args.dataDir,
    world,
    proof: { passphrase },
    door: 'start',
    webhookPort: args.webhookPort,
    createLogger,
    notifier: { notify: () => {} },
    publish: () => {},
    onPracticeProgress: () => {},
    backupWorker,
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
