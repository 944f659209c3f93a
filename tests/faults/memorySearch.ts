import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs'

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
export type Patterns = ReadonlyMap<string, readonly Buffer[]>

/** How often each name was found. */
export type Found = Map<string, number>

/** A text as the engines write it. */
export const asText = (text: string): Buffer[] => [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')]

/** A key as it is, each half of it (an allocator overwrites the beginning of what it frees), and as text. */
export function asKey(bytes: Buffer): Buffer[] {
  const half = bytes.length / 2
  return [bytes.subarray(0, half), bytes.subarray(half), ...asText(bytes.toString('hex')), ...asText(bytes.toString('base64'))]
}

/** Adds what was found in one process to what was found in others. */
export function addFound(total: Found, one: Found): void {
  for (const [name, times] of one) total.set(name, (total.get(name) ?? 0) + times)
}

/**
 * Searches everything that a process has in memory: what a core dump of it would hold, and what it shares with others. Of the files that are
 * mapped for it alone the pages that were not written to are left out. A process that has ended holds nothing.
 * @returns how often each name was found
 */
export function search(pid: number, patterns: Patterns): Found {
  const found: Found = new Map()
  const spellings = [...patterns].flatMap(([name, all]) => all.map((spelling) => ({ name, spelling })))
  const overlap = Math.max(...spellings.map(({ spelling }) => spelling.length)) - 1
  const buffer = Buffer.alloc(mostPages * page + overlap)
  for (const [bytes, own] of memoryOf(pid, buffer, overlap)) {
    for (const { name, spelling } of spellings) {
      for (let i = bytes.indexOf(spelling); i >= 0 && i < own; i = bytes.indexOf(spelling, i + 1))
        found.set(name, (found.get(name) ?? 0) + 1)
    }
  }
  return found
}

/** The memory of a process in pieces: [bytes, how many of them are its own]. The others begin the next piece: nothing lies between two. */
function* memoryOf(pid: number, buffer: Buffer, overlap: number): Generator<[Buffer, number]> {
  const files: number[] = []
  try {
    for (const name of ['mem', 'pagemap']) files.push(openSync(`/proc/${pid}/${name}`, 'r'))
    const [mem = -1, pagemap = -1] = files
    for (const mapping of mappingsOf(pid)) {
      for (const [from, to] of presentRuns(pagemap, mapping)) {
        for (let at = from; at < to; at += page) {
          const wanted = to - at
          const read = readSomeOf(mem, buffer, wanted + overlap, at)
          if (read > 0) yield [buffer.subarray(0, read), wanted]
          at += Math.max(0, Math.min(read, wanted) - page)
        }
      }
    }
  } catch (error) {
    if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    for (const file of files) closeSync(file)
  }
}

/** A page that went away meanwhile holds nothing. @returns bytes read, up to the first such page */
function readSomeOf(mem: number, into: Buffer, bytes: number, address: number): number {
  try {
    return readSync(mem, into, 0, bytes, address)
  } catch {
    return 0
  }
}

interface Mapping {
  readonly from: number
  readonly to: number
  /** A file that is mapped for this process alone: a page of it that was not written to holds what the file holds. */
  readonly isOwnFile: boolean
}

const mappingLine = /^([0-9a-f]+)-([0-9a-f]+) r..(.) \S+ \S+ \d+ *(.*)$/

/** What a process may read of its memory. */
function mappingsOf(pid: number): Mapping[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')
  return lines.flatMap((line) => {
    const [, from, to, sharing, path = ''] = mappingLine.exec(line) ?? []
    if (from === undefined || to === undefined || /^\[v(var|sys)/.test(path)) return []
    const isOwnFile = sharing === 'p' && path.startsWith('/') && !/^\/(dev\/shm\/|memfd:)/.test(path)
    return [{ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16), isOwnFile }]
  })
}

/** Runs of pages of a mapping that are in memory, as [first address, address after it]; the others hold nothing of their own. */
function* presentRuns(pagemap: number, { from, to, isOwnFile }: Mapping): Generator<[number, number]> {
  const entries = Buffer.alloc(mostPages * 8)
  for (let address = from; address < to; address += mostPages * page) {
    const wanted = Math.min(mostPages, (to - address) / page) * 8
    const pages = Math.floor(readSync(pagemap, entries, 0, wanted, (address / page) * 8) / 8)
    let start = -1
    for (let i = 0; i <= pages; i++) {
      // Linux, admin-guide/mm/pagemap.rst: bit 63 is in memory, 62 is swapped out, 61 is a page of a file or shared.
      const flags = i < pages ? (entries[i * 8 + 7] ?? 0) : 0
      const present = (flags & 0xc0) !== 0 && !(isOwnFile && (flags & 0x20) !== 0)
      if (present && start < 0) start = i
      if (present || start < 0) continue
      yield [address + start * page, address + i * page]
      start = -1
    }
  }
}
