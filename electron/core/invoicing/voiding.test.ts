import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, openTestDesk, type TestDesk, usd } from '../payments/testing'

let desk: TestDesk
beforeEach(() => {
  desk = openTestDesk()
})
afterEach(() => desk.cleanup())

const get = (invoiceId: string) => desk.ask('invoices.get', { invoiceId })

describe('voiding', () => {
  test('an open invoice is voided at the provider, then its entry is reversed; meanwhile it says so', async () => {
    const { id, ref } = await desk.open()
    const asked = desk.run('invoices.void', { invoiceId: id, reason: 'Wrong customer' })
    expect(asked.status).toBe('open')
    expect(asked.problem).toContain('This invoice is being voided.')
    expect(codeOf(() => desk.run('invoices.void', { invoiceId: id, reason: 'Again' }))).toBe('conflict')
    await desk.drain()
    expect(await get(id)).toMatchObject({ status: 'void', number: 'INV-0001', problem: null, amountDue: usd(0) })
    expect(desk.provider.invoice(ref).status).toBe('void')
    expect(desk.balances()).toEqual({})
    expect(desk.entries()).toBe(2)
    desk.syncInvoice(ref)
    expect(desk.entries()).toBe(2)
  })

  test('needs a connection', async () => {
    const { id } = await desk.open()
    desk.connected = false
    expect(codeOf(() => desk.run('invoices.void', { invoiceId: id, reason: 'Mistake' }))).toBe('not_connected')
    expect((await get(id)).problem).toBeNull()
  })

  test('of an invoice that is paid meanwhile ends as paid', async () => {
    const { id, ref } = await desk.open()
    desk.run('invoices.void', { invoiceId: id, reason: 'Mistake' })
    desk.provider.pay(ref)
    await desk.drain()
    expect(await get(id)).toMatchObject({
      status: 'open',
      problem: 'Stripe did not void this invoice. You can only void an open invoice. It stands as before and nothing was booked.',
    })
    desk.syncInvoice(ref)
    expect(await get(id)).toMatchObject({ status: 'paid', problem: null })
    expect(codeOf(() => desk.run('invoices.void', { invoiceId: id, reason: 'Mistake' }))).toBe('conflict')
  })

  test('whose order was overtaken by the payment’s report is not asked for any more', async () => {
    const { id, ref } = await desk.open()
    desk.run('invoices.void', { invoiceId: id, reason: 'Mistake' })
    desk.provider.pay(ref)
    desk.syncInvoice(ref)
    await desk.drain()
    expect(await get(id)).toMatchObject({ status: 'paid', problem: null })
    expect(desk.provider.invoice(ref).status).toBe('paid')
  })

  test('that is held up says so and goes on; an answer that it still stands is told', async () => {
    const { id } = await desk.open()
    desk.run('invoices.void', { invoiceId: id, reason: 'Mistake' })
    desk.connected = false
    await desk.drain()
    expect((await get(id)).problem).toBe('Stripe is not connected. Connect it, and this goes on by itself.')
    desk.connected = true
    const other = await desk.open()
    desk.run('invoices.void', { invoiceId: other.id, reason: 'Mistake' })
    desk.provider.voidInvoice = async ({ invoiceRef }) => ({ kind: 'succeeded', value: desk.provider.invoice(invoiceRef) })
    await desk.drain()
    expect(await get(other.id)).toMatchObject({
      status: 'open',
      problem: 'Stripe did not void this invoice. It stands as before and nothing was booked.',
    })
    desk.provider.voidInvoice = async ({ invoiceRef }) => ({ kind: 'pending', value: desk.provider.invoice(invoiceRef) })
    desk.run('invoices.void', { invoiceId: other.id, reason: 'Mistake' })
    await desk.drain()
    expect((await get(other.id)).problem).toContain('being voided')
    desk.provider.change(other.ref, { status: 'void' })
    desk.syncInvoice(other.ref)
    expect(await get(other.id)).toMatchObject({ status: 'void', problem: null })
  })

  test('an entry reversed by hand before is not reversed twice', async () => {
    const { id, ref } = await desk.open()
    const { reverse } = await import('../ledger/index')
    desk.db.write((w) => reverse(w, { entryId: 1, occurredOn: '2026-01-15', reason: 'By hand', now: desk.at }))
    desk.run('invoices.void', { invoiceId: id, reason: 'Mistake' })
    await desk.drain()
    expect(await get(id)).toMatchObject({ status: 'void' })
    expect(desk.provider.invoice(ref).status).toBe('void')
    expect(desk.balances()).toEqual({})
  })
})
