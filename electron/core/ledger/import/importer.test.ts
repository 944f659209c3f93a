import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { sql } from '../../db'
import { findAccount } from '../accounts.repository'
import { bookOf } from '../books'
import { listEntries } from '../entries'
import { parseEntryId } from '../entryId'
import { closePeriod } from '../periodClose'
import { recount } from '../recount'
import { register } from '../register'
import { balanceSheet } from '../reports/balanceSheet'
import { incomeStatement } from '../reports/incomeStatement'
import { trialBalance } from '../reports/trialBalance'
import { reversibleByHand } from '../reversal'
import { testNow } from '../testing'
import { LedgerImporter } from './importer'
import {
  balances,
  books,
  expectNothingLeft,
  importer,
  line,
  lines,
  openBedForEachTest,
  published,
  refusal,
  replaceImporter,
  run,
  statuses,
  streamOf,
} from './importerTesting'
import { Staging } from './staging'

openBedForEachTest()

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

  it('takes entries of zeros as other programs keep them; there is nothing to reverse in them', async () => {
    const zeros = line(1, {
      postings: [
        { account: 'assets:bank', minor: 0, currency: 'USD' },
        { account: 'income:services', minor: 0, currency: 'USD' },
        { account: 'income:services', minor: 0, currency: 'EUR' },
      ],
    })
    expect(await run(streamOf(zeros))).toEqual({ imported: 1, skipped: 0 })
    const [entry] = listEntries(books.test.db.read, { businessId: books.businessId, limit: 10 }).items
    expect(() => reversibleByHand(books.test.db.read, parseEntryId(entry?.id ?? ''))).toThrow('nothing to reverse')
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

  it('of nothing is refused', async () => {
    for (const nothing of [streamOf(), streamOf(''), streamOf('\n \n')]) {
      const error = await refusal(run(nothing))
      expect([error.code, error.message]).toEqual(['invalid_input', expect.stringContaining('There is no entry in the data')])
      await expectNothingLeft()
    }
  })

  it('is invisible everywhere until it is published, while the books go on', async () => {
    replaceImporter(new LedgerImporter({ database: books.test.db, limits: { sums: 1, names: 9 } }))
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
    replaceImporter(new LedgerImporter({ database: books.test.db, limits }))
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
    books.test.db.write((w) =>
      w.run(sql`INSERT INTO rate VALUES (${books.businessId}, 'EUR', 'USD', '2026-01-01', '1.25', 0, 'owner')`),
    )
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
