import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Anchor, AnchorDamaged, AnchorRefused, fileAnchor } from './anchors'
import { publicKeyBytes, type SignedHead, signHead, signingKey, verifyingKey } from './heads'
import { consistencyProof, type Hash, leafHash, rootOf } from './merkle'

const key = signingKey(randomBytes(32))
const publicKey = publicKeyBytes(verifyingKey(key))
const leaves = Array.from({ length: 50 }, (_, i) => leafHash(String(i)))
const head = (size: number, at = size): SignedHead => signHead(size, rootOf(leaves.slice(0, size)), at, key)
const proof = (first: number, second: number): Hash[] =>
  consistencyProof(first, second, (begin, end) => rootOf(leaves.slice(begin, end)))

let base: string
let dir: string
let anchor: Anchor
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'countinghouse-anchor-'))
  dir = join(base, 'a', 'b')
  anchor = fileAnchor(dir, publicKey, 'a place')
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const again = (): Anchor => fileAnchor(dir, publicKey, 'a place')
const sizes = (from: Anchor): number[] => from.history().map(({ size }) => size)

describe('A4: a witness', () => {
  test('A4: keeps every head it accepted, also for the next process', () => {
    expect(anchor.read()).toBeNull()
    expect(anchor.history()).toEqual([])
    anchor.write(head(3), [])
    anchor.write(head(10), proof(3, 10))
    anchor.write(head(50), proof(10, 50))
    for (const one of [anchor, again()]) {
      expect(one.read()).toEqual(head(50))
      expect(one.history()).toEqual([head(3), head(10), head(50)])
    }
  })

  test('A4: the same head again changes nothing', () => {
    anchor.write(head(3), [])
    anchor.write(head(3, 99), [])
    expect(again().history()).toEqual([head(3)])
  })

  test('A4: never accepts fewer rows, another root of the same rows, or what does not extend', () => {
    anchor.write(head(10), [])
    const other = signHead(20, rootOf(leaves.toReversed().slice(0, 20)), 1, key)
    const cases: [SignedHead, readonly Hash[]][] = [
      [head(9), []],
      [signHead(10, rootOf([]), 1, key), []],
      [other, proof(10, 20)],
      [head(20), []],
      [head(20), proof(9, 20)],
    ]
    for (const [offered, with_] of cases) {
      for (const one of [anchor, again()]) expect(() => one.write(offered, with_)).toThrow(AnchorRefused)
    }
    expect(again().history()).toEqual([head(10)])
  })

  test('A5: told that a copy was restored it begins anew, and keeps beside what it held', () => {
    anchor.write(head(10), [])
    anchor.write(head(30), proof(10, 30))
    anchor.startAnew()
    for (const one of [anchor, again()]) expect([one.read(), one.history()]).toEqual([null, []])
    const other = signHead(20, rootOf(leaves.toReversed().slice(0, 20)), 1, key)
    anchor.write(other, [])
    for (const one of [anchor, again()]) expect(one.history()).toEqual([other])
    expect(() => anchor.write(head(30), proof(10, 30))).toThrow(AnchorRefused)
    anchor.startAnew()
    anchor.write(head(20), [])
    anchor.startAnew()
    anchor.startAnew()
    expect(readdirSync(dir).sort()).toEqual([
      'audit-head.until-20-2.json',
      'audit-head.until-20.json',
      'audit-head.until-30.json',
      'audit-heads.until-20-2.jsonl',
      'audit-heads.until-20.jsonl',
      'audit-heads.until-30.jsonl',
    ])
    expect(readFileSync(join(dir, 'audit-heads.until-30.jsonl'), 'utf8').match(/"size":\d+/g)).toEqual(['"size":10', '"size":30'])
  })

  test('A5: cut off while it begins anew it still refuses to go back, and can begin again', () => {
    anchor.write(head(10), [])
    renameSync(join(dir, 'audit-head.json'), join(dir, 'audit-head.until-10.json'))
    expect(() => again().write(head(3), [])).toThrow(AnchorRefused)
    again().startAnew()
    again().write(head(3), [])
    expect(sizes(again())).toEqual([3])
  })

  test('A4: files and folders are for their owner alone', () => {
    anchor.write(head(1), [])
    expect(statSync(dir).mode & 0o777).toBe(0o700)
    for (const name of ['audit-head.json', 'audit-heads.jsonl']) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600)
  })

  test('A4: a place that cannot be written fails loudly and holds what it held', () => {
    anchor.write(head(1), [])
    rmSync(join(dir, 'audit-head.json'))
    writeFileSync(join(base, 'file'), '')
    const nowhere = fileAnchor(join(base, 'file', 'x'), publicKey, 'nowhere')
    expect(() => nowhere.write(head(1), [])).toThrow()
    chmodSync(dir, 0o700)
    expect(again().read()).toEqual(head(1))
  })
})

describe('A5: after a power cut', () => {
  const history = (): string => join(dir, 'audit-heads.jsonl')

  test.each(['x', '{"size":20', '\0\0\0\0', `{"size":20}\n`, '\0\0\0\n'])(
    'an unfinished last line %j is dropped, and the next head stands on a line of its own',
    (rest) => {
      anchor.write(head(3), [])
      anchor.write(head(10), proof(3, 10))
      appendFileSync(history(), rest)
      expect(sizes(again())).toEqual([3, 10])
      const next = again()
      next.write(head(20), proof(10, 20))
      expect(next.history()).toEqual([head(3), head(10), head(20)])
      expect(readFileSync(history(), 'utf8').split('\n')).toHaveLength(4)
    },
  )

  test('cut between history and last head: the newer one counts, and the head is accepted again', () => {
    anchor.write(head(3), [])
    const before = readFileSync(join(dir, 'audit-head.json'))
    anchor.write(head(10), proof(3, 10))
    writeFileSync(join(dir, 'audit-head.json'), before)
    const next = again()
    expect(next.read()).toEqual(head(10))
    next.write(head(10), [])
    expect(next.history()).toEqual([head(3), head(10)])
    expect(readFileSync(join(dir, 'audit-head.json'), 'utf8')).toContain('"size":10')
  })

  test('the end of the history is lost: the last head still refuses to go back', () => {
    anchor.write(head(3), [])
    anchor.write(head(10), proof(3, 10))
    const [first] = readFileSync(history(), 'utf8').split('\n')
    writeFileSync(history(), `${first}\n`)
    expect(again().read()).toEqual(head(10))
    expect(() => again().write(head(4), proof(3, 4))).toThrow(AnchorRefused)
  })

  test('the last head alone is lost: the history still refuses to go back', () => {
    anchor.write(head(10), [])
    rmSync(join(dir, 'audit-head.json'))
    expect(() => again().write(head(3), [])).toThrow(AnchorRefused)
    again().write(head(20), proof(10, 20))
    expect(sizes(again())).toEqual([10, 20])
  })
})

describe('A3: damage is named', () => {
  beforeEach(() => {
    anchor.write(head(3), [])
    anchor.write(head(10), proof(3, 10))
  })
  const files = { history: () => join(dir, 'audit-heads.jsonl'), last: () => join(dir, 'audit-head.json') }
  const edit = (file: string, change: (text: string) => string): void => writeFileSync(file, change(readFileSync(file, 'utf8')))

  test('a line in the middle that cannot be read', () => {
    edit(files.history(), (text) => text.replace('"size":3', '"size":"3"'))
    expect(() => again().history()).toThrow(AnchorDamaged)
  })
  test('a history that goes backwards', () => {
    edit(files.history(), (text) => text.split('\n').reverse().filter(Boolean).join('\n').concat('\n'))
    expect(() => again().history()).toThrow('backwards')
  })
  test('the end of the history is gone', () => {
    edit(files.history(), (text) => `${text.split('\n')[0]}\n`)
    expect(() => again().history()).toThrow('not in its history')
  })
  test('the last head cannot be read', () => {
    edit(files.last(), (text) => text.slice(1))
    expect(() => again().history()).toThrow(AnchorDamaged)
    expect(() => again().read()).toThrow(AnchorDamaged)
  })
  test('it belongs to another vault', () => {
    const foreign = fileAnchor(dir, publicKeyBytes(verifyingKey(signingKey(randomBytes(32)))), 'a place')
    expect(() => foreign.history()).toThrow('another vault')
    expect(() => foreign.write(head(20), proof(10, 20))).toThrow('another vault')
  })
})
