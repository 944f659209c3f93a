import { describe, expect, it } from 'vitest'
import type { Invoice } from '../../../../shared/contract/invoices'
import { timeline } from './timeline'

const money = (minor: number) => ({ minor, currency: 'USD' })
const invoice: Invoice = {
  id: 'inv_1',
  businessId: 'b',
  customerId: 'c',
  number: 'INV-0001',
  status: 'open',
  currency: 'USD',
  issuedOn: '2026-11-01',
  dueOn: '2026-11-15',
  lines: [],
  subtotal: money(100),
  tax: money(0),
  total: money(100),
  amountPaid: money(0),
  amountDue: money(100),
  hostedInvoiceUrl: null,
  memo: null,
  overdue: false,
  problem: null,
  createdAt: 0,
  version: 1,
}
const payment = {
  id: 'pay_1',
  businessId: 'b',
  invoiceId: 'inv_1',
  invoiceNumber: null,
  customerId: 'c',
  amount: money(100),
  fee: null,
  net: null,
  refunded: money(40),
  status: 'partially_refunded' as const,
  receivedOn: '2026-11-10',
}
const states = (change: Partial<Invoice>, payments = [payment].slice(0, 0)) =>
  timeline({ ...invoice, ...change }, payments, '2026-10-31').map((moment) => `${moment.id}:${moment.state}`)

describe('timeline', () => {
  it('says what an open invoice waits for, and when it is late', () => {
    expect(states({})).toEqual(['written:done', 'issued:done', 'due:ahead', 'waiting:now'])
    expect(states({ overdue: true })).toContain('due:late')
  })

  it('ends a paid invoice with its payments and refunds', () => {
    expect(states({ status: 'paid' }, [payment])).toEqual(['written:done', 'issued:done', 'pay_1:done', 'pay_1-refund:done'])
  })

  it('shows drafts, sendings and the ends that are no payment', () => {
    expect(states({ status: 'draft', issuedOn: null })).toEqual(['written:done', 'due:ahead'])
    expect(states({ status: 'sending' }).at(-1)).toBe('sending:now')
    expect(states({ status: 'void' }).at(-1)).toBe('void:done')
    expect(states({ status: 'uncollectible' }).at(-1)).toBe('uncollectible:done')
  })
})
