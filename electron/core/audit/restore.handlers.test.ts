import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { audit } from '../../../shared/contract/audit'
import { AppError } from '../../../shared/errors'
import { type Database, sql } from '../db'
import { openTestDatabase, type TestDatabase } from '../db/testing'
import type { AuditDetail, TaskContext } from '../dispatch/handler'
import type { Anchor } from './anchors'
import { appendAudit } from './appendAudit'
import { auditHandlers } from './audit.handlers'
import { lastHead } from './audit.repository'
import { HeadSigner } from './headSigner'
import { restoreHandlers } from './restore.handlers'
import { openTestAudit, type TestAudit, testRow } from './testing'
import { verifyTail } from './verifyAudit'

/** A log that went on after a copy of it was made, and that copy in its place. */
let t: TestAudit
let restored: TestDatabase
let db: Database
let anchors: { anchors: readonly Anchor[]; places: TestAudit['places'] }
let signer: HeadSigner
/** Whether the owner has proved to be themselves. */
let proved: boolean

beforeEach(() => {
  t = openTestAudit()
  restored = openTestDatabase()
  db = restored.db
  anchors = t
  proved = true
  signer = new HeadSigner({ privateKey: t.privateKey, anchors: t.anchors, onProblem: (problem) => t.problems.push(problem) })
})
afterEach(() => {
  restored.cleanup()
  t.database.cleanup()
})

/** Rows up to `size`, as they were in the log when the copy was made, signed as they were. */
function restoreUpTo(size: number): void {
  const alone = new HeadSigner({ privateKey: t.privateKey, anchors: [], onProblem() {} })
  let seq = 0
  for (const due of [1, 101, size]) {
    db.write((w) => {
      while (seq < due) appendAudit(w, testRow(++seq))
    })
    alone.signIfDue(db, testRow(seq).at)
  }
}

/** What is done after the restore, before anybody looks. */
function goOn(rows: number): void {
  db.write((w) => {
    for (let n = 0; n < rows; n++) appendAudit(w, { ...testRow(n), procedure: 'ledger.post' })
  })
  signer.signNow(db, now)
}

const now = 1_780_000_000_000
const verify = () =>
  auditHandlers({ publicKey: t.publicKey, anchors, assertBusiness() {} })['audit.verify'](
    { actor: { name: 'owner', scopes: new Set() }, door: 'window', now, db: db.read },
    {},
  )

async function acknowledge(actor: 'owner' | `token:${string}` = 'owner') {
  const require = () => {
    if (!proved) throw new AppError('step_up_required', 'Prove that it is you.')
  }
  const stepUp = { require, until: () => null }
  const handler = restoreHandlers({ publicKey: t.publicKey, anchors, stepUp, signNow: () => void signer.signNow(db, now) })[
    'audit.acknowledgeRestore'
  ]
  if (!('task' in handler)) throw new Error('It is a task')
  const details: Record<string, AuditDetail> = {}
  const context: TaskContext = {
    actor: { name: actor, scopes: new Set() },
    door: 'window',
    now,
    database: db,
    signal: new AbortController().signal,
    body: null,
    note: (more) => void Object.assign(details, more),
    changed: () => undefined,
    spendPermit: () => undefined,
    settle: (w, output) => {
      audit['audit.acknowledgeRestore'].output.parse(output)
      appendAudit(w, { ...testRow(1), at: now, procedure: 'audit.acknowledgeRestore', businessId: null, details })
    },
  }
  return handler.task(context, {})
}

async function refusal(call: Promise<unknown>): Promise<AppError> {
  try {
    await call
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('It was not refused')
}

describe('a log that was restored from an older copy', () => {
  test('A5: is told apart from tampering, acknowledged once in a row with both heads, and anchored again', async () => {
    t.append(210)
    restoreUpTo(150)
    const before = lastHead(db.read)
    expect(await verify()).toMatchObject({
      ok: false,
      firstBad: { seq: 151 },
      restored: [
        { id: 'anc_1', name: 'data folder', size: 201 },
        { id: 'anc_2', name: 'second folder', size: 201 },
      ],
    })

    proved = false
    expect((await refusal(acknowledge())).code).toBe('step_up_required')
    expect(await verify()).toMatchObject({ ok: false, restored: [{}, {}] })
    proved = true
    const done = await acknowledge()
    expect(done.places.map(({ id, size }) => [id, size])).toEqual([
      ['anc_1', 201],
      ['anc_2', 201],
    ])
    expect(before?.size).toBe(101)
    expect(done.size).toBe(150)
    const row = db.read.get<{ details: string }>(sql`SELECT details FROM audit_row WHERE procedure = 'audit.acknowledgeRestore'`)
    const anchored = t.database.db.read.get<{ root: Uint8Array }>(sql`SELECT root FROM audit_head WHERE size = 201`)
    expect(JSON.parse(row?.details ?? '')).toMatchObject({
      head: { size: 150, root: expect.stringMatching(/^[0-9a-f]{64}$/) },
      places: [
        { id: 'anc_1', size: 201, at: testRow(201).at, root: Buffer.from(anchored?.root ?? []).toString('hex') },
        { id: 'anc_2', size: 201 },
      ],
    })

    expect(await verify()).toMatchObject({ ok: true, rows: 151, restored: [], anchored: { size: 151 } })
    expect(verifyTail({ db: db.read, publicKey: t.publicKey, anchors: t.anchors }).ok).toBe(true)
    for (const [index, anchor] of t.anchors.entries()) {
      expect(anchor.history().map(({ size }) => size)).toEqual([151])
      expect(readdirSync(t.anchorDirs[index] ?? '')).toContain('audit-heads.until-201.jsonl')
    }
    t.problems.length = 0
    goOn(300)
    expect([t.problems, await verify()]).toMatchObject([[], { ok: true, rows: 451, anchored: { size: 451 } }])
    expect((await refusal(acknowledge())).code).toBe('conflict')
  })

  test.each([
    ['as many rows as before', 60],
    ['more rows than before', 200],
  ])('A5: can be acknowledged after %s were added to it', async (_, rows) => {
    t.append(210)
    restoreUpTo(150)
    goOn(rows)
    expect(t.problems.map(({ kind }) => kind)).toContain('anchor_refused')
    expect(await verify()).toMatchObject({ ok: false, restored: [{ id: 'anc_1' }, { id: 'anc_2' }] })
    await acknowledge()
    expect(await verify()).toMatchObject({ ok: true, rows: 151 + rows, restored: [] })
  })

  test('A5: only the places that know more begin anew', async () => {
    t.append(210)
    restoreUpTo(150)
    const [first, second] = t.anchors
    first.startAnew()
    signer.signNow(db, now)
    const agreeing = first.history()
    expect(await verify()).toMatchObject({ ok: false, restored: [{ id: 'anc_2' }] })
    expect((await acknowledge()).places.map(({ id }) => id)).toEqual(['anc_2'])
    expect(first.history().slice(0, agreeing.length)).toEqual(agreeing)
    expect(second.history()).toHaveLength(1)
    expect(await verify()).toMatchObject({ ok: true, restored: [] })
  })

  test('a place that cannot begin anew is named; acknowledging again ends it', async () => {
    t.append(210)
    restoreUpTo(150)
    const [first, second] = t.anchors
    let isStuck = true
    const stuck: Anchor = {
      ...second,
      startAnew: () => {
        if (isStuck) throw new Error('read-only')
        second.startAnew()
      },
    }
    anchors = {
      anchors: [first, stuck],
      places: [
        { id: 'anc_1', kind: 'folder', anchor: first },
        { id: 'anc_2', kind: 'folder', anchor: stuck },
      ],
    }
    const error = await refusal(acknowledge())
    expect([error.code, error.message]).toEqual(['unavailable', expect.stringContaining('"second folder" could not begin anew')])
    expect(await verify()).toMatchObject({ ok: false, restored: [{ id: 'anc_2' }] })
    isStuck = false
    expect((await acknowledge()).places.map(({ id }) => id)).toEqual(['anc_2'])
    expect(await verify()).toMatchObject({ ok: true, restored: [] })
  })
})

describe('nothing but a restore is acknowledged', () => {
  test('by the owner alone', async () => {
    t.append(210)
    restoreUpTo(150)
    expect((await refusal(acknowledge('token:tok_1'))).code).toBe('forbidden')
    expect(await verify()).toMatchObject({ ok: false })
  })

  test('not where every place agrees', async () => {
    t.append(120)
    restoreUpTo(120)
    expect(await verify()).toMatchObject({ ok: true, restored: [] })
    const before = db.read.get(sql`SELECT count(*) AS n FROM audit_row`)
    expect((await refusal(acknowledge())).code).toBe('conflict')
    expect(db.read.get(sql`SELECT count(*) AS n FROM audit_row`)).toEqual(before)
  })

  test('A3: not a log that does not verify by itself, whatever its age', async () => {
    t.append(210)
    restoreUpTo(150)
    db.write((w) => {
      w.run(sql`DROP TRIGGER audit_row_no_update`)
      w.run(sql`UPDATE audit_row SET outcome = 'refused' WHERE seq = 30`)
    })
    expect(await verify()).toMatchObject({ ok: false, firstBad: { seq: 30 }, restored: [] })
    expect((await refusal(acknowledge())).code).toBe('conflict')
    expect(t.anchors[1].read()?.size).toBe(201)
  })

  test('A3: not what a damaged or foreign place says', async () => {
    t.append(50)
    restoreUpTo(50)
    const foreign = openTestAudit()
    foreign.append(90)
    anchors = { anchors: foreign.anchors, places: foreign.places }
    expect(await verify()).toMatchObject({ ok: false, restored: [] })
    expect((await refusal(acknowledge())).code).toBe('conflict')
    expect(foreign.anchors[0].read()?.size).toBe(1)
    foreign.database.cleanup()
  })
})
