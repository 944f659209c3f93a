import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { dirname, join, parse as parsePath } from 'node:path'
import { z } from 'zod'
import { syncFolder, writeDurably } from '../db/durableFile'
import type { SignedHead } from './heads'
import { type Hash, verifyConsistency } from './merkle'

/** A place outside the database that keeps signed heads and acts as a witness: what it has once accepted it never lets be taken back. */
export interface Anchor {
  /** For people: which place this is. No path. */
  readonly name: string
  /** The head with the most rows that it holds; null when it is new. @throws AnchorDamaged */
  read(): SignedHead | null
  /** All heads it accepted, smallest first. @throws AnchorDamaged */
  history(): readonly SignedHead[]
  /**
   * Keeps a head for good before returning. `proof` is the consistency proof from `read()` to `head`.
   * @throws AnchorRefused when the head covers fewer rows than the one held or does not extend it; AnchorDamaged; file system errors.
   */
  write(head: SignedHead, proof: readonly Hash[]): void
  /**
   * Puts aside for good what it holds and is as new: the owner has acknowledged that the database is an older copy. Nothing is deleted.
   * @throws AnchorDamaged; file system errors
   */
  startAnew(): void
}

/** The head is not an extension of what this place holds: the database is an older copy, or was rewritten. */
export class AnchorRefused extends Error {
  constructor(name: string, held: number, offered: number) {
    super(`The anchor "${name}" holds a head of ${held} rows, which the head of ${offered} rows does not extend`)
    this.name = 'AnchorRefused'
  }
}

/** What the place holds cannot be read as heads, or belongs to another vault. */
export class AnchorDamaged extends Error {
  constructor(name: string, what: string) {
    super(`The anchor "${name}" is damaged: ${what}`)
    this.name = 'AnchorDamaged'
  }
}

const line = z.strictObject({
  size: z.int().min(1),
  root: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.int(),
  signature: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
  publicKey: z.string().regex(/^[0-9a-f]{64}$/),
})

const headFile = 'audit-head.json'
const historyFile = 'audit-heads.jsonl'

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

function parse(text: string): z.infer<typeof line> | undefined {
  try {
    return line.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

function appendDurably(path: string, text: string): void {
  const isNew = !existsSync(path)
  const handle = openSync(path, 'a', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  if (isNew) syncFolder(dirname(path))
}

/** A name beside a file, not taken yet, that says up to where the heads in it go: `audit-heads.until-250.jsonl`. */
function freeName(path: string, { size }: SignedHead): string {
  const { dir, name, ext } = parsePath(path)
  for (let n = 1; ; n++) {
    const free = join(dir, `${name}.until-${size}${n === 1 ? '' : `-${n}`}${ext}`)
    if (!existsSync(free)) return free
  }
}

/**
 * An anchor in a folder: `audit-heads.jsonl` with every head, then `audit-head.json` with the last.
 * The history is flushed first, so a power cut leaves at most an unfinished last line in it, which is dropped.
 * @param dir made when missing; `publicKey` 32 raw bytes, pinned with every head.
 */
export function fileAnchor(dir: string, publicKey: Uint8Array, name: string): Anchor {
  const keyHex = Buffer.from(publicKey).toString('hex')
  const headPath = join(dir, headFile)
  const historyPath = join(dir, historyFile)

  const toHead = (found: z.infer<typeof line>): SignedHead => {
    if (found.publicKey !== keyHex) throw new AnchorDamaged(name, 'it was signed with the key of another vault')
    const { size, at } = found
    return { size, at, root: Buffer.from(found.root, 'hex'), signature: Buffer.from(found.signature, 'base64') }
  }
  const toLine = ({ size, root, at, signature }: SignedHead): string =>
    `${JSON.stringify({ size, root: Buffer.from(root).toString('hex'), at, signature: Buffer.from(signature).toString('base64'), publicKey: keyHex })}\n`

  const last = (): SignedHead | null => {
    const text = readText(headPath)
    if (text === '') return null
    const found = parse(text)
    if (!found) throw new AnchorDamaged(name, 'its last head cannot be read')
    return toHead(found)
  }

  /** Whole lines, and how many bytes they take; what follows them is an unfinished write. */
  const lines = (): { heads: SignedHead[]; length: number } => {
    const heads: SignedHead[] = []
    let length = 0
    let broken = false
    for (const text of readText(historyPath).split(/(?<=\n)/)) {
      const found = text.endsWith('\n') ? parse(text) : undefined
      if (!found) broken = true
      else if (broken) throw new AnchorDamaged(name, 'a line in the middle of its history cannot be read')
      else {
        heads.push(toHead(found))
        length += Buffer.byteLength(text)
      }
    }
    return { heads, length }
  }

  const history = (): SignedHead[] => {
    const { heads } = lines()
    let before: SignedHead | undefined
    for (const head of heads) {
      if (before && head.size <= before.size) throw new AnchorDamaged(name, 'its history goes backwards')
      before = head
    }
    const held = last()
    if (held && !heads.some((head) => head.size === held.size && Buffer.compare(head.root, held.root) === 0))
      throw new AnchorDamaged(name, 'its last head is not in its history')
    return heads
  }

  let known: { readonly length: number; readonly head: SignedHead | null } | undefined

  /** Where the history ends. Read again only when the file has another length than this process left it with. */
  const end = (): { readonly length: number; readonly head: SignedHead | null } => {
    if (known && known.length === (statSync(historyPath, { throwIfNoEntry: false })?.size ?? 0)) return known
    const { heads, length } = lines()
    known = { length, head: heads.at(-1) ?? null }
    return known
  }

  const read = (): SignedHead | null => {
    const [single, newest] = [last(), end().head]
    return single && newest ? (single.size > newest.size ? single : newest) : (single ?? newest)
  }

  return {
    name,
    read,
    history,
    write(head, proof) {
      const held = read()
      if (held && !verifyConsistency(held, head, proof)) throw new AnchorRefused(name, held.size, head.size)
      if (held?.size === head.size && last()?.size === head.size) return
      const made = mkdirSync(dir, { recursive: true, mode: 0o700 })
      if (made) syncFolder(dirname(made))
      const { length, head: newest } = end()
      if (!newest || newest.size < head.size) {
        const text = toLine(head)
        if (existsSync(historyPath)) truncateSync(historyPath, length)
        known = undefined
        appendDurably(historyPath, text)
        known = { length: length + Buffer.byteLength(text), head }
      }
      writeDurably(headPath, Buffer.from(toLine(head)))
    },
    startAnew() {
      const held = read()
      if (held === null) return
      // The history goes last: until then it refuses to go back, also after a power cut in between.
      for (const path of [headPath, historyPath]) if (existsSync(path)) renameSync(path, freeName(path, held))
      known = undefined
      syncFolder(dir)
    },
  }
}
