import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import { sql } from '../db'
import { readEntries } from './entries.repository'
import { closePeriod, postingDate } from './periodClose'
import { type NewEntry, post } from './posting'
import { recount } from './recount'
import { reverse } from './reversal'
import { openTestBooks, type TestBooks, testNow } from './testing'

let books: TestBooks

beforeEach(() => {
  books = openTestBooks()
})
afterEach(() => books.cleanup())

const usd = (minor: number) => ({ minor, currency: 'USD' })
const eur = (minor: number) => ({ minor, currency: 'EUR' })

function entry(postings: NewEntry['postings'], more: Partial<NewEntry> = {}): NewEntry {
  const source = { kind: 'manual', id: 'one' } as const
  return {
    businessId: books.businessId,
    occurredOn: '2026-01-10',
    description: 'A test',
    source,
    postings,
    now: testNow,
    ...more,
  }
}

const postIt = (input: NewEntry) => books.test.db.write((w) => post(w, input))
const read = (id: number) => readEntries(books.test.db.read, books.businessId, [id])[0]
const setRate = (base: string, quote: string, on: string, rate: string) =>
  books.test.db.write((w) =>
    w.run(sql`INSERT INTO rate VALUES (${books.businessId}, ${base}, ${quote}, ${on}, ${rate}, 0, 'owner')`),
  )
const rows = () => books.test.db.read.get<{ n: number }>(sql`SELECT count(*) AS n FROM journal_entry`)?.n

function refusal(run: () => unknown): AppError {
  try {
    run()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('It was not refused')
}

describe('posting', () => {
  it('keeps the entry as it was given, with base values equal to amounts in the base currency', () => {
    const id = postIt(
      entry(
        [
          { account: 'assets:receivable', amount: usd(11_900) },
          { account: 'income:services', amount: usd(-10_000) },
          { account: 'liabilities:sales-tax', amount: usd(-1_900) },
        ],
        { source: { kind: 'invoice', id: 'inv_1' }, description: 'Invoice INV-0001', providerOn: '2025-12-30' },
      ),
    )
    expect(read(id)).toEqual({
      id: `je_${id}`,
      businessId: books.businessId,
      occurredOn: '2026-01-10',
      description: 'Invoice INV-0001',
      source: { kind: 'invoice', id: 'inv_1' },
      postings: [
        { account: 'assets:receivable', amount: usd(11_900), base: usd(11_900) },
        { account: 'income:services', amount: usd(-10_000), base: usd(-10_000) },
        { account: 'liabilities:sales-tax', amount: usd(-1_900), base: usd(-1_900) },
      ],
      reverses: null,
      reversedBy: null,
      providerOn: '2025-12-30',
      postedAt: testNow,
    })
    expect(recount(books.test.db.read, books.businessId)).toEqual([])
  })

  it.each([
    ['one posting', [{ account: 'assets:bank', amount: usd(0) }], /fewer than two/],
    ['nothing', [], /fewer than two/],
    [
      'a difference',
      [
        { account: 'assets:bank', amount: usd(100) },
        { account: 'income:services', amount: usd(-99) },
      ],
      /USD differ by USD 0\.01/,
    ],
    [
      'currencies that only sum to zero together',
      [
        { account: 'assets:bank', amount: usd(100) },
        { account: 'income:services', amount: eur(-100) },
      ],
      /USD differ by USD 1\.00/,
    ],
    [
      'nothing but zeros',
      [
        { account: 'assets:bank', amount: usd(0) },
        { account: 'income:services', amount: usd(0) },
        { account: 'income:services', amount: eur(0) },
      ],
      /every amount in it is zero/,
    ],
    ['too many postings', Array.from({ length: 201 }, () => ({ account: 'assets:bank', amount: usd(0) })), /more than 200/],
    [
      'a difference that no number holds',
      Array.from({ length: 2 }, () => ({ account: 'assets:bank', amount: usd(Number.MAX_SAFE_INTEGER) })),
      /USD differ\./,
    ],
  ])('refuses an entry with %s', (_name, postings, message) => {
    const error = refusal(() => postIt(entry(postings)))
    expect(error.code).toBe('invalid_input')
    expect(error.message).toMatch(message)
    expect(rows()).toBe(0)
  })

  it('names an account that does not exist, also when another business has it', () => {
    const error = refusal(() =>
      postIt(
        entry([
          { account: 'assets:bank', amount: usd(1) },
          { account: 'income:consulting', amount: usd(-1) },
        ]),
      ),
    )
    expect(error.code).toBe('not_found')
    expect(error.message).toContain('income:consulting')
  })

  it('refuses an unknown business', () => {
    expect(refusal(() => postIt(entry([], { businessId: 'biz_none' }))).code).toBe('not_found')
  })

  it('L6: posts a source once', () => {
    const input = entry(
      [
        { account: 'assets:bank', amount: usd(1) },
        { account: 'income:services', amount: usd(-1) },
      ],
      { source: { kind: 'payment', id: 'pay_1' } },
    )
    postIt(input)
    expect(refusal(() => postIt(input)).code).toBe('conflict')
    expect(rows()).toBe(1)
    postIt({ ...input, source: { kind: 'fee', id: 'pay_1' } })
    expect(rows()).toBe(2)
  })

  it('L7: refuses amounts that the books could not keep exactly, at once or in sum', () => {
    const most = Number.MAX_SAFE_INTEGER
    books.transfer({ minor: most - 1 })
    expect(refusal(() => books.transfer({ minor: 2, to: 'assets:cash', from: 'equity:owner' })).code).toBe('invalid_input')
    books.transfer({ minor: 1, to: 'assets:cash', from: 'equity:owner' })
    books.transfer({ minor: 1, currency: 'EUR' })
    expect(recount(books.test.db.read, books.businessId)).toEqual([])
  })

  it('takes an account more than once in an entry', () => {
    const id = postIt(
      entry([
        { account: 'assets:bank', amount: usd(60) },
        { account: 'assets:bank', amount: usd(40) },
        { account: 'income:services', amount: usd(-100) },
      ]),
    )
    expect(read(id)?.postings).toHaveLength(3)
    expect(recount(books.test.db.read, books.businessId)).toEqual([])
  })
})

describe('base values', () => {
  const exchange = () =>
    entry([
      { account: 'assets:bank', amount: eur(10_001) },
      { account: 'equity:conversion', amount: eur(-10_001) },
      { account: 'equity:conversion', amount: usd(10_800) },
      { account: 'assets:stripe', amount: usd(-10_800) },
    ])

  it('are taken at the stored rate of the day and sum to zero per currency', () => {
    setRate('EUR', 'USD', '2026-01-01', '1.0845')
    setRate('EUR', 'USD', '2026-01-11', '2')
    const stored = read(postIt(exchange()))
    expect(stored?.postings.map((posting) => posting.base?.minor)).toEqual([10_846, -10_846, 10_800, -10_800])
  })

  it('use the inverse of a stored rate exactly', () => {
    setRate('USD', 'EUR', '2026-01-01', '0.5')
    const id = postIt(exchange())
    expect(read(id)?.postings[0]?.base).toEqual(usd(20_002))
    const rate = books.test.db.read.get<{ rate: string }>(sql`SELECT rate FROM posting WHERE entry_id = ${id} AND line = 1`)
    expect(rate?.rate).toBe('1/0.5')
  })

  it('are missing where no rate is stored, and such entries are counted', () => {
    setRate('EUR', 'USD', '2026-01-11', '1.1')
    const id = postIt(exchange())
    expect(read(id)?.postings.map((posting) => posting.base)).toEqual([null, null, usd(10_800), usd(-10_800)])
    const counted = books.test.db.read.get(sql`SELECT entries, unvalued FROM entry_day`)
    expect(counted).toEqual({ entries: 1, unvalued: 1 })
  })

  it('keep the rate that was stored when the entry was posted', () => {
    setRate('EUR', 'USD', '2026-01-01', '1.1')
    const id = postIt(exchange())
    books.test.db.write((w) => w.run(sql`UPDATE rate SET rate = '3'`))
    expect(read(id)?.postings[0]?.base).toEqual(usd(11_001))
  })

  it('that no number holds are refused as too large', () => {
    setRate('EUR', 'USD', '2026-01-01', '1000')
    const most = Number.MAX_SAFE_INTEGER
    const error = refusal(() => books.transfer({ minor: most, currency: 'EUR' }))
    expect(error.code).toBe('invalid_input')
    expect(rows()).toBe(0)
  })
})

describe('reversal', () => {
  const reverseIt = (entryId: number, occurredOn = '2026-01-20') =>
    books.test.db.write((w) => reverse(w, { entryId, occurredOn, reason: 'Typed twice', now: testNow }))

  it('L4: is the exact mirror, at the base values of the original', () => {
    setRate('EUR', 'USD', '2026-01-01', '1.1')
    setRate('EUR', 'USD', '2026-01-15', '9')
    const id = books.transfer({ currency: 'EUR', minor: 333 })
    const mirror = reverseIt(id)
    expect(read(mirror)).toMatchObject({
      description: 'Typed twice',
      source: { kind: 'reversal', id: `je_${id}` },
      reverses: `je_${id}`,
      occurredOn: '2026-01-20',
      postings: [
        { account: 'assets:bank', amount: eur(-333), base: usd(-366) },
        { account: 'income:services', amount: eur(333), base: usd(366) },
      ],
    })
    expect(read(id)?.reversedBy).toBe(`je_${mirror}`)
    expect(recount(books.test.db.read, books.businessId)).toEqual([])
  })

  it('L4: happens once, never to a reversal, never to what is not there', () => {
    const id = books.transfer({})
    const mirror = reverseIt(id)
    expect(refusal(() => reverseIt(id)).code).toBe('conflict')
    expect(refusal(() => reverseIt(mirror)).code).toBe('conflict')
    expect(refusal(() => reverseIt(999)).code).toBe('not_found')
    expect(rows()).toBe(2)
  })

  it('also mirrors entries without base values', () => {
    const id = books.transfer({ currency: 'EUR' })
    expect(read(reverseIt(id))?.postings[0]?.base).toBeNull()
    expect(recount(books.test.db.read, books.businessId)).toEqual([])
  })
})

describe('closed periods', () => {
  const close = (through: string, now = testNow) =>
    books.test.db.write((w) => closePeriod(w, { businessId: books.businessId, through, now }))

  it('L8: refuse entries and reversals on or before the last day, and move forward only', () => {
    const id = books.transfer({ on: '2025-12-31' })
    close('2025-12-31')
    expect(refusal(() => books.transfer({ on: '2025-12-31' })).code).toBe('period_closed')
    expect(
      refusal(() => books.test.db.write((w) => reverse(w, { entryId: id, occurredOn: '2025-12-31', reason: 'x', now: testNow })))
        .code,
    ).toBe('period_closed')
    books.transfer({ on: '2026-01-01' })
    expect(refusal(() => close('2025-12-31')).code).toBe('conflict')
    expect(refusal(() => close('2025-12-30')).code).toBe('conflict')
    close('2026-01-01')
    expect(refusal(() => books.transfer({ on: '2026-01-01' })).code).toBe('period_closed')
  })

  it('do not reach into the future of the business’s time zone', () => {
    const newYear = Date.UTC(2026, 0, 1, 22, 59, 59)
    expect(refusal(() => close('2026-01-02', newYear)).code).toBe('invalid_input')
    close('2026-01-02', newYear + 1_000)
  })

  it('move the posting date of their events to the first open day', () => {
    const { read: r } = books.test.db
    expect(postingDate(r, books.businessId, '2025-12-30')).toBe('2025-12-30')
    close('2025-12-31')
    expect(postingDate(r, books.businessId, '2025-12-30')).toBe('2026-01-01')
    expect(postingDate(r, books.businessId, '2025-12-31')).toBe('2026-01-01')
    expect(postingDate(r, books.businessId, '2026-01-01')).toBe('2026-01-01')
    expect(postingDate(r, books.otherId, '2025-12-30')).toBe('2025-12-30')
  })
})
