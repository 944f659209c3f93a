import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { passphrase, type RunningApp, startApp } from './app'
import { newCanaries } from './canaries'
import { type Found, search } from './memorySearch'
import { type Line, Tally } from './report'
import { keysOf } from './vaultKeys'

const canaries = 50
/** What promise V5 leaves of time, in milliseconds. */
const promised = 5000

async function done<T>(app: RunningApp, procedure: string, input: unknown): Promise<T> {
  const { status, body } = await app.call(procedure, input)
  if (status !== 200) throw new Error(`${procedure} answered ${status}: ${JSON.stringify(body)}`)
  return (body as { value: T }).value
}

/**
 * Promise V5, for a vault that is locked: canaries are put into it in one run. In another one the passphrase is given over the API too, the
 * canaries are shown, and the vault is locked; five seconds later all of the process's memory is searched for them, for the passphrase and for the keys
 * that unlocking gives. What is found before the lock shows that the search finds anything at all. A headless vault is closed by ending its
 * process; how the window does it is searched in `windowMemory.ts`.
 */
export async function memory(): Promise<Line[]> {
  const dir = mkdtempSync(join(tmpdir(), 'countinghouse-memory-'))
  const options = { dataDir: join(dir, 'data'), passphraseFile: join(dir, 'passphrase'), world: 'live' } as const
  writeFileSync(options.passphraseFile, `${passphrase}\n`, { mode: 0o600 })
  const { values, patterns, ends } = newCanaries(canaries)
  try {
    const first = await startApp(options)
    const ids: string[] = []
    for (const [i, value] of values.entries()) {
      const fields = [{ name: 'value', type: 'hidden', value }]
      ids.push((await done<{ id: string }>(first, 'secrets.create', { kind: 'note', title: `Canary ${i}`, fields })).id)
    }
    await first.stop()

    const app = await startApp(options)
    const pid = app.process.pid ?? 0
    try {
      await done(app, 'vault.unlock', { passphrase })
      for (const [i, secretId] of ids.entries()) {
        const { value } = await done<{ value: string }>(app, 'secrets.reveal', { secretId, field: 'value' })
        if (value !== values[i]) throw new Error('another value was shown')
      }
      const { unlocked } = await keysOf(options.dataDir)
      const all = new Map([...patterns, ...ends, ...unlocked])
      const before = search(pid, all)
      await lock(app)
      const after = search(pid, all)
      return [
        lineOf('V5: shown values in memory 5 s after the lock', [...patterns.keys(), ...ends.keys()], before, after),
        lineOf('V5: keys and passphrase in memory 5 s after the lock', [...unlocked.keys()], before, after),
      ]
    } finally {
      await app.kill()
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Locks, asked again where the long search has cost the connection, and waits until what is promised must be true. */
async function lock(app: RunningApp): Promise<void> {
  const isLocked = async () => {
    const { status } = await app.call('vault.lock', {})
    return status === 200 || status === 423
  }
  if (!(await isLocked()) && !(await isLocked())) throw new Error('the vault did not lock')
  await new Promise((resolve) => setTimeout(resolve, promised))
}

function lineOf(what: string, names: readonly string[], before: Found, after: Found): Line {
  const tally = new Tally(what)
  for (const name of names) {
    const times = after.get(name) ?? 0
    tally.add(times === 0 ? [] : [`${name}: ${times} times`])
  }
  return tally.line([names.filter((name) => (before.get(name) ?? 0) > 0).length, 'were there before it'])
}
