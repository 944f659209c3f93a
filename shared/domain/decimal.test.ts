import fc from 'fast-check'
import { expect, test } from 'vitest'
import { divideHalfAwayFromZero, parseDecimal, toSafeInteger } from './decimal'

test('L7: a minus before zero is a minus', () => {
  expect(parseDecimal('-0.1')).toEqual({ units: -1n, scale: 1 })
  expect(parseDecimal('-0')).toEqual({ units: 0n, scale: 0 })
  expect(parseDecimal('-10.05')).toEqual({ units: -1005n, scale: 2 })
  expect(parseDecimal('0.10')).toEqual({ units: 10n, scale: 2 })
})

test('L7: what is no plain decimal is refused', () => {
  for (const text of [
    '',
    '.5',
    '1.',
    '1e3',
    '1,00',
    '+1',
    '00',
    '01',
    ' 1',
    '1 ',
    '١',
    '１',
    '0x1',
    'NaN',
    '--1',
    '1.0000000000001',
  ]) {
    expect(parseDecimal(text)).toBeNull()
  }
})

test('L7: at most as many digits after the point as are asked for, and 40 characters', () => {
  expect(parseDecimal('1.25', 2)).toEqual({ units: 125n, scale: 2 })
  expect(parseDecimal('1.250', 2)).toBeNull()
  expect(parseDecimal('1'.repeat(40))).not.toBeNull()
  expect(parseDecimal('1'.repeat(41))).toBeNull()
})

test('L7: division rounds half away from zero, on both sides alike', () => {
  expect([-5n, -3n, -1n, 0n, 1n, 3n, 5n].map((dividend) => divideHalfAwayFromZero(dividend, 2n))).toEqual([
    -3n,
    -2n,
    -1n,
    0n,
    1n,
    2n,
    3n,
  ])
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      fc.bigInt({ min: 1n, max: 10n ** 12n }),
      (dividend, divisor) => {
        const quotient = divideHalfAwayFromZero(dividend, divisor)
        const twice = 2n * (quotient * divisor - dividend)
        expect(twice <= divisor && twice >= -divisor).toBe(true)
        expect(divideHalfAwayFromZero(-dividend, divisor)).toBe(-quotient)
      },
    ),
  )
})

test('L7: only safe integers become numbers', () => {
  expect(toSafeInteger(-9007199254740991n)).toBe(Number.MIN_SAFE_INTEGER)
  expect(() => toSafeInteger(9007199254740992n)).toThrow(RangeError)
  expect(() => toSafeInteger(9007199254740993n)).toThrow(RangeError)
})
