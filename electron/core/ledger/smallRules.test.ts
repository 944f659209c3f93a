import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ratio } from '../../../shared/domain/ratio'
import { AppError } from '../../../shared/errors'
import { sql } from '../db'
import { convertBalanced, withBaseValues } from './baseValue'
import { bookOf } from './books'
import { accountTypeOf } from './chartOfAccounts'
import { listEntries } from './entries'
import { readEntries } from './entries.repository'
import { parseEntryId, publicEntryId } from './entryId'
import { ensureAccount, entryBySource } from './index'
import { recount } from './recount'
import { throughDay } from './reports/monthPart'
import { inReportOrder } from './reports/sums'
import { openTestBooks, type TestBooks, testNow } from './testing'

describe('L7: base values', () => {
  const rate: fc.Arbitrary<Ratio> = fc.record({ numerator: fc.bigInt(1n, 10n ** 9n), denominator: fc.bigInt(1n, 10n ** 9n) })
  const balanced = fc
    .array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 12 })
    .map((minors) => [...minors, -minors.reduce((sum, minor) => sum + minor, 0)])

  it('of a balanced currency sum to zero, each within one minor unit of exact, the same every time', () => {
    fc.assert(
      fc.property(balanced, rate, fc.constantFrom('USD', 'JPY', 'KWD'), (minors, ratio, to) => {
        const values = convertBalanced(minors, 'EUR', to, ratio)
        expect(values.reduce((sum, value) => sum + value, 0n)).toBe(0n)
        const [factor, divisor] = { USD: [1n, 1n], JPY: [1n, 100n], KWD: [10n, 1n] }[to] ?? []
        for (const [index, value] of values.entries()) {
          const exact = BigInt(minors[index] ?? 0) * ratio.numerator * (factor ?? 1n)
          const error = value * ratio.denominator * (divisor ?? 1n) - exact
          const unit = ratio.denominator * (divisor ?? 1n)
          expect(error < unit && -error < unit).toBe(true)
        }
        expect(convertBalanced(minors, 'EUR', to, ratio)).toEqual(values)
      }),
      { numRuns: 2_000 },
    )
  })

  it('give what is missing to the largest remainders, of equal ones to the earlier', () => {
    const half = { numerator: 1n, denominator: 2n }
    expect(convertBalanced([1, 1, -2], 'EUR', 'USD', half)).toEqual([1n, 0n, -1n])
    expect(convertBalanced([-1, -1, 2], 'EUR', 'USD', half)).toEqual([0n, -1n, 1n])
    expect(convertBalanced([10, 20, -30], 'EUR', 'USD', { numerator: 1n, denominator: 7n })).toEqual([1n, 3n, -4n])
  })

  it('are none where a currency has no rate, or where no number holds them', () => {
    const lines = [
      { minor: 5, currency: 'USD' },
      { minor: -5, currency: 'USD' },
      { minor: 7, currency: 'EUR' },
      { minor: -7, currency: 'EUR' },
    ]
    expect(withBaseValues(lines, 'USD', () => null)).toEqual([
      { minor: 5, currency: 'USD', base: 5, rate: null },
      { minor: -5, currency: 'USD', base: -5, rate: null },
      { minor: 7, currency: 'EUR', base: null, rate: null },
      { minor: -7, currency: 'EUR', base: null, rate: null },
    ])
    expect(withBaseValues(lines, 'USD', () => ({ numerator: 10n ** 18n, denominator: 1n, text: 'x' }))).toBeNull()
  })
})

describe('entry ids', () => {
  it('lead back to their number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e14 }), (number) => {
        expect(parseEntryId(publicEntryId(number))).toBe(number)
      }),
    )
  })

  it.each([
    '',
    'je_',
    'je_0',
    'je_01',
    'je_-1',
    'je_1.5',
    'je_1e3',
    'je_１',
    'JE_1',
    ' je_1',
    'je_1\n',
    'inv_1',
    'je_9999999999999999',
  ])('are not %j', (id) => expect(parseEntryId(id)).toBeUndefined())
})

describe('sums through a day', () => {
  it.each([
    ['2026-01-31', { lastMonth: 202_601, days: null }],
    ['2024-02-29', { lastMonth: 202_402, days: null }],
    ['2026-01-15', { lastMonth: 202_512, days: { sign: 1, from: '2026-01-01', to: '2026-01-15' } }],
    ['2026-03-01', { lastMonth: 202_602, days: { sign: 1, from: '2026-03-01', to: '2026-03-01' } }],
    ['2026-01-16', { lastMonth: 202_601, days: { sign: -1, from: '2026-01-17', to: '2026-01-31' } }],
  ])('%s read at most half a month of postings', (on, expected) => expect(throughDay(on)).toEqual(expected))

  it('stand in the order of reports', () => {
    const row = (account: string, currency = 'USD') => ({ account, type: accountTypeOf(account), currency })
    const rows = [
      row('expenses:a'),
      row('income:b'),
      row('income:a', 'USD'),
      row('income:a', 'EUR'),
      row('equity:z'),
      row('assets:x'),
    ]
    expect(rows.sort(inReportOrder).map((each) => `${each.account} ${each.currency}`)).toEqual([
      'assets:x USD',
      'equity:z USD',
      'income:a EUR',
      'income:a USD',
      'income:b USD',
      'expenses:a USD',
    ])
    expect(inReportOrder(row('assets:x'), row('assets:x'))).toBe(0)
  })
})

describe('in a vault', () => {
  let books: TestBooks

  beforeEach(() => {
    books = openTestBooks()
  })
  afterEach(() => books.cleanup())

  const codeOf = (run: () => unknown) => {
    try {
      run()
    } catch (error) {
      return error instanceof AppError ? error.code : error
    }
    return undefined
  }

  it('accounts are made sure of once, under a root, where a business is', () => {
    const ensure = (businessId: string, name: string) =>
      codeOf(() => books.test.db.write((w) => ensureAccount(w, businessId, name, testNow)))
    expect(ensure(books.businessId, 'income:consulting')).toBeUndefined()
    expect(ensure(books.businessId, 'income:consulting')).toBeUndefined()
    expect(ensure(books.businessId, 'consulting')).toBe('invalid_input')
    expect(ensure(books.businessId, 'income:')).toBe('invalid_input')
    expect(ensure('biz_none', 'income:x')).toBe('not_found')
    expect(() => accountTypeOf('other:x')).toThrow(RangeError)
    expect(() => accountTypeOf('assets')).toThrow(RangeError)
  })

  it('a business without books is a defect, not an empty report', () => {
    books.test.db.write((w) =>
      w.run(sql`
        INSERT INTO business (id, name, currency, country, time_zone, created_at)
        VALUES ('biz_bare', 'Bare', 'USD', 'US', 'UTC', 0)`),
    )
    expect(() => bookOf(books.test.db.read, 'biz_bare')).toThrow('A business has no book')
  })

  it('entries that are not there are left out', () => {
    const id = books.transfer({})
    expect(readEntries(books.test.db.read, books.businessId, [999, id, 998]).map((entry) => entry.id)).toEqual([`je_${id}`])
  })

  it('an entry is found by its source, in its own business only', () => {
    const id = books.transfer({})
    const find = (businessId: string, kind: 'manual' | 'invoice') => entryBySource(books.test.db.read, businessId, kind, 'test_1')
    expect([find(books.businessId, 'manual'), find(books.businessId, 'invoice'), find(books.otherId, 'manual')]).toEqual([
      id,
      undefined,
      undefined,
    ])
  })

  it('entries of one account are listed by day, then by number, over its currencies', () => {
    const days = ['2026-01-02', '2026-01-01', '2026-01-02', '2026-01-01'] as const
    const ids = days.map((on, index) => books.transfer({ on, currency: index % 2 === 0 ? 'USD' : 'EUR' }))
    const { items } = listEntries(books.test.db.read, { businessId: books.businessId, account: 'assets:bank', limit: 10 })
    expect(items.map((entry) => entry.id)).toEqual([2, 0, 3, 1].map((index) => `je_${ids[index]}`))
  })

  it('a recount finds sums that are missing, wrong or too many', () => {
    books.transfer({ currency: 'EUR' })
    const { read } = books.test.db
    const spoil = (text: string) => {
      books.test.db.write((w) => w.run({ text, values: [] }))
      return recount(read, books.businessId).map((row) => [row.sum, row.kept, row.counted])
    }
    expect(recount(read, books.businessId)).toEqual([])
    expect(spoil('DELETE FROM turnover')).toEqual([['turnover', 0, 10_000]])
    expect(spoil('UPDATE entry_day SET unvalued = 0')).toEqual([
      ['unvalued', 0, 1],
      ['turnover', 0, 10_000],
    ])
    expect(spoil(`INSERT INTO account_total VALUES (1, 1, 'JPY', 0, 5)`)[0]).toEqual(['total', 5, 0])
    expect(spoil('DELETE FROM balance')).toHaveLength(5)
  })
})
