import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contract } from '../../../shared/contract/index'
import { sql } from '../db/index'
import { explainInvoice } from '../invoicing/index'
import { explainFee, explainPayment, explainRefund } from './explain'
import { codeOf, codeOfAsync, eur, openTestDesk, type TestDesk, usd } from './testing'

let desk: TestDesk
beforeEach(() => {
  desk = openTestDesk()
})
afterEach(() => desk.cleanup())

describe('lists and foreign ids', () => {
  test('payments come newest received first, paged, of one invoice or customer', async () => {
    const made: string[] = []
    for (let day = 0; day < 5; day++) {
      desk.at += day === 3 ? 0 : 86_400_000
      made.unshift((await desk.paid(1000)).payment.id)
    }
    const page = async (cursor?: string) =>
      desk.ask('payments.list', { businessId: desk.businessId, limit: 2, ...(cursor === undefined ? {} : { cursor }) })
    const first = await page()
    const second = await page(first.nextCursor ?? '')
    const third = await page(second.nextCursor ?? '')
    expect([...first.items, ...second.items, ...third.items].map((item) => item.id)).toEqual(made)
    expect(third.nextCursor).toBeNull()
    const [one] = first.items
    const { customerId, invoiceId } = one ?? {}
    expect((await desk.ask('payments.list', { businessId: desk.businessId, customerId: customerId ?? '' })).items).toEqual([one])
    expect((await desk.ask('payments.list', { businessId: desk.businessId, invoiceId: invoiceId ?? '' })).items).toEqual([one])
    const refused = (input: Parameters<typeof desk.ask<'payments.list'>>[1]) => codeOfAsync(desk.ask('payments.list', input))
    expect(await refused({ businessId: desk.otherId, invoiceId: invoiceId ?? '' })).toBe('not_found')
    expect(await refused({ businessId: desk.otherId, customerId: customerId ?? '' })).toBe('not_found')
    expect(await refused({ businessId: 'biz_unknown' })).toBe('not_found')
    expect(await refused({ businessId: desk.businessId, cursor: 'bm8' })).toBe('invalid_input')
    expect((await desk.ask('payments.list', { businessId: desk.otherId })).items).toEqual([])
  })

  test('refunds are paged newest first; unknown payments are not found', async () => {
    const { payment } = await desk.paid(100_000)
    const made: string[] = []
    for (const minor of [1, 2, 3]) made.unshift((await desk.refund(payment.id, minor)).refundId)
    const first = await desk.ask('payments.refunds', { paymentId: payment.id, limit: 2 })
    const second = await desk.ask('payments.refunds', { paymentId: payment.id, limit: 2, cursor: first.nextCursor ?? '' })
    expect([...first.items, ...second.items].map((item) => item.refundId)).toEqual(made)
    await expect(desk.ask('payments.get', { paymentId: 'pay_unknown' })).rejects.toThrow('There is no such payment')
    await expect(desk.ask('payments.refunds', { paymentId: 'pay_unknown' })).rejects.toThrow('There is no such payment')
    expect(
      codeOf(() =>
        desk.run('payments.requestRefund', { requestId: 'r', paymentId: 'pay_unknown', amount: usd(1), reason: 'Why' }),
      ),
    ).toBe('not_found')
  })

  test('the contract keeps out what the schema can: zero, negative, fractions, unsafe integers, no reason', () => {
    const input = contract['payments.requestRefund'].input
    const good = { requestId: 'r', paymentId: 'pay_1', amount: usd(1), reason: 'Why' }
    expect(input.safeParse(good).success).toBe(true)
    for (const minor of [0, -1, 0.5, 2 ** 53]) expect(input.safeParse({ ...good, amount: usd(minor) }).success).toBe(false)
    expect(input.safeParse({ ...good, reason: ' ' }).success).toBe(false)
  })
})

test('entries are explained in sentences, without names', async () => {
  const { payment, id } = await desk.paid(100_000, usd(3_510))
  const { refundId } = await desk.refund(payment.id, 60_000)
  const sentences = [
    ...explainInvoice(desk.read, id),
    ...explainPayment(desk.read, payment.id),
    ...explainFee(desk.read, payment.id),
    ...explainRefund(desk.read, refundId),
  ].join('\n')
  expect(sentences).toContain('Invoice INV-0001 over USD 1,200.00 was issued on 15 January 2026 and is due on 14 February 2026.')
  expect(sentences).toContain('Its tax of USD 200.00 is owed to the tax office')
  expect(sentences).toContain('Stripe kept USD 35.10 and put USD 1,164.90 into the balance.')
  expect(sentences).toContain('income:services (USD 500.00), liabilities:sales-tax (USD 100.00)')
  expect(sentences).toContain('Stripe keeps its fee of USD 35.10 for the payment; it stays an expense.')
  expect(sentences).not.toContain('Anna')
  expect(explainRefund(desk.read, 'ref_unknown')).toEqual([])
})

test('entries of what is not known yet, exchanged, void or a charge for a refund are explained too', async () => {
  const unsettled = await desk.paid(100_000)
  const early = await desk.refund(unsettled.payment.id, 100)
  expect(explainRefund(desk.read, early.refundId)).toContain('What Stripe keeps of the payment is not known yet.')
  expect(explainFee(desk.read, unsettled.payment.id).join(' ')).toContain('Stripe kept a fee and put the rest into the balance.')
  desk.provider.settlePayment(unsettled.ref, { fee: eur(3_300), net: eur(107_001), exchangeRate: '0.919175' })
  desk.syncInvoice(unsettled.ref)
  expect(explainFee(desk.read, unsettled.payment.id).join(' ')).toContain(
    'The balance is kept in EUR, so Stripe exchanged the payment first',
  )
  desk.provider.refundFee = usd(15)
  const charged = await desk.refund(unsettled.payment.id, 100)
  expect(explainFee(desk.read, charged.refundId)).toEqual([
    'Stripe charged this for a refund of the payment of invoice INV-0001; it left assets:stripe.',
  ])
  const draft = desk.run('invoices.create', {
    businessId: desk.businessId,
    customerId: desk.customer().id,
    currency: 'USD',
    dueOn: '2026-02-14',
    lines: [{ description: 'Logo', quantity: '1', unitPrice: usd(100) }],
  })
  desk.run('invoices.send', { invoiceId: draft.id, requestId: 's' })
  await desk.drain()
  desk.run('invoices.void', { invoiceId: draft.id, reason: 'Mistake' })
  await desk.drain()
  const sentences = explainInvoice(desk.read, draft.id)
  expect(sentences).toHaveLength(3)
  expect(sentences[2]).toBe('The invoice is void now: a reversal of this entry takes all of it out again.')
})

test('L4: the database itself keeps what was received and asked for', async () => {
  const { payment } = await desk.paid(100_000, usd(3_510))
  await desk.refund(payment.id, 100)
  const attacks = [
    sql`UPDATE payment SET amount = 1`,
    sql`UPDATE payment SET fee = 1, net = 119999`,
    sql`UPDATE payment SET refunded = 120001`,
    sql`UPDATE payment SET business_id = ${desk.otherId}`,
    sql`DELETE FROM payment`,
    sql`INSERT OR REPLACE INTO payment SELECT * FROM payment`,
    sql`UPDATE refund SET amount = 1`,
    sql`UPDATE refund SET provider_ref = 're_other'`,
    sql`UPDATE refund SET reason = 'other'`,
    sql`DELETE FROM refund`,
    sql`UPDATE refund_share SET amount = 1`,
  ]
  for (const attack of attacks) expect(() => desk.db.write((w) => w.run(attack))).toThrow()
})

test('audit rows and the outbox hold no personal data, lines or reasons', async () => {
  const { payment } = await desk.paid(100_000, usd(3_510))
  await desk.refund(payment.id, 100)
  const text = JSON.stringify([
    desk.read.all(sql`SELECT * FROM audit_row`),
    desk.read.all(sql`SELECT * FROM outbox`),
    desk.read.all(sql`SELECT description FROM journal_entry`),
    desk.notes,
  ])
  for (const word of ['Anna', 'Ångström', 'anna@example.com', 'Consulting', 'Too much']) expect(text).not.toContain(word)
})
