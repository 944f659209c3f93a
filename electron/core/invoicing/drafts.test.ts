import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Input } from '../../../shared/contract/index'
import { sql } from '../db/index'
import { codeOf, codeOfAsync, eur, openTestDesk, type TestDesk, usd } from '../payments/testing'

let desk: TestDesk
beforeEach(() => {
  desk = openTestDesk()
})
afterEach(() => desk.cleanup())

const day = 86_400_000
const get = (invoiceId: string) => desk.ask('invoices.get', { invoiceId })
const send = (invoiceId: string) => desk.run('invoices.send', { invoiceId, requestId: `send-${invoiceId}` })

const input = (change?: Partial<Input<'invoices.create'>>) => desk.invoiceInput(change)

describe('drafts', () => {
  test('are written with exact totals and no number', async () => {
    const lines = [
      { description: 'Logo', quantity: '1.5', unitPrice: usd(33_333), taxRate: '0.20', account: 'income:design' },
      { description: 'Postage', quantity: '1', unitPrice: usd(0) },
    ]
    const draft = desk.run('invoices.create', input({ lines, memo: 'Thanks' }))
    expect(draft).toMatchObject({
      number: null,
      status: 'draft',
      issuedOn: null,
      subtotal: usd(50_000),
      tax: usd(10_000),
      total: usd(60_000),
      amountPaid: usd(0),
      amountDue: usd(60_000),
      hostedInvoiceUrl: null,
      memo: 'Thanks',
      overdue: false,
      problem: null,
      version: 1,
    })
    expect(draft.lines).toEqual([
      { ...lines[0], amount: usd(50_000), tax: usd(10_000) },
      { ...lines[1], taxRate: null, account: 'income:services', amount: usd(0), tax: usd(0) },
    ])
    expect(await get(draft.id)).toEqual(draft)
    expect(desk.entries()).toBe(0)
  })

  test('are changed field by field, with a version', () => {
    const draft = desk.run('invoices.create', input({ memo: 'Thanks' }))
    const other = desk.customer('Bob')
    const changed = desk.run('invoices.update', {
      invoiceId: draft.id,
      version: 1,
      customerId: other.id,
      dueOn: '2026-03-01',
      memo: null,
    })
    expect(changed).toEqual({ ...draft, customerId: other.id, dueOn: '2026-03-01', memo: null, version: 2 })
    const repriced = desk.run('invoices.update', {
      invoiceId: draft.id,
      currency: 'EUR',
      lines: [{ description: 'Text', quantity: '2', unitPrice: eur(100) }],
    })
    expect(repriced).toMatchObject({ total: eur(200), memo: null, version: 3 })
    expect(repriced.lines).toHaveLength(1)
    expect(codeOf(() => desk.run('invoices.update', { invoiceId: draft.id, version: 2, memo: 'No' }))).toBe('conflict')
  })

  test('that cannot be kept are refused and nothing is written', () => {
    const draft = desk.run('invoices.create', input())
    const line = { description: 'Logo', quantity: '1', unitPrice: usd(1) }
    const refused = (lines: Input<'invoices.create'>['lines'], currency = 'USD') =>
      codeOf(() => desk.run('invoices.create', input({ lines, currency })))
    expect(refused([line], 'EUR')).toBe('invalid_input')
    expect(refused([{ ...line, unitPrice: usd(Number.MAX_SAFE_INTEGER), quantity: '2' }])).toBe('invalid_input')
    expect(refused([{ ...line, account: 'assets:receivable' }])).toBe('invalid_input')
    expect(refused(Array.from({ length: 101 }, (_, index) => ({ ...line, account: `income:a${index}` })))).toBe('invalid_input')
    expect(codeOf(() => desk.run('invoices.update', { invoiceId: draft.id, currency: 'EUR' }))).toBe('invalid_input')
    expect(desk.read.all(sql`SELECT id FROM invoice`)).toHaveLength(1)
  })

  test('of unknown or foreign businesses, customers and invoices are not found', async () => {
    const draft = desk.run('invoices.create', input())
    const foreign = desk.run('customers.create', { businessId: desk.otherId, name: 'Eve', email: 'eve@example.com' })
    expect(codeOf(() => desk.run('invoices.create', input({ businessId: 'biz_x' })))).toBe('not_found')
    expect(codeOf(() => desk.run('invoices.create', input({ customerId: 'cus_x' })))).toBe('not_found')
    expect(codeOf(() => desk.run('invoices.create', input({ customerId: foreign.id })))).toBe('not_found')
    expect(codeOf(() => desk.run('invoices.update', { invoiceId: draft.id, customerId: foreign.id }))).toBe('not_found')
    for (const invoiceId of ['inv_x', 'cus_x']) {
      expect(codeOf(() => desk.run('invoices.update', { invoiceId, memo: 'x' }))).toBe('not_found')
      expect(codeOf(() => desk.run('invoices.send', { invoiceId, requestId: 'r' }))).toBe('not_found')
      expect(codeOf(() => desk.run('invoices.void', { invoiceId, reason: 'r' }))).toBe('not_found')
      expect(codeOf(() => desk.run('invoices.duplicate', { invoiceId }))).toBe('not_found')
      expect(codeOf(() => desk.facts('invoices.send', { invoiceId, requestId: 'r' }))).toBe('not_found')
      expect(await codeOfAsync(get(invoiceId))).toBe('not_found')
      expect(await codeOfAsync(desk.ask('invoices.pdf', { invoiceId }))).toBe('not_found')
    }
  })

  test('are voided without a number and copied with the same days to pay', async () => {
    const draft = desk.run('invoices.create', input({ memo: 'Thanks' }))
    expect(desk.run('invoices.void', { invoiceId: draft.id, reason: 'Mistake' })).toMatchObject({
      status: 'void',
      number: null,
      amountDue: usd(0),
    })
    expect(codeOf(() => desk.run('invoices.void', { invoiceId: draft.id, reason: 'Again' }))).toBe('conflict')
    expect(codeOf(() => desk.run('invoices.update', { invoiceId: draft.id, memo: 'x' }))).toBe('conflict')
    expect(codeOf(() => send(draft.id))).toBe('conflict')
    desk.at += 10 * day
    const copy = desk.run('invoices.duplicate', { invoiceId: draft.id })
    expect(copy).toMatchObject({
      status: 'draft',
      dueOn: '2026-02-24',
      memo: 'Thanks',
      total: draft.total,
      lines: draft.lines,
      customerId: draft.customerId,
    })
    expect(copy.id).not.toBe(draft.id)
    expect(desk.entries()).toBe(0)
  })

  test('that were due before they were written are copied as due today', () => {
    const draft = desk.run('invoices.create', input({ dueOn: '2025-12-01' }))
    expect(desk.run('invoices.duplicate', { invoiceId: draft.id }).dueOn).toBe('2026-01-15')
  })
})
