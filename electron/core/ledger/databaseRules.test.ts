import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../db'
import { closePeriod } from './periodClose'
import { recount } from './recount'
import { reverse } from './reversal'
import { openTestBooks, type TestBooks, testNow } from './testing'

/**
 * Raw SQL by someone who has the key and writes past all of the app's code. Book 1 belongs to the first business, book 2 to the other;
 * accounts 1 and up are those of book 1. Entries 1 (reversed by 2), 3 and 4 are posted in book 1, 5 in book 2; import 1 is published with
 * entry 6, import 2 failed and was swept, import 3 is staging with entry 7 and account 'assets:staged'. Book 1 is closed through 2025-12-31.
 */
let books: TestBooks

const header = (values: string) =>
  `INSERT INTO journal_entry (id, book_id, occurred_on, description, source_kind, source_id, lines, valued, posted_at, import_id, reverses)
   VALUES (${values})`
const line = (values: string) =>
  `INSERT INTO posting (entry_id, line, lines, book_id, account_id, currency, amount_minor, base_minor, occurred_on, import_id)
   VALUES (${values})`

/** A header of two lines in book 1, with what makes it bad after it. */
const good = header(`900, 1, '2026-01-10', 'Raw', 'manual', 'raw', 2, 0, 0, NULL, NULL`)
const firstLine = line(`900, 1, 2, 1, 1, 'USD', 100, NULL, '2026-01-10', NULL`)
const mirrorHead = (of: number, lines = 2) =>
  header(`900, 1, '2026-01-10', 'Raw', 'reversal', 'raw', ${lines}, 0, 0, NULL, ${of}`)
const mirror = (first: string, second: string) => [
  line(`900, 1, 2, 1, ${first}, '2026-01-10', NULL`),
  line(`900, 2, 2, 1, ${second}, '2026-01-10', NULL`),
]

const attacks: [reason: string, refusal: RegExp, ...statements: string[]][] = [
  // Unbalanced, mixed, empty and unfinished entries
  ['an entry without postings', /FOREIGN KEY/, good],
  ['an entry with one of its two postings', /FOREIGN KEY/, good, firstLine],
  [
    'an entry that is short of a line in the middle',
    /lines are missing/,
    header(`900, 1, '2026-01-10', 'Raw', 'manual', 'raw', 3, 0, 0, NULL, NULL`),
    line(`900, 1, 3, 1, 1, 'USD', 100, NULL, '2026-01-10', NULL`),
    line(`900, 3, 3, 1, 2, 'USD', -100, NULL, '2026-01-10', NULL`),
  ],
  ['an unbalanced entry', /sums to zero/, good, firstLine, line(`900, 2, 2, 1, 2, 'USD', -99, NULL, '2026-01-10', NULL`)],
  [
    'currencies that balance only against each other',
    /every currency of an entry sums to zero/,
    good,
    firstLine,
    line(`900, 2, 2, 1, 2, 'EUR', -100, NULL, '2026-01-10', NULL`),
  ],
  [
    'an entry of zeros',
    /an entry moves something/,
    good,
    line(`900, 1, 2, 1, 1, 'USD', 0, NULL, '2026-01-10', NULL`),
    line(`900, 2, 2, 1, 2, 'USD', 0, NULL, '2026-01-10', NULL`),
  ],
  [
    'base values that do not sum to zero',
    /base values of a currency sum to zero/,
    good,
    line(`900, 1, 2, 1, 1, 'USD', 100, 100, '2026-01-10', NULL`),
    line(`900, 2, 2, 1, 2, 'USD', -100, -99, '2026-01-10', NULL`),
  ],
  [
    'base values that balance only across currencies',
    /base values of a currency sum to zero/,
    header(`900, 1, '2026-01-10', 'Raw', 'manual', 'raw', 4, 0, 0, NULL, NULL`),
    line(`900, 1, 4, 1, 1, 'USD', 100, 100, '2026-01-10', NULL`),
    line(`900, 2, 4, 1, 2, 'USD', -100, -99, '2026-01-10', NULL`),
    line(`900, 3, 4, 1, 1, 'EUR', 100, 99, '2026-01-10', NULL`),
    line(`900, 4, 4, 1, 2, 'EUR', -100, -100, '2026-01-10', NULL`),
  ],
  [
    'an entry called valued whose postings are not',
    /a valued entry has a base value/,
    header(`900, 1, '2026-01-10', 'Raw', 'manual', 'raw', 2, 1, 0, NULL, NULL`),
    firstLine,
    line(`900, 2, 2, 1, 2, 'USD', -100, NULL, '2026-01-10', NULL`),
  ],
  ['an entry of one line', /CHECK constraint/, header(`900, 1, '2026-01-10', 'Raw', 'manual', 'raw', 1, 0, 0, NULL, NULL`)],
  [
    'an entry of more lines than anyone reads',
    /CHECK/,
    header(`900, 1, '2026-01-10', 'Raw', 'manual', 'raw', 201, 0, 0, NULL, NULL`),
  ],
  // Values that are none
  ['a fraction of a cent', /cannot store REAL/, good, line(`900, 1, 2, 1, 1, 'USD', 0.5, NULL, '2026-01-10', NULL`)],
  ['an amount in words', /cannot store TEXT/, good, line(`900, 1, 2, 1, 1, 'USD', 'ten', NULL, '2026-01-10', NULL`)],
  ['no amount', /NOT NULL/, good, line(`900, 1, 2, 1, 1, 'USD', NULL, NULL, '2026-01-10', NULL`)],
  [
    'an amount beyond the safe integers',
    /CHECK/,
    good,
    line(`900, 1, 2, 1, 1, 'USD', 9007199254740992, NULL, '2026-01-10', NULL`),
  ],
  ['a base value beyond them', /CHECK/, good, line(`900, 1, 2, 1, 1, 'USD', 1, -9007199254740992, '2026-01-10', NULL`)],
  ['a currency in small letters', /CHECK/, good, line(`900, 1, 2, 1, 1, 'usd', 1, NULL, '2026-01-10', NULL`)],
  ['a currency of four letters', /CHECK/, good, line(`900, 1, 2, 1, 1, 'USDT', 1, NULL, '2026-01-10', NULL`)],
  ['a day that does not exist', /CHECK/, header(`900, 1, '2026-02-30', 'Raw', 'manual', 'raw', 2, 0, 0, NULL, NULL`)],
  ['a day with a time', /CHECK/, header(`900, 1, '2026-01-10T00:00', 'Raw', 'manual', 'raw', 2, 0, 0, NULL, NULL`)],
  ['an empty description', /CHECK/, header(`900, 1, '2026-01-10', '', 'manual', 'raw', 2, 0, 0, NULL, NULL`)],
  ['an unknown kind of source', /CHECK/, header(`900, 1, '2026-01-10', 'Raw', 'magic', 'raw', 2, 0, 0, NULL, NULL`)],
  ['a negative entry number', /CHECK/, header(`-1, 1, '2026-01-10', 'Raw', 'manual', 'raw', 2, 0, 0, NULL, NULL`)],
  ['a source that was posted before', /UNIQUE/, header(`900, 1, '2026-01-10', 'Raw', 'manual', 'test_2', 2, 0, 0, NULL, NULL`)],
  // Sealed rows
  ['a changed amount', /a posting is never changed/, `UPDATE posting SET amount_minor = 1 WHERE entry_id = 3 AND line = 1`],
  ['a changed account', /a posting is never changed/, `UPDATE posting SET account_id = 2 WHERE entry_id = 3`],
  [
    'amounts changed in balance',
    /a posting is never changed/,
    `UPDATE posting SET amount_minor = amount_minor * 2 WHERE entry_id = 3`,
  ],
  ['a posting changed to itself', /a posting is never changed/, `UPDATE posting SET entry_id = entry_id`],
  [
    'a replaced posting',
    /a posting is never deleted/,
    line(`3, 2, 2, 1, 1, 'USD', -10000, -10000, '2026-01-10', NULL`).replace('INSERT', 'INSERT OR REPLACE'),
  ],
  [
    'a posting updated by conflict',
    /a posting is never changed/,
    `${line(`3, 2, 2, 1, 1, 'USD', -1, NULL, '2026-01-10', NULL`)} ON CONFLICT DO UPDATE SET amount_minor = 1`,
  ],
  ['a deleted posting', /a posting is never deleted/, `DELETE FROM posting WHERE entry_id = 3 AND line = 1`],
  ['all postings deleted', /a posting is never deleted/, `DELETE FROM posting`],
  ['one more line for a sealed entry', /FOREIGN KEY/, line(`3, 3, 3, 1, 1, 'USD', 0, 0, '2026-01-10', NULL`)],
  ['a line beyond the last', /CHECK/, line(`3, 3, 2, 1, 1, 'USD', 0, NULL, '2026-01-10', NULL`)],
  ['a line zero', /CHECK/, line(`3, 0, 2, 1, 1, 'USD', 0, NULL, '2026-01-10', NULL`)],
  ['the same line twice', /UNIQUE/, line(`3, 2, 2, 1, 1, 'USD', -10000, NULL, '2026-01-10', NULL`)],
  ['a changed description', /an entry is never changed/, `UPDATE journal_entry SET description = 'x' WHERE id = 3`],
  ['a changed day', /an entry is never changed/, `UPDATE journal_entry SET occurred_on = '2026-01-11' WHERE id = 3`],
  [
    'an entry moved to another business',
    /an entry is never changed/,
    `UPDATE OR REPLACE journal_entry SET book_id = 2 WHERE id = 3`,
  ],
  ['a deleted entry', /an entry is never deleted/, `DELETE FROM journal_entry WHERE id = 3`],
  [
    'a replaced entry',
    /an entry is never deleted/,
    header(`3, 1, '2026-01-10', 'Raw', 'manual', 'raw', 2, 1, 0, NULL, NULL`).replace('INSERT', 'INSERT OR REPLACE'),
  ],
  [
    'an entry replaced through its source',
    /an entry is never deleted/,
    header(`900, 1, '2026-01-10', 'Raw', 'manual', 'test_2', 2, 1, 0, NULL, NULL`).replace('INSERT', 'INSERT OR REPLACE'),
  ],
  // Other businesses
  [
    'a posting to an account of another business',
    /FOREIGN KEY/,
    good,
    line(`900, 1, 2, 1, (SELECT min(id) FROM account WHERE book_id = 2), 'USD', 1, NULL, '2026-01-10', NULL`),
  ],
  ['a posting in another book than its entry', /FOREIGN KEY/, good, line(`900, 1, 2, 2, 1, 'USD', 1, NULL, '2026-01-10', NULL`)],
  ['a posting on another day than its entry', /FOREIGN KEY/, good, line(`900, 1, 2, 1, 1, 'USD', 1, NULL, '2026-01-11', NULL`)],
  ['a posting without an entry', /FOREIGN KEY/, line(`999, 1, 2, 1, 1, 'USD', 1, NULL, '2026-01-10', NULL`)],
  ['the reversal of an entry of another business', /stands in the books of its entry/, mirrorHead(5)],
  ['a book moved to another business', /for ever/, `UPDATE book SET business_id = 'biz_two' WHERE id = 1`],
  ['a second book of a business', /UNIQUE/, `INSERT INTO book (business_id) VALUES ('biz_one')`],
  ['a deleted book', /books are kept/, `DELETE FROM book WHERE id = 2`],
  // Reversals
  ['a second reversal', /UNIQUE/, mirrorHead(1)],
  ['the reversal of a reversal', /a reversal is not reversed/, mirrorHead(2)],
  ['a reversal with other lines', /mirrors every line/, mirrorHead(3, 3)],
  ['a reversal of another amount', /mirrors every line/, mirrorHead(3), ...mirror(`3, 'USD', 5, NULL`, `1, 'USD', -5, NULL`)],
  [
    'a reversal on other accounts',
    /mirrors every line/,
    mirrorHead(3),
    ...mirror(`4, 'USD', -10000, -10000`, `5, 'USD', 10000, 10000`),
  ],
  [
    'a reversal in another currency',
    /mirrors every line/,
    mirrorHead(3),
    ...mirror(`1, 'EUR', -10000, -10000`, `14, 'EUR', 10000, 10000`),
  ],
  ['a reversal of nothing', /FOREIGN KEY/, mirrorHead(899)],
  ['the reversal of itself', /CHECK/, mirrorHead(900)],
  ['the reversal of a staged entry', /unpublished import/, mirrorHead(7)],
  ['a reversal that names no entry', /CHECK/, header(`900, 1, '2026-01-10', 'Raw', 'reversal', 'raw', 2, 0, 0, NULL, NULL`)],
  // Closed periods
  [
    'an entry on the last closed day',
    /the period of this day is closed/,
    header(`900, 1, '2025-12-31', 'Raw', 'manual', 'raw', 2, 0, 0, NULL, NULL`),
  ],
  [
    'an entry long before it',
    /the period of this day is closed/,
    header(`900, 1, '1999-01-01', 'Raw', 'invoice', 'raw', 2, 0, 0, NULL, NULL`),
  ],
  ['an earlier close', /closed through that day already/, `INSERT INTO period_close VALUES (1, '2025-06-30', 0)`],
  ['a moved close', /stays closed/, `UPDATE period_close SET through = '2020-01-01'`],
  ['a reopened period', /stays closed/, `DELETE FROM period_close`],
  ['a replaced close', /already|stays closed/, `INSERT OR REPLACE INTO period_close VALUES (1, '2025-12-31', 1)`],
  // Accounts
  [
    'an account of another type than its root',
    /CHECK/,
    `INSERT INTO account (book_id, name, type, created_at) VALUES (1, 'assets:x', 'income', 0)`,
  ],
  [
    'an account that is only a root',
    /CHECK/,
    `INSERT INTO account (book_id, name, type, created_at) VALUES (1, 'assets:', 'assets', 0)`,
  ],
  ['a renamed account', /keeps its name/, `UPDATE account SET name = 'assets:elsewhere' WHERE id = 1`],
  ['a deleted account', /accounts are kept/, `DELETE FROM account WHERE id = 2`],
  [
    'an account replaced by name',
    /accounts are kept/,
    `INSERT OR REPLACE INTO account (id, book_id, name, type, created_at) VALUES (999, 1, 'assets:bank', 'assets', 0)`,
  ],
  [
    'an account of a published import',
    /only a running import brings accounts/,
    `INSERT INTO account (book_id, name, type, created_at, import_id) VALUES (1, 'assets:x', 'assets', 0, 1)`,
  ],
  // Imports
  [
    'an entry slipped into a published import',
    /only a running import/,
    header(`900, 1, '2026-01-10', 'Raw', 'import', 'raw', 2, 0, 0, 1, NULL`),
  ],
  [
    'an entry slipped into a failed import',
    /only a running import/,
    header(`900, 1, '2026-01-10', 'Raw', 'import', 'raw', 2, 0, 0, 2, NULL`),
  ],
  [
    'an entry before the first day of its import',
    /none before its first day/,
    header(`900, 1, '2026-01-01', 'Raw', 'import', 'raw', 2, 0, 0, 3, NULL`),
  ],
  ['an imported entry without an import', /CHECK/, header(`900, 1, '2026-01-10', 'Raw', 'import', 'raw', 2, 0, 0, NULL, NULL`)],
  [
    'a posting that leaves its import',
    /belongs to the import of its entry/,
    header(`900, 1, '2026-01-10', 'Raw', 'import', 'raw', 2, 0, 0, 3, NULL`),
    line(`900, 1, 2, 1, 1, 'USD', 1, NULL, '2026-01-10', NULL`),
    line(`900, 2, 2, 1, 1, 'USD', -1, NULL, '2026-01-10', 3`),
  ],
  [
    'postings that claim an import',
    /belongs to the import of its entry/,
    good,
    line(`900, 1, 2, 1, 1, 'USD', 1, NULL, '2026-01-10', 3`),
    line(`900, 2, 2, 1, 1, 'USD', -1, NULL, '2026-01-10', 3`),
  ],
  ['a published import taken back', /is final/, `UPDATE import SET status = 'failed', sha256 = NULL WHERE id = 1`],
  ['a failed import published', /is final/, `UPDATE import SET status = 'published', sha256 = zeroblob(32) WHERE id = 2`],
  ['another count of a published import', /is final/, `UPDATE import SET imported = 99 WHERE id = 1`],
  ['an import published without a digest', /CHECK/, `UPDATE import SET status = 'published' WHERE id = 3`],
  [
    'an import that is born published',
    /begins as staging/,
    `INSERT INTO import VALUES (NULL, 2, 'published', 1, '2026-01-01', 0, 0, zeroblob(32), NULL, 0, 0)`,
  ],
  [
    'a second running import',
    /UNIQUE/,
    `INSERT INTO import VALUES (NULL, 1, 'staging', 1, '2026-01-01', 0, 0, NULL, NULL, 0, 0)`,
  ],
  ['a deleted import', /imports are kept/, `DELETE FROM import WHERE id = 2`],
  ['a deleted entry of a published import', /an entry is never deleted/, `DELETE FROM journal_entry WHERE id = 6`],
  ['a deleted posting of a running import', /a posting is never deleted/, `DELETE FROM posting WHERE entry_id = 7 AND line = 1`],
  [
    'a failed import called tidy while its rows are there',
    /still there/,
    `UPDATE import SET status = 'failed' WHERE id = 3`,
    `UPDATE import SET tidied = 1 WHERE id = 3`,
  ],
  [
    'an import published into a closed period',
    /closed period/,
    `INSERT INTO period_close VALUES (1, '2026-01-05', 0)`,
    `UPDATE import SET status = 'published', sha256 = zeroblob(32) WHERE id = 3`,
  ],
]

const tables = ['book', 'account', 'journal_entry', 'posting', 'period_close', 'import']

function everything(): string {
  return JSON.stringify(tables.map((name) => books.test.db.read.all({ text: `SELECT * FROM ${name}`, values: [] })))
}

function stage(importId: number, entry: number, source: string) {
  return [
    header(`${entry}, 1, '2026-01-05', 'Imported', 'import', '${source}', 2, 0, 0, ${importId}, NULL`),
    line(`${entry}, 1, 2, 1, 1, 'USD', 7, NULL, '2026-01-05', ${importId}`),
    line(`${entry}, 2, 2, 1, 2, 'USD', -7, NULL, '2026-01-05', ${importId}`),
  ]
}

beforeAll(() => {
  books = openTestBooks()
  const { db } = books.test
  const reversed = books.transfer({})
  db.write((w) => reverse(w, { entryId: reversed, occurredOn: '2026-01-11', reason: 'Wrong', now: testNow }))
  books.transfer({})
  books.transfer({})
  books.transfer({ businessId: books.otherId })
  db.write((w) => closePeriod(w, { businessId: books.businessId, through: '2025-12-31', now: testNow }))
  const run = (...statements: string[]) =>
    db.write((w) => {
      for (const text of statements) w.run({ text, values: [] })
    })
  const begin = `INSERT INTO import VALUES (NULL, 1, 'staging', 6, '2026-01-05', 0, 0, NULL, NULL, 0, 0)`
  run(begin, ...stage(1, 6, 'one'), `UPDATE import SET status = 'published', sha256 = zeroblob(32), tidied = 1 WHERE id = 1`)
  run(begin, `UPDATE import SET status = 'failed' WHERE id = 2`, `UPDATE import SET tidied = 1 WHERE id = 2`)
  run(
    begin,
    ...stage(3, 7, 'two'),
    `INSERT INTO account (book_id, name, type, created_at, import_id) VALUES (1, 'assets:staged', 'assets', 0, 3)`,
  )
})
afterAll(() => books.cleanup())

describe('L4: the database itself refuses', () => {
  it('a script of at least 60 attacks', () => {
    expect(new Set(attacks.map(([reason]) => reason)).size).toBe(attacks.length)
    expect(attacks.length).toBeGreaterThanOrEqual(60)
  })

  it.each(attacks)('%s', (_reason, refusal, ...statements) => {
    const before = everything()
    const last = statements.pop() ?? ''
    const { db } = books.test
    expect(() =>
      db.write((w) => {
        for (const text of statements) w.run({ text, values: [] })
        if (refusal.source !== 'FOREIGN KEY') expect(() => w.run({ text: last, values: [] })).toThrow(refusal)
        w.run({ text: last, values: [] })
      }),
    ).toThrow(refusal)
    expect(everything()).toBe(before)
  })

  it('nothing that is right: the same statements in order make an entry', () => {
    books.test.db.write((w) => {
      for (const text of [good, firstLine, line(`900, 2, 2, 1, 2, 'USD', -100, NULL, '2026-01-10', NULL`)])
        w.run({ text, values: [] })
    })
    expect(books.test.db.read.get(sql`SELECT count(*) AS n FROM posting WHERE entry_id = 900`)).toEqual({ n: 2 })
  })

  it('and a recount names what was written past the kept sums', () => {
    expect(recount(books.test.db.read, books.otherId)).toEqual([])
    books.test.db.write((w) => w.run(sql`UPDATE balance SET minor = minor + 1 WHERE book_id = 2`))
    expect(recount(books.test.db.read, books.otherId).map((row) => row.sum)).toEqual(['balance', 'balance'])
  })
})
