import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, eur, openTestDesk, type TestDesk, usd } from './testing'

let desk: TestDesk
beforeEach(() => {
  desk = openTestDesk()
})
afterEach(() => desk.cleanup())

describe('refunds', () => {
  test('a refund takes revenue and tax back in proportion; what the provider keeps stays an expense', async () => {
    const { payment } = await desk.paid(100_000, usd(3_510))
    const first = await desk.refund(payment.id, 60_000)
    expect(first).toMatchObject({ status: 'succeeded', problem: null, amount: usd(60_000), reason: 'Too much' })
    expect(desk.balances()).toEqual({
      'assets:stripe USD': 56_490,
      'expenses:payment-fees USD': 3_510,
      'income:services USD': -50_000,
      'liabilities:sales-tax USD': -10_000,
    })
    await desk.refund(payment.id, 60_000)
    expect(await desk.ask('payments.get', { paymentId: payment.id })).toMatchObject({
      refunded: usd(120_000),
      status: 'refunded',
    })
    expect(desk.balances()).toEqual({ 'assets:stripe USD': -3_510, 'expenses:payment-fees USD': 3_510 })
  })

  test('more than is left is refused with the figures, also what is in flight', async () => {
    const { payment } = await desk.paid(100_000)
    const ask = (minor: number, currency = 'USD') =>
      desk.run('payments.requestRefund', {
        requestId: `q${minor}`,
        paymentId: payment.id,
        amount: { minor, currency },
        reason: 'Why',
      })
    expect(codeOf(() => ask(1, 'EUR'))).toBe('invalid_input')
    expect(() => ask(120_001)).toThrow('At most USD 1,200.00 of this payment can still be refunded.')
    ask(100_000)
    expect(() => ask(20_001)).toThrow(
      'At most USD 200.00 of this payment can still be refunded, with USD 1,000.00 on its way back already.',
    )
    ask(20_000)
    expect(() => ask(1)).toThrow('Nothing of this payment is left to refund, with USD 1,200.00 on its way back already.')
    await desk.drain()
    expect(() => ask(1)).toThrow('Nothing of this payment is left to refund. Nothing was done.')
    expect(codeOf(() => ask(1))).toBe('conflict')
    expect(desk.provider.refunds).toHaveLength(2)
  })

  test('without a connection nothing is asked for', async () => {
    const { payment } = await desk.paid(100_000)
    desk.connected = false
    expect(
      codeOf(() => desk.run('payments.requestRefund', { requestId: 'r', paymentId: payment.id, amount: usd(1), reason: 'Why' })),
    ).toBe('not_connected')
    expect((await desk.ask('payments.refunds', { paymentId: payment.id })).items).toEqual([])
  })

  test('a connection lost meanwhile holds the refund up and says so; it goes on by itself', async () => {
    const { payment } = await desk.paid(100_000)
    desk.run('payments.requestRefund', { requestId: 'r', paymentId: payment.id, amount: usd(100), reason: 'Why' })
    desk.provider.failures = [{ kind: 'uncertain', message: 'anna@example.com could not be reached.' }]
    await desk.drain()
    const [held] = (await desk.ask('payments.refunds', { paymentId: payment.id })).items
    expect(held).toMatchObject({ status: 'submitted', problem: 'the e-mail address could not be reached.' })
    desk.at += 10_000
    await desk.drain()
    const [done] = (await desk.ask('payments.refunds', { paymentId: payment.id })).items
    expect(done).toMatchObject({ status: 'succeeded', problem: null })
  })

  test('a disconnected provider pauses the refund', async () => {
    const { payment } = await desk.paid(100_000)
    desk.run('payments.requestRefund', { requestId: 'r', paymentId: payment.id, amount: usd(100), reason: 'Why' })
    desk.connected = false
    await desk.drain()
    const [held] = (await desk.ask('payments.refunds', { paymentId: payment.id })).items
    expect(held).toMatchObject({
      status: 'submitted',
      problem: 'Stripe is not connected. Connect it, and this goes on by itself.',
    })
  })

  test('a refused refund frees what it held', async () => {
    const { payment } = await desk.paid(100_000)
    desk.run('payments.requestRefund', { requestId: 'r', paymentId: payment.id, amount: usd(120_000), reason: 'All' })
    desk.provider.failures = [{ kind: 'declined', code: 'charge_disputed', message: 'The charge is disputed.' }]
    await desk.drain()
    const [declined] = (await desk.ask('payments.refunds', { paymentId: payment.id })).items
    expect(declined).toMatchObject({
      status: 'declined',
      problem: 'Stripe refused this refund: The charge is disputed. Nothing was paid back and nothing was booked.',
    })
    expect(desk.balances()).toMatchObject({ 'assets:stripe USD': 120_000 })
    expect((await desk.refund(payment.id, 120_000)).status).toBe('succeeded')
  })

  test('a pending refund is posted when it succeeds, and reversed when it fails after all', async () => {
    const { payment } = await desk.paid(100_000)
    desk.provider.refundsBegin = 'pending'
    const pending = await desk.refund(payment.id, 60_000)
    expect(pending.status).toBe('pending')
    expect(desk.balances()).toMatchObject({ 'assets:stripe USD': 120_000 })
    const ref = `re_${pending.refundId}`
    desk.provider.changeRefund(ref, { status: 'succeeded' })
    desk.syncRefund(ref)
    desk.syncRefund(ref)
    expect(desk.balances()).toMatchObject({ 'assets:stripe USD': 60_000, 'income:services USD': -50_000 })
    desk.provider.changeRefund(ref, { status: 'failed', failureReason: 'lost_or_stolen_card' })
    desk.syncRefund(ref)
    desk.syncRefund(ref)
    expect(desk.balances()).toMatchObject({
      'assets:stripe USD': 120_000,
      'income:services USD': -100_000,
      'liabilities:sales-tax USD': -20_000,
    })
    const [failed] = (await desk.ask('payments.refunds', { paymentId: payment.id })).items
    expect(failed?.status).toBe('declined')
    expect(failed?.problem).toBe(
      'Stripe could not complete this refund (lost_or_stolen_card). The money is back in the balance, and the refund’s entry was reversed.'.replace(
        '’',
        "'",
      ),
    )
    expect(await desk.ask('payments.get', { paymentId: payment.id })).toMatchObject({ refunded: usd(0), status: 'succeeded' })
    desk.provider.changeRefund(ref, { status: 'succeeded' })
    desk.syncRefund(ref)
    expect(desk.balances()).toMatchObject({ 'assets:stripe USD': 120_000 })
    desk.provider.refundsBegin = 'succeeded'
    await desk.refund(payment.id, 120_000)
    expect(desk.balances()).toEqual({})
  })

  test('a pending refund that fails books nothing', async () => {
    const { payment } = await desk.paid(100_000)
    desk.provider.refundsBegin = 'pending'
    const { refundId } = await desk.refund(payment.id, 60_000)
    desk.provider.changeRefund(`re_${refundId}`, { status: 'failed' })
    desk.syncRefund(`re_${refundId}`)
    const [failed] = (await desk.ask('payments.refunds', { paymentId: payment.id })).items
    expect(failed?.problem).toBe('Stripe could not complete this refund. The money stays in the balance, and nothing was booked.')
    expect(desk.entries()).toBe(2)
  })

  test('a refund made in the provider’s dashboard is recorded and posted by the same rule', async () => {
    const { payment, ref } = await desk.paid(100_000)
    const refundRef = desk.provider.dashboardRefund(`pi_${ref}_1`, usd(60_000))
    desk.provider.refundFee = usd(50)
    const second = desk.provider.dashboardRefund(`pi_${ref}_1`, usd(12_000))
    expect(desk.syncRefund(refundRef)).toBe('changed')
    expect(desk.syncRefund(second)).toBe('changed')
    expect(desk.syncRefund(refundRef)).toBe('unchanged')
    expect(desk.balances()).toEqual({
      'assets:stripe USD': 47_950,
      'expenses:payment-fees USD': 50,
      'income:services USD': -40_000,
      'liabilities:sales-tax USD': -8_000,
    })
    const { items } = await desk.ask('payments.refunds', { paymentId: payment.id })
    expect(items.map(({ amount, status, reason }) => [amount.minor, status, reason])).toEqual([
      [12_000, 'succeeded', 'Refunded at Stripe, not asked for here'],
      [60_000, 'succeeded', 'Refunded at Stripe, not asked for here'],
    ])
  })

  test('a refund reported before its payment waits for it, and is not moved back by an older report', async () => {
    const { ref } = await desk.open(100_000)
    const paymentRef = desk.provider.pay(ref)
    desk.provider.refundFee = usd(10)
    const refundRef = desk.provider.dashboardRefund(paymentRef, usd(120_000))
    expect(desk.syncRefund(refundRef)).toBe('foreign')
    desk.provider.changeRefund(refundRef, { status: 'pending' })
    expect(desk.syncRefund(refundRef)).toBe('foreign')
    desk.syncInvoice(ref)
    expect(desk.balances()).toEqual({ 'assets:stripe USD': -10, 'expenses:payment-fees USD': 10 })
    const { items } = await desk.ask('payments.list', { businessId: desk.businessId })
    expect(items).toMatchObject([{ status: 'refunded', refunded: usd(120_000) }])
    desk.syncInvoice(ref)
    expect(desk.entries()).toBe(4)
  })

  test('a refund of nothing known is ignored, of another amount refused, under another id left alone', async () => {
    const { payment } = await desk.paid(100_000)
    const { refundId } = await desk.refund(payment.id, 60_000)
    const ref = `re_${refundId}`
    const seen = desk.provider.refundState(ref)
    const before = desk.balances()
    desk.provider.changeRefund(ref, { refundId: null, refundRef: 're_elsewhere', paymentRef: null })
    expect(desk.syncRefund(ref)).toBe('foreign')
    desk.provider.changeRefund(ref, { ...seen, amount: usd(1) })
    expect(codeOf(() => desk.syncRefund(ref))).toBe('conflict')
    desk.provider.changeRefund(ref, { ...seen, amount: eur(60_000) })
    expect(codeOf(() => desk.syncRefund(ref))).toBe('conflict')
    desk.provider.changeRefund(ref, { ...seen, refundRef: 're_copy', status: 'failed' })
    expect(desk.syncRefund(ref)).toBe('unchanged')
    expect(desk.balances()).toEqual(before)
  })

  test('what was paid beyond the total goes back first, and is no revenue', async () => {
    const { ref, id } = await desk.open(100_000)
    desk.provider.pay(ref, { minor: 130_000 })
    desk.syncInvoice(ref)
    expect(await desk.ask('invoices.get', { invoiceId: id })).toMatchObject({
      status: 'paid',
      amountPaid: usd(130_000),
      amountDue: usd(0),
      problem: null,
    })
    const { items } = await desk.ask('payments.list', { businessId: desk.businessId })
    await desk.refund(items[0]?.id ?? '', 4_000)
    expect(desk.balances()).toMatchObject({ 'assets:receivable USD': -6_000, 'income:services USD': -100_000 })
    await desk.refund(items[0]?.id ?? '', 12_000)
    expect(desk.balances()).toMatchObject({ 'income:services USD': -95_000, 'liabilities:sales-tax USD': -19_000 })
    expect(desk.balances()).not.toHaveProperty('assets:receivable USD')
  })

  test('an approval card says what, how much, to whom, before and after', async () => {
    const { payment } = await desk.paid(100_000)
    await desk.refund(payment.id, 20_000)
    const ask = { requestId: 'r', paymentId: payment.id, amount: usd(60_000), reason: 'Anna asked' }
    expect(desk.facts('payments.requestRefund', ask)).toEqual({
      businessId: desk.businessId,
      what: 'Refund USD 600.00 of the payment of invoice INV-0001.',
      amount: usd(60_000),
      payee: payment.customerId,
      about: payment.id,
      before: { 'Refunded or on its way': 'USD 200.00', 'Kept of the payment': 'USD 1,000.00' },
      after: { 'Refunded or on its way': 'USD 800.00', 'Kept of the payment': 'USD 400.00' },
      undo: 'no',
    })
    const refused = (change: Partial<typeof ask>) => codeOf(() => desk.facts('payments.requestRefund', { ...ask, ...change }))
    expect(refused({ amount: eur(1) })).toBe('invalid_input')
    expect(refused({ amount: usd(100_001) })).toBe('conflict')
    desk.connected = false
    expect(refused({})).toBe('not_connected')
    expect(codeOf(() => desk.facts('payments.requestRefund', { ...ask, paymentId: 'pay_unknown' }))).toBe('not_found')
  })

  test('L5: any sequence of refunds keeps the books exact and ends at nothing', async () => {
    const { payment } = await desk.paid(99_999, usd(3_333))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 7_000 }), { minLength: 1, maxLength: 3 }), async (amounts) => {
        for (const minor of amounts) {
          const { refunded } = await desk.ask('payments.get', { paymentId: payment.id })
          const left = payment.amount.minor - refunded.minor
          if (left === 0) return
          await desk.refund(payment.id, Math.min(minor, left))
        }
        const { refunded } = await desk.ask('payments.get', { paymentId: payment.id })
        const balances = desk.balances()
        const income = -(balances['income:services USD'] ?? 0)
        const tax = -(balances['liabilities:sales-tax USD'] ?? 0)
        expect(income + tax).toBe(payment.amount.minor - refunded.minor)
        expect(balances['assets:stripe USD']).toBe(payment.amount.minor - refunded.minor - 3_333)
      }),
      { numRuns: 10 },
    )
    const { refunded } = await desk.ask('payments.get', { paymentId: payment.id })
    if (refunded.minor < payment.amount.minor) await desk.refund(payment.id, payment.amount.minor - refunded.minor)
    expect(desk.balances()).toEqual({ 'assets:stripe USD': -3_333, 'expenses:payment-fees USD': 3_333 })
  })
})
