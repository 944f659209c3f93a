import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readHeader } from '../../electron/core/vault/header'
import { unlockVault } from '../../electron/core/vault/index'
import { openMaster } from '../../electron/core/vault/proof'
import { passphrase, type RunningApp, startApp } from './app'
import { type Line, Tally } from './report'

const canaries = 50
const page = 4096
/** Pages that are read in one go. */
const mostPages = 4096

/** @returns why the memory of a process cannot be read here; null when it can */
export function noMemory(): string | null {
  return existsSync('/proc/self/mem') && existsSync('/proc/self/pagemap')
    ? null
    : 'the memory of another process is read through /proc, on Linux alone'
}

/** What is looked for, by name, in every spelling it may have. */
type Patterns = ReadonlyMap<string, readonly Buffer[]>

const asText = (text: string): Buffer[] => [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')]

/** A key as it is, each half of it (an allocator overwrites the beginning of what it frees), and as text. */
function asKey(bytes: Buffer): Buffer[] {
  const half = bytes.length / 2
  return [bytes.subarray(0, half), bytes.subarray(half), ...asText(bytes.toString('hex')), ...asText(bytes.toString('base64'))]
}

/** Runs of pages of a mapping that are in memory, as [address, bytes]; the others hold nothing. */
function* presentRuns(pagemap: number, from: number, to: number): Generator<[number, number]> {
  const entries = Buffer.alloc(((to - from) / page) * 8)
  const read = readSync(pagemap, entries, 0, entries.length, (from / page) * 8)
  let start = -1
  const pages = Math.floor(read / 8)
  for (let i = 0; i <= pages; i++) {
    const present = i < pages && ((entries[i * 8 + 7] ?? 0) & 0xc0) !== 0
    if (present && start < 0) start = i
    if (start >= 0 && (!present || i - start === mostPages)) {
      yield [from + start * page, (i - start) * page]
      start = present ? i : -1
    }
  }
}

/** Everything that a process has in memory, searched as a core dump of it would be. @returns how often each name was found */
function search(pid: number, patterns: Patterns): Map<string, number> {
  const found = new Map<string, number>()
  const mappings = readFileSync(`/proc/${pid}/maps`, 'utf8').trim().split('\n')
  const [mem, pagemap] = [openSync(`/proc/${pid}/mem`, 'r'), openSync(`/proc/${pid}/pagemap`, 'r')]
  const longest = Math.max(...[...patterns.values()].flat().map(({ length }) => length))
  const buffer = Buffer.alloc(mostPages * page + longest)
  try {
    for (const mapping of mappings) {
      const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) r/.exec(mapping) ?? []
      if (from === '' || /\[v(var|sys)/.test(mapping)) continue
      for (const [address, bytes] of presentRuns(pagemap, Number.parseInt(from, 16), Number.parseInt(to, 16))) {
        const text = buffer.subarray(0, readMemory(mem, buffer, address, bytes + longest))
        for (const [name, spellings] of patterns) {
          for (const spelling of spellings) {
            for (let i = text.indexOf(spelling); i >= 0 && i < bytes; i = text.indexOf(spelling, i + 1))
              found.set(name, (found.get(name) ?? 0) + 1)
          }
        }
      }
    }
    return found
  } finally {
    closeSync(mem)
    closeSync(pagemap)
  }
}

/** A page that goes away meanwhile holds nothing. @returns bytes read */
function readMemory(mem: number, into: Buffer, address: number, bytes: number): number {
  try {
    return readSync(mem, into, 0, bytes, address)
  } catch {
    return 0
  }
}

async function done<T>(app: RunningApp, procedure: string, input: unknown): Promise<T> {
  const { status, body } = await app.call(procedure, input)
  if (status !== 200) throw new Error(`${procedure} answered ${status}: ${JSON.stringify(body)}`)
  return (body as { value: T }).value
}

/**
 * Promise V5, for a vault that is locked: canaries are put into it in one run. In another one the passphrase is given over the API too, the
 * canaries are shown, and the vault is locked; five seconds later all of the process's memory is searched for them, for the passphrase and for the keys
 * that unlocking gives. What is found before the lock shows that the search finds anything at all. A vault that is sealed needs no search:
 * its process has ended.
 */
export async function memory(): Promise<Line[]> {
  const dir = mkdtempSync(join(tmpdir(), 'countinghouse-memory-'))
  const options = { dataDir: join(dir, 'data'), passphraseFile: join(dir, 'passphrase'), world: 'live' } as const
  writeFileSync(options.passphraseFile, `${passphrase}\n`, { mode: 0o600 })
  const shown = Array.from({ length: canaries }, () => `canary-${randomBytes(12).toString('hex')}`)
  try {
    const first = await startApp(options)
    const ids: string[] = []
    for (const [i, value] of shown.entries()) {
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
        if (value !== shown[i]) throw new Error('another value was shown')
      }
      const values: Patterns = new Map(shown.map((value, i) => [`canary ${i}`, asText(value)]))
      const keys = await keysOf(options.dataDir)
      const before = search(pid, new Map([...values, ...keys]))
      await lock(app)
      const after = search(pid, new Map([...values, ...keys]))
      return [
        lineOf('V5: shown values in memory 5 s after the lock', [...values.keys()], before, after),
        lineOf('V5: keys and passphrase in memory 5 s after the lock', [...keys.keys()], before, after),
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
  await new Promise((resolve) => setTimeout(resolve, 5000))
}

/** Worked out here, in another process than the one that is searched. */
async function keysOf(dataDir: string): Promise<Patterns> {
  const keys = await unlockVault(dataDir, { passphrase })
  const { master } = await openMaster(readHeader(dataDir), { passphrase })
  return new Map([
    ['the master key', asKey(master)],
    ['the records key', asKey(keys.records)],
    ['the key of the header', asKey(keys.headerTag)],
    ['the passphrase', asText(passphrase)],
  ])
}

function lineOf(what: string, names: readonly string[], before: Map<string, number>, after: Map<string, number>): Line {
  const tally = new Tally(what)
  for (const name of names) {
    const times = after.get(name) ?? 0
    tally.add(times === 0 ? [] : [`${name}: ${times} times`])
  }
  return tally.line([names.filter((name) => (before.get(name) ?? 0) > 0).length, 'were there before it'])
}
