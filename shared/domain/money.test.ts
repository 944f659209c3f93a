import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { currencies, exponentOf } from './currency'
import {
  allocate,
  formatMoney,
  fromDecimalString,
  type Money,
  money,
  nonNegativeMoney,
  positiveMoney,
  sumMinor,
  toDecimalString,
  zero,
} from './money'

const amount: fc.Arbitrary<Money> = fc.record({
  minor: fc.maxSafeInteger().map((minor) => minor + 0),
  currency: fc.constantFrom(...currencies),
})
const weights = fc.array(fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constant(0)), { minLength: 1, maxLength: 12 })

describe('L7: amounts', () => {
  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 53), '1', null, 1n])('are no %s', (minor) => {
    expect(money.safeParse({ minor, currency: 'USD' }).success).toBe(false)
  })

  it.each(['XAU', 'XDR', 'BYR', 'LTL', 'ZMK', 'usd', 'USDT', '', '__proto__'])('have no currency %j', (currency) => {
    expect(money.safeParse({ minor: 1, currency }).success).toBe(false)
  })

  it('are positive or not negative where that is asked for', () => {
    const accepted = (schema: typeof money, minor: number) => schema.safeParse({ minor, currency: 'USD' }).success
    expect([-1, 0, 1].map((minor) => accepted(money, minor))).toEqual([true, true, true])
    expect([-1, 0, 1].map((minor) => accepted(nonNegativeMoney, minor))).toEqual([false, true, true])
    expect([-1, 0, 1].map((minor) => accepted(positiveMoney, minor))).toEqual([false, false, true])
    expect(money.safeParse({ minor: 1, currency: 'USD', more: 1 }).success).toBe(false)
    expect(zero('EUR')).toEqual({ minor: 0, currency: 'EUR' })
  })

  it('are summed exactly, or not at all', () => {
    const most = Number.MAX_SAFE_INTEGER
    expect(sumMinor([])).toBe(0)
    expect(sumMinor([most, most, -most, -most, 1])).toBe(1)
    expect(() => sumMinor([most, 1])).toThrow(RangeError)
    expect(() => sumMinor([-most, -1])).toThrow(RangeError)
  })
})

describe('L7: allocation', () => {
  test('parts sum to the total, each within one minor unit of exact, the same every time', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), weights, (total, shares) => {
        const sum = shares.reduce((left, share) => left + BigInt(share), 0n)
        if (sum === 0n) {
          if (total === 0) expect(allocate(total, shares)).toEqual(shares.map(() => 0))
          else expect(() => allocate(total, shares)).toThrow(RangeError)
          return
        }
        const parts = allocate(total, shares)
        expect(parts.reduce((left, part) => left + BigInt(part), 0n)).toBe(BigInt(total))
        parts.forEach((part, index) => {
          const error = BigInt(part) * sum - BigInt(total) * BigInt(shares[index] ?? 0)
          expect(error < sum && -error < sum).toBe(true)
        })
        expect(allocate(total, shares)).toEqual(parts)
      }),
      { numRuns: 10_000 },
    )
  })

  test('the largest remainders get what is left, equal ones from the first on', () => {
    expect(allocate(100, [1, 1, 1])).toEqual([34, 33, 33])
    expect(allocate(-100, [1, 1, 1])).toEqual([-34, -33, -33])
    expect(allocate(10, [3, 3, 1])).toEqual([4, 4, 2])
    expect(allocate(1, [0, 5, 5])).toEqual([0, 1, 0])
    expect(allocate(7, [2])).toEqual([7])
    expect(allocate(0, [])).toEqual([])
  })

  test('weights below zero, or none at all, are refused', () => {
    expect(() => allocate(1, [1, -1])).toThrow(/not be negative/)
    expect(() => allocate(1, [3, -1])).toThrow(/not be negative/)
    expect(() => allocate(1, [])).toThrow(/all weights are zero/)
  })
})

describe('L7: decimal strings', () => {
  test('give back the amount, with the full exponent of the currency', () => {
    fc.assert(
      fc.property(amount, (given) => {
        const text = toDecimalString(given)
        expect(fromDecimalString(text, given.currency)).toEqual(given)
        expect(text.split('.')[1]?.length ?? 0).toBe(exponentOf(given.currency))
      }),
    )
  })

  it.each([
    [{ minor: 125_000, currency: 'USD' }, '1250.00', 'USD 1,250.00'],
    [{ minor: -5, currency: 'USD' }, '-0.05', 'USD -0.05'],
    [{ minor: 5, currency: 'JPY' }, '5', 'JPY 5'],
    [{ minor: 1_234_567, currency: 'JPY' }, '1234567', 'JPY 1,234,567'],
    [{ minor: -1, currency: 'KWD' }, '-0.001', 'KWD -0.001'],
    [{ minor: 12_345, currency: 'CLF' }, '1.2345', 'CLF 1.2345'],
    [{ minor: Number.MAX_SAFE_INTEGER, currency: 'EUR' }, '90071992547409.91', 'EUR 90,071,992,547,409.91'],
  ])('of %j are %s and %s', (given, plain, shown) => {
    expect(toDecimalString(given)).toBe(plain)
    expect(formatMoney(given)).toBe(shown)
  })

  it('may have fewer digits than the currency, and no minus before nothing', () => {
    expect(fromDecimalString('1250.5', 'USD')?.minor).toBe(125_050)
    expect(fromDecimalString('7', 'KWD')?.minor).toBe(7_000)
    expect(Object.is(fromDecimalString('-0.00', 'USD')?.minor, 0)).toBe(true)
  })

  it.each([
    ...[
      '',
      ' ',
      '1 ',
      ' 1',
      '+1',
      '--1',
      '.5',
      '5.',
      '01',
      '00',
      '1e3',
      '1E3',
      '0x10',
      '1_000',
      '1,00',
      '1,000.00',
      '1.000,00',
      "1'000",
    ],
    ...[
      'NaN',
      'Infinity',
      '-',
      '-.',
      '1.2.3',
      '１',
      '１．５',
      '١',
      '٣٫٥',
      '²',
      '½',
      '1\u0000',
      '1\n',
      '\u22121',
      '0.001',
      '1.999',
      '-0.009',
    ],
    ...['90071992547409.92', '9007199254740993', '99999999999999999999', '-90071992547409.92', '1'.repeat(400)],
  ])('of the kind %j are no dollars', (text) => {
    expect(fromDecimalString(text, 'USD')).toBeNull()
  })

  test('are refused whenever anything but digits, one point and a minus stands in them', () => {
    const odd = fc
      .tuple(fc.string({ unit: 'binary' }), fc.nat(), fc.string({ unit: 'binary' }))
      .map(([a, n, b]) => `${a}${n}${b}`)
    fc.assert(
      fc.property(odd, (text) => {
        fc.pre(!/^-?(0|[1-9][0-9]*)(\.[0-9]{1,2})?$/.test(text))
        expect(fromDecimalString(text, 'USD')).toBeNull()
      }),
      { numRuns: 2_000 },
    )
  })
})
