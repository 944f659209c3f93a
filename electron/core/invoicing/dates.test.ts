import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dateIn } from '../../../shared/domain/dates'
import { sql } from '../db/index'
import { openTestDesk, type TestDesk } from '../payments/testing'
import { dueInstant } from './dueInstant'

describe('the instant an invoice is due', () => {
  test('is the last second of the due date there', () => {
    const at = (zone: string, date: string) => new Date(dueInstant(zone, date)).toISOString()
    expect(at('UTC', '2026-01-15')).toBe('2026-01-15T23:59:59.000Z')
    expect(at('Europe/Berlin', '2026-03-29')).toBe('2026-03-29T21:59:59.000Z')
    expect(at('Europe/Berlin', '2026-10-25')).toBe('2026-10-25T22:59:59.000Z')
    expect(at('Asia/Kolkata', '2026-01-15')).toBe('2026-01-15T18:29:59.000Z')
    expect(at('Pacific/Kiritimati', '2026-01-15')).toBe('2026-01-15T09:59:59.000Z')
    expect(at('Pacific/Pago_Pago', '2026-01-15')).toBe('2026-01-16T10:59:59.000Z')
    // Samoa had no 30 December 2011.
    expect(at('Pacific/Apia', '2011-12-30')).toBe('2011-12-30T09:59:59.000Z')
    // In Beirut the clocks went forward at midnight: that day began at one o'clock.
    expect(at('Asia/Beirut', '2021-03-27')).toBe('2021-03-27T21:59:59.000Z')
  })

  test('is followed by the next date in any zone on any day', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'))
    const days = fc.integer({ min: 0, max: 36_500 }).map((day) => new Date(Date.UTC(2012, 0, 1 + day)).toISOString().slice(0, 10))
    fc.assert(
      fc.property(zones, days, (zone, date) => {
        const at = dueInstant(zone, date)
        expect(dateIn(zone, at)).toBe(date)
        expect(dateIn(zone, at + 1000) > date).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})

describe('business dates', () => {
  let desk: TestDesk
  beforeEach(() => {
    desk = openTestDesk()
  })
  afterEach(() => desk.cleanup())

  test('an invoice is issued and becomes overdue by the business’s clock, across the change to summer time', async () => {
    desk.at = Date.parse('2026-03-28T23:30:00Z')
    const draft = desk.run('invoices.create', {
      businessId: desk.businessId,
      customerId: desk.customer().id,
      currency: 'USD',
      dueOn: '2026-03-29',
      lines: [{ description: 'Logo', quantity: '1', unitPrice: { minor: 100, currency: 'USD' } }],
    })
    const sent = desk.run('invoices.send', { invoiceId: draft.id, requestId: 'r' })
    expect(sent.issuedOn).toBe('2026-03-29')
    await desk.drain()
    const overdueAt = async (instant: string) => {
      desk.at = Date.parse(instant)
      const { overdue } = await desk.ask('invoices.get', { invoiceId: draft.id })
      const listed = await desk.ask('invoices.list', { businessId: desk.businessId, overdue: true })
      const rest = await desk.ask('invoices.list', { businessId: desk.businessId, overdue: false })
      expect(listed.items.length).toBe(overdue ? 1 : 0)
      expect(rest.items.length).toBe(overdue ? 0 : 1)
      return overdue
    }
    expect(await overdueAt('2026-03-29T21:59:59Z')).toBe(false)
    expect(await overdueAt('2026-03-29T22:00:00Z')).toBe(true)
    desk.provider.pay(desk.provider.refOf(draft.id), { at: Date.parse('2026-03-29T22:30:00Z') })
    desk.syncInvoice(desk.provider.refOf(draft.id))
    expect(await overdueAt('2026-04-29T22:00:00Z')).toBe(false)
    const { items } = await desk.ask('payments.list', { businessId: desk.businessId })
    expect(items[0]?.receivedOn).toBe('2026-03-30')
  })

  test('changing the time zone affects later dates only', async () => {
    desk.at = Date.parse('2026-01-15T23:30:00Z')
    const first = await desk.open()
    desk.db.write((w) => w.run(sql`UPDATE business SET time_zone = 'America/New_York' WHERE id = ${desk.businessId}`))
    const second = await desk.open()
    const issued = async (id: string) => (await desk.ask('invoices.get', { invoiceId: id })).issuedOn
    expect([await issued(first.id), await issued(second.id)]).toEqual(['2026-01-16', '2026-01-15'])
  })
})
