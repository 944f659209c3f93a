import { describe, expect, it } from 'vitest'
import { currencies, currencyCode, exponentOf, isCurrency } from './currency'

describe('L7: currencies', () => {
  it('are the active codes of ISO 4217 that have a minor unit, each once', () => {
    expect(new Set(currencies).size).toBe(currencies.length)
    expect([...currencies].sort()).toEqual(currencies)
    expect(currencies.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true)
    expect(currencies.length).toBeGreaterThan(160)
  })

  it.each([
    ['USD', 2],
    ['EUR', 2],
    ['MRU', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['UYI', 0],
    ['KWD', 3],
    ['BHD', 3],
    ['CLF', 4],
    ['UYW', 4],
  ])('%s has the exponent %i', (code, exponent) => {
    expect(exponentOf(code)).toBe(exponent)
    expect(isCurrency(code)).toBe(true)
    expect(currencyCode.parse(code)).toBe(code)
  })

  it.each([
    'XAU',
    'XDR',
    'XXX',
    'XTS',
    'BYR',
    'LTL',
    'HRK',
    'ZMK',
    'usd',
    'US',
    'USDT',
    '',
    'toString',
    '__proto__',
    'constructor',
  ])('%j is none', (code) => {
    expect(isCurrency(code)).toBe(false)
    expect(() => exponentOf(code)).toThrow(RangeError)
    expect(currencyCode.safeParse(code).success).toBe(false)
  })
})
