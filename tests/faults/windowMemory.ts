import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from '../../build/chromium-runtime/browser.mjs'
import { driveApp } from '../../build/chromium-runtime/driver'
import { passphrase, root } from './app'
import { type AppProcess, appProcesses, isAlive, markName } from './appProcesses'
import { type Canaries, newCanaries } from './canaries'
import { addFound, type Found, type Patterns, search } from './memorySearch'
import { type Line, Tally } from './report'
import { keysOf, type VaultKeyPatterns } from './vaultKeys'
import { closeVault, createVault, keepByBridge, keepByTyping, lockVault, showAll, unlockVault } from './windowSteps'

const canaries = 50
/** What promise V5 leaves of time, in milliseconds. */
const promised = 5000
/** Longest wait for processes to begin and to end, in milliseconds. */
const patience = 60_000

/** @returns why the memory of a window cannot be searched here; null when it can */
export function noWindow(): string | null {
  if (findBrowser() === null) return 'no Chromium, Chrome or Edge is installed'
  return process.getuid?.() === 0
    ? null
    : 'only root may read the memory of a browser’s pages, which its sandbox shuts off from everybody else'
}

/**
 * Promise V5 for the window, searched for in every process of the app and of its browser. A vault is created and unlocked by typing; canaries
 * are typed, kept, shown and copied in the page. Five seconds after a lock no process holds any of them, the passphrase or what unlocking
 * gave, and none but main a key. Five seconds after the vault was closed, which ends its processes and starts the app anew, none holds anything.
 */
export async function windowMemory(): Promise<Line[]> {
  const dir = mkdtempSync(join(tmpdir(), 'countinghouse-window-memory-'))
  const mark = randomUUID()
  const shown = newCanaries(canaries)
  try {
    const app = await driveApp({ app: root, args: ['--data', dir], env: { [markName]: mark } })
    const page = await app.nextPage()
    await createVault(page, passphrase)
    await keepByTyping(page, shown.values[0] ?? '')
    await keepByBridge(page, shown, canaries)
    await showAll(page, canaries)
    const keys = await keysOf(dir)
    const used = searchAll(appProcesses(mark), inUse(shown, keys))

    await lockVault(page)
    const lockedPage = await app.nextPage()
    await pause(promised)
    const locked = searchEach(appProcesses(mark), leftovers(shown, keys))
    await unlockVault(lockedPage, passphrase)
    await showAll(lockedPage, canaries)
    const running = appProcesses(mark)
    const usedAgain = searchAll(running, inUse(shown, keys))

    await closeVault(lockedPage)
    const [main] = running.filter(({ role }) => role === 'main')
    await until('the closed app ends', () => main !== undefined && !isAlive(main))
    const endedAt = performance.now()
    await until('the app starts anew', () => appProcesses(mark).some(({ role }) => role === 'renderer'))
    await pause(Math.max(0, promised - (performance.now() - endedAt)))
    const anew = appProcesses(mark)
    const closed = searchEach(anew, leftovers(shown, keys))
    return [
      findableLine('V5: values and keys that the search finds while they are used', inUse(shown, keys), [used, usedAgain]),
      processLine('V5: processes with a shown value 5 s after the lock', locked, () => shown.ends),
      processLine('V5: processes with a key or the passphrase 5 s after the lock', locked, ({ role }) =>
        role === 'main' ? keys.unlocked : new Map([...keys.unlocked, ...keys.core]),
      ),
      processLine('V5: processes with a value, key or the passphrase 5 s after closing', closed, () => leftovers(shown, keys)),
      endedLine('V5: processes of before that have ended 5 s after closing', running),
      sameLine('V5: processes of the app that were started anew with the same arguments', running, anew),
    ]
  } finally {
    await endAll(mark)
    rmSync(dir, { recursive: true, force: true })
  }
}

interface Searched {
  readonly process: AppProcess
  readonly found: Found
}

/** What is there while the vault is used; the master key and the passphrase's key are gone as soon as they were needed. */
const inUse = ({ patterns }: Canaries, { unlocked, core }: VaultKeyPatterns): Patterns =>
  new Map([...patterns, ...unlocked, ...core].filter(([name]) => !/master|of the passphrase/.test(name)))

const leftovers = ({ ends }: Canaries, { unlocked, core }: VaultKeyPatterns): Patterns => new Map([...ends, ...unlocked, ...core])

function searchEach(processes: readonly AppProcess[], patterns: Patterns): Searched[] {
  return processes.map((process) => ({ process, found: search(process.pid, patterns) }))
}

function searchAll(processes: readonly AppProcess[], patterns: Patterns): Found {
  const total: Found = new Map()
  for (const { found } of searchEach(processes, patterns)) addFound(total, found)
  return total
}

/** Without this a search that finds nothing would prove nothing. */
function findableLine(what: string, patterns: Patterns, searches: readonly Found[]): Line {
  const tally = new Tally(what)
  for (const name of patterns.keys()) tally.add(searches.every((found) => found.has(name)) ? [] : [`${name} was not found`])
  const times = searches.flatMap((found) => [...found.values()]).reduce((sum, one) => sum + one, 0)
  return tally.line([times, 'times in all'])
}

function processLine(what: string, searched: readonly Searched[], forbidden: (process: AppProcess) => Patterns): Line {
  const tally = new Tally(what)
  for (const { process, found } of searched) {
    const held = [...forbidden(process).keys()].filter((name) => found.has(name))
    tally.add(held.map((name) => `${process.role}: ${name}, ${found.get(name)} times`))
  }
  return tally.line()
}

function endedLine(what: string, processes: readonly AppProcess[]): Line {
  const tally = new Tally(what)
  for (const process of processes) tally.add(isAlive(process) ? [`${process.role} still runs`] : [])
  return tally.line()
}

function sameLine(what: string, before: readonly AppProcess[], after: readonly AppProcess[]): Line {
  const tally = new Tally(what)
  const commands = (processes: readonly AppProcess[]) =>
    processes.filter(({ role }) => role === 'main').map(({ command }) => command)
  const [wanted] = commands(before)
  for (const command of commands(after)) tally.add(command === wanted ? [] : [`"${command}" instead of "${wanted}"`])
  return tally.line()
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 50) {
    if (waited > patience) throw new Error(`Waited in vain: ${what}`)
    await pause(50)
  }
}

/** Ends what is left of the app, above all the process that was started anew; it may take its browser with it. */
async function endAll(mark: string): Promise<void> {
  for (const [signal, wait] of [
    ['SIGTERM', 5000],
    ['SIGKILL', patience],
  ] as const) {
    for (const { pid, role } of appProcesses(mark)) if (signal === 'SIGKILL' || role === 'main') end(pid, signal)
    for (let waited = 0; waited < wait && appProcesses(mark).length > 0; waited += 50) await pause(50)
  }
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended by itself meanwhile.
  }
}
