import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import { noHash, rowHash, type StoredRow } from './chain'
import { signHead, signingKey } from './heads'
import { CompactRange, type Hash } from './merkle'
import type { FindingKind } from './rowCheck'
import { storedLevel } from './tree'

/** Rows of the log that is tampered with; heads stand at 1, 101, 201 and 301, in the database and in both anchors. */
export const logRows = 350
const heads = [1, 101, 201, 301]
const signedRows = 301
/** Rows that the older copy of the same database has. */
export const olderRows = 150

type Driver = BetterSqlite3.Database

/** What the check must say: the row it must name, and as what kind of trouble. */
export interface Expected {
  readonly seq: number
  readonly kind: FindingKind
}

export interface Tampering {
  readonly name: string
  /** True when only the heads outside the database can tell. */
  readonly onlyAnchors?: boolean
  /** `pick(low, high)` gives a random whole number, both ends included. */
  apply(files: CaseFiles, driver: Driver, pick: (low: number, high: number) => number): Expected
}

interface CaseFiles {
  readonly anchorDir: string
  /** Puts the older copy in place of the database. */
  putOlderCopy(): void
}

const select =
  'SELECT seq, at, actor, door, procedure, business_id AS businessId, outcome, details, prev_hash AS prevHash, hash FROM audit_row'

function rowsFrom(driver: Driver, seq: number): StoredRow[] {
  return driver.prepare<[number], StoredRow>(`${select} WHERE seq >= ? ORDER BY seq`).all(seq)
}

function hashBefore(driver: Driver, seq: number): Hash {
  return driver.prepare<[number], { hash: Hash }>('SELECT hash FROM audit_row WHERE seq = ?').get(seq - 1)?.hash ?? noHash
}

/** Makes the chain agree with itself again from a row on, to the end or for one row only. */
function rehash(driver: Driver, from: number, count = Number.POSITIVE_INFINITY): void {
  let before = hashBefore(driver, from)
  for (const row of rowsFrom(driver, from).slice(0, count)) {
    const hash = rowHash({ ...row, prevHash: before })
    driver.prepare('UPDATE audit_row SET prev_hash = ?, hash = ? WHERE seq = ?').run(before, hash, row.seq)
    before = hash
  }
}

/** Makes the stored tree agree with the rows again. */
function rebuildTree(driver: Driver): CompactRange {
  driver.exec('DELETE FROM audit_node')
  const range = new CompactRange()
  for (const row of rowsFrom(driver, 1)) {
    range.append(row.hash, (level, position, hash) => {
      if (level >= storedLevel) driver.prepare('INSERT INTO audit_node VALUES (?, ?, ?)').run(level, position, hash)
    })
  }
  return range
}

/** The first row of those that one head vouches for together with row `seq`. */
function underHeadOf(seq: number): number {
  return (heads.findLast((size) => size < seq) ?? 0) + 1
}

function changeRow(driver: Driver, seq: number): void {
  const at = driver.prepare('UPDATE audit_row SET at = at + 1 WHERE seq = ?').run(seq)
  if (at.changes !== 1) throw new Error('Nothing was tampered with')
}

/** Renumbers what lies behind a row. Two steps, since numbers are unique at every moment. */
function shift(driver: Driver, after: number, by: number): void {
  driver.prepare('UPDATE audit_row SET seq = -(seq + ?) WHERE seq > ?').run(by, after)
  driver.exec('UPDATE audit_row SET seq = -seq WHERE seq < 0')
}

function cut(driver: Driver, after: number): void {
  driver.prepare('DELETE FROM audit_row WHERE seq > ?').run(after)
}

/** Fields whose change alone must be seen. */
const changes = {
  time: 'at = at + 1',
  actor: "actor = 'assistant'",
  door: "door = door || 'x'",
  procedure: "procedure = 'vault.lock'",
  business: "business_id = coalesce(business_id || '9', 'biz_9')",
  outcome: "outcome = 'refused'",
  amount: 'details = replace(details, \'"minor":\', \'"minor":9\')',
  'white space in the details': "details = replace(details, ':', ': ')",
  'link to the row before': 'prev_hash = randomblob(32)',
  hash: 'hash = randomblob(32)',
} as const

const edits: Tampering[] = Object.entries(changes).map(([what, assignment]) => ({
  name: `${what} of a row changed`,
  apply(_, driver, pick) {
    const seq = pick(1, logRows)
    driver.prepare(`UPDATE audit_row SET ${assignment} WHERE seq = ?`).run(seq)
    return { seq, kind: 'changed' }
  },
}))

const inTheRows: Tampering[] = [
  {
    name: 'row changed and hashed again',
    apply(_, driver, pick) {
      const seq = pick(1, logRows - 1)
      changeRow(driver, seq)
      rehash(driver, seq, 1)
      return { seq, kind: 'relinked' }
    },
  },
  {
    name: 'row changed, all rows behind it and the tree made anew',
    apply(_, driver, pick) {
      const seq = pick(1, signedRows)
      changeRow(driver, seq)
      rehash(driver, seq)
      rebuildTree(driver)
      return { seq: underHeadOf(seq), kind: 'rewritten' }
    },
  },
  {
    name: 'row dropped',
    apply(_, driver, pick) {
      const seq = pick(1, logRows - 1)
      driver.prepare('DELETE FROM audit_row WHERE seq = ?').run(seq)
      return { seq, kind: 'missing' }
    },
  },
  {
    name: 'row dropped and the rest renumbered',
    apply(_, driver, pick) {
      const seq = pick(1, logRows - 1)
      driver.prepare('DELETE FROM audit_row WHERE seq = ?').run(seq)
      shift(driver, seq, -1)
      return { seq, kind: 'changed' }
    },
  },
  {
    name: 'row dropped, the rest renumbered and made anew',
    apply(_, driver, pick) {
      const seq = pick(2, signedRows)
      driver.prepare('DELETE FROM audit_row WHERE seq = ?').run(seq)
      shift(driver, seq, -1)
      rehash(driver, seq)
      rebuildTree(driver)
      return { seq: underHeadOf(seq), kind: 'rewritten' }
    },
  },
  {
    name: 'two rows swapped',
    apply(_, driver, pick) {
      const [first, second] = [pick(1, 170), pick(171, logRows)]
      const move = driver.prepare('UPDATE audit_row SET seq = ? WHERE seq = ?')
      move.run(-1, first)
      move.run(first, second)
      move.run(second, -1)
      return { seq: first, kind: 'changed' }
    },
  },
  {
    name: 'two rows swapped and all made anew',
    apply(_, driver, pick) {
      const [first, second] = [pick(1, 170), pick(171, logRows)]
      const move = driver.prepare('UPDATE audit_row SET seq = ? WHERE seq = ?')
      move.run(-1, first)
      move.run(first, second)
      move.run(second, -1)
      rehash(driver, first)
      rebuildTree(driver)
      return { seq: underHeadOf(first), kind: 'rewritten' }
    },
  },
  {
    name: 'row put in between, the rest renumbered and made anew',
    apply(_, driver, pick) {
      const seq = pick(1, signedRows - 1)
      shift(driver, seq, 1)
      driver
        .prepare(
          `INSERT INTO audit_row SELECT seq + 1, at, actor, door, procedure, business_id, 'refused', details, hash, hash FROM audit_row WHERE seq = ?`,
        )
        .run(seq)
      rehash(driver, seq + 1)
      rebuildTree(driver)
      return { seq: underHeadOf(seq + 1), kind: 'rewritten' }
    },
  },
  {
    name: 'end cut off below a signed head',
    apply(_, driver, pick) {
      const last = pick(0, signedRows - 1)
      cut(driver, last)
      return { seq: last + 1, kind: 'cut' }
    },
  },
]

const inHeadsAndTree: Tampering[] = [
  {
    name: 'head signed by another key',
    apply(_, driver, pick) {
      const size = heads[pick(0, 3)] ?? 1
      const head = driver
        .prepare<[number], { root: Hash; at: number }>('SELECT root, at FROM audit_head WHERE size = ?')
        .get(size)
      if (!head) throw new Error('no head')
      const { signature } = signHead(size, head.root, head.at, signingKey(randomBytes(32)))
      driver.prepare('UPDATE audit_head SET signature = ? WHERE size = ?').run(signature, size)
      return { seq: underHeadOf(size), kind: 'head_forged' }
    },
  },
  {
    name: 'time of a head changed',
    apply(_, driver, pick) {
      const size = heads[pick(0, 3)] ?? 1
      driver.prepare('UPDATE audit_head SET at = at + 1 WHERE size = ?').run(size)
      return { seq: underHeadOf(size), kind: 'head_forged' }
    },
  },
  {
    name: 'head put off to a later row',
    apply(_, driver, pick) {
      driver.prepare('UPDATE audit_head SET size = ? WHERE size = 301').run(pick(302, logRows))
      return { seq: 202, kind: 'head_missing' }
    },
  },
  {
    name: 'stored subtree changed',
    apply(_, driver, pick) {
      const position = pick(0, 3)
      driver.prepare('UPDATE audit_node SET hash = randomblob(32) WHERE level = 6 AND position = ?').run(position)
      return { seq: position * 64 + 1, kind: 'tree_changed' }
    },
  },
  {
    name: 'stored subtree taken out',
    apply(_, driver, pick) {
      const position = pick(0, 3)
      driver.prepare('DELETE FROM audit_node WHERE level = 6 AND position = ?').run(position)
      return { seq: position * 64 + 1, kind: 'tree_changed' }
    },
  },
  {
    name: 'subtree of rows that nothing vouches for yet put in',
    apply(_, driver) {
      driver.exec('INSERT INTO audit_node VALUES (6, 4, randomblob(32))')
      return { seq: 257, kind: 'tree_changed' }
    },
  },
]

const onlyOutside: Tampering[] = [
  {
    name: 'heads taken out of the database',
    onlyAnchors: true,
    apply(_, driver, pick) {
      const keep = pick(0, 3)
      driver.prepare('DELETE FROM audit_head WHERE size > ?').run(heads[keep - 1] ?? 0)
      return { seq: underHeadOf(heads[keep] ?? 0), kind: 'head_missing' }
    },
  },
  {
    name: 'everything from a row on written anew, heads taken out',
    onlyAnchors: true,
    apply(_, driver, pick) {
      const seq = pick(1, signedRows)
      changeRow(driver, seq)
      rehash(driver, seq)
      rebuildTree(driver)
      driver.prepare('DELETE FROM audit_head WHERE size >= ?').run(seq)
      return { seq: underHeadOf(seq), kind: 'rewritten' }
    },
  },
  {
    name: 'end cut off with the heads and the tree over it',
    onlyAnchors: true,
    apply(_, driver, pick) {
      const last = pick(0, signedRows - 1)
      cut(driver, last)
      driver.prepare('DELETE FROM audit_head WHERE size > ?').run(last)
      rebuildTree(driver)
      return { seq: last + 1, kind: 'older_copy' }
    },
  },
  {
    name: 'older copy of the whole database',
    onlyAnchors: true,
    apply({ putOlderCopy }) {
      putOlderCopy()
      return { seq: olderRows + 1, kind: 'older_copy' }
    },
  },
  {
    name: 'line in the history of an anchor changed',
    onlyAnchors: true,
    apply({ anchorDir }, _, pick) {
      const file = join(anchorDir, 'audit-heads.jsonl')
      const lines = readFileSync(file, 'utf8').split('\n')
      const at = pick(0, 3)
      writeFileSync(file, lines.with(at, (lines[at] ?? '').replace(/"at":\d+/, '"at":5')).join('\n'))
      return { seq: underHeadOf(heads[at] ?? 0), kind: 'anchor_damaged' }
    },
  },
  {
    name: 'line in the history of an anchor taken out',
    onlyAnchors: true,
    apply({ anchorDir }) {
      const file = join(anchorDir, 'audit-heads.jsonl')
      writeFileSync(file, readFileSync(file, 'utf8').split('\n').toSpliced(3, 1).join('\n'))
      return { seq: 1, kind: 'anchor_damaged' }
    },
  },
]

export const tamperings: readonly Tampering[] = [...edits, ...inTheRows, ...inHeadsAndTree, ...onlyOutside]
