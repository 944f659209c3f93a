import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { importLine } from '../../../../shared/contract/ledger'
import { BadLine, ImportLineReader } from './importLine'

const good = {
  externalId: 'x1',
  occurredOn: '2026-01-10',
  description: 'Rent',
  postings: [
    { account: 'expenses:rent', minor: 90_000, currency: 'EUR' },
    { account: 'assets:bank', minor: -90_000, currency: 'EUR' },
  ],
}

const awkwardText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    ' a ',
    '\ta',
    'a\u0000b',
    '\ud800',
    'é',
    '😀',
    '\u2028',
    'x'.repeat(200),
    'x'.repeat(201),
    '__proto__',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
)
const awkwardDate = fc.constantFrom(
  '2026-01-10',
  '2026-02-29',
  '2024-02-29',
  '1899-12-31',
  '2200-01-01',
  '2026-1-1',
  '2026-13-01',
  '',
  'x',
)
const awkwardAccount = fc.oneof(
  fc.constantFrom(
    'assets:bank',
    'assets',
    'assets:',
    'assets::x',
    'other:x',
    'income:a b',
    'income:a  b',
    'income:a ',
    'equity:Ü&ü',
    'Assets:x',
  ),
  awkwardText,
)
const awkwardNumber = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.5, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 1e300),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const awkwardCurrency = fc.constantFrom('USD', 'EUR', 'JPY', 'usd', 'XAU', 'USDT', '', 'toString')
const anything = fc.oneof(fc.constantFrom(null, true, 0, '', [], {}), fc.jsonValue())

const posting = fc.oneof(
  { weight: 1, arbitrary: fc.record({ account: awkwardAccount, minor: awkwardNumber, currency: awkwardCurrency }) },
  {
    weight: 40,
    arbitrary: fc.record({
      account: fc.constantFrom('assets:bank', 'income:services'),
      minor: fc.maxSafeInteger(),
      currency: fc.constantFrom('USD', 'JPY'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ account: awkwardAccount, minor: awkwardNumber, currency: awkwardCurrency, more: anything }),
  },
  { weight: 1, arbitrary: anything },
)
const entry = fc.record(
  {
    externalId: fc.oneof(
      { weight: 12, arbitrary: fc.string({ minLength: 1 }) },
      { weight: 1, arbitrary: fc.oneof(awkwardText, anything) },
    ),
    occurredOn: fc.oneof(
      { weight: 12, arbitrary: fc.constant('2026-01-10') },
      { weight: 1, arbitrary: fc.oneof(awkwardDate, anything) },
    ),
    description: fc.oneof(
      { weight: 12, arbitrary: fc.constant('Rent') },
      { weight: 1, arbitrary: fc.oneof(awkwardText, anything) },
    ),
    postings: fc.oneof({ weight: 9, arbitrary: fc.array(posting, { maxLength: 5 }) }, { weight: 1, arbitrary: anything }),
    more: anything,
  },
  { requiredKeys: ['externalId', 'occurredOn', 'description', 'postings'] },
)

const controlled = /[\p{Cc}\p{Cs}\u2028\u2029]/u

describe('lines of an import', () => {
  it('are read by the rules of the contract, and by one more', () => {
    let read = 0
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: entry }, { weight: 1, arbitrary: anything }), (value) => {
        const text = JSON.stringify(value)
        const byContract = importLine.safeParse(JSON.parse(text))
        const expected = byContract.success && !controlled.test(byContract.data.externalId) ? byContract.data : null
        expect(new ImportLineReader().check(JSON.parse(text))).toEqual(expected)
        if (expected) read += 1
      }),
      { numRuns: 5_000 },
    )
    expect(read).toBeGreaterThan(100)
  })

  it('are read the same from a reader that remembers names and dates', () => {
    const reader = new ImportLineReader()
    for (let round = 0; round < 3; round++) {
      expect(reader.read(JSON.stringify(good))).toEqual(good)
      expect(reader.check({ ...good, occurredOn: '2026-02-30' })).toBeNull()
    }
  })

  it('are read the same when more names were met than are remembered', () => {
    const reader = new ImportLineReader()
    const named = (name: string) => ({ ...good, postings: good.postings.map((posting) => ({ ...posting, account: name })) })
    for (let number = 0; number <= 50_001; number++) expect(reader.check(named(`assets:a${number}`)) === null).toBe(false)
    expect(reader.check(named('assets:a0'))).not.toBeNull()
    expect(reader.check(named('assets:'))).toBeNull()
  })

  it('have their descriptions trimmed', () => {
    expect(new ImportLineReader().read(JSON.stringify({ ...good, description: '  Rent\t' }))).toEqual(good)
  })

  it.each(['', ' ', '\t \r'])('may be blank: %j', (text) => {
    expect(new ImportLineReader().read(text)).toBeNull()
  })

  it.each([
    ['no JSON', '{"externalId":', /not JSON/],
    ['no object', '[1]', /is no entry/],
    ['an unknown key', JSON.stringify({ ...good, more: 1 }), /more/],
    ['an own __proto__', `{"__proto__":1,${JSON.stringify(good).slice(1)}`, /is no entry|externalId/],
    ['a missing key', JSON.stringify({ ...good, postings: undefined }), /postings/],
    ['a wrong day', JSON.stringify({ ...good, occurredOn: '2026-02-30' }), /occurredOn: must be a real date/],
    ['one posting', JSON.stringify({ ...good, postings: good.postings.slice(1) }), /postings/],
    ['an account without a root', JSON.stringify(good).replace('expenses:rent', 'rent'), /postings\.0\.account/],
    ['a malformed externalId', JSON.stringify({ ...good, externalId: '\ud800' }), /malformed Unicode/],
    ['a difference', JSON.stringify(good).replace('-90000', '-90001'), /EUR differ by EUR 0\.01/],
    ['a difference between currencies', JSON.stringify(good).replace('EUR', 'USD'), /USD differ by USD 900\.00/],
  ])('are refused for %s', (_name, text, reason) => {
    expect(() => new ImportLineReader().read(text)).toThrow(BadLine)
    expect(() => new ImportLineReader().read(text)).toThrow(reason)
  })

  it('L7: are balanced exactly where doubles are not', () => {
    const most = Number.MAX_SAFE_INTEGER
    const line = (last: number) => ({
      ...good,
      postings: [most, most, -most, last].map((minor) => ({ account: 'assets:bank', minor, currency: 'USD' })),
    })
    expect(new ImportLineReader().read(JSON.stringify(line(-most)))).not.toBeNull()
    expect(() => new ImportLineReader().read(JSON.stringify(line(-most + 1)))).toThrow(/differ by USD 0\.01/)
  })
})
