import { expect, test } from 'vitest'
import { parseDecimal } from './decimal'

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
