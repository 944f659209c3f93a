import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDecimal } from './decimal'
import { convertRatio, inverse, type Ratio, ratioOf } from './ratio'

function rate(text: string): Ratio {
  const parsed = parseDecimal(text)
  if (!parsed) throw new Error(text)
  return ratioOf(parsed)
}

describe('L7: conversion', () => {
  it.each([
    [{ minor: 10_000, currency: 'EUR' }, 'USD', '1.0845', 10_845],
    [{ minor: 1, currency: 'EUR' }, 'USD', '0.5', 1],
    [{ minor: -1, currency: 'EUR' }, 'USD', '0.5', -1],
    [{ minor: 1, currency: 'EUR' }, 'USD', '0.499', 0],
    [{ minor: 100, currency: 'USD' }, 'JPY', '155.555', 156],
    [{ minor: 156, currency: 'JPY' }, 'USD', '0.0064', 100],
    [{ minor: 1_000, currency: 'KWD' }, 'USD', '3.25', 325],
  ])('of %j to %s at %s is %i, half away from zero', (amount, to, text, expected) => {
    expect(convertRatio(amount, to, rate(text)) + 0).toBe(expected)
  })

  it('there and back by the inverse is within half a unit of each rounding', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 1e6 }), (minor, units) => {
        const there = { numerator: BigInt(units), denominator: 1_000n }
        const converted = convertRatio({ minor, currency: 'EUR' }, 'USD', there)
        const back = convertRatio({ minor: converted, currency: 'USD' }, 'EUR', inverse(there))
        expect(Math.abs(back - minor)).toBeLessThanOrEqual(Math.ceil(500 / units) + 1)
      }),
    )
  })

  it('is refused where no number holds the result', () => {
    expect(() => convertRatio({ minor: Number.MAX_SAFE_INTEGER, currency: 'EUR' }, 'USD', rate('1.1'))).toThrow(RangeError)
  })
})
