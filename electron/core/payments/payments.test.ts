import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../db/index'
import { closePeriod } from '../ledger/periodClose'
import { codeOf, eur, openTestDesk, type TestDesk, usd } from './testing'

let desk: TestDesk
beforeEach(() => {
  desk = openTestDesk()
})
afterEach(() => desk.cleanup())

describe('payments', () => {
  test('an invoice that is paid books the payment and the fee, and tells its owner', async () => {
    const { payment, ...invoice } = await desk.paid(100_000, usd(3_510))
    expect(invoice).toMatchObject({ status: 'paid', amountPaid: usd(120_000), amountDue: usd(0), problem: null })
    expect(payment).toMatchObject({
      amount: usd(120_000),
      fee: usd(3_510),
      net: usd(116_490),
      refunded: usd(0),
      status: 'succeeded',
      receivedOn: '2026-01-15',
    })
    expect(desk.balances()).toEqual({
      'assets:stripe USD': 116_490,
      'expenses:payment-fees USD': 3_510,
      'income:services USD': -100_000,
      'liabilities:sales-tax USD': -20_000,
    })
    expect(desk.notices).toEqual([
      {
        title: 'Invoice INV-0001 is paid',
        body: 'USD 1,200.00 arrived at Stripe and is in the books.',
        route: `/invoices/${invoice.id}`,
      },
    ])
  })

  test('a report that comes again, late or out of order changes nothing', async () => {
    const { ref, ...invoice } = await desk.paid(100_000, usd(3_510))
    const before = desk.balances()
    const paid = desk.provider.invoice(ref)
    desk.syncInvoice(ref)
    desk.provider.change(ref, { status: 'open', amountPaid: usd(0), payments: [] })
    desk.syncInvoice(ref)
    desk.provider.change(ref, paid)
    desk.syncInvoice(ref)
    expect(desk.balances()).toEqual(before)
    expect(await desk.ask('invoices.get', { invoiceId: invoice.id })).toMatchObject({ status: 'paid', amountPaid: usd(120_000) })
    expect(desk.notices).toHaveLength(1)
    expect((await desk.ask('payments.list', { businessId: desk.businessId })).items).toHaveLength(1)
  })

  test('a fee that becomes known later is booked once', async () => {
    const { ref, payment } = await desk.paid(100_000)
    expect(payment).toMatchObject({ fee: null, net: null })
    desk.provider.settlePayment(ref, { fee: usd(3_510), net: usd(116_490), exchangeRate: null })
    desk.syncInvoice(ref)
    desk.syncInvoice(ref)
    expect(await desk.ask('payments.get', { paymentId: payment.id })).toMatchObject({ fee: usd(3_510), net: usd(116_490) })
    expect(desk.balances()).toMatchObject({ 'assets:stripe USD': 116_490, 'expenses:payment-fees USD': 3_510 })
  })

  test('a payment without a fee books no empty entry', async () => {
    const { payment } = await desk.paid(100_000, usd(0))
    expect(payment).toMatchObject({ fee: usd(0), net: usd(120_000) })
    expect(desk.entries()).toBe(2)
  })

  test('an invoice is paid in parts', async () => {
    const { ref, id } = await desk.open(100_000)
    desk.provider.pay(ref, { minor: 50_000 })
    desk.syncInvoice(ref)
    expect(await desk.ask('invoices.get', { invoiceId: id })).toMatchObject({
      status: 'open',
      amountPaid: usd(50_000),
      amountDue: usd(70_000),
    })
    expect(desk.notices).toEqual([])
    expect(codeOf(() => desk.run('invoices.void', { invoiceId: id, reason: 'Mistake' }))).toBe('conflict')
    desk.provider.pay(ref)
    desk.syncInvoice(ref)
    expect(await desk.ask('invoices.get', { invoiceId: id })).toMatchObject({
      status: 'paid',
      amountPaid: usd(120_000),
      amountDue: usd(0),
    })
    expect(desk.balances()).toMatchObject({ 'assets:stripe USD': 120_000 })
    expect(desk.balances()).not.toHaveProperty('assets:receivable USD')
  })

  test('a balance in another currency goes through equity:conversion, and a full refund leaves nothing there', async () => {
    const { ref, id } = await desk.open(100_000)
    desk.provider.pay(ref, { settlement: { fee: eur(3_300), net: eur(107_001), exchangeRate: '0.919175' } })
    desk.syncInvoice(ref)
    const { items } = await desk.ask('payments.list', { businessId: desk.businessId, invoiceId: id })
    const paymentId = items[0]?.id ?? ''
    expect(items[0]).toMatchObject({ amount: usd(120_000), fee: eur(3_300), net: eur(107_001) })
    expect(desk.balances()).toMatchObject({
      'assets:stripe EUR': 107_001,
      'equity:conversion EUR': -110_301,
      'equity:conversion USD': 120_000,
      'expenses:payment-fees EUR': 3_300,
    })
    for (const minor of [39_999, 1, 80_000]) await desk.refund(paymentId, minor)
    expect(desk.balances()).toEqual({ 'assets:stripe EUR': -3_300, 'expenses:payment-fees EUR': 3_300 })
  })

  test('a refund made before the other currency was known leaves the balance unexchanged', async () => {
    const { ref, payment } = await desk.paid(100_000)
    await desk.refund(payment.id, 30_000)
    desk.provider.settlePayment(ref, { fee: eur(3_300), net: eur(107_001), exchangeRate: '0.919175' })
    desk.syncInvoice(ref)
    await desk.refund(payment.id, 90_000)
    const balances = desk.balances()
    expect(balances).toMatchObject({ 'assets:stripe EUR': -3_300, 'expenses:payment-fees EUR': 3_300 })
    expect(balances).not.toHaveProperty('assets:stripe USD')
    expect(balances).not.toHaveProperty('equity:conversion EUR')
  })

  test('a payment dated in a closed period is booked on the first open day with its own day kept', async () => {
    const { ref } = await desk.open(100_000)
    desk.provider.pay(ref, { at: desk.at })
    desk.at += 20 * 86_400_000
    desk.db.write((w) => closePeriod(w, { businessId: desk.businessId, through: '2026-01-31', now: desk.at }))
    desk.syncInvoice(ref)
    const rows = desk.read.all(sql`SELECT occurred_on, provider_on FROM journal_entry WHERE source_kind = 'payment'`)
    expect(rows).toEqual([{ occurred_on: '2026-02-01', provider_on: '2026-01-15' }])
  })

  test('what was marked as paid outside the provider is said so, until the money shows up', async () => {
    const { ref, id } = await desk.open(100_000)
    desk.provider.change(ref, { status: 'paid', amountPaid: usd(120_000) })
    desk.syncInvoice(ref)
    const marked = await desk.ask('invoices.get', { invoiceId: id })
    expect(marked.status).toBe('paid')
    expect(marked.problem).toContain('USD 1,200.00 of it did not arrive there')
    expect(desk.balances()).toMatchObject({ 'assets:receivable USD': 120_000 })
    desk.provider.change(ref, { amountPaid: usd(0) })
    desk.provider.pay(ref)
    desk.syncInvoice(ref)
    expect(await desk.ask('invoices.get', { invoiceId: id })).toMatchObject({ status: 'paid', problem: null })
  })

  test('voided and written off in the provider’s dashboard', async () => {
    const voided = await desk.open(100_000)
    desk.provider.change(voided.ref, { status: 'void' })
    desk.syncInvoice(voided.ref)
    expect(await desk.ask('invoices.get', { invoiceId: voided.id })).toMatchObject({
      status: 'void',
      number: 'INV-0001',
      amountDue: usd(0),
    })
    expect(desk.balances()).toEqual({})
    const lost = await desk.open(100_000)
    desk.provider.change(lost.ref, { status: 'uncollectible' })
    desk.syncInvoice(lost.ref)
    desk.syncInvoice(lost.ref)
    expect(await desk.ask('invoices.get', { invoiceId: lost.id })).toMatchObject({
      status: 'uncollectible',
      amountDue: usd(120_000),
      overdue: false,
    })
    expect(desk.balances()).toMatchObject({ 'assets:receivable USD': 120_000 })
    desk.provider.pay(lost.ref)
    desk.syncInvoice(lost.ref)
    expect(await desk.ask('invoices.get', { invoiceId: lost.id })).toMatchObject({ status: 'paid' })
  })

  test('money for a void invoice is booked as the customer’s credit and can be refunded', async () => {
    const { ref, id } = await desk.open(100_000)
    desk.provider.change(ref, { status: 'void' })
    desk.syncInvoice(ref)
    desk.provider.pay(ref)
    desk.syncInvoice(ref)
    const invoice = await desk.ask('invoices.get', { invoiceId: id })
    expect(invoice.status).toBe('void')
    expect(invoice.problem).toContain('USD 1,200.00 was paid for this void invoice')
    expect(desk.balances()).toEqual({ 'assets:receivable USD': -120_000, 'assets:stripe USD': 120_000 })
    const { items } = await desk.ask('payments.list', { businessId: desk.businessId })
    await desk.refund(items[0]?.id ?? '', 120_000)
    expect(desk.balances()).toEqual({})
  })

  test('an invoice still on its way here whose settling was lost is opened by the report', async () => {
    const draft = desk.draft(100_000)
    desk.run('invoices.send', { invoiceId: draft.id, requestId: 's' })
    desk.provider.losesAnswers = 1
    await desk.drain()
    expect(await desk.ask('invoices.get', { invoiceId: draft.id })).toMatchObject({ status: 'sending' })
    const ref = desk.provider.refOf(draft.id)
    desk.provider.pay(ref)
    desk.syncInvoice(ref)
    expect(await desk.ask('invoices.get', { invoiceId: draft.id })).toMatchObject({ status: 'paid', problem: null })
    const before = desk.balances()
    desk.at += 60_000
    await desk.drain()
    expect(desk.balances()).toEqual(before)
    expect(desk.provider.invoices).toHaveLength(1)
  })

  test('invoices that are not ours, drafts there and another copy of ours are ignored; another total is refused', async () => {
    const { ref, id } = await desk.open(100_000)
    const seen = desk.provider.invoice(ref)
    desk.provider.change(ref, { status: 'draft' })
    expect(desk.syncInvoice(ref)).toBe('foreign')
    desk.provider.change(ref, { ...seen, invoiceRef: 'in_other' })
    expect(desk.syncInvoice(ref)).toBe('foreign')
    desk.provider.change(ref, { ...seen, invoiceId: 'inv_unknown', invoiceRef: 'in_unknown' })
    expect(desk.syncInvoice(ref)).toBe('foreign')
    desk.provider.change(ref, { ...seen, total: usd(1) })
    expect(codeOf(() => desk.syncInvoice(ref))).toBe('conflict')
    desk.provider.change(ref, { ...seen, total: eur(120_000) })
    expect(codeOf(() => desk.syncInvoice(ref))).toBe('conflict')
    desk.provider.change(ref, { ...seen, invoiceId: null })
    expect(desk.syncInvoice(ref)).toBe('unchanged')
    desk.provider.pay(ref)
    desk.provider.change(ref, {
      payments: desk.provider.invoice(ref).payments.map((payment) => ({ ...payment, amount: eur(120_000) })),
    })
    expect(codeOf(() => desk.syncInvoice(ref))).toBe('conflict')
    expect(await desk.ask('invoices.get', { invoiceId: id })).toMatchObject({ status: 'open', amountPaid: usd(0) })
  })

  test('a provider that does not say when it was paid: the day on which it was seen', async () => {
    const { ref } = await desk.open(100_000)
    desk.provider.pay(ref, { at: 0 })
    desk.at += 86_400_000
    expect(desk.syncInvoice(ref)).toBe('changed')
    expect(desk.syncInvoice(ref)).toBe('unchanged')
    expect((await desk.ask('payments.list', { businessId: desk.businessId })).items[0]?.receivedOn).toBe('2026-01-16')
  })

  test('the audit row of a report names every entry that it caused', async () => {
    const { id, payment } = await desk.paid(100_000, usd(3_510))
    const rows = desk.read.all<{ details: string }>(sql`SELECT details FROM audit_row WHERE procedure = 'events.apply'`)
    const entries = desk.read.all<{ id: number }>(sql`SELECT id FROM journal_entry WHERE source_kind <> 'invoice' ORDER BY id`)
    expect(rows.map((row) => JSON.parse(row.details))).toEqual([
      {
        changes: [
          {
            did: 'payments.received',
            paymentId: payment.id,
            invoiceId: id,
            amount: usd(120_000),
            entryId: `je_${entries[0]?.id}`,
          },
          { did: 'payments.feeKnown', paymentId: payment.id, invoiceId: id, fee: usd(3_510), entryId: `je_${entries[1]?.id}` },
          { did: 'invoices.amountPaid', invoiceId: id, amountPaid: usd(120_000) },
          { did: 'invoices.paid', invoiceId: id, number: 'INV-0001' },
        ],
      },
    ])
  })

  test('a notice is given only when the change is committed', async () => {
    const { ref } = await desk.open(100_000)
    desk.provider.pay(ref)
    desk.db.beforeCommit(() => {
      if (desk.provider.losesAnswers === -1) throw new Error('The disk is full')
    })
    desk.provider.losesAnswers = -1
    expect(() => desk.syncInvoice(ref)).toThrow('The disk is full')
    desk.provider.losesAnswers = 0
    desk.customer('Somebody', 's@example.com')
    expect(desk.notices).toEqual([])
    desk.syncInvoice(ref)
    expect(desk.notices).toHaveLength(1)
  })

  test('a deadly cut between the provider’s success and the settling repeats with the same key', async () => {
    const { payment } = await desk.paid(100_000, usd(3_510))
    const asked = desk.run('payments.requestRefund', {
      requestId: 'r',
      paymentId: payment.id,
      amount: usd(60_000),
      reason: 'Half',
    })
    expect(asked).toMatchObject({ status: 'submitted', amount: usd(60_000) })
    desk.provider.afterActing = () => desk.db.close()
    await desk.drain().catch(() => undefined)
    desk.provider.afterActing = () => undefined
    desk.restart()
    await desk.drain()
    expect(desk.provider.refunds).toHaveLength(1)
    expect(new Set(desk.provider.refunded.map((request) => request.idempotencyKey)).size).toBe(1)
    expect(desk.provider.refunded).toHaveLength(2)
    expect(await desk.ask('payments.get', { paymentId: payment.id })).toMatchObject({
      refunded: usd(60_000),
      status: 'partially_refunded',
    })
    expect(desk.balances()).toEqual({
      'assets:stripe USD': 56_490,
      'expenses:payment-fees USD': 3_510,
      'income:services USD': -50_000,
      'liabilities:sales-tax USD': -10_000,
    })
  })
})
