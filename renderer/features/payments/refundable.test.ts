import { describe, expect, it } from 'vitest'
import type { Payment, Refund } from '../../../shared/contract/payments'
import { refundable } from './refundable'

const money = (minor: number) => ({ minor, currency: 'USD' })
const payment: Payment = {
  id: 'pay_1',
  businessId: 'b',
  invoiceId: null,
  invoiceNumber: null,
  customerId: null,
  amount: money(1000),
  fee: null,
  net: null,
  refunded: money(0),
  status: 'succeeded',
  receivedOn: '2026-11-01',
}
const refund = (minor: number, status: Refund['status']): Refund => ({
  refundId: 'r',
  paymentId: 'pay_1',
  amount: money(minor),
  reason: 'x',
  status,
  problem: null,
  requestedAt: 0,
})

describe('refundable', () => {
  it('counts what is on its way, not what was declined', () => {
    expect(refundable(payment, [])).toEqual(money(1000))
    expect(refundable(payment, [refund(300, 'submitted'), refund(200, 'pending'), refund(400, 'declined')])).toEqual(money(500))
    expect(refundable({ ...payment, refunded: money(1000) }, [])).toEqual(money(0))
  })

  it('does not count a settled refund twice', () => {
    expect(refundable({ ...payment, refunded: money(300) }, [refund(300, 'succeeded'), refund(100, 'submitted')])).toEqual(
      money(600),
    )
  })
})
