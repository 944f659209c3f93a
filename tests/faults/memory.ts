import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readHeader } from '../../electron/core/vault/header'
import { unlockVault } from '../../electron/core/vault/index'
import { openMaster } from '../../electron/core/vault/proof'
import { passphrase, type RunningApp, startApp } from './app'
import { type Line, Tally } from './report'

const canaries = 50
const pieceLength = 64 << 20

/** Makes sure that a core dump can be taken. @returns why it cannot; null when it can */
export function noCoreDumps(): string | null {
  if (process.platform !== 'linux') return 'core dumps of a running process are taken with gdb on Linux alone'
  const present = () => spawnSync('gdb', ['--version'], { stdio: 'ignore' }).status === 0
  if (present()) return null
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['install', '-y', 'gdb'], { stdio: 'ignore' }).status === 0 && present())
    return null
  return 'gdb is not installed and could not be installed (apt-get install gdb as root)'
}

/** Which of the patterns occur in a file, read in pieces that overlap. */
function occurring(file: string, patterns: ReadonlyMap<string, readonly Buffer[]>): Map<string, number> {
  const longest = Math.max(...[...patterns.values()].flat().map((pattern) => pattern.length))
  const handle = openSync(file, 'r')
  const piece = Buffer.alloc(pieceLength + longest)
  const found = new Map<string, number>()
  try {
    for (let at = 0; ; at += pieceLength) {
      const read = readSync(handle, piece, 0, piece.length, at)
      if (read <= 0) return found
      const text = piece.subarray(0, read)
      for (const [name, spellings] of patterns) {
        for (const spelling of spellings) {
          for (let i = text.indexOf(spelling); i >= 0 && i < pieceLength; i = text.indexOf(spelling, i + 1))
            found.set(name, (found.get(name) ?? 0) + 1)
        }
      }
    }
  } finally {
    closeSync(handle)
  }
}

/** A core dump of a living process, searched and deleted. */
function search(pid: number, dir: string, patterns: ReadonlyMap<string, readonly Buffer[]>): Map<string, number> {
  const prefix = join(dir, 'core')
  execFileSync('gcore', ['-a', '-o', prefix, String(pid)], { stdio: 'ignore' })
  const file = `${prefix}.${pid}`
  try {
    return occurring(file, patterns)
  } finally {
    rmSync(file, { force: true })
  }
}

async function done<T>(app: RunningApp, procedure: string, input: unknown): Promise<T> {
  const { status, body } = await app.call(procedure, input)
  if (status !== 200) throw new Error(`${procedure} answered ${status}: ${JSON.stringify(body)}`)
  return (body as { value: T }).value
}

const asText = (text: string) => [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')]
const asBytes = (bytes: Buffer) => [bytes, ...asText(bytes.toString('hex')), ...asText(bytes.toString('base64'))]

/**
 * Promise V5: canaries are put into the vault in one run and shown over the API in another; then the vault is locked and everything that
 * the process still has in memory is searched for them and for the vault's keys.
 */
export async function memory(): Promise<Line[]> {
  const dir = mkdtempSync(join(tmpdir(), 'countinghouse-memory-'))
  const [dataDir, passphraseFile] = [join(dir, 'data'), join(dir, 'passphrase')]
  writeFileSync(passphraseFile, `${passphrase}\n`, { mode: 0o600 })
  const shown = Array.from({ length: canaries }, () => `canary-${randomBytes(12).toString('hex')}`)
  try {
    const first = await startApp({ dataDir, passphraseFile, world: 'live' })
    const ids: string[] = []
    for (const [i, value] of shown.entries()) {
      const fields = [{ name: 'value', type: 'hidden', value }]
      ids.push((await done<{ id: string }>(first, 'secrets.create', { kind: 'note', title: `Canary ${i}`, fields })).id)
    }
    await first.stop()
    const app = await startApp({ dataDir, passphraseFile, world: 'live' })
    const pid = app.process.pid ?? 0
    try {
      for (const [i, secretId] of ids.entries()) {
        const { value } = await done<{ value: string }>(app, 'secrets.reveal', { secretId, field: 'value' })
        if (value !== shown[i]) throw new Error('another value was shown')
      }
      const patterns = await patternsOf(dataDir, shown)
      const open = search(pid, dir, patterns)
      await app.call('vault.lock', {})
      await new Promise((resolve) => setTimeout(resolve, 5000))
      const locked = search(pid, dir, patterns)
      return [
        lineOf('V5: revealed values in a core dump 5 s after lock', locked, 'canary', open),
        lineOf('V5: keys of the vault in a core dump 5 s after lock', locked, 'key', open),
      ]
    } finally {
      await app.kill()
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function patternsOf(dataDir: string, shown: readonly string[]): Promise<Map<string, Buffer[]>> {
  const keys = await unlockVault(dataDir, { passphrase })
  const { master } = await openMaster(readHeader(dataDir), { passphrase })
  return new Map([
    ...shown.map((value, i): [string, Buffer[]] => [`canary ${i}`, asText(value)]),
    ['key master', asBytes(master)],
    ['key records', asBytes(keys.records)],
    ['key header', asBytes(keys.headerTag)],
  ])
}

/** What was found while unlocked shows that the search finds anything at all. */
function lineOf(what: string, locked: Map<string, number>, kind: string, open: Map<string, number>): Line {
  const tally = new Tally(what)
  const names =
    kind === 'key' ? ['key master', 'key records', 'key header'] : Array.from({ length: canaries }, (_, i) => `canary ${i}`)
  for (const name of names) {
    const found = locked.get(name) ?? 0
    tally.add(found === 0 ? [] : [`${name}: ${found} times`])
  }
  return tally.line([names.filter((name) => (open.get(name) ?? 0) > 0).length, 'found while unlocked'])
}
