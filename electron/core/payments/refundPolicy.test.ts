import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideRefund, refundableOf } from './refundPolicy'

const payment = { captured: 1000, refunded: 300, inFlight: 200, currency: 'USD' }
const usd = (minor: number) => ({ minor, currency: 'USD' })

test('what may be asked back is captured - refunded - in flight', () => {
  expect(refundableOf(payment)).toBe(500)
  expect(decideRefund(payment, usd(500))).toEqual({ kind: 'allowed' })
  expect(decideRefund(payment, usd(501))).toEqual({
    kind: 'refused',
    code: 'conflict',
    why: 'At most USD 5.00 of this payment can still be refunded, with USD 2.00 on its way back already. Nothing was refunded; ask for less.',
  })
})

test('the reasons name what is left and what is on its way', () => {
  expect(decideRefund({ ...payment, inFlight: 0 }, usd(701))).toMatchObject({
    why: 'At most USD 7.00 of this payment can still be refunded. Nothing was refunded; ask for less.',
  })
  expect(decideRefund({ ...payment, refunded: 800 }, usd(1))).toMatchObject({
    why: 'Nothing of this payment is left to refund, with USD 2.00 on its way back already. Nothing was done.',
  })
  expect(decideRefund({ ...payment, refunded: 1000, inFlight: 0 }, usd(1))).toMatchObject({
    why: 'Nothing of this payment is left to refund. Nothing was done.',
  })
})

test('another currency is refused', () => {
  expect(decideRefund(payment, { minor: 1, currency: 'EUR' })).toMatchObject({ kind: 'refused', code: 'invalid_input' })
})

test('L5: allowed exactly while no more than was captured goes back', () => {
  const minor = fc.integer({ min: 0, max: 10_000 })
  fc.assert(
    fc.property(minor, minor, minor, fc.integer({ min: 1, max: 10_000 }), (captured, refunded, inFlight, amount) => {
      const decision = decideRefund({ captured, refunded, inFlight, currency: 'USD' }, usd(amount))
      expect(decision.kind === 'allowed').toBe(refunded + inFlight + amount <= captured)
    }),
  )
})
