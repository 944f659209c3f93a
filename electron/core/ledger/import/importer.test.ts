import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../../shared/errors'
import { sql } from '../../db'
import { findAccount } from '../accounts.repository'
import { bookOf } from '../books'
import { ensureAccount } from '../chartOfAccounts'
import { listEntries } from '../entries'
import { closePeriod } from '../periodClose'
import { recount } from '../recount'
import { register } from '../register'
import { balanceSheet } from '../reports/balanceSheet'
import { incomeStatement } from '../reports/incomeStatement'
import { trialBalance } from '../reports/trialBalance'
import { openTestBooks, type TestBooks, testNow } from '../testing'
import { type ImportRecord, type ImportRequest, LedgerImporter } from './importer'
import { Staging } from './staging'

let books: TestBooks
let importer: LedgerImporter
let published: ImportRecord[]

/** Every entry in a slice of its own: the worst case for what others see in between. */
function newImporter(): LedgerImporter {
  let clock = 0
  return new LedgerImporter({ database: books.test.db, elapsed: () => ++clock, budget: 0 })
}

beforeEach(() => {
  published = []
  books = openTestBooks()
  importer = newImporter()
})
afterEach(async () => {
  await importer.stop()
  books.cleanup()
})

function line(number: number, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    externalId: `x${number}`,
    occurredOn: '2026-01-10',
    description: `Entry ${number}`,
    postings: [
      { account: 'assets:bank', minor: 100 * number, currency: 'USD' },
      { account: 'income:services', minor: -100 * number, currency: 'USD' },
    ],
    ...more,
  })
}

const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => line(from + index))

async function* streamOf(...parts: (string | (() => void | Promise<void>))[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (typeof part === 'string') yield Buffer.from(part)
    else await part()
  }
}

function run(chunks: AsyncIterable<Uint8Array>, more: Partial<ImportRequest> = {}) {
  const onPublished: ImportRequest['onPublished'] = (_, record) => void published.push(record)
  return importer.importStream({ businessId: books.businessId, chunks, now: testNow, onPublished, ...more })
}

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('It was not refused')
}

const count = (table: 'journal_entry' | 'posting' | 'balance' | 'turnover' | 'entry_month' | 'account_total') =>
  books.test.db.read.get<{ n: number }>({ text: `SELECT count(*) AS n FROM ${table}`, values: [] })?.n
const balances = () => trialBalance(books.test.db.read, books.businessId, null).rows
const statuses = () =>
  books.test.db.read.all<{ status: string; tidied: number }>(sql`SELECT status, tidied FROM import ORDER BY id`)

async function expectNothingLeft(): Promise<void> {
  expect(balances()).toEqual([])
  await importer.sweep()
  for (const table of ['journal_entry', 'posting', 'balance', 'turnover', 'entry_month', 'account_total'] as const) {
    expect([table, count(table)]).toEqual([table, 0])
  }
  expect(findAccount(books.test.db.read, 1, 'income:new')).toBeUndefined()
  expect(statuses().every((row) => row.tidied === 1)).toBe(true)
}

describe('an import', () => {
  it('brings in every line, creates unknown accounts under their root and takes a last line without a line feed', async () => {
    const more = line(3, {
      postings: [
        { account: 'assets:bank:main', minor: 5, currency: 'JPY' },
        { account: 'assets:bank:main', minor: 5, currency: 'JPY' },
        { account: 'income:new', minor: -10, currency: 'JPY' },
      ],
    })
    const text = `${line(1)}\n\n${line(2)}\r\n${more}`
    expect(await run(streamOf(text.slice(0, 50), text.slice(50)))).toEqual({ imported: 3, skipped: 0 })
    expect(balances()).toEqual([
      { account: 'assets:bank', currency: 'USD', minor: 300 },
      { account: 'assets:bank:main', currency: 'JPY', minor: 10 },
      { account: 'income:new', currency: 'JPY', minor: -10 },
      { account: 'income:services', currency: 'USD', minor: -300 },
    ])
    const { items } = listEntries(books.test.db.read, { businessId: books.businessId, limit: 10 })
    expect(items.map((entry) => entry.source)).toEqual(['x3', 'x2', 'x1'].map((id) => ({ kind: 'import', id })))
    await importer.sweep()
    expect(recount(books.test.db.read, books.businessId)).toEqual([])
    expect(statuses()).toEqual([{ status: 'published', tidied: 1 }])
    expect(trialBalance(books.test.db.read, books.businessId, null).unvaluedEntries).toBe(1)
  })

  it('is recorded once, with the count and the SHA-256 of the stream', async () => {
    const text = lines(1, 3).join('\n')
    await run(streamOf(text))
    expect(published).toEqual([
      {
        importId: 'imp_1',
        imported: 3,
        skipped: 0,
        bytes: text.length,
        sha256: createHash('sha256').update(text).digest('hex'),
      },
    ])
  })

  it('publishes nothing when it cannot be recorded', async () => {
    const onPublished = () => {
      throw new Error('the audit log cannot be written')
    }
    await expect(run(streamOf(line(1)), { onPublished })).rejects.toThrow('the audit log cannot be written')
    await expectNothingLeft()
  })

  it('L6: skips and counts an externalId that is in the file or in the books already', async () => {
    expect(await run(streamOf([line(1), line(2), line(1, { description: 'Again' })].join('\n')))).toEqual({
      imported: 2,
      skipped: 1,
    })
    expect(await run(streamOf(lines(1, 3).join('\n')))).toEqual({ imported: 1, skipped: 2 })
    expect(await run(streamOf(lines(1, 3).join('\n')), { businessId: books.otherId })).toEqual({ imported: 3, skipped: 0 })
    expect(balances()[0]?.minor).toBe(600)
    await importer.sweep()
    expect(recount(books.test.db.read, books.businessId)).toEqual([])
  })

  it('of nothing is no error', async () => {
    expect(await run(streamOf())).toEqual({ imported: 0, skipped: 0 })
    expect(await run(streamOf('\n \n'))).toEqual({ imported: 0, skipped: 0 })
  })

  it('is invisible everywhere until it is published, while the books go on', async () => {
    importer = new LedgerImporter({ database: books.test.db, limits: { sums: 1, names: 9 } })
    const seen: unknown[] = []
    const look = () => {
      const r = books.test.db.read
      const { businessId } = books
      seen.push([
        balances(),
        trialBalance(r, businessId, '2026-01-12').rows.length,
        listEntries(r, { businessId, limit: 5 }).items.length,
        listEntries(r, { businessId, account: 'assets:bank', limit: 5 }).items.length,
        register(r, { businessId, account: 'assets:bank', limit: 5 }).items.map((item) => item.balance.minor),
        findAccount(r, 1, 'income:new'),
        incomeStatement(r, businessId, '2026-01-09', '2026-01-11').rows.map((row) => row.minor),
        balanceSheet(r, businessId, '2026-01-11').totals.map((total) => total.assets),
        recount(r, businessId),
      ])
    }
    const brings = line(2, {
      postings: [
        { account: 'assets:bank', minor: 9, currency: 'USD' },
        { account: 'income:new', minor: -9, currency: 'USD' },
      ],
    })
    await run(
      streamOf(
        'x'.repeat(0),
        `${line(1)}\n${brings}\n${' '.repeat(600_000)}\n`,
        look,
        () => void books.transfer({ minor: 7 }),
        look,
        line(4),
      ),
      { onProgress: () => undefined },
    )
    const rows = [
      { account: 'assets:bank', currency: 'USD', minor: 7 },
      { account: 'income:services', currency: 'USD', minor: -7 },
    ]
    expect(seen).toEqual([
      [[], 0, 0, 0, [], undefined, [], [], []],
      [rows, 2, 1, 1, [7], undefined, [-7], [7], []],
    ])
    expect(balances()[0]).toEqual({ account: 'assets:bank', currency: 'USD', minor: 7 + 100 + 9 + 400 })
  })

  it('keeps few names and sums in memory', async () => {
    const limits = { sums: 3, names: 2 }
    importer = new LedgerImporter({ database: books.test.db, limits })
    const many = Array.from({ length: 30 }, (_, number) =>
      line(number + 1, {
        postings: [
          { account: `assets:a${number % 7}`, minor: 1, currency: 'USD' },
          { account: `income:b${number % 5}`, minor: -1, currency: 'EUR' },
          { account: `assets:a${number % 7}`, minor: -1, currency: 'USD' },
          { account: `income:b${number % 3}`, minor: 1, currency: 'EUR' },
        ],
      }),
    )
    expect(await run(streamOf(many.join('\n')))).toEqual({ imported: 30, skipped: 0 })
    expect(recount(books.test.db.read, books.businessId)).toEqual([])
    expect(() => new Staging(bookOf(books.test.db.read, books.businessId), 1, testNow).add(JSON.parse(line(1)))).toThrow(
      'No slice',
    )
  })

  it('tells how far it is', async () => {
    const seen: { lines: number; bytes: number }[] = []
    const text = lines(1, 4).join('\n')
    await run(streamOf(text), { onProgress: (progress) => seen.push(progress) })
    expect(seen).toEqual([1, 2, 3, 4].map((number) => ({ lines: number, bytes: text.length })))
  })

  it('values entries at the rates of their days', async () => {
    books.test.db.write((w) => w.run(sql`INSERT INTO rate VALUES (${books.businessId}, 'EUR', 'USD', '2026-01-01', '1.25', 0)`))
    const postings = [
      { account: 'assets:bank', minor: 101, currency: 'EUR' },
      { account: 'income:services', minor: -101, currency: 'EUR' },
    ]
    await run(
      streamOf([line(1, { postings }), line(2, { postings, occurredOn: '2025-12-31' }), line(3, { postings })].join('\n')),
    )
    const { items } = listEntries(books.test.db.read, { businessId: books.businessId, limit: 5 })
    expect(items.map((entry) => entry.postings[0]?.base?.minor)).toEqual([126, 126, undefined])
    expect(trialBalance(books.test.db.read, books.businessId, null).unvaluedEntries).toBe(1)
  })
})

describe('an import that fails', () => {
  it.each([
    ['no JSON', '{', 'invalid_input', /Line 3 is not JSON/],
    ['an unbalanced entry', line(9).replace('-900', '-901'), 'invalid_input', /Line 3 is not balanced/],
    ['a wrong account', line(9).replace('assets:bank', 'bank'), 'invalid_input', /Line 3 is no entry: postings\.0\.account/],
    ['a line of more than 1 MiB', 'x'.repeat(1_100_000), 'too_large', /Line 3 is longer than 1 MiB/],
    [
      'amounts too large to sum up',
      line(9).replaceAll('900', String(Number.MAX_SAFE_INTEGER)),
      'invalid_input',
      /Line 3 brings the amounts in USD over/,
    ],
  ])('for %s names the line and leaves nothing', async (_name, bad, code, message) => {
    const brings = line(1, {
      postings: [
        { account: 'assets:bank', minor: 9, currency: 'USD' },
        { account: 'income:new', minor: -9, currency: 'USD' },
      ],
    })
    const error = await refusal(run(streamOf(`${brings}\n${line(2)}\n${bad}\n${line(4)}`)))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
    await expectNothingLeft()
    expect(await run(streamOf(line(1)))).toEqual({ imported: 1, skipped: 0 })
  })

  it('L7: for amounts that the books together could not keep', async () => {
    books.transfer({ minor: Number.MAX_SAFE_INTEGER })
    expect((await refusal(run(streamOf(line(1))))).code).toBe('invalid_input')
    await importer.sweep()
    expect(count('journal_entry')).toBe(1)
    expect(recount(books.test.db.read, books.businessId)).toEqual([])
  })

  it('for base values that no number holds', async () => {
    books.test.db.write((w) =>
      w.run(sql`INSERT INTO rate VALUES (${books.businessId}, 'EUR', 'USD', '2026-01-01', '1000000', 0)`),
    )
    const bad = line(1).replaceAll('USD', 'EUR').replaceAll('100', '90071992547409')
    expect((await refusal(run(streamOf(bad)))).code).toBe('invalid_input')
    await expectNothingLeft()
  })

  it('because its data break off', async () => {
    const broken = streamOf(`${line(1)}\n`, () => {
      throw new Error('socket hang up')
    })
    await expect(run(broken)).rejects.toThrow('socket hang up')
    await expectNothingLeft()
  })

  it('because the business is unknown', async () => {
    expect((await refusal(run(streamOf(), { businessId: 'biz_none' }))).code).toBe('not_found')
  })

  it('because of a defect, without blaming a line', async () => {
    books.test.db.write((w) => {
      const text = `CREATE TRIGGER defect BEFORE INSERT ON posting BEGIN SELECT RAISE(ABORT, 'defect'); END`
      w.run({ text, values: [] })
    })
    await expect(run(streamOf(line(1)))).rejects.toThrow(/^defect$/)
    await expectNothingLeft()
  })

  it('and cannot even say so is ended at the next start', async () => {
    const closing = streamOf(`${line(1)}\n${' '.repeat(600_000)}\n`, () => books.test.db.close(), line(2))
    await expect(run(closing)).rejects.toThrow()
    books.test.reopen()
    importer = newImporter()
    expect(statuses()).toEqual([{ status: 'staging', tidied: 0 }])
    await expectNothingLeft()
    expect(await run(streamOf(line(1)))).toEqual({ imported: 1, skipped: 0 })
  })

  it('keeps an account that was taken into use meanwhile', async () => {
    const brings = line(1, {
      postings: [
        { account: 'assets:bank', minor: 9, currency: 'USD' },
        { account: 'income:new', minor: -9, currency: 'USD' },
      ],
    })
    const use = () => books.test.db.write((w) => ensureAccount(w, books.businessId, 'income:new', testNow))
    await refusal(run(streamOf(`${brings}\n${' '.repeat(600_000)}\n`, use, '{')))
    await importer.sweep()
    expect(findAccount(books.test.db.read, 1, 'income:new')).toBeDefined()
    expect(count('journal_entry')).toBe(0)
  })
})

describe('closed periods', () => {
  const close = (through: string) =>
    books.test.db.write((w) => closePeriod(w, { businessId: books.businessId, through, now: testNow }))

  it('refuse an import that reaches into them, naming the line', async () => {
    close('2025-12-31')
    const error = await refusal(run(streamOf(`${line(1)}\n${line(2, { occurredOn: '2025-12-31' })}`)))
    expect(error.code).toBe('period_closed')
    expect(error.message).toMatch(/^Line 2 is dated 2025-12-31/)
    await expectNothingLeft()
  })

  it('do not mind lines that are in the books already', async () => {
    await run(streamOf(line(1, { occurredOn: '2025-12-30' })))
    close('2025-12-31')
    const text = `${line(1, { occurredOn: '2025-12-30' })}\n${line(2)}`
    expect(await run(streamOf(text))).toEqual({ imported: 1, skipped: 1 })
  })

  it('fail an import when they are closed while it runs', async () => {
    const first = `${line(1, { occurredOn: '2025-12-30' })}\n${' '.repeat(600_000)}\n`
    const error = await refusal(run(streamOf(first, () => close('2025-12-30'), line(2))))
    expect(error.code).toBe('period_closed')
    expect(error.message).toMatch(/closed through 2025-12-30 while the import was running/)
    await expectNothingLeft()
  })

  it('fail it also when they are closed after the last line', async () => {
    const chunks = streamOf(line(1))
    const closing = run(chunks, { onProgress: () => close('2026-01-10') })
    expect((await refusal(closing)).code).toBe('period_closed')
    await expectNothingLeft()
  })
})

describe('stopping', () => {
  const started = () => {
    let go: () => void = () => undefined
    const waiting = new Promise<void>((resolve) => {
      go = resolve
    })
    return { waiting, go }
  }

  it('happens on cancel, also while data are awaited, and leaves nothing', async () => {
    const { waiting, go } = started()
    const running = refusal(
      run(
        streamOf(
          `${line(1)}\n${' '.repeat(600_000)}\n`,
          () => go(),
          () => new Promise<void>(() => undefined),
        ),
      ),
    )
    await waiting
    expect(count('journal_entry')).toBe(1)
    expect(importer.cancel(books.otherId)).toBe(false)
    expect(importer.cancel(books.businessId)).toBe(true)
    const error = await running
    expect(error.code).toBe('conflict')
    expect(error.message).toMatch(/was cancelled/)
    expect(importer.cancel(books.businessId)).toBe(false)
    await expectNothingLeft()
    expect(statuses()).toEqual([{ status: 'cancelled', tidied: 1 }])
  })

  it('happens between two slices', async () => {
    const abort = new AbortController()
    const error = await refusal(run(streamOf(lines(1, 9).join('\n')), { signal: abort.signal, onProgress: () => abort.abort() }))
    expect(error.message).toMatch(/was cancelled/)
    await expectNothingLeft()
  })

  it('happens when the app closes, in the words of the one who closes it', async () => {
    const { waiting, go } = started()
    const running = refusal(
      run(
        streamOf(
          `${line(1)}\n`,
          () => go(),
          () => new Promise<void>(() => undefined),
        ),
      ),
    )
    await waiting
    await importer.stop()
    expect((await running).code).toBe('unavailable')
  })

  it('one import per business runs at a time', async () => {
    const { waiting, go } = started()
    const first = run(streamOf(() => waiting, line(1)))
    expect((await refusal(run(streamOf(line(2))))).code).toBe('conflict')
    expect(await run(streamOf(line(2)), { businessId: books.otherId })).toEqual({ imported: 1, skipped: 0 })
    go()
    expect(await first).toEqual({ imported: 1, skipped: 0 })
    expect(await run(streamOf(line(2)))).toEqual({ imported: 1, skipped: 0 })
  })

  it('L2: by a kill leaves rows that nobody sees and that the next start sweeps', async () => {
    const { waiting, go } = started()
    void run(
      streamOf(
        `${lines(1, 150).join('\n')}\n${' '.repeat(600_000)}\n`,
        () => go(),
        () => new Promise<void>(() => undefined),
      ),
    )
    await waiting
    const db = books.test.reopen()
    importer = newImporter()
    books.transfer({ minor: 1 })
    expect(balances().map((row) => row.minor)).toEqual([1, -1])
    expect(count('journal_entry')).toBe(151)
    await importer.sweep()
    expect(count('journal_entry')).toBe(1)
    expect(recount(db.read, books.businessId)).toEqual([])
    expect(statuses()).toEqual([{ status: 'failed', tidied: 1 }])
  })

  it('L2: by a kill during the sweep goes on where it was; a new import of the business waits for it', async () => {
    const { waiting, go } = started()
    void run(
      streamOf(
        `${lines(1, 150).join('\n')}\n${' '.repeat(600_000)}\n`,
        () => go(),
        () => new Promise<void>(() => undefined),
      ),
    )
    await waiting
    books.test.reopen()
    const interrupted = newImporter()
    const sweeping = interrupted.sweep()
    while (count('journal_entry') === 150) await new Promise((resolve) => setImmediate(resolve))
    await interrupted.stop()
    await sweeping.catch(() => undefined)
    expect(count('journal_entry')).toBe(50)
    books.test.reopen()
    importer = newImporter()
    expect(await run(streamOf(lines(1, 3).join('\n')))).toEqual({ imported: 3, skipped: 0 })
    expect(count('journal_entry')).toBe(3)
    await importer.sweep()
    expect(recount(books.test.db.read, books.businessId)).toEqual([])
  })

  it('L2: between publishing and folding changes nothing that is seen', async () => {
    await run(streamOf(lines(1, 3).join('\n')))
    const published = balances()
    expect(published[0]?.minor).toBe(600)
    await importer.stop()
    const db = books.test.reopen()
    importer = newImporter()
    expect(balances()).toEqual(published)
    books.transfer({ minor: 1 })
    await importer.sweep()
    expect(balances()[0]?.minor).toBe(601)
    expect(recount(db.read, books.businessId)).toEqual([])
  })
})
