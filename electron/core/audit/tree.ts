import type { ReadDb } from '../db'
import { hashesOf, hashOf, nodeAt } from './audit.repository'
import { CompactRange, consistencyProof, type Hash, inclusionProof, nodeHash, type Subtree, splitPoint } from './merkle'

/** Complete subtrees from this height on are stored; lower ones are computed from at most 64 rows. */
export const storedLevel = 6
const storedWidth = 2 ** storedLevel

/** A row that the tree needs is not there. */
export class MissingRow extends Error {
  readonly seq: number

  constructor(seq: number) {
    super(`Audit row ${seq} is missing`)
    this.name = 'MissingRow'
    this.seq = seq
  }
}

function leaf(r: ReadDb, index: number): Hash {
  const found = hashOf(r, index + 1)
  if (!found) throw new MissingRow(index + 1)
  return found
}

function compute(r: ReadDb, begin: number, end: number): Hash {
  const range = new CompactRange()
  for (const { seq, hash } of hashesOf(r, begin + 1, end)) {
    if (seq !== begin + range.size + 1) break
    range.append(hash)
  }
  if (range.size !== end - begin) throw new MissingRow(begin + range.size + 1)
  return range.root()
}

/**
 * Subtree hashes from the stored nodes and rows, a few reads each. Leaf 0 is row 1. The stored nodes are trusted here: what is built
 * from them counts only once it is held against a signed head.
 * @throws MissingRow (when called) for rows beyond the end or a gap
 */
export function subtreeOf(r: ReadDb): Subtree {
  const subtree: Subtree = (begin, end) => {
    const width = end - begin
    if (width === 1) return leaf(r, begin)
    const level = Math.log2(width)
    if (Number.isInteger(level) && level >= storedLevel) {
      const node = nodeAt(r, level, begin / width)
      if (node) return node
    }
    if (width <= storedWidth) return compute(r, begin, end)
    const middle = begin + splitPoint(width)
    return nodeHash(subtree(begin, middle), subtree(middle, end))
  }
  return subtree
}

/** The right edge of the tree over the first `size` rows. */
export function rangeAt(r: ReadDb, size: number): CompactRange {
  return CompactRange.at(size, subtreeOf(r))
}

/** Proof that row `seq` is in the tree of `size` rows. */
export function proveRow(r: ReadDb, seq: number, size: number): Hash[] {
  return inclusionProof(seq - 1, size, subtreeOf(r))
}

/** Proof that the tree of `second` rows begins with the tree of `first` rows. */
export function proveExtension(r: ReadDb, first: number, second: number): Hash[] {
  return consistencyProof(first, second, subtreeOf(r))
}
