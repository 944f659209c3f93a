import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalTaxRate, formatTaxRate, invoiceTotals, type LineToTotal, taxSummary } from './invoiceTotals'

const usd = (minor: number) => ({ minor, currency: 'USD' })
const line = (minor: number, quantity = '1', taxRate?: string): LineToTotal => ({ unitPrice: usd(minor), quantity, taxRate })

function problemOf(lines: readonly LineToTotal[], currency = 'USD') {
  const result = invoiceTotals(currency, lines)
  return result.ok ? 'no problem' : `${result.problem.line ?? 'sum'} ${result.problem.kind}`
}

describe('totals', () => {
  test('L7: net and tax are rounded half away from zero per line, then summed', () => {
    expect(invoiceTotals('USD', [line(12_345, '1.5', '0.20'), line(5, '0.5', '0.5'), line(1000)])).toEqual({
      ok: true,
      totals: {
        lines: [
          { amount: 18_518, tax: 3_704 },
          { amount: 3, tax: 2 },
          { amount: 1000, tax: 0 },
        ],
        subtotal: 19_521,
        tax: 3_706,
        total: 23_227,
      },
    })
  })

  test('no lines come to nothing', () => {
    expect(invoiceTotals('JPY', [])).toEqual({ ok: true, totals: { lines: [], subtotal: 0, tax: 0, total: 0 } })
  })

  test('bad lines are named, never thrown', () => {
    expect(problemOf([line(1), { ...line(1), unitPrice: { minor: 1, currency: 'EUR' } }])).toBe('1 currency')
    expect(problemOf([], 'XAU')).toBe('sum currency')
    for (const quantity of ['', '0', '-1', '1,5', '1e3', '.5', '1.', '1.0000001', '١', 'NaN']) {
      expect(problemOf([line(1, quantity)])).toBe('0 quantity')
    }
    for (const rate of ['', '-0.1', '1.01', '20%', '0.1234567']) expect(problemOf([line(1, '1', rate)])).toBe('0 tax_rate')
    for (const minor of [-1, 0.5, 2 ** 53, Number.NaN]) expect(problemOf([line(minor)])).toBe('0 price')
  })

  test('L7: what cannot be kept exactly is refused', () => {
    const most = Number.MAX_SAFE_INTEGER
    expect(problemOf([line(most, '2')])).toBe('0 too_large')
    expect(problemOf([line(most), line(most)])).toBe('sum too_large')
    expect(problemOf([line(most, '1', '1')])).toBe('sum too_large')
    expect(problemOf([line(most)])).toBe('no problem')
  })

  test('L7: equal to exact rational arithmetic', () => {
    const decimal = (maxWhole: number) =>
      fc.tuple(fc.integer({ min: 0, max: maxWhole }), fc.integer({ min: 0, max: 999_999 })).map(([whole, parts]) => {
        const fraction = String(parts).padStart(6, '0')
        return { text: `${whole}.${fraction}`, millionths: BigInt(whole) * 1_000_000n + BigInt(parts) }
      })
    const halfAway = (dividend: bigint, divisor: bigint) => (dividend * 2n + divisor) / (2n * divisor)
    const lines = fc.array(
      fc.record({
        price: fc.integer({ min: 0, max: 10 ** 9 }),
        quantity: decimal(1000).filter(({ millionths }) => millionths > 0n),
        rate: decimal(0),
      }),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(lines, (made) => {
        const result = invoiceTotals(
          'USD',
          made.map(({ price, quantity, rate }) => line(price, quantity.text, rate.text)),
        )
        if (!result.ok) throw new Error(result.problem.message)
        const exact = made.map(({ price, quantity, rate }) => {
          const amount = halfAway(BigInt(price) * quantity.millionths, 1_000_000n)
          return { amount, tax: halfAway(amount * rate.millionths, 1_000_000n) }
        })
        const subtotal = exact.reduce((sum, { amount }) => sum + amount, 0n)
        const tax = exact.reduce((sum, item) => sum + item.tax, 0n)
        expect(result.totals.lines.map(({ amount, tax }) => [BigInt(amount), BigInt(tax)])).toEqual(
          exact.map(({ amount, tax }) => [amount, tax]),
        )
        expect([result.totals.subtotal, result.totals.tax, result.totals.total].map(BigInt)).toEqual([
          subtotal,
          tax,
          subtotal + tax,
        ])
      }),
      { numRuns: 500 },
    )
  })
})

test('the same rate written in two ways is one row of the tax summary', () => {
  expect([null, undefined, '0', '0.0', '0.20', '0.2', '1.0', '0.0775', '10'].map(canonicalTaxRate)).toEqual([
    null,
    null,
    '0',
    '0',
    '0.2',
    '0.2',
    '1',
    '0.0775',
    '10',
  ])
  expect(
    taxSummary([
      { taxRate: '0.20', amount: 100, tax: 20 },
      { taxRate: null, amount: 50, tax: 0 },
      { taxRate: '0.2', amount: 10, tax: 2 },
    ]),
  ).toEqual([
    { rate: '0.2', net: 110, tax: 22 },
    { rate: null, net: 50, tax: 0 },
  ])
})

test('rates are shown in percent', () => {
  expect(['0', '0.2', '0.07', '0.0775', '1', '0.005', '0.0000010'].map(formatTaxRate)).toEqual([
    '0 %',
    '20 %',
    '7 %',
    '7.75 %',
    '100 %',
    '0.5 %',
    '0.0001 %',
  ])
})
