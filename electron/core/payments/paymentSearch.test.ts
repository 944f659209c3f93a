import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Input } from '../../../shared/contract/index'
import { sql } from '../db/index'
import { insertPayment } from './payments.repository'
import { openTestDesk, type TestDesk, usd } from './testing'

let desk: TestDesk
beforeEach(() => {
  desk = openTestDesk()
})
afterEach(() => desk.cleanup())

type Filter = Omit<Input<'payments.list'>, 'businessId'>
const list = (filter: Filter) => desk.ask('payments.list', { businessId: desk.businessId, ...filter })
const numbers = async (filter: Filter) => (await list(filter)).items.map(({ invoiceNumber }) => invoiceNumber)

test('payments are found by words of their invoice and by their customer, and told apart by what went back', async () => {
  const one = await desk.paid(100_000, usd(3_510))
  desk.at += 60_000
  const other = desk.customer('Bea Berg', 'bea@example.com')
  const draft = desk.draft(50_000, 'USD', other.id)
  desk.run('invoices.send', { invoiceId: draft.id, requestId: draft.id })
  await desk.drain()
  const ref = desk.provider.refOf(draft.id)
  desk.provider.pay(ref, { fee: usd(1_500) })
  desk.syncInvoice(ref)
  desk.run('payments.requestRefund', { requestId: 'r1', paymentId: one.payment.id, amount: usd(20_000), reason: 'Agreed' })
  await desk.drain()

  expect(await numbers({})).toEqual(['INV-0002', 'INV-0001'])
  expect(await numbers({ query: 'consulting' })).toEqual(['INV-0002', 'INV-0001'])
  expect(await numbers({ query: 'bea' })).toEqual(['INV-0002'])
  expect(await numbers({ query: 'BERG consulting' })).toEqual([])
  expect(await numbers({ query: '1' })).toEqual(['INV-0001'])
  expect(await numbers({ query: '  ' })).toEqual(['INV-0002', 'INV-0001'])
  expect(await numbers({ query: '"" %' })).toEqual([])
  expect(await numbers({ status: 'succeeded' })).toEqual(['INV-0002'])
  expect(await numbers({ status: 'partially_refunded', query: 'anna' })).toEqual(['INV-0001'])
  expect(await numbers({ status: 'refunded' })).toEqual([])
  expect((await desk.ask('payments.list', { businessId: desk.otherId, query: 'consulting' })).items).toEqual([])
})

test('a word of thousands of invoices finds the same pages as a rare one', async () => {
  const rare = await desk.paid(100_000, usd(3_510))
  const customerId = rare.customerId ?? ''
  const many = 2_050
  const drafts = Array.from({ length: many }, () => desk.draft(1_000, 'USD', customerId))
  desk.db.write((w) => {
    drafts.forEach(({ id: invoiceId }, i) => {
      const seen = { paymentRef: `pi_${i}`, amount: usd(1_200), receivedAt: desk.at, settlement: null }
      const receivedAt = desk.at + (i % 7)
      insertPayment(
        w,
        { id: `pay_${i}`, businessId: desk.businessId, invoiceId, customerId, receivedAt, receivedOn: '2026-01-15' },
        seen,
      )
    })
  })
  const all: string[] = []
  let cursor: string | null | undefined
  do {
    const page = await list({ query: 'consult', limit: 200, ...(cursor ? { cursor } : {}) })
    all.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== null)
  const newest = desk.read.all<{ id: string }>(sql`SELECT id FROM payment ORDER BY received_at DESC, seq DESC`)
  expect(all).toEqual(newest.map(({ id }) => id))
  expect(all).toHaveLength(many + 1)
  expect(await numbers({ query: 'INV-0001' })).toEqual(['INV-0001'])
})
