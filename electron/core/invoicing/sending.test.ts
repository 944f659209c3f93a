import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Input } from '../../../shared/contract/index'
import { sql } from '../db/index'
import { closePeriod } from '../ledger/periodClose'
import { codeOf, openTestDesk, type TestDesk, usd } from '../payments/testing'
import { rebaseHostedUrls } from './index'

let desk: TestDesk
beforeEach(() => {
  desk = openTestDesk()
})
afterEach(() => desk.cleanup())

const day = 86_400_000
const get = (invoiceId: string) => desk.ask('invoices.get', { invoiceId })
const send = (invoiceId: string) => desk.run('invoices.send', { invoiceId, requestId: `send-${invoiceId}` })

const input = (change?: Partial<Input<'invoices.create'>>) => desk.invoiceInput(change)

describe('sending', () => {
  test('takes a number at once, then opens and books the invoice', async () => {
    const draft = desk.run('invoices.create', input())
    const sending = send(draft.id)
    expect(sending).toMatchObject({ status: 'sending', number: 'INV-0001', issuedOn: '2026-01-15', hostedInvoiceUrl: null })
    expect(desk.entries()).toBe(0)
    await desk.drain()
    const open = await get(draft.id)
    expect(open).toMatchObject({ status: 'open', number: 'INV-0001', problem: null, amountDue: usd(180_000) })
    expect(open.hostedInvoiceUrl).toBe(`http://127.0.0.1:4000/i/in_${draft.id}`)
    expect(desk.balances()).toEqual({
      'assets:receivable USD': 180_000,
      'income:services USD': -150_000,
      'liabilities:sales-tax USD': -30_000,
    })
    const [request] = desk.provider.issued
    expect(request).toMatchObject({
      invoiceId: draft.id,
      number: 'INV-0001',
      currency: 'USD',
      customer: { name: 'Anna Ångström', email: 'anna@example.com', address: null, ref: null },
      dueAt: Date.parse('2026-02-14T22:59:59Z'),
      lines: [{ description: 'Logo', amount: 150_000, tax: 30_000, taxRate: '0.20' }],
      total: usd(180_000),
      lookUpFirst: false,
    })
    const second = desk.run('invoices.create', input({ customerId: draft.customerId }))
    send(second.id)
    await desk.drain()
    expect(desk.provider.issued[1]).toMatchObject({ number: 'INV-0002', customer: { ref: `cus_of_${draft.customerId}` } })
  })

  test('opens accounts that the chart lacks', async () => {
    const draft = desk.run(
      'invoices.create',
      input({ lines: [{ description: 'Logo', quantity: '1', unitPrice: usd(100), account: 'income:new work' }] }),
    )
    send(draft.id)
    await desk.drain()
    expect(desk.balances()).toMatchObject({ 'income:new work USD': -100 })
  })

  test('is refused with a sentence when it cannot work; no number is taken then', async () => {
    const draft = desk.run('invoices.create', input())
    const free = desk.run('invoices.create', input({ lines: [{ description: 'Gift', quantity: '1', unitPrice: usd(0) }] }))
    const late = desk.run('invoices.create', input({ dueOn: '2026-01-14' }))
    desk.connected = false
    expect(codeOf(() => send(draft.id))).toBe('not_connected')
    desk.connected = true
    expect(codeOf(() => send(free.id))).toBe('invalid_input')
    expect(() => send(late.id)).toThrow(
      'This invoice was due on 2026-01-14, and Stripe takes no due date in the past. Nothing was sent; set a due date from 2026-01-15 on.',
    )
    desk.provider.problem = 'Stripe charges USD 0.50 at least. Nothing was sent to it.'
    expect(() => send(draft.id)).toThrow(
      'Stripe charges USD 0.50 at least. Nothing was sent to it. The draft took no number; change its lines or its currency, then send it.',
    )
    expect(await get(draft.id)).toMatchObject({ status: 'draft', number: null })
    desk.provider.problem = null
    expect(send(draft.id).number).toBe('INV-0001')
    expect(codeOf(() => desk.run('invoices.send', { invoiceId: draft.id, requestId: 'other' }))).toBe('conflict')
    expect(codeOf(() => desk.run('invoices.void', { invoiceId: draft.id, reason: 'Stop' }))).toBe('conflict')
    expect(codeOf(() => desk.run('invoices.update', { invoiceId: draft.id, memo: 'Late' }))).toBe('conflict')
  })

  test('that the provider refuses leaves a void invoice that keeps its number', async () => {
    const draft = desk.run('invoices.create', input())
    send(draft.id)
    desk.provider.failures = [{ kind: 'declined', code: 'email_invalid', message: 'Invalid email address: anna@example.com.' }]
    await desk.drain()
    expect(await get(draft.id)).toMatchObject({
      status: 'void',
      number: 'INV-0001',
      problem:
        'Stripe refused this invoice: Invalid email address: the e-mail address. Nothing was sent and nothing was booked; the number stays taken. Duplicate it, correct it and send it again.',
    })
    expect(desk.entries()).toBe(0)
    const copy = desk.run('invoices.duplicate', { invoiceId: draft.id })
    expect(send(copy.id).number).toBe('INV-0002')
  })

  test('that is held up says so, survives a restart and ends with one invoice', async () => {
    const draft = desk.run('invoices.create', input())
    send(draft.id)
    desk.provider.losesAnswers = 2
    await desk.drain()
    expect(await get(draft.id)).toMatchObject({ status: 'sending', problem: 'The connection was lost.' })
    desk.restart()
    desk.at += 3_600_000
    await desk.drain()
    desk.at += 25 * 3_600_000
    await desk.drain()
    expect(await get(draft.id)).toMatchObject({ status: 'open', problem: null })
    expect(desk.provider.invoices).toHaveLength(1)
    expect(new Set(desk.provider.issued.map((request) => request.idempotencyKey)).size).toBe(1)
    expect(desk.entries()).toBe(1)
  })

  test('a key or account at fault pauses it with the reason', async () => {
    const draft = desk.run('invoices.create', input())
    send(draft.id)
    desk.provider.failures = [{ kind: 'misconfigured', message: 'Stripe does not accept the key.' }]
    await desk.drain()
    expect(await get(draft.id)).toMatchObject({ status: 'sending', problem: 'Stripe does not accept the key.' })
  })

  test('an answer that it is accepted but not final waits for the provider’s report', async () => {
    const draft = desk.run('invoices.create', input())
    send(draft.id)
    const issue = desk.provider.issueInvoice.bind(desk.provider)
    desk.provider.issueInvoice = async (request) => {
      const outcome = await issue(request)
      return outcome.kind === 'succeeded' ? { kind: 'pending', value: outcome.value } : outcome
    }
    await desk.drain()
    expect(await get(draft.id)).toMatchObject({ status: 'sending' })
    desk.syncInvoice(desk.provider.refOf(draft.id))
    expect(await get(draft.id)).toMatchObject({ status: 'open' })
    expect(desk.entries()).toBe(1)
  })

  test('a month closed meanwhile takes the entry on the first open day', async () => {
    const draft = desk.run('invoices.create', input({ dueOn: '2026-03-01' }))
    send(draft.id)
    desk.at += 20 * day
    desk.db.write((w) => closePeriod(w, { businessId: desk.businessId, through: '2026-01-31', now: desk.at }))
    await desk.drain()
    expect(desk.read.all(sql`SELECT occurred_on, provider_on FROM journal_entry`)).toEqual([
      { occurred_on: '2026-02-01', provider_on: '2026-01-15' },
    ])
  })

  test('the paper shows the customer as it was when the invoice was issued', async () => {
    const { id, customerId } = await desk.open()
    desk.run('customers.update', { customerId, name: 'Renamed' })
    const { fileName, mediaType, base64 } = await desk.ask('invoices.pdf', { invoiceId: id })
    expect([fileName, mediaType]).toEqual(['INV-0001.pdf', 'application/pdf'])
    expect(Buffer.from(base64, 'base64').subarray(0, 5).toString()).toBe('%PDF-')
    expect(desk.read.get(sql`SELECT customer_version FROM invoice WHERE id = ${id}`)).toEqual({ customer_version: 1 })
    const draft = desk.draft()
    expect((await desk.ask('invoices.pdf', { invoiceId: draft.id })).fileName).toBe(`draft-${draft.id}.pdf`)
  })
})

test('approval cards name document, amount and payee', async () => {
  const written = input({ dueOn: '2026-03-01' })
  const facts = { businessId: desk.businessId, amount: usd(180_000), payee: written.customerId }
  expect(desk.facts('invoices.create', written)).toEqual({
    ...facts,
    what: 'Write a draft invoice over USD 1,800.00.',
    before: {},
    after: { Status: 'draft' },
    undo: 'yes',
  })
  const draft = desk.run('invoices.create', written)
  const lines = [{ description: 'Text', quantity: '1', unitPrice: usd(100) }]
  expect(desk.facts('invoices.update', { invoiceId: draft.id, lines })).toEqual({
    ...facts,
    about: draft.id,
    amount: usd(100),
    what: 'Change a draft invoice.',
    before: { Version: '1', Total: 'USD 1,800.00' },
    after: { Total: 'USD 1.00' },
    undo: 'yes',
  })
  expect(desk.facts('invoices.send', { invoiceId: draft.id, requestId: 'r' })).toEqual({
    ...facts,
    about: draft.id,
    what: 'Send a draft invoice over USD 1,800.00.',
    before: { Status: 'draft' },
    after: { Status: 'open' },
    undo: 'by_reversal',
  })
  expect(desk.facts('invoices.void', { invoiceId: draft.id, reason: 'r' })?.what).toBe('Void a draft invoice.')
  send(draft.id)
  await desk.drain()
  expect(desk.facts('invoices.void', { invoiceId: draft.id, reason: 'r' })).toEqual({
    ...facts,
    about: draft.id,
    what: 'Void invoice INV-0001; its entry is reversed and its number stays taken.',
    before: { Status: 'open' },
    after: { Status: 'void' },
    undo: 'no',
  })
  expect(desk.facts('invoices.duplicate', { invoiceId: draft.id })).toMatchObject({
    what: 'Copy invoice INV-0001 into a new draft.',
  })
})

test('what cannot be carried out is refused before it waits for an approval', async () => {
  const draft = desk.run('invoices.create', input())
  const free = desk.run('invoices.create', input({ lines: [{ description: 'Gift', quantity: '1', unitPrice: usd(0) }] }))
  const open = await desk.open()
  const ask = (invoiceId: string) => desk.facts('invoices.send', { invoiceId, requestId: 'r' })
  const askVoid = (invoiceId: string) => desk.facts('invoices.void', { invoiceId, reason: 'r' })
  expect(codeOf(() => ask(open.id))).toBe('conflict')
  expect(codeOf(() => ask(free.id))).toBe('invalid_input')
  desk.provider.problem = 'Stripe charges USD 0.50 at least.'
  expect(codeOf(() => ask(draft.id))).toBe('invalid_input')
  desk.provider.problem = null
  expect(codeOf(() => desk.facts('invoices.update', { invoiceId: open.id }))).toBe('conflict')
  expect(codeOf(() => desk.facts('invoices.update', { invoiceId: draft.id, version: 7 }))).toBe('conflict')
  expect(codeOf(() => desk.facts('invoices.create', input({ customerId: 'cus_x' })))).toBe('not_found')
  desk.connected = false
  expect(codeOf(() => ask(draft.id))).toBe('not_connected')
  expect(codeOf(() => askVoid(open.id))).toBe('not_connected')
  desk.connected = true
  desk.run('invoices.void', { invoiceId: open.id, reason: 'r' })
  expect(codeOf(() => askVoid(open.id))).toBe('conflict')
})

test('hosted addresses move with the practice stand-in, in their own business only', async () => {
  const { id } = await desk.open()
  const moved = (businessId: string) => desk.db.write((w) => rebaseHostedUrls(w, businessId, 'http://127.0.0.1:5000'))
  expect(moved(desk.otherId)).toBe(0)
  expect(moved(desk.businessId)).toBe(1)
  expect(moved(desk.businessId)).toBe(0)
  expect((await get(id)).hostedInvoiceUrl).toBe(`http://127.0.0.1:5000/i/in_${id}`)
})
