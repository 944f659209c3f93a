import type { KeyObject } from 'node:crypto'
import type { ReadDb } from '../db'
import { type AnchoredHead, askAnchors, checkHeads, missingEnd, type Witnessed } from './anchorCheck'
import type { Anchor } from './anchors'
import { countHeads, hashOf, headsAfter, headUpTo, lastHead, lastRow, nodeAt, rowsAfter } from './audit.repository'
import { noHash, type StoredRow } from './chain'
import type { SignedHead } from './heads'
import { CompactRange, type Hash, sameHash } from './merkle'
import { checkRow, type Finding } from './rowCheck'
import { MissingRow, rangeAt, storedLevel } from './tree'

/** The app signs every 100 rows; this many without a signature never come about by themselves. */
const mostUnsigned = 2000
const rowsPerRead = 250
const headsPerRead = 500

export interface VerifyOptions {
  readonly db: ReadDb
  /** From the vault's header: no secret is needed to verify. */
  readonly publicKey: KeyObject
  readonly anchors: readonly Anchor[]
}

export interface VerifyResult {
  readonly ok: boolean
  /** How many rows there are. */
  readonly rows: number
  /** How many signed heads there are. */
  readonly heads: number
  readonly firstBad?: Finding
  /** The last head of an anchor that the rows were found to agree with; null when there is none. */
  readonly anchored: { readonly size: number; readonly at: number } | null
}

/** One pass over the rows. The numbers are taken when it begins; rows added meanwhile are left to the next pass. */
class Pass {
  readonly #db: ReadDb
  readonly #publicKey: KeyObject
  readonly #witnessed: Witnessed
  readonly rows: number
  readonly #heads: number
  readonly #lastHead: SignedHead | undefined
  readonly #range: CompactRange
  #previous: Hash
  /** Up to here everything agreed with a signed head. */
  #confirmed = 0
  #queue: SignedHead[] = []
  #anchored: AnchoredHead | undefined
  #nodes: Finding | undefined

  constructor({ db, publicKey, anchors }: VerifyOptions, range = new CompactRange()) {
    this.#db = db
    this.#publicKey = publicKey
    this.#witnessed = askAnchors(anchors)
    this.rows = lastRow(db)?.seq ?? 0
    this.#heads = countHeads(db)
    this.#lastHead = lastHead(db)
    this.#range = range
    this.#previous = hashOf(db, range.size) ?? noHash
  }

  get at(): number {
    return this.#range.size
  }

  result(firstBad: Finding | undefined): VerifyResult {
    const anchored = this.#anchored ? { size: this.#anchored.head.size, at: this.#anchored.head.at } : null
    return { ok: !firstBad, rows: this.rows, heads: this.#heads, ...(firstBad ? { firstBad } : {}), anchored }
  }

  /** Where the check begins behind row 1: the head there, and the last anchored head before it, against the stored tree. */
  begin(): Finding | undefined {
    const size = this.#witnessed.sizes.findLast((anchored) => anchored < this.at)
    const earlier = size ? this.#compare(size, rangeAt(this.#db, size).root(), headUpTo(this.#db, size)) : undefined
    return earlier ?? this.#checkHead()
  }

  /** Checks the next few rows. */
  advance(): Finding | undefined {
    const rows = rowsAfter(this.#db, this.at, Math.min(rowsPerRead, this.rows - this.at))
    if (rows.length === 0) return { seq: this.at + 1, kind: 'missing', reason: `Row ${this.at + 1} is missing.` }
    for (const row of rows) {
      const finding = this.#row(row)
      if (finding) return finding
    }
    return undefined
  }

  #row(row: StoredRow): Finding | undefined {
    const finding = checkRow(row, this.at + 1, this.#previous)
    if (finding) return finding
    this.#previous = row.hash
    this.#range.append(row.hash, (level, position, hash) => this.#node(level, position, hash))
    const atHead = this.#checkHead()
    if (atHead?.kind !== 'rewritten') return atHead
    const [next] = rowsAfter(this.#db, this.at, 1)
    const broken = next && checkRow(next, this.at + 1, this.#previous)
    return broken?.kind === 'relinked' ? broken : atHead
  }

  /** Holds the tree up to the row just read against the heads of that size. */
  #checkHead(): Finding | undefined {
    const ours = this.#headOf(this.at)
    if (!ours && !this.#witnessed.heads.has(this.at)) return undefined
    const finding = this.#compare(this.at, this.#range.root(), ours)
    this.#confirmed = this.at
    return finding ?? this.#nodes
  }

  #compare(size: number, root: Hash, found: SignedHead | undefined): Finding | undefined {
    const ours = found?.size === size ? found : undefined
    const anchored = this.#witnessed.heads.get(size) ?? []
    const after = Math.min(this.#confirmed, size - 1)
    const finding = checkHeads({ size, root, after, ours, anchored, publicKey: this.#publicKey })
    if (!finding) this.#anchored = anchored[0] ?? this.#anchored
    return finding
  }

  #headOf(size: number): SignedHead | undefined {
    if (!this.#lastHead || size > this.#lastHead.size) return undefined
    let next = this.#queue[0]
    if (!next) {
      this.#queue = headsAfter(this.#db, size - 1, headsPerRead)
      next = this.#queue[0]
    }
    return next?.size === size ? this.#queue.shift() : undefined
  }

  /** A stored subtree that differs is named only once the rows under it are known to be right. */
  #node(level: number, position: number, hash: Hash): void {
    if (level < storedLevel || this.#nodes) return
    const stored = nodeAt(this.#db, level, position)
    const end = (position + 1) * 2 ** level
    if (stored ? sameHash(stored, hash) : end > (this.#lastHead?.size ?? 0)) return
    const reason = `The stored tree over rows ${position * 2 ** level + 1} to ${end} is not what these rows give.`
    this.#nodes = { seq: position * 2 ** level + 1, kind: 'tree_changed', reason }
  }

  /** What is left to say once every row is read. */
  end(): Finding | undefined {
    const { latest, damage } = this.#witnessed
    const missing = missingEnd(this.rows, latest, this.#lastHead?.size ?? 0, this.#anchored !== undefined)
    if (missing) return missing
    if (this.#nodes) return this.#nodes
    if (damage) return damage
    const unsigned = this.rows - (this.#lastHead?.size ?? 0)
    if (unsigned <= mostUnsigned) return undefined
    return unsignedRows(this.rows - unsigned, this.rows)
  }
}

function unsignedRows(signed: number, rows: number): Finding {
  return { seq: signed + 1, kind: 'unsigned', reason: `Rows ${signed + 1} to ${rows} carry no signature.` }
}

/**
 * Checks the whole log: every row's hash and link, the tree at every signed head, every signature, the stored tree, and all of it against
 * every head of every anchor. Runs in slices on the caller's connection; rows may be added meanwhile. 1,000,000 rows take some seconds.
 * @param sliceMs longest stretch without giving way to others
 * @param onProgress hears the number of rows checked and of all rows, once per slice
 * @param pause gives way; setImmediate unless told otherwise
 */
export async function verifyAudit(
  options: VerifyOptions & {
    readonly sliceMs?: number
    readonly onProgress?: (checked: number, rows: number) => void
    readonly pause?: () => Promise<void>
  },
): Promise<VerifyResult> {
  const { sliceMs = 25, onProgress, pause = () => new Promise<void>((resolve) => setImmediate(resolve)) } = options
  const pass = new Pass(options)
  let sliceEnds = performance.now() + sliceMs
  while (pass.at < pass.rows) {
    const finding = pass.advance()
    if (finding) return pass.result(finding)
    if (performance.now() < sliceEnds) continue
    onProgress?.(pass.at, pass.rows)
    await pause()
    sliceEnds = performance.now() + sliceMs
  }
  return pass.result(pass.end())
}

/** Rows that the check at start reads again at most, beside those since the last head. */
const tailRows = 20_000

/**
 * The check at start: the newest rows one by one from a signed head on, the rows before them through that head and the stored tree, and
 * the heads of every anchor. A row further back is left to `verifyAudit`, which also finds the one row where this names a range. Takes well under 1 s whatever the size of the log.
 */
export function verifyTail(options: VerifyOptions, rows: number = tailRows): VerifyResult {
  const last = lastRow(options.db)?.seq ?? 0
  const base = headUpTo(options.db, Math.max(0, last - rows))?.size ?? 0
  try {
    const pass = new Pass(options, rangeAt(options.db, base))
    if (last - base > rows + mostUnsigned) return pass.result(unsignedRows(base, last))
    let finding = base > 0 ? pass.begin() : undefined
    while (!finding && pass.at < pass.rows) finding = pass.advance()
    return pass.result(finding ?? pass.end())
  } catch (error) {
    if (!(error instanceof MissingRow)) throw error
    return new Pass(options).result({ seq: error.seq, kind: 'missing', reason: `Row ${error.seq} is missing.` })
  }
}
