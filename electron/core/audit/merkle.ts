import { hash } from 'node:crypto'

/** A SHA-256 value, 32 bytes. */
export type Hash = Uint8Array

/** The hash of the subtree over leaves `begin` (inclusive) to `end` (exclusive), counted from 0; MTH(D[begin:end]) of RFC 6962. */
export type Subtree = (begin: number, end: number) => Hash

/** Root of the tree without leaves: SHA-256 of nothing. */
export const emptyRoot: Hash = hash('sha256', new Uint8Array(0), 'buffer')

const leafPrefix = Buffer.from([0])

/** SHA-256(0x00 || data), the hash of a leaf (RFC 6962 section 2.1). A string is taken as UTF-8. */
export function leafHash(data: Uint8Array | string): Hash {
  const bytes = typeof data === 'string' ? Buffer.from(`\0${data}`) : Buffer.concat([leafPrefix, data])
  return hash('sha256', bytes, 'buffer')
}

const pair = Buffer.alloc(65)
pair[0] = 1

/** SHA-256(0x01 || left || right), the hash of an inner node (RFC 6962 section 2.1). */
export function nodeHash(left: Hash, right: Hash): Hash {
  pair.set(left, 1)
  pair.set(right, 33)
  return hash('sha256', pair, 'buffer')
}

export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

/** The largest power of two smaller than `size` (size >= 2): where RFC 6962 splits a tree. */
export function splitPoint(size: number): number {
  let half = 1
  while (half * 2 < size) half *= 2
  return half
}

/** The right edge of a growing tree: at most one complete subtree per level, so that a leaf is added in O(1) and the root found in O(log n). */
export class CompactRange {
  readonly #nodes: (Hash | undefined)[] = []
  #size = 0

  /** Takes up at `size` leaves; `subtree` gives the complete subtrees that make them up. */
  static at(size: number, subtree: Subtree): CompactRange {
    const range = new CompactRange()
    let begin = 0
    for (let width = 2 ** Math.floor(Math.log2(Math.max(size, 1))); width >= 1; width /= 2) {
      if (size - begin < width) continue
      range.#nodes[Math.log2(width)] = subtree(begin, begin + width)
      begin += width
    }
    range.#size = size
    return range
  }

  get size(): number {
    return this.#size
  }

  /** Adds a leaf by its hash. `completed` hears of each inner node this completes: its height above the leaves, its place in that row, its hash. */
  append(leaf: Hash, completed?: (level: number, position: number, hash: Hash) => void): void {
    let node = leaf
    let level = 0
    let position = this.#size++
    for (let left = this.#nodes[0]; left; left = this.#nodes[level]) {
      node = nodeHash(left, node)
      this.#nodes[level] = undefined
      level++
      position = (position - 1) / 2
      completed?.(level, position, node)
    }
    this.#nodes[level] = node
  }

  root(): Hash {
    let root: Hash | undefined
    for (const node of this.#nodes) {
      if (node) root = root ? nodeHash(node, root) : node
    }
    return root ?? emptyRoot
  }
}

/** The root over the given leaf hashes. */
export function rootOf(leaves: readonly Hash[]): Hash {
  const range = new CompactRange()
  for (const leaf of leaves) range.append(leaf)
  return range.root()
}

function checkRange(ok: boolean): void {
  if (!ok) throw new RangeError('The proof asks for leaves outside the tree')
}

/**
 * Audit path of a leaf, lowest first (RFC 6962 section 2.1.1).
 * @param index of the leaf, from 0; `size` of the tree, greater than `index`.
 */
export function inclusionProof(index: number, size: number, subtree: Subtree): Hash[] {
  checkRange(index >= 0 && index < size)
  const path: Hash[] = []
  let begin = 0
  let end = size
  while (end - begin > 1) {
    const middle = begin + splitPoint(end - begin)
    if (index < middle) {
      path.push(subtree(middle, end))
      end = middle
    } else {
      path.push(subtree(begin, middle))
      begin = middle
    }
  }
  return path.reverse()
}

/**
 * Proof that the tree of `first` leaves is the beginning of the tree of `second` leaves (RFC 6962 section 2.1.2).
 * @param first 0 <= first <= second; the proof is empty for 0 and for equal sizes.
 */
export function consistencyProof(first: number, second: number, subtree: Subtree): Hash[] {
  checkRange(first >= 0 && first <= second)
  if (first === 0 || first === second) return []
  const path: Hash[] = []
  let begin = 0
  let end = second
  while (end !== first) {
    const middle = begin + splitPoint(end - begin)
    if (first <= middle) {
      path.push(subtree(middle, end))
      end = middle
    } else {
      path.push(subtree(begin, middle))
      begin = middle
    }
  }
  if (begin !== 0) path.push(subtree(begin, end))
  return path.reverse()
}

const half = (value: number): number => Math.floor(value / 2)

/** True when `proof` shows that `leaf` is leaf number `index` of the tree of `size` leaves with this root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(leaf: Hash, index: number, size: number, proof: readonly Hash[], root: Hash): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false
  let fn = index
  let sn = size - 1
  let node = leaf
  for (const sibling of proof) {
    if (sn === 0 || sibling.length !== 32) return false
    if (fn % 2 === 1 || fn === sn) {
      node = nodeHash(sibling, node)
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn)
        sn = half(sn)
      }
    } else node = nodeHash(node, sibling)
    fn = half(fn)
    sn = half(sn)
  }
  return sn === 0 && sameHash(node, root)
}

/** A tree as a signed head states it. */
export interface TreeHead {
  readonly size: number
  readonly root: Hash
}

/** True when `proof` shows that `second` begins with all leaves of `first` (RFC 9162 section 2.1.4.2). Everything extends the empty tree. */
export function verifyConsistency(first: TreeHead, second: TreeHead, proof: readonly Hash[]): boolean {
  if (!Number.isSafeInteger(first.size) || !Number.isSafeInteger(second.size) || first.size < 0 || first.size > second.size)
    return false
  if (first.size === second.size) return proof.length === 0 && sameHash(first.root, second.root)
  if (first.size === 0) return proof.length === 0 && sameHash(first.root, emptyRoot)
  if (proof.some((node) => node.length !== 32)) return false
  const wholeSubtree = 2 ** Math.round(Math.log2(first.size)) === first.size
  const [start, ...rest] = wholeSubtree ? [first.root, ...proof] : proof
  if (!start) return false
  let fn = first.size - 1
  let sn = second.size - 1
  while (fn % 2 === 1) {
    fn = half(fn)
    sn = half(sn)
  }
  let older = start
  let newer = start
  for (const node of rest) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      older = nodeHash(node, older)
      newer = nodeHash(node, newer)
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn)
        sn = half(sn)
      }
    } else newer = nodeHash(newer, node)
    fn = half(fn)
    sn = half(sn)
  }
  return sn === 0 && sameHash(older, first.root) && sameHash(newer, second.root)
}
