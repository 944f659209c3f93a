import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProcedureName } from '../../shared/contract/index'
import { type Desk, entryInput, invoiceInput, newRequestId, openDesk } from '../support/desk'
import { errorOf, type LiveApp, openLiveApp } from '../support/liveApp'
import { digestTables, recordTables } from '../support/tables'

let live: LiveApp
let desk: Desk
/** What belongs to the other business of the vault. */
let theirs: { customerId: string; draftId: string; paymentId: string; openId: string }

beforeAll(async () => {
  live = await openLiveApp('practice')
  desk = await openDesk(live)
  const payment = await desk.newPayment()
  const draft = await desk.newDraft()
  const open = await desk.newOpenInvoice()
  theirs = { customerId: desk.customerId, draftId: draft.id, paymentId: payment.id, openId: open.id }
  await desk.settle()
}, 60_000)
afterAll(() => live.close())

/** Events of the provider come in when they come. */
const quiet = new Set([...recordTables, 'provider_event'])
const max = Number.MAX_SAFE_INTEGER
const money = (minor: number, currency = 'USD') => ({ minor, currency })

/** Expects a refusal in words that changes nothing. @returns its code */
async function refuse(name: ProcedureName, input: object): Promise<string> {
  const before = digestTables(live.db, quiet)
  const answer = await live.send(name, input)
  if (answer.status === 200) throw new Error(`${name} accepted it: ${JSON.stringify(answer.body).slice(0, 300)}`)
  const { code, message } = errorOf(answer)
  expect(answer.status, message).toBeLessThan(500)
  expect(message).toMatch(/^[A-Z].*[.!?]$/s)
  expect(digestTables(live.db, quiet)).toEqual(before)
  return code
}

describe('what belongs to another business', () => {
  test('is not found through this one', async () => {
    const { otherId } = desk
    const invoice = invoiceInput(otherId, theirs.customerId)
    const other = await live.run('customers.create', { businessId: otherId, name: 'Elsewhere', email: 'e@elsewhere.example' })
    const cases: [ProcedureName, object][] = [
      ['invoices.create', invoice],
      ['invoices.update', { invoiceId: theirs.draftId, customerId: other.id }],
      ['payments.list', { businessId: otherId, invoiceId: theirs.openId }],
      ['payments.list', { businessId: otherId, customerId: theirs.customerId }],
      ['invoices.list', { businessId: otherId, customerId: theirs.customerId }],
    ]
    for (const [name, input] of cases) expect([name, await refuse(name, input)]).toEqual([name, 'not_found'])
    expect((await live.call('payments.list', { businessId: otherId })).items).toEqual([])
    expect((await live.call('ledger.entries', { businessId: otherId })).items).toEqual([])
    expect((await live.call('events.list', { businessId: otherId })).items).toEqual([])
    expect((await live.call('customers.list', { businessId: otherId, query: 'Customer' })).items).toEqual([])
  })

  test('is not reached by a cursor of this one', async () => {
    for (let i = 0; i < 3; i++) await desk.newCustomer()
    const { nextCursor } = await live.call('customers.list', { businessId: desk.businessId, limit: 1 })
    expect(nextCursor).not.toBeNull()
    expect(await refuse('customers.list', { businessId: desk.otherId, cursor: nextCursor })).toBe('invalid_input')
  })

  test('keeps its accounts to itself', async () => {
    await live.run('ledger.createAccount', { businessId: desk.businessId, account: 'assets:ours', type: 'assets' })
    const { postings } = entryInput(desk.businessId)
    const across = postings.map((posting, index) => (index === 0 ? { ...posting, account: 'assets:ours' } : posting))
    const entry = { ...entryInput(desk.otherId), postings: across, requestId: newRequestId() }
    expect(await refuse('ledger.post', entry)).toBe('not_found')
    expect(await refuse('ledger.register', { businessId: desk.otherId, account: 'assets:ours' })).toBe('not_found')
  })
})

describe('amounts', () => {
  const line = (unitPrice: object, quantity = '1', taxRate?: string) => ({
    description: 'Design',
    quantity,
    unitPrice,
    ...(taxRate === undefined ? {} : { taxRate }),
  })
  const invoice = (...lines: object[]) => ({ ...invoiceInput(desk.businessId, desk.customerId), lines })

  test('L7: that cannot be kept exactly are refused in an invoice, by line, tax or sum', async () => {
    const cases = {
      'a line': invoice(line(money(max), '2')),
      'a line by its quantity': invoice(line(money(1_000_000), '99999999999.999999')),
      'a tax': invoice(line(money(max), '1', '1')),
      'a sum': invoice(line(money(max)), line(money(1))),
      'a sum of many': invoice(...Array.from({ length: 200 }, () => line(money(Math.floor(max / 100))))),
      'another currency': invoice(line(money(100, 'EUR'))),
      'too many lines': invoice(...Array.from({ length: 201 }, () => line(money(1)))),
      'no lines': invoice(),
    }
    for (const [what, input] of Object.entries(cases)) {
      expect([what, await refuse('invoices.create', input)]).toEqual([what, 'invalid_input'])
    }
  })

  const entry = (...postings: [string, object][]) => ({
    ...entryInput(desk.businessId),
    requestId: newRequestId(),
    postings: postings.map(([account, amount]) => ({ account, amount })),
  })

  test('L4, L7: unbalanced, mixed, empty or too large entries are refused', async () => {
    const cases = {
      unbalanced: entry(['assets:bank', money(100)], ['expenses:office', money(-99)]),
      'balanced across currencies only': entry(['assets:bank', money(100)], ['expenses:office', money(-100, 'EUR')]),
      'of one posting': entry(['assets:bank', money(0)]),
      empty: entry(),
      'too large together': entry(
        ['assets:bank', money(max)],
        ['assets:cash', money(max)],
        ['expenses:office', money(-max)],
        ['expenses:rent', money(-max)],
        ['assets:bank', money(max)],
        ['expenses:office', money(-max)],
      ),
      'of 201 postings': entry(...Array.from({ length: 201 }, () => ['assets:bank', money(0)] as [string, object])),
      'on an unknown account': entry(['assets:nowhere', money(100)], ['expenses:office', money(-100)]),
    }
    for (const [what, input] of Object.entries(cases)) {
      const code = await refuse('ledger.post', input)
      expect([what, ['invalid_input', 'not_found'].includes(code)]).toEqual([what, true])
    }
  })

  test('L7: that would carry a balance beyond what can be kept exactly are refused, and the reports still stand', async () => {
    const huge = entry(['assets:cash', money(max, 'JPY')], ['equity:opening-balances', money(-max, 'JPY')])
    await live.run('ledger.post', huge as never)
    const again = entry(['assets:cash', money(max, 'JPY')], ['equity:opening-balances', money(-max, 'JPY')])
    const elsewhere = entry(['assets:bank', money(1, 'JPY')], ['equity:opening-balances', money(-1, 'JPY')])
    for (const input of [again, elsewhere]) {
      expect(await refuse('ledger.post', input)).toBe('invalid_input')
      expect(await refuse('ledger.post', { ...input, occurredOn: '2027-05-05', requestId: newRequestId() })).toBe('invalid_input')
    }
    const { businessId } = desk
    const { rows } = await live.call('ledger.trialBalance', { businessId })
    expect(rows).toContainEqual({ account: 'assets:cash', currency: 'JPY', minor: max })
    await live.call('ledger.incomeStatement', { businessId, from: '2020-01-01', to: '2030-12-31' })
    await live.call('ledger.balanceSheet', { businessId, asOf: '2030-12-31' })
    await live.call('ledger.register', { businessId, account: 'assets:cash' })
    await live.call('ledger.export', { businessId, format: 'hledger' })
  })

  test('L7: of refunds are at most what is left, in the currency of the payment', async () => {
    const refund = (amount: object) => ({ paymentId: theirs.paymentId, amount, reason: 'Asked', requestId: newRequestId() })
    for (const amount of [money(10_001), money(max), money(100, 'EUR'), money(100, 'JPY')]) {
      await refuse('payments.requestRefund', refund(amount))
    }
    await live.run('rates.set', { businessId: desk.businessId, base: 'KWD', quote: 'USD', on: '2026-01-01', rate: '99999999.5' })
    await refuse('payments.requestRefund', refund(money(max, 'KWD')))
  })

  test('of rates are above zero and between two currencies', async () => {
    const rate = (more: object) => ({
      businessId: desk.businessId,
      base: 'EUR',
      quote: 'USD',
      on: '2026-01-10',
      rate: '1.1',
      ...more,
    })
    for (const more of [{ quote: 'EUR' }, { rate: '0' }, { rate: '-1' }, { rate: '0.0000000000001' }]) {
      expect(await refuse('rates.set', rate(more))).toBe('invalid_input')
    }
  })
})

describe('the order of things', () => {
  test('a second reversal, a reversal of a reversal by its number, and numbers that no entry has are refused', async () => {
    const entryId = await desk.newEntry()
    const reverse = (id: string, occurredOn = '2026-02-01') => ({ entryId: id, occurredOn, reason: 'Mistake' })
    const { entryId: reversal } = await live.run('ledger.reverse', reverse(entryId))
    expect(await refuse('ledger.reverse', reverse(entryId))).toBe('conflict')
    expect(reversal).not.toBe(entryId)
    for (const id of [
      'je_0',
      'je_-1',
      'je_01',
      'je_1e3',
      'je_999999999',
      'je_99999999999999999999999999',
      'je_',
      'inv_1',
      'JE_1',
    ]) {
      expect([400, 404]).toContain((await live.send('ledger.reverse', reverse(id))).status)
      expect([400, 404]).toContain((await live.send('ledger.explain', { entryId: id })).status)
    }
  })

  test('nothing is posted into a closed period, and a period is not opened again', async () => {
    const close = (through: string) => ({ businessId: desk.otherId, through })
    await live.run('ledger.closePeriod', close('2025-12-31'))
    const late = { ...entryInput(desk.otherId), occurredOn: '2025-12-31', requestId: newRequestId() }
    expect(await refuse('ledger.post', late)).toBe('period_closed')
    for (const through of ['2025-12-31', '2025-01-01', '1900-01-01']) {
      expect(['conflict', 'period_closed', 'invalid_input']).toContain(await refuse('ledger.closePeriod', close(through)))
    }
  })

  test('sent invoices are not changed or sent again, and paid ones not voided', async () => {
    const { openId } = theirs
    expect(await refuse('invoices.update', { invoiceId: openId, memo: 'Changed' })).toBe('conflict')
    expect(await refuse('invoices.send', { invoiceId: openId, requestId: newRequestId() })).toBe('conflict')
    const { invoiceId } = await live.call('payments.get', { paymentId: theirs.paymentId })
    expect(await refuse('invoices.void', { invoiceId, reason: 'Mistake' })).toBe('conflict')
  })

  test('spans of time that end before they begin, or hold two hundred years, are answered at once', async () => {
    const { businessId } = desk
    for (const [from, to] of [
      ['2026-12-31', '2026-01-01'],
      ['1900-01-01', '2199-12-31'],
    ]) {
      const answer = await live.send('ledger.incomeStatement', { businessId, from, to })
      expect(answer.status).toBeLessThan(500)
      expect((await live.send('ledger.entries', { businessId, from, to })).status).toBeLessThan(500)
    }
  })
})

test('a cursor that points beyond either end of a list ends it, at once', async () => {
  const { businessId } = desk
  const cursors = [
    [max],
    [-max],
    [0],
    [-1],
    [max, max],
    [-max, -max],
    ['', ''],
    ['zzz', 'zzz'],
    [max, 'zzz'],
    ['9999', '~', '~'],
    ['~'],
  ]
  const lists: [ProcedureName, object][] = [
    ['businesses.list', {}],
    ['customers.list', { businessId }],
    ['rates.list', { businessId }],
    ['invoices.list', { businessId }],
    ['payments.list', { businessId }],
    ['payments.refunds', { paymentId: theirs.paymentId }],
    ['approvals.list', {}],
    ['policies.list', {}],
    ['ledger.accounts', { businessId }],
    ['ledger.entries', { businessId }],
    ['ledger.register', { businessId, account: 'assets:bank' }],
    ['events.list', {}],
    ['audit.list', {}],
    ['tokens.list', {}],
    ['practice.calls', { provider: 'stripe' }],
  ]
  for (const [name, input] of lists) {
    for (const values of cursors) {
      const cursor = Buffer.from(JSON.stringify(values)).toString('base64url')
      const answer = await live.send(name, { ...input, cursor })
      expect([name, values, [200, 400].includes(answer.status)]).toEqual([name, values, true])
    }
  }
  for (const cursor of ['0', '-1', String(max), '1e400']) {
    expect((await live.send('practice.calls', { provider: 'stripe', cursor })).status).toBeLessThan(500)
  }
})

test('a search takes any text for text', async () => {
  const { businessId } = desk
  const texts = [
    '%',
    '_',
    '"',
    "'",
    '\\',
    '*',
    'a*',
    'NEAR(a b)',
    'AND',
    'OR',
    'NOT',
    '^a',
    'a:b',
    '{a}',
    '-a',
    '"a',
    '\u0000',
    '\ud83d\ude00',
    '   ',
    '()',
  ]
  for (const query of texts) {
    for (const name of ['customers.list', 'invoices.list', 'audit.list'] as const) {
      const answer = await live.send(name, { businessId, query })
      expect([name, query, answer.status]).toEqual([name, query, 200])
    }
  }
})
