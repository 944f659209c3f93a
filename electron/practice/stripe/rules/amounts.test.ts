import { expect, test } from 'vitest'
import { multiply, processingFee, sum, taxOn } from './amounts'

test('a unit price times a quantity is exact and rounds half away from zero', () => {
  expect(multiply('3333.33', '1.5', 'amount')).toBe(5_000)
  expect(multiply('0.5', '1', 'amount')).toBe(1)
  expect(multiply('-0.5', '1', 'amount')).toBe(-1)
  expect(multiply('0.49', '1', 'amount')).toBe(0)
  expect(multiply('0.1', '3', 'amount')).toBe(0)
  expect(multiply('9007199254740991', '1', 'amount')).toBe(Number.MAX_SAFE_INTEGER)
  expect(() => multiply('9007199254740992', '1', 'amount')).toThrow('too large')
})

test('tax on top and tax contained', () => {
  expect(taxOn(999, '8.875', false)).toBe(89)
  expect(taxOn(11_900, '19', true)).toBe(1_900)
  expect(taxOn(-1_000, '20', false)).toBe(-200)
  expect(taxOn(1_000, '0', false)).toBe(0)
})

test('the fee is 2.9 % half up and 30 more', () => {
  // 2.9 % of 500 is 14.5, of 499 14.471, of 17 0.493, of 18 0.522
  expect([500, 499, 17, 18, 120_000].map(processingFee)).toEqual([45, 44, 30, 31, 3_510])
})

test('a sum outside the exact integers is refused', () => {
  expect(sum([1, -2, 3])).toBe(2)
  expect(() => sum([Number.MAX_SAFE_INTEGER, 1])).toThrow('too large')
})
