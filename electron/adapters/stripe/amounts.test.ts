import fc from 'fast-check'
import { expect, test } from 'vitest'
import { currencies, exponentOf } from '../../../shared/domain/currency'
import { assertChargeable, fromStripe, toStripe, toStripeCharge } from './amounts'
import { invoiceProblem, shownPercentage } from './issueInvoice'
import { Ended, StrangeReply } from './outcomes'
import { rateBetween } from './readInvoice'

const of = (minor: number, currency: string) => ({ minor, currency })

function refusal(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    if (error instanceof Ended && error.failure.kind === 'declined') return error.failure.code
    throw error
  }
  return 'accepted'
}

test('amounts reach Stripe in its own units, special cases included', () => {
  expect(toStripe(of(1234, 'USD'))).toBe(1234)
  expect(toStripe(of(1234, 'JPY'))).toBe(1234)
  expect(toStripe(of(1234, 'ISK'))).toBe(123_400)
  expect(toStripe(of(5, 'UGX'))).toBe(500)
  expect(toStripe(of(1200, 'MGA'))).toBe(12)
  expect(toStripeCharge(of(5120, 'KWD'))).toBe(5120)
})

test('what Stripe cannot state is refused in words before anything is sent', () => {
  expect(refusal(() => toStripe(of(1250, 'MGA')))).toBe('amount_precision')
  expect(refusal(() => toStripeCharge(of(5124, 'KWD')))).toBe('amount_precision')
  expect(refusal(() => toStripe(of(1, 'CLF')))).toBe('currency_unsupported')
  expect(refusal(() => toStripe(of(5124, 'KWD')))).toBe('accepted')
  expect(() => toStripe(of(Number.MAX_SAFE_INTEGER, 'ISK'))).toThrow(RangeError)
})

test.each([
  ['USD', 50, 99_999_999],
  ['GBP', 30, 99_999_999],
  ['JPY', 50, 9_999_999_999],
  ['HUF', 17_500, 9_999_999_999],
  ['INR', 50, 999_999_999],
  ['IDR', 50, 999_999_999_999],
  ['ISK', 1, 999_999],
  ['UGX', 1, 999_999],
  ['MGA', 100, 9_999_999_900],
  ['KWD', 10, 99_999_990],
])('in %s no less than %d and no more than %d minor units are charged', (currency, least, most) => {
  const step = toStripe(of(1000, currency)) === 10 ? 100 : currency === 'KWD' ? 10 : 1
  for (const minor of [least, most]) expect(refusal(() => assertChargeable(of(minor, currency)))).toBe('accepted')
  expect(refusal(() => assertChargeable(of(most + step, currency)))).toBe('amount_too_large')
  expect(refusal(() => assertChargeable(of(Number.MAX_SAFE_INTEGER, currency)))).toBe('amount_too_large')
  if (least > step) expect(refusal(() => assertChargeable(of(least - step, currency)))).toBe('amount_too_small')
})

test('what an invoice would be refused for is told without asking Stripe: total, currency and every line', () => {
  const line = (amount: number, tax = 0) => ({ description: 'Work', amount, tax, taxRate: tax === 0 ? null : '0.2' })
  const problem = (currency: string, ...lines: ReturnType<typeof line>[]) => {
    const minor = lines.reduce((sum, { amount, tax }) => sum + amount + tax, 0)
    return invoiceProblem({ currency, lines, total: of(minor, currency) })
  }
  expect(problem('USD', line(10_000, 2000), line(1))).toBeNull()
  expect(problem('KWD', line(5121), line(5129))).toBeNull()
  expect(problem('KWD', line(5121))).toContain('KWD with two decimals only')
  expect(problem('USD', line(99_999_999), line(1))).toBe(
    'Stripe charges USD 999,999.99 at most, and this comes to USD 1,000,000.00. Nothing was sent to it.',
  )
  expect(problem('USD', line(49))).toBe('Stripe charges USD 0.50 at least, and this comes to USD 0.49. Nothing was sent to it.')
  expect(problem('MGA', line(150), line(150))).toContain('MGA in whole units only')
  expect(problem('MGA', line(100, 50), line(0, 50))).toContain('MGA in whole units only')
  expect(problem('GHS', line(10_000))).toContain('does not charge in GHS')
})

test('Stripe’s amounts come back as the same money, for every currency', () => {
  fc.assert(
    fc.property(fc.constantFrom(...currencies), fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), (currency, minor) => {
      if (refusal(() => toStripe(of(minor, currency))) !== 'accepted') return
      expect(fromStripe(toStripe(of(minor, currency)), currency.toLowerCase())).toEqual(of(minor === 0 ? 0 : minor, currency))
    }),
    { numRuns: 1000 },
  )
})

test('an amount or a currency that cannot be is a strange reply', () => {
  expect(() => fromStripe(1, 'xyz')).toThrow(StrangeReply)
  expect(() => fromStripe(150, 'isk')).toThrow(StrangeReply)
  expect(() => fromStripe(1, 'ugx')).toThrow(StrangeReply)
})

test('the rate between two amounts gives the one from the other', () => {
  expect(rateBetween(of(1000, 'EUR'), of(1234, 'USD'))).toBe('1.234')
  expect(rateBetween(of(120_000, 'USD'), of(110_301, 'EUR'))).toBe('0.919175')
  expect(rateBetween(of(10_000, 'JPY'), of(6500, 'USD'))).toBe('0.0065')
  expect(rateBetween(of(100, 'USD'), of(100, 'USD'))).toBe('1')
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 ** 9 }),
      fc.integer({ min: 1, max: 10 ** 9 }),
      fc.constantFrom('USD', 'JPY', 'KWD'),
      fc.constantFrom('EUR', 'KRW', 'BHD'),
      (from, to, a, b) => {
        const [whole = '', fraction = ''] = rateBetween(of(from, a), of(to, b)).split('.')
        const units = BigInt(whole + fraction.padEnd(12, '0'))
        const difference = BigInt(from) * units * 10n ** BigInt(exponentOf(b)) - BigInt(to) * 10n ** BigInt(12 + exponentOf(a))
        const half = BigInt(from) * 10n ** BigInt(exponentOf(b))
        expect((difference < 0n ? -difference : difference) * 2n <= half).toBe(true)
      },
    ),
  )
})

test('the percentage that is shown is the rate, or nothing where Stripe cannot state it', () => {
  expect(shownPercentage('0.20')).toBe(20)
  expect(shownPercentage('0.0725')).toBe(7.25)
  expect(shownPercentage('0.088875')).toBe(8.8875)
  expect(shownPercentage('1')).toBe(100)
  expect(shownPercentage('0')).toBe(0)
  expect(shownPercentage('0.0888755')).toBe(0)
  expect(shownPercentage('1.01')).toBe(0)
  expect(shownPercentage('-0.2')).toBe(0)
  expect(shownPercentage('twenty')).toBe(0)
})
