import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeAccountantCopy } from './accountantCopy'
import { AnchorSet } from './anchorSet'
import { lastHead } from './audit.repository'
import { carryHead, checkCarriedHead } from './carriedHead'
import { exportLog } from './exportLog'
import { publicKeyBytes } from './heads'
import { TamperBench } from './tamperBench'
import { tamperings } from './tamperTesting'
import { openTestAudit, type TestAudit } from './testing'
import { type VerifyOptions, verifyAudit } from './verifyAudit'

const verifier = join(import.meta.dirname, '../../../build/verifyAudit.mjs')
const dir = mkdtempSync(join(tmpdir(), 'audit-alone-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const filter = {}

/** Later than every head of these tests. */
const afterwards = 1_900_000_000_000

function exported(
  { db, anchors, publicKey }: VerifyOptions,
  format: 'csv' | 'jsonl' = 'jsonl',
  only: Parameters<typeof exportLog>[0]['filter'] = filter,
  now = afterwards,
): string {
  return [...exportLog({ db, anchors, publicKey: publicKeyBytes(publicKey), format, filter: only, now }).chunks].join('')
}

/** Runs the stand-alone program on a log as text. */
function standAlone(text: string, ...more: string[]): { readonly code: number | null; readonly said: string } {
  const file = join(dir, 'log.jsonl')
  writeFileSync(file, text)
  const { status, stdout, stderr } = spawnSync(process.execPath, [verifier, file, ...more], { encoding: 'utf8' })
  return { code: status, said: stdout + stderr }
}

describe('the stand-alone verifier', () => {
  let t: TestAudit
  let options: VerifyOptions
  let text: string
  beforeAll(() => {
    t = openTestAudit()
    t.append(320)
    t.signer.signNow(t.database.db, 1_770_000_900_000)
    options = { db: t.database.db.read, publicKey: t.publicKey, anchors: t.anchors }
    text = exported(options)
  })
  afterAll(() => t.database.cleanup())

  test('A6: is at most 200 lines and imports nothing but Node', () => {
    const source = readFileSync(verifier, 'utf8')
    expect(source.split('\n').length).toBeLessThanOrEqual(201)
    expect([...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name).every((name) => name?.startsWith('node:'))).toBe(true)
  })

  test('A6: passes the log as it is, needs no secret, and says what it checked against', () => {
    const key = Buffer.from(publicKeyBytes(t.publicKey)).toString('hex')
    expect(standAlone(text)).toMatchObject({ code: 0, said: expect.stringContaining('ok: 320 rows (the whole log)') })
    expect(standAlone(text, '--key', key).said).not.toContain('note:')
    expect(standAlone(text, '--heads', join(t.anchorDirs[1], 'audit-heads.jsonl')).code).toBe(0)
    expect(standAlone(text, '--key', '0'.repeat(64))).toMatchObject({
      code: 1,
      said: expect.stringContaining('another public key'),
    })
  })

  test.each([[['--key']], [['--heads']], [['--keys', 'x']], [['more.jsonl']]])(
    'A6: is used wrongly with %j and checks nothing',
    (more) => {
      expect(standAlone(text, ...more)).toMatchObject({ code: 2, said: expect.stringContaining('Usage: node verifyAudit.mjs') })
    },
  )

  test('A6: passes a part of the log by proofs, and refuses a row that was changed in it', () => {
    const part = exported(options, 'jsonl', { procedure: 'invoices.send' })
    expect(standAlone(part)).toMatchObject({ code: 0, said: expect.stringContaining('ok: 160 rows (a part of the log') })
    expect(standAlone(part.replace('"inv_40"', '"inv_41"')).said).toContain('BAD: row 40')
  })

  test('A5: heads that were signed after the export are no alarm where the rows agree, and are told from a cut end', () => {
    const young = openTestAudit()
    try {
      const now = 1_770_000_000_000
      const { read } = young.database.db
      young.append(150)
      young.signer.signNow(young.database.db, now)
      young.append(1)
      const source = { db: read, publicKey: young.publicKey, anchors: young.anchors }
      const [whole, part] = [{}, { procedure: 'invoices.send' }].map((only) => exported(source, 'jsonl', only, now + 1)) as [
        string,
        string,
      ]
      const heads = ['--heads', join(young.anchorDirs[0], 'audit-heads.jsonl')]
      young.signer.signNow(young.database.db, now + 2)
      expect(standAlone(whole, ...heads)).toMatchObject({ code: 0, said: expect.stringContaining('ok: 151 rows') })
      expect(standAlone(whole.replace(/\{"type":"head","size":150,.*\n/, ''), ...heads).said).toContain(
        'was taken out of the log',
      )
      young.append(5)
      young.signer.signNow(young.database.db, now + 3)
      expect(standAlone(whole, ...heads)).toMatchObject({ code: 1, said: expect.stringContaining('signed after this export') })
      expect(standAlone(part, ...heads)).toMatchObject({ code: 0, said: expect.stringContaining('a part of the log') })
    } finally {
      young.database.cleanup()
    }
  })

  test('A3: every change of a line of the file is refused', () => {
    const lines = text.trimEnd().split('\n')
    const first = lines.findIndex((line) => line.includes('"type":"row"'))
    const rowAt = fc.integer({ min: first, max: lines.length - 2 })
    const edits = {
      dropped: (at: number) => lines.toSpliced(at, 1),
      doubled: (at: number) => lines.toSpliced(at, 0, lines[at] ?? ''),
      swapped: (at: number) =>
        at === first ? lines.toSpliced(at, 1) : lines.with(at, lines[at - 1] ?? '').with(at - 1, lines[at] ?? ''),
      cut: (at: number) => lines.slice(0, at),
      changed: (at: number) =>
        lines.with(
          at,
          (lines[at] ?? '').replace(/"at":(\d+)/, (_, ms: string) => `"at":${Number(ms) + 1}`),
        ),
      'head of it changed': () => lines.map((line) => line.replace(/"type":"head"(.*)"size":101,/, '"type":"head"$1"size":102,')),
    }
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(edits) as (keyof typeof edits)[])), rowAt, (name, at) => {
        const { code, said } = standAlone(edits[name](at).join('\n'))
        expect(`${name} at ${at}: ${code}`).toBe(`${name} at ${at}: 1`)
        expect(said).toContain('BAD')
      }),
      { numRuns: 40 },
    )
  }, 120_000)

  test('a file that is no log, and wrong words, are told apart', () => {
    expect(standAlone('{"type":"row"}\n').said).toContain('no audit log of Countinghouse')
    expect(standAlone('nonsense').said).toContain('line 1 is no JSON')
    expect(spawnSync(process.execPath, [verifier], { encoding: 'utf8' })).toMatchObject({ status: 2 })
  })

  test('14: CSV keeps control characters and formulas inert, one line a row', () => {
    const csv = exported(options, 'csv', { procedure: 'customers.create' })
    expect(csv.split('\r\n')[0]).toBe('seq,at,actor,door,procedure,business,outcome,details,prev,hash')
    expect(csv.split('\r\n')).toHaveLength(162)
  })

  test('the accountant’s copy checks itself', async () => {
    await writeAccountantCopy(dir, 'copy', [text], readFileSync(verifier, 'utf8'))
    const said = execFileSync(process.execPath, ['verifyAudit.mjs', 'audit.jsonl'], { cwd: join(dir, 'copy'), encoding: 'utf8' })
    expect(said).toContain('ok: 320 rows')
  })

  test('A4: a carried head is held against the log', () => {
    const { db } = options
    const head = lastHead(db)
    if (head === undefined) throw new Error('Nothing is signed')
    const carried = carryHead(head, t.publicKey)
    expect(checkCarriedHead(db, carried, t.publicKey)).toMatchObject({ ok: true, size: 320 })
    expect(checkCarriedHead(db, carried.replace('320', '319'), t.publicKey).message).toContain('forged')
    expect(checkCarriedHead(db, 'scrap', t.publicKey).message).toContain('damaged')
    const other = openTestAudit()
    try {
      expect(checkCarriedHead(other.database.db.read, carried, t.publicKey).message).toContain('shorter')
      expect(checkCarriedHead(db, carried, other.publicKey).message).toContain('another vault')
    } finally {
      other.database.cleanup()
    }
  })

  test('A4: an added folder witnesses; one that is gone, damaged or ahead is told apart', () => {
    const own = openTestAudit()
    try {
      const { db } = own.database
      const key = publicKeyBytes(own.publicKey)
      const set = new AnchorSet({ publicKey: key, place: 'v1', fixed: [{ kind: 'data_folder', anchor: own.anchors[0] }] })
      own.append(120)
      own.signer.signNow(db, 1)
      const path = mkdtempSync(join(dir, 'stick-'))
      const id = db.write((w) => set.addFolder(w, { path, name: 'stick', now: 1 }))
      expect(() => db.write((w) => set.addFolder(w, { path, name: 'again', now: 1 }))).toThrow('keeps heads already')
      set.load(db.read)
      const [, stick] = set.anchors
      const head = lastHead(db.read)
      if (stick === undefined || head === undefined) throw new Error('No stick')
      stick.write(head, [])
      expect(set.describe(db.read).map(({ name, state, size }) => [name, state, size])).toEqual([
        ['data folder', 'ok', 120],
        ['stick', 'ok', 120],
      ])
      writeFileSync(join(path, 'countinghouse-v1', 'audit-head.json'), 'scrap')
      expect(set.describe(db.read)[1]?.state).toBe('damaged')
      rmSync(path, { recursive: true })
      expect(set.describe(db.read)[1]?.state).toBe('missing')
      expect(() => stick.write(head, [])).toThrow('is not there')
      expect(() => db.write((w) => set.remove(w, 'anchor_data_folder', 2))).toThrow('belongs to the app')
      db.write((w) => set.remove(w, id, 2))
      set.load(db.read)
      expect(set.anchors).toHaveLength(1)
    } finally {
      own.database.cleanup()
    }
  })
})

/** What does not reach the file: the stored subtrees, how the text of the details was spaced, and that an anchor holds a head apart from its history. */
const notInTheFile = /^(stored subtree|subtree of rows|white space|line in the history of an anchor taken out)/

test('A6: it agrees with the app on every tampering of the database', async () => {
  const bench = new TamperBench()
  const seeds = fc.sample(fc.integer({ min: 0, max: 1_000_000 }), { numRuns: tamperings.length * 4, seed: 20260121 })
  const pick = (low: number, high: number): number => low + ((seeds.pop() ?? 0) % (high - low + 1))
  const disagreed: string[] = []
  try {
    for (const tampering of [...tamperings, undefined]) {
      await bench.run(
        async (options) => {
          const app = await verifyAudit(options)
          const heads = bench.caseAnchorDirs.flatMap((folder) => ['--heads', join(folder, 'audit-heads.jsonl')])
          const { code } = standAlone(exported(options), ...heads)
          if ((code === 0) !== app.ok && !notInTheFile.test(tampering?.name ?? '')) disagreed.push(tampering?.name ?? 'nothing')
          return app
        },
        tampering,
        pick,
      )
    }
  } finally {
    bench.cleanup()
  }
  expect(disagreed).toEqual([])
}, 300_000)
