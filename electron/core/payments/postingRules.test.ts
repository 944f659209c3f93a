import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ComponentLeft,
  feeKnown,
  paymentReceived,
  refundFeeKnown,
  refundPaid,
  refundSplit,
  shareOfBalance,
  splitRefund,
} from './postingRules'

const usd = (minor: number) => ({ minor, currency: 'USD' })
const eur = (minor: number) => ({ minor, currency: 'EUR' })

function sums(postings: readonly { amount: { minor: number; currency: string } }[]): Record<string, number> {
  const totals: Record<string, number> = {}
  for (const { amount } of postings) totals[amount.currency] = (totals[amount.currency] ?? 0) + amount.minor
  return totals
}

const component = (account: string, minor: number, left = minor): ComponentLeft => ({ account, minor, left })

const components = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 8 })

describe('refund in proportion', () => {
  test('largest remainder on the original components', () => {
    expect(splitRefund(100, [component('income:a', 1000), component('income:b', 500), component('tax', 285)])).toEqual([
      56, 28, 16,
    ])
  })

  test('never more than is left of a component; the excess goes to the others in proportion', () => {
    expect(splitRefund(90, [component('a', 100, 10), component('b', 50, 50), component('c', 50, 50)])).toEqual([10, 40, 40])
    expect(splitRefund(5, [component('a', 100, 0), component('b', 1, 1), component('c', 9, 9)])).toEqual([0, 1, 4])
  })

  test('the last refund takes exactly the rest', () => {
    expect(splitRefund(60, [component('a', 100, 13), component('b', 50, 47)])).toEqual([13, 47])
  })

  test('nothing splits into nothing; more than is left is refused', () => {
    expect(splitRefund(0, [component('a', 100)])).toEqual([0])
    expect(() => splitRefund(101, [component('a', 100)])).toThrow(RangeError)
    expect(() => splitRefund(1, [])).toThrow(RangeError)
  })

  test('L7: any sequence of refunds takes each component exactly once, never more than is left, within one unit of proportion at first', () => {
    fc.assert(
      fc.property(components, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (minors, fractions) => {
        const total = minors.reduce((sum, minor) => sum + minor, 0)
        const left = [...minors]
        let open = total
        let first = true
        for (const fraction of [...fractions, 1]) {
          const amount = fraction === 1 ? open : Math.floor(open * fraction)
          const parts = splitRefund(
            amount,
            minors.map((minor, index) => component(`a${index}`, minor, left[index])),
          )
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(amount)
          parts.forEach((part, index) => {
            expect(part).toBeGreaterThanOrEqual(0)
            expect(part).toBeLessThanOrEqual(left[index] ?? 0)
            if (first) {
              const exact = BigInt(amount) * BigInt(minors[index] ?? 0)
              const distance = BigInt(part) * BigInt(total) - exact
              expect(distance < BigInt(total) && -distance < BigInt(total)).toBe(true)
            }
            left[index] = (left[index] ?? 0) - part
          })
          open -= amount
          first = false
        }
        expect(left.every((rest) => rest === 0)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('what was paid beyond the total goes back first', () => {
    const invoice = [component('income:services', 1000), component('liabilities:sales-tax', 200)]
    expect(refundSplit(50, 80, invoice)).toEqual({ shares: [], overpaid: 50 })
    expect(refundSplit(680, 80, invoice)).toEqual({
      shares: [
        { account: 'income:services', minor: 500 },
        { account: 'liabilities:sales-tax', minor: 100 },
      ],
      overpaid: 80,
    })
  })
})

describe('postings', () => {
  test('a payment', () => {
    expect(paymentReceived(usd(120))).toEqual([
      { account: 'assets:stripe', amount: usd(120) },
      { account: 'assets:receivable', amount: usd(-120) },
    ])
  })

  test('a fee in the payment’s own currency; a fee of nothing posts nothing', () => {
    expect(feeKnown(usd(120), 0, { fee: usd(3), net: usd(117) })).toEqual([
      { account: 'expenses:payment-fees', amount: usd(3) },
      { account: 'assets:stripe', amount: usd(-3) },
    ])
    expect(feeKnown(usd(120), 0, { fee: usd(0), net: usd(120) })).toEqual([])
    expect(refundFeeKnown(usd(0))).toEqual([])
    expect(refundFeeKnown(usd(2))).toEqual([
      { account: 'expenses:payment-fees', amount: usd(2) },
      { account: 'assets:stripe', amount: usd(-2) },
    ])
  })

  test('a balance in another currency is exchanged first', () => {
    expect(feeKnown(usd(120), 20, { fee: eur(3), net: eur(107) })).toEqual([
      { account: 'assets:stripe', amount: usd(-100) },
      { account: 'equity:conversion', amount: usd(100) },
      { account: 'equity:conversion', amount: eur(-92) },
      { account: 'assets:stripe', amount: eur(92) },
      { account: 'expenses:payment-fees', amount: eur(3) },
      { account: 'assets:stripe', amount: eur(-3) },
    ])
  })

  test('a refund', () => {
    const split = { shares: [{ account: 'income:services', minor: 50 }], overpaid: 10 }
    expect(refundPaid('USD', split, null)).toEqual([
      { account: 'income:services', amount: usd(50) },
      { account: 'assets:receivable', amount: usd(10) },
      { account: 'assets:stripe', amount: usd(-60) },
    ])
    expect(refundPaid('USD', { ...split, overpaid: 0 }, eur(46))).toEqual([
      { account: 'income:services', amount: usd(50) },
      { account: 'equity:conversion', amount: usd(-50) },
      { account: 'equity:conversion', amount: eur(46) },
      { account: 'assets:stripe', amount: eur(-46) },
    ])
  })

  test('L4: every entry sums to zero in each currency', () => {
    const amount = fc.integer({ min: 1, max: 10 ** 9 })
    fc.assert(
      fc.property(components, amount, amount, fc.integer({ min: 0, max: 1000 }), (minors, net, fee, refunded) => {
        const total = minors.reduce((sum, minor) => sum + minor, 0)
        const given = Math.min(refunded, total)
        const split = refundSplit(
          given,
          0,
          minors.map((minor, index) => component(`income:${index}`, minor)),
        )
        const entries = [
          paymentReceived(usd(total)),
          feeKnown(usd(total), given, { fee: eur(fee), net: eur(net) }),
          feeKnown(usd(total), given, { fee: usd(fee), net: usd(total - fee) }),
          refundPaid('USD', split, null),
          refundPaid('USD', split, eur(shareOfBalance(net + fee, given, total))),
        ]
        for (const entry of entries) {
          for (const sum of Object.values(sums(entry))) expect(sum).toBe(0)
          expect(entry.every((posting) => posting.amount.minor !== 0)).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })
})
