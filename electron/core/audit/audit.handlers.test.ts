import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { audit } from '../../../shared/contract/audit'
import { AppError } from '../../../shared/errors'
import { sql } from '../db'
import { openDriver } from '../db/driver'
import type { QueryContext } from '../dispatch/handler'
import { appendAudit } from './appendAudit'
import { auditHandlers } from './audit.handlers'
import { rowsAfter } from './audit.repository'
import { noHash, rowHash } from './chain'
import { signHead } from './heads'
import { checkRow } from './rowCheck'
import { openTestAudit, type TestAudit, testRow } from './testing'
import { verifyAudit, verifyTail } from './verifyAudit'

let t: TestAudit
beforeEach(() => {
  t = openTestAudit()
})
afterEach(() => t.database.cleanup())

const context = (): QueryContext => ({
  actor: { name: 'owner', scopes: new Set() },
  door: 'window',
  now: 0,
  db: t.database.db.read,
})
const handlers = () => auditHandlers({ publicKey: t.publicKey, anchors: t, assertBusiness() {} })
const list = (input: Parameters<ReturnType<typeof handlers>['audit.list']>[1]) => handlers()['audit.list'](context(), input)
const seqs = async (input: Parameters<typeof list>[0]) => (await list(input)).items.map((row) => row.seq)

describe('audit.list', () => {
  test('shows every action, newest first, in the shape of the contract', async () => {
    t.append(3)
    const reply = await list({})
    expect(audit['audit.list'].output.parse(reply)).toEqual(reply)
    expect(reply.items.map((row) => row.seq)).toEqual([3, 2, 1])
    const { details, at, actor, door, procedure, businessId, outcome } = testRow(2)
    expect(reply.items[1]).toMatchObject({ seq: 2, at, actor, door, procedure, businessId, outcome, details })
    expect(reply.nextCursor).toBeNull()
  })

  test('an empty log is an empty list', async () => {
    expect(await list({})).toEqual({ items: [], nextCursor: null })
  })

  test('filters by business, procedure, actor and text, and searches far back', async () => {
    t.database.db.write((w) => {
      appendAudit(w, { ...testRow(1), details: { note: '100%_sure' } })
      for (let seq = 2; seq <= 12_000; seq++) appendAudit(w, testRow(seq))
    })
    expect(await seqs({ businessId: 'biz_3', limit: 3 })).toEqual([11_999, 11_991, 11_987])
    expect(await seqs({ procedure: 'invoices.send', actor: 'token:tok_1', limit: 2 })).toEqual([12_000, 11_994])
    expect(await seqs({ query: '%_S' })).toEqual([1])
    expect(await seqs({ query: 'inv_11999' })).toEqual([11_999])
    expect(await seqs({ query: 'nothing of the kind' })).toEqual([])
    expect(await seqs({ query: '\\' })).toEqual([])
  })

  test('pages through everything once, also while rows are added', async () => {
    t.append(25)
    const seen: number[] = []
    let cursor: string | undefined
    do {
      const reply = await list({ limit: 10, ...(cursor ? { cursor } : {}) })
      seen.push(...reply.items.map((row) => row.seq))
      cursor = reply.nextCursor ?? undefined
      t.append(1)
    } while (cursor)
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => 25 - i))
  })

  test('a cursor of another list is refused', async () => {
    await expect(list({ cursor: Buffer.from('["x"]').toString('base64url') })).rejects.toThrow(AppError)
  })
})

describe('audit.verify', () => {
  test('A3: says ok, counts rows and heads, and what is anchored', async () => {
    t.append(105)
    const reply = await handlers()['audit.verify'](context(), {})
    expect(audit['audit.verify'].output.parse(reply)).toEqual({
      ok: true,
      rows: 105,
      heads: 2,
      anchored: { size: 101, at: testRow(101).at },
      restored: [],
    })
  })

  test('A3: an empty log is fine', async () => {
    expect(await handlers()['audit.verify'](context(), {})).toEqual({ ok: true, rows: 0, heads: 0, anchored: null, restored: [] })
    expect(verifyTail({ db: t.database.db.read, publicKey: t.publicKey, anchors: t.anchors }).ok).toBe(true)
  })

  test('A3: names the first bad row in a sentence', async () => {
    t.append(20)
    t.database.db.write((w) => {
      w.run(sql`DROP TRIGGER audit_row_no_update`)
      w.run(sql`UPDATE audit_row SET outcome = 'refused' WHERE seq = 7`)
    })
    const reply = await handlers()['audit.verify'](context(), {})
    expect(audit['audit.verify'].output.parse(reply)).toMatchObject({ ok: false, rows: 20, restored: [] })
    expect(reply.firstBad).toEqual({ seq: 7, reason: 'Row 7 is not what was written: its content does not match its hash.' })
  })

  test('A3: asked for twice at the same time it runs once, and again afterwards', async () => {
    t.append(2)
    let asked = 0
    const watched = {
      places: t.places,
      get anchors() {
        asked++
        return t.anchors
      },
    }
    const verify = auditHandlers({ publicKey: t.publicKey, anchors: watched, assertBusiness() {} })['audit.verify']
    await Promise.all([verify(context(), {}), verify(context(), {})])
    expect(asked).toBe(1)
    await verify(context(), {})
    expect(asked).toBe(2)
  })
})

describe('verifyAudit', () => {
  const options = () => ({ db: t.database.db.read, publicKey: t.publicKey, anchors: t.anchors })

  test('A6: gives way between slices, tells how far it is, and is not disturbed by rows and heads added meanwhile', async () => {
    t.append(2000)
    const progress: number[] = []
    const result = await verifyAudit({
      ...options(),
      sliceMs: 0,
      onProgress: (checked, rows) => {
        progress.push(checked)
        expect(rows).toBe(2000)
      },
      pause: async () => t.append(60),
    })
    expect(result).toMatchObject({ ok: true, rows: 2000, anchored: { size: 1901 } })
    expect(progress).toEqual(Array.from({ length: 8 }, (_, i) => (i + 1) * 250))
    expect(await verifyAudit(options())).toMatchObject({ ok: true, rows: 2480 })
  })

  test('A3: thousands of rows without a signature never come about by themselves', async () => {
    const unsigned = () => {
      t.database.db.write((w) => {
        for (let i = 0; i < 2000; i++) appendAudit(w, testRow(1))
      })
    }
    unsigned()
    expect((await verifyAudit(options())).ok).toBe(true)
    unsigned()
    expect(await verifyAudit(options())).toMatchObject({ ok: false, firstBad: { seq: 1, kind: 'unsigned' } })
    expect(verifyTail(options(), 100)).toMatchObject({ ok: false, firstBad: { seq: 1, kind: 'unsigned' } })
  })

  test('A3: an anchor that cannot be reached is left out; the others still count', async () => {
    t.append(5)
    const away = {
      ...t.anchors[0],
      history: () => {
        throw Object.assign(new Error('no such folder'), { code: 'ENOENT' })
      },
    }
    expect(await verifyAudit({ ...options(), anchors: [away] })).toMatchObject({ ok: true, anchored: null })
    expect(await verifyAudit({ ...options(), anchors: [away, t.anchors[1]] })).toMatchObject({ ok: true, anchored: { size: 1 } })
  })

  test('A3: an anchor of another vault is named, even when it is empty of our heads', async () => {
    t.append(5)
    const foreign = openTestAudit()
    foreign.append(3)
    const mixed = { ...options(), publicKey: t.publicKey, anchors: [foreign.anchors[0]] }
    expect(await verifyAudit(mixed)).toMatchObject({ ok: false, firstBad: { kind: 'anchor_damaged' } })
    foreign.database.cleanup()
  })
})

describe('verifyAudit, rarer findings', () => {
  const options = () => ({ db: t.database.db.read, publicKey: t.publicKey, anchors: t.anchors })
  const unguarded = (...texts: string[]) => {
    const driver = openDriver(t.database.file, t.database.key, 'existing')
    driver.pragma('foreign_keys = OFF')
    for (const guard of ['audit_row_no_update', 'audit_row_no_delete', 'audit_head_no_delete', 'audit_node_no_delete'])
      driver.exec(`DROP TRIGGER IF EXISTS ${guard}`)
    for (const text of texts) driver.exec(text)
    driver.close()
  }

  test('A3: the first row names a row before it, and hashes so', async () => {
    t.append(1)
    const [row] = rowsAfter(t.database.db.read, 0, 1)
    if (!row) throw new Error('no row')
    const forged = { ...row, prevHash: row.hash }
    expect(checkRow({ ...forged, hash: rowHash(forged) }, 1, noHash)).toMatchObject({ seq: 1, kind: 'changed' })
  })

  test('A3: the very row at a head was replaced: that row is named, not the range', async () => {
    t.append(150)
    const row = rowsAfter(t.database.db.read, 100, 1)[0]
    if (!row) throw new Error('no row')
    const hash = Buffer.from(rowHash({ ...row, at: 5 })).toString('hex')
    unguarded(`UPDATE audit_row SET at = 5, hash = x'${hash}' WHERE seq = 101`)
    expect(await verifyAudit(options())).toMatchObject({ ok: false, firstBad: { seq: 101, kind: 'relinked' } })
  })

  test('A5: an anchor that holds the same rows signed at another time is no alarm', async () => {
    t.append(1)
    const [head] = t.anchors[0].history()
    if (!head) throw new Error('no head')
    const again = { ...t.anchors[0], history: () => [signHead(1, head.root, 77, t.privateKey)] }
    expect(await verifyAudit({ ...options(), anchors: [again] })).toMatchObject({ ok: true, anchored: { size: 1, at: 77 } })
  })

  test('A3: rows that vanish while they are checked are missing', async () => {
    t.append(600)
    let cut = false
    const pause = async () => {
      if (!cut) unguarded('DELETE FROM audit_row WHERE seq > 300')
      cut = true
    }
    expect(await verifyAudit({ ...options(), sliceMs: 0, pause })).toMatchObject({
      ok: false,
      firstBad: { seq: 301, kind: 'missing' },
    })
  })

  test('A3: the end is gone and no anchor agrees with what is left', async () => {
    t.append(150)
    const last = { ...t.anchors[0], history: () => t.anchors[0].history().slice(-1) }
    unguarded('DELETE FROM audit_row WHERE seq > 50', 'DELETE FROM audit_head WHERE size > 50', 'DELETE FROM audit_node')
    expect(await verifyAudit({ ...options(), anchors: [last] })).toMatchObject({ ok: false, firstBad: { seq: 51, kind: 'cut' } })
  })

  test('A3: the check at start names a row that the tree before its beginning lacks', () => {
    t.append(950)
    unguarded('DELETE FROM audit_row WHERE seq = 790')
    expect(verifyTail(options(), 100)).toMatchObject({ ok: false, firstBad: { seq: 790, kind: 'missing' } })
  })
})

describe('verifyTail, the check at start', () => {
  const options = () => ({ db: t.database.db.read, publicKey: t.publicKey, anchors: t.anchors })
  const tamper = (text: string) =>
    t.database.db.write((w) => {
      for (const guard of ['row_no_update', 'head_no_update', 'node_no_update'])
        w.run({ text: `DROP TRIGGER audit_${guard}`, values: [] })
      w.run({ text, values: [] })
    })

  beforeEach(() => t.append(950))

  test('A6: an untouched log is fine, through the last head before the rows it reads', () => {
    expect(verifyTail(options(), 100)).toMatchObject({ ok: true, rows: 950, heads: 10, anchored: { size: 901 } })
  })

  test.each([
    ['a row among the newest', "UPDATE audit_row SET outcome = 'x' WHERE seq = 930", 930],
    ['a row hash further back that no stored subtree holds', 'UPDATE audit_row SET hash = randomblob(32) WHERE seq = 801', 1],
    ['a stored subtree further back', 'UPDATE audit_node SET hash = randomblob(32) WHERE level = 9', 1],
    ['the head it starts from', 'UPDATE audit_head SET at = 1 WHERE size = 801', 1],
  ])('A6: sees %s', (_name, text, seq) => {
    tamper(text)
    expect(verifyTail(options(), 100)).toMatchObject({ ok: false, firstBad: { seq } })
  })

  test('A6: works without anchors, and passes on what is no finding', () => {
    expect(verifyTail({ ...options(), anchors: [] }, 100)).toMatchObject({ ok: true, anchored: null })
    t.database.db.write((w) => w.run(sql`ALTER TABLE audit_node RENAME TO away`))
    expect(() => verifyTail(options(), 100)).toThrow('audit_node')
  })

  test('A6: a row further back is left to the full check', async () => {
    tamper("UPDATE audit_row SET outcome = 'x' WHERE seq = 30")
    expect(verifyTail(options(), 100).ok).toBe(true)
    expect(await verifyAudit(options())).toMatchObject({ ok: false, firstBad: { seq: 30, kind: 'changed' } })
  })

  test('A6: an anchor that was away since before the rows it reads is held against the tree', () => {
    const early = { ...t.anchors[0], history: () => t.anchors[0].history().slice(0, 3) }
    expect(verifyTail({ ...options(), anchors: [early] }, 100)).toMatchObject({ ok: true, anchored: { size: 201 } })
    const [first, second, third] = t.anchors[0].history()
    if (!first || !second || !third) throw new Error('no heads')
    const other = { ...t.anchors[0], history: () => [first, { ...second, size: third.size }] }
    expect(verifyTail({ ...options(), anchors: [other] }, 100)).toMatchObject({ ok: false, firstBad: { kind: 'anchor_damaged' } })
  })
})
