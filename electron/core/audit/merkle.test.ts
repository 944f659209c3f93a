import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CompactRange,
  consistencyProof,
  emptyRoot,
  type Hash,
  inclusionProof,
  leafHash,
  rootOf,
  type Subtree,
  verifyConsistency,
  verifyInclusion,
} from './merkle'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytes = (text: string): Buffer => Buffer.from(text, 'hex')

/** The eight leaves of the Certificate Transparency test tree and its published roots, by size. */
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(bytes)
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const leaves = inputs.map((input) => leafHash(input))

/** MTH of RFC 6962 section 2.1 word for word, with another hash call: the measure for everything else. */
function reference(of: readonly Hash[]): Buffer {
  if (of.length === 0) return createHash('sha256').digest()
  if (of.length === 1) return Buffer.from(of[0] ?? [])
  let k = 1
  while (k * 2 < of.length) k *= 2
  return createHash('sha256')
    .update(Buffer.concat([Buffer.from([1]), reference(of.slice(0, k)), reference(of.slice(k))]))
    .digest()
}

const subtreeIn =
  (of: readonly Hash[]): Subtree =>
  (begin, end) =>
    reference(of.slice(begin, end))

describe('published vectors', () => {
  test('A2: empty tree, empty leaf and leaf', () => {
    expect(hex(emptyRoot)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(hex(leafHash(''))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d')
    expect(hex(leafHash('L123456'))).toBe('395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56')
  })

  test.each(roots.map((root, size) => ({ root, size })))('A2: root of the first $size leaves', ({ root, size }) => {
    expect(hex(rootOf(leaves.slice(0, size)))).toBe(root)
  })

  test('A2: text leaves are hashed as UTF-8', () => {
    expect(hex(leafHash('é'))).toBe(hex(leafHash(Buffer.from([0xc3, 0xa9]))))
  })
})

const root = (size: number): Buffer => bytes(roots[size] ?? '')
const head = (size: number) => ({ size, root: root(size) })

/** Every change of a proof that the published test data makes: bits, order, missing, surplus and foreign nodes. */
function* mangled(proof: readonly Hash[], foreign: readonly Hash[]): Generator<{ what: string; proof: Hash[] }> {
  for (const [i, node] of proof.entries()) {
    const flipped = Buffer.from(node)
    flipped[i % 32] = (flipped[i % 32] ?? 0) ^ (1 << (i % 8))
    yield { what: `bit of node ${i}`, proof: proof.with(i, flipped) }
    yield { what: `without node ${i}`, proof: proof.toSpliced(i, 1) }
    yield { what: `node ${i} cut short`, proof: proof.with(i, node.subarray(0, 31)) }
  }
  if (proof.length > 1) yield { what: 'reversed', proof: proof.toReversed() }
  for (const extra of [...foreign, Buffer.alloc(0), Buffer.alloc(32)]) {
    yield { what: 'something behind it', proof: [...proof, extra] }
    yield { what: 'something before it', proof: [extra, ...proof] }
  }
  if (proof.length > 0) yield { what: 'empty', proof: [] }
}

describe('A2: inclusion proofs', () => {
  test('A2: known path of leaf 0 of 8', () => {
    const path = inclusionProof(0, 8, subtreeIn(leaves)).map(hex)
    expect(path).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ])
  })

  test('A2: every proof of every tree holds, and no mangled one does', () => {
    let refused = 0
    for (let size = 1; size <= 8; size++) {
      for (let index = 0; index < size; index++) {
        const leaf = leaves[index] ?? emptyRoot
        const proof = inclusionProof(index, size, subtreeIn(leaves))
        expect(verifyInclusion(leaf, index, size, proof, root(size))).toBe(true)
        const check = (ok: boolean, what: string): void => {
          expect(ok, `${index} of ${size}: ${what}`).toBe(false)
          refused++
        }
        for (const bad of mangled(proof, [leaf, root(size)]))
          check(verifyInclusion(leaf, index, size, bad.proof, root(size)), bad.what)
        for (const other of [index - 1, index + 1, index ^ 2])
          check(verifyInclusion(leaf, other, size, proof, root(size)), `as leaf ${other}`)
        if (proof.length > 0) check(verifyInclusion(leaf, index, size * 2, proof, root(size)), 'in a tree of twice the size')
        check(verifyInclusion(leaf, index, size, proof, root(size === 8 ? 1 : size + 1)), 'another root')
        check(verifyInclusion(emptyRoot, index, size, proof, root(size)), 'another leaf')
      }
    }
    expect(refused).toBeGreaterThan(500)
  })
})

describe('A2: consistency proofs', () => {
  test('A2: known proofs of the published tree', () => {
    const proof = (first: number, second: number): string[] =>
      consistencyProof(first, second, subtreeIn(leaves)).map((node) => hex(node).slice(0, 8))
    expect(proof(1, 8)).toEqual(['96a296d2', '5f083f0a', '6b47aaf2'])
    expect(proof(6, 8)).toEqual(['0ebc5d34', 'ca854ea1', 'd37ee418'])
    expect(proof(2, 5)).toEqual(['5f083f0a', 'bc1a0643'])
    expect(proof(4, 8)).toEqual(['6b47aaf2'])
    expect(proof(8, 8)).toEqual([])
    expect(proof(0, 8)).toEqual([])
  })

  test('A2: every proof between two sizes holds, and no mangled one does', () => {
    let refused = 0
    for (let second = 0; second <= 8; second++) {
      for (let first = 0; first <= second; first++) {
        const proof = consistencyProof(first, second, subtreeIn(leaves))
        expect(verifyConsistency(head(first), head(second), proof)).toBe(true)
        const check = (ok: boolean, what: string): void => {
          expect(ok, `${first} to ${second}: ${what}`).toBe(false)
          refused++
        }
        for (const bad of mangled(proof, [root(first), root(second)]))
          check(verifyConsistency(head(first), head(second), bad.proof), bad.what)
        check(verifyConsistency({ size: first, root: Buffer.alloc(32) }, head(second), proof), 'another first root')
        if (first > 0)
          check(verifyConsistency(head(first), { size: second, root: Buffer.alloc(32) }, proof), 'another second root')
        if (first !== second) check(verifyConsistency(head(second), head(first), proof), 'backwards')
        if (proof.length > 0)
          check(verifyConsistency({ size: first, root: root(second) }, head(second), proof), 'first root is the second')
      }
    }
    expect(refused).toBeGreaterThan(400)
  })

  test('A2: sizes that are none are refused', () => {
    for (const size of [-1, 1.5, Number.NaN, 2 ** 53]) {
      expect(verifyConsistency({ size, root: root(1) }, head(8), [])).toBe(false)
      expect(verifyInclusion(root(1), size, 8, [], root(8))).toBe(false)
    }
  })

  test('A2: a proof of leaves outside the tree is an error of the caller', () => {
    expect(() => inclusionProof(8, 8, subtreeIn(leaves))).toThrow(RangeError)
    expect(() => consistencyProof(9, 8, subtreeIn(leaves))).toThrow(RangeError)
  })
})

describe('A2: trees of any size', () => {
  const many = Array.from({ length: 300 }, (_, i) => leafHash(String(i)))

  test('A2: growing leaf by leaf gives the root of the definition, and names every inner node once', () => {
    const range = new CompactRange()
    const nodes = new Map<string, string>()
    for (const [i, leaf] of many.entries()) {
      range.append(leaf, (level, position, hash) => {
        expect(nodes.has(`${level}/${position}`)).toBe(false)
        nodes.set(`${level}/${position}`, hex(hash))
      })
      expect(hex(range.root())).toBe(hex(reference(many.slice(0, i + 1))))
    }
    for (const [name, hash] of nodes) {
      const [level = 0, position = 0] = name.split('/').map(Number)
      expect(hash).toBe(hex(reference(many.slice(position * 2 ** level, (position + 1) * 2 ** level))))
    }
  })

  test('A2: proofs hold between random sizes, a range taken up in the middle goes on as one grown from the start', () => {
    const size = fc.integer({ min: 1, max: many.length })
    fc.assert(
      fc.property(size, size, fc.nat(), (a, b, n) => {
        const [first, second] = a < b ? [a, b] : [b, a]
        const of = (count: number) => ({ size: count, root: reference(many.slice(0, count)) })
        const proof = consistencyProof(first, second, subtreeIn(many))
        expect(verifyConsistency(of(first), of(second), proof)).toBe(true)
        const index = n % second
        const path = inclusionProof(index, second, subtreeIn(many))
        expect(verifyInclusion(many[index] ?? emptyRoot, index, second, path, of(second).root)).toBe(true)
        const range = CompactRange.at(first, subtreeIn(many))
        for (const leaf of many.slice(first, second)) range.append(leaf)
        expect(range.size).toBe(second)
        expect(hex(range.root())).toBe(hex(of(second).root))
      }),
      { numRuns: 300 },
    )
  })
})
