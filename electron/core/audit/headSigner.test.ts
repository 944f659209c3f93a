import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../db'
import { type Anchor, AnchorRefused } from './anchors'
import { appendAudit } from './appendAudit'
import { headsAfter, lastHead, rowsAfter } from './audit.repository'
import { HeadSigner, type SignerProblem } from './headSigner'
import { publicKeyBytes, type SignedHead, signHead, signingKey, verifyHead, verifyingKey } from './heads'
import { leafHash, rootOf, sameHash, verifyConsistency, verifyInclusion } from './merkle'
import { openTestAudit, type TestAudit, testRow } from './testing'
import { MissingRow, proveExtension, proveRow, rangeAt } from './tree'

let t: TestAudit
beforeEach(() => {
  t = openTestAudit()
})
afterEach(() => t.database.cleanup())

const append = (seq: number) => t.database.db.write((w) => appendAudit(w, testRow(seq)))
const sizes = () => headsAfter(t.database.db.read, 0, 100).map((head) => head.size)

describe('when a head is signed', () => {
  test('A4: the first row at once, then every 100 rows', () => {
    t.append(250)
    expect(sizes()).toEqual([1, 101, 201])
    for (const anchor of t.anchors) expect(anchor.history().map((head) => head.size)).toEqual([1, 101, 201])
  })

  test('A4: 60 s after the last head when there is a new row, and not before', () => {
    append(1)
    const start = testRow(1).at
    t.signer.signIfDue(t.database.db, start)
    expect(t.signer.signIfDue(t.database.db, start + 60_000)).toBeNull()
    append(2)
    expect(t.signer.signIfDue(t.database.db, start + 59_999)).toBeNull()
    expect(t.signer.signIfDue(t.database.db, start + 60_000)?.size).toBe(2)
    expect(t.anchors[0].read()?.size).toBe(2)
  })

  test('A4: when the clock was set back the next row is signed at once', () => {
    append(1)
    t.signer.signIfDue(t.database.db, 5_000_000)
    append(2)
    expect(t.signer.signIfDue(t.database.db, 4_000_000)?.size).toBe(2)
  })

  test('A4: signNow signs whatever there is, in heads of at most 2000 rows, and nothing twice', () => {
    t.database.db.write((w) => {
      for (let seq = 1; seq <= 4500; seq++) appendAudit(w, testRow(seq))
    })
    expect(t.signer.signNow(t.database.db, 7)?.size).toBe(4500)
    expect(sizes()).toEqual([2000, 4000, 4500])
    expect(t.signer.signNow(t.database.db, 8)).toBeNull()
    expect(sizes()).toHaveLength(3)
  })

  test('A4: of an empty log there is nothing to sign and nothing to anchor', () => {
    expect(t.signer.signIfDue(t.database.db, 1)).toBeNull()
    expect(t.signer.signNow(t.database.db, 1)).toBeNull()
    expect(t.anchors[0].read()).toBeNull()
    expect(t.problems).toEqual([])
  })

  test('A4: once the database is closed nothing is thrown at those who call it from timers', () => {
    append(1)
    t.database.db.close()
    expect(t.signer.signIfDue(t.database.db, 1)).toBeNull()
    expect(t.problems.map(({ kind }) => kind)).toEqual(['signing_failed'])
  })

  test('A4: works as a listener of every commit, its own included', () => {
    const { db } = t.database
    db.afterCommit(() => t.signer.signIfDue(db, testRow(1).at))
    for (let seq = 1; seq <= 205; seq++) append(seq)
    expect(sizes()).toEqual([1, 101, 201])
  })
})

describe('what is signed', () => {
  test('A1: the root over all row hashes, with the key of the vault', () => {
    t.append(205)
    const leaves = rowsAfter(t.database.db.read, 0, 1000).map((row) => row.hash)
    for (const head of headsAfter(t.database.db.read, 0, 100)) {
      expect(sameHash(head.root, rootOf(leaves.slice(0, head.size)))).toBe(true)
      expect(verifyHead(head, t.publicKey)).toBe(true)
      expect(verifyHead(head, verifyingKey(signingKey(randomBytes(32))))).toBe(false)
      expect(verifyHead({ ...head, size: head.size + 1 }, t.publicKey)).toBe(false)
      expect(verifyHead({ ...head, at: head.at + 1 }, t.publicKey)).toBe(false)
      expect(verifyHead({ ...head, root: leafHash('other') }, t.publicKey)).toBe(false)
    }
  })

  test('A6: proofs of a row and of an extension hold, from stored nodes and rows', () => {
    t.append(750)
    t.signer.signNow(t.database.db, 1)
    const { read } = t.database.db
    const rows = rowsAfter(read, 0, 1000)
    const root = rangeAt(read, 750).root()
    for (const row of [rows[0], rows[63], rows[64], rows[500], rows[749]]) {
      if (!row) throw new Error('no row')
      expect(verifyInclusion(row.hash, row.seq - 1, 750, proveRow(read, row.seq, 750), root)).toBe(true)
    }
    for (const size of [1, 63, 64, 65, 512, 701]) {
      const first = { size, root: rangeAt(read, size).root() }
      expect(verifyConsistency(first, { size: 750, root }, proveExtension(read, size, 750))).toBe(true)
    }
    expect(() => proveRow(read, 1, 751)).toThrow(MissingRow)
    expect(() => rangeAt(read, 1024)).toThrow(MissingRow)
    expect(() => proveRow(read, 1, 1025)).toThrow('Audit row 1025 is missing')
  })

  test('the RFC 8032 key of test 1 is read from its seed and signs as published', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
    const publicKey = verifyingKey(signingKey(seed))
    expect(Buffer.from(publicKeyBytes(publicKey)).toString('hex')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    )
    const head = signHead(1, Buffer.alloc(32), 0, signingKey(seed))
    expect(verifyHead(head, verifyingKey(publicKeyBytes(publicKey)))).toBe(true)
    expect(() => signingKey(seed.subarray(1))).toThrow(RangeError)
    expect(() => verifyingKey(seed.subarray(1))).toThrow(RangeError)
  })
})

describe('the signer does not sign what it cannot answer for', () => {
  /** Changes rows behind the app's back, as one who holds the key could. */
  const tamper = (text: string): void =>
    t.database.db.write((w) => {
      for (const trigger of ['update', 'delete']) w.run({ text: `DROP TRIGGER audit_row_no_${trigger}`, values: [] })
      w.run({ text: 'DELETE FROM audit_subject', values: [] })
      w.run({ text, values: [] })
    })
  const dropSubjectGuard = (): void => {
    t.database.db.write((w) => w.run(sql`DROP TRIGGER audit_subject_no_delete`))
  }

  test.each([
    ['a row since the last head was changed', `UPDATE audit_row SET outcome = 'x' WHERE seq = 110`, 110],
    ['a row since the last head is gone', 'DELETE FROM audit_row WHERE seq = 110', 110],
    ['a row was put in before the last head', `UPDATE audit_row SET hash = randomblob(32) WHERE seq = 100`, 101],
    ['rows before the last head are gone', 'DELETE FROM audit_row WHERE seq = 70', 70],
  ])('A3: %s', (_name, text, seq) => {
    t.append(120)
    dropSubjectGuard()
    tamper(text)
    append(121)
    expect(t.signer.signNow(t.database.db, 1)).toBeNull()
    expect(t.problems).toEqual([{ kind: 'tampered', finding: expect.objectContaining({ seq }) }])
    expect(t.signer.signNow(t.database.db, 2)).toBeNull()
    expect(t.problems).toHaveLength(1)
    expect(sizes()).toEqual([1, 101])
  })

  test('A4: a failure that is no tampering is reported once, and the rows are signed when it is over', () => {
    append(1)
    t.database.db.write((w) => {
      w.run(sql`ALTER TABLE audit_node RENAME TO away`)
      for (let seq = 2; seq <= 64; seq++) appendAudit(w, testRow(seq))
    })
    const sign = () => t.signer.signNow(t.database.db, 1)
    expect([sign(), sign()]).toEqual([null, null])
    expect(t.problems.map(({ kind }) => kind)).toEqual(['signing_failed'])
    t.database.db.write((w) => w.run(sql`ALTER TABLE away RENAME TO audit_node`))
    expect(sign()?.size).toBe(64)
  })
})

describe('anchors', () => {
  /** A place that can be unplugged, and that sees which head the database holds when it is written to. */
  function watched(inner: Anchor): Anchor & { plugged: boolean; seen: (number | undefined)[] } {
    const anchor = {
      name: inner.name,
      plugged: true,
      seen: [] as (number | undefined)[],
      read: () => {
        if (!anchor.plugged) throw Object.assign(new Error('gone'), { code: 'ENOENT' })
        return inner.read()
      },
      history: () => inner.history(),
      startAnew: () => inner.startAnew(),
      write: (head: SignedHead, proof: readonly Uint8Array[]) => {
        const other = t.database.db.read.get<{ size: number }>(sql`SELECT max(size) AS size FROM audit_head`)
        anchor.seen.push(other?.size)
        inner.write(head, proof)
      },
    }
    return anchor
  }

  function signerWith(anchor: Anchor): { signer: HeadSigner; problems: SignerProblem[] } {
    const problems: SignerProblem[] = []
    return {
      signer: new HeadSigner({ privateKey: t.privateKey, anchors: [anchor], onProblem: (p) => problems.push(p) }),
      problems,
    }
  }

  test('A5: a head is anchored only after the database holds it', () => {
    const anchor = watched(t.anchors[0])
    const { signer } = signerWith(anchor)
    for (let seq = 1; seq <= 3; seq++) {
      append(seq)
      signer.signNow(t.database.db, seq)
    }
    expect(anchor.seen).toEqual([1, 2, 3])
  })

  test('A4: a place that was away is told of once and catches up with one extension', () => {
    const anchor = watched(t.anchors[0])
    const { signer, problems } = signerWith(anchor)
    append(1)
    signer.signNow(t.database.db, 1)
    anchor.plugged = false
    for (let seq = 2; seq <= 4; seq++) {
      append(seq)
      signer.signNow(t.database.db, seq)
    }
    expect(problems.map(({ kind }) => kind)).toEqual(['anchor_failed'])
    anchor.plugged = true
    expect(signer.signNow(t.database.db, 5)).toBeNull()
    expect(anchor.history().map(({ size }) => size)).toEqual([1, 4])
    anchor.plugged = false
    append(5)
    signer.signNow(t.database.db, 6)
    expect(problems).toHaveLength(2)
  })

  test('A4: a place that throws something that is no error is reported as well', () => {
    const anchor = {
      ...t.anchors[0],
      read: () => {
        throw 'gone'
      },
    }
    const { signer, problems } = signerWith(anchor)
    append(1)
    signer.signNow(t.database.db, 1)
    expect(problems).toEqual([{ kind: 'anchor_failed', anchor: 'data folder', error: new Error('gone') }])
  })

  test('A4: a place that knows more rows, or other ones, refuses; the head stays in the database', () => {
    t.append(3)
    t.signer.signNow(t.database.db, 1)
    const other = openTestAudit()
    const { signer, problems } = signerWith(t.anchors[0])
    const foreign = new HeadSigner({ privateKey: t.privateKey, anchors: [t.anchors[0]], onProblem: (p) => problems.push(p) })
    other.database.db.write((w) => appendAudit(w, testRow(1)))
    foreign.signNow(other.database.db, 1)
    other.database.db.write((w) => {
      for (let seq = 2; seq <= 5; seq++) appendAudit(w, { ...testRow(seq), outcome: 'failed' })
    })
    const second = new HeadSigner({ privateKey: t.privateKey, anchors: [t.anchors[0]], onProblem: (p) => problems.push(p) })
    second.signNow(other.database.db, 2)
    expect(problems.map(({ kind }) => kind)).toEqual(['anchor_refused', 'anchor_refused'])
    expect(problems.every((problem) => 'error' in problem && problem.error instanceof AnchorRefused)).toBe(true)
    expect(lastHead(other.database.db.read)?.size).toBe(5)
    expect(t.anchors[0].read()?.size).toBe(3)
    expect(signer.signNow(t.database.db, 3)).toBeNull()
    other.database.cleanup()
  })
})
