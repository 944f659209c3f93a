import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../db/index'
import { resumePaused } from '../outbox/index'
import { codeOf, openTestDesk, type TestDesk } from '../payments/testing'
import { withdrawalUnderWay } from './voidJob'

let desk: TestDesk
beforeEach(() => {
  desk = openTestDesk()
})
afterEach(() => desk.cleanup())

const get = (invoiceId: string) => desk.ask('invoices.get', { invoiceId })
const send = (invoiceId: string) => desk.run('invoices.send', { invoiceId, requestId: `send-${invoiceId}` })
const voidIt = (invoiceId: string) => desk.run('invoices.void', { invoiceId, reason: 'Anna asked us to stop' })
const rows = () => desk.read.all(sql`SELECT kind, state, last_problem AS problem FROM outbox ORDER BY seq`)
const unequal =
  'Stripe made the total USD 1,200.01 where these books say USD 1,200.00, so the invoice was voided there and not sent.'

/** An invoice whose sending is paused; `held` is what the provider holds of it. */
async function paused(held: 'nothing' | 'open' | 'void' = 'nothing', message = unequal) {
  const draft = desk.draft()
  send(draft.id)
  if (held !== 'nothing') {
    desk.provider.losesAnswers = 1
    await desk.drain()
    desk.at += 1000
  }
  desk.provider.failures = [{ kind: 'misconfigured', message }]
  await desk.drain()
  const ref = desk.provider.refOf(draft.id)
  if (held === 'void') desk.provider.change(ref, { status: 'void', total: { minor: 120_001, currency: 'USD' } })
  return { ...draft, ref }
}

describe('an invoice whose sending is paused', () => {
  test('is voided by its owner, keeps its number and leaves nothing in the books; the next one takes the next number', async () => {
    const { id, ref } = await paused('void')
    expect(await get(id)).toMatchObject({ status: 'sending', problem: unequal })
    expect(voidIt(id)).toMatchObject({ status: 'void', number: 'INV-0001', problem: withdrawalUnderWay })
    expect(desk.notes).toContainEqual({ cancelledOutboxId: expect.stringMatching(/^out_/) })
    await desk.drain()
    expect(await get(id)).toMatchObject({ status: 'void', number: 'INV-0001', problem: null })
    expect(rows()).toEqual([
      { kind: 'invoice.send', state: 'declined', problem: 'The invoice was voided here while its sending was paused.' },
      { kind: 'invoice.void', state: 'done', problem: null },
    ])
    expect(desk.entries()).toBe(0)
    expect(desk.syncInvoice(ref)).toBe('foreign')
    expect(codeOf(() => voidIt(id))).toBe('conflict')
    const copy = desk.run('invoices.duplicate', { invoiceId: id })
    expect(send(copy.id).number).toBe('INV-0002')
  })

  test('is not sent any more when the key is replaced afterwards', async () => {
    const { id } = await paused()
    voidIt(id)
    const asked = desk.provider.issued.length
    desk.db.write((w) => resumePaused(w, desk.businessId, desk.at))
    desk.at += 86_400_000
    await desk.drain()
    expect(desk.provider.issued).toHaveLength(asked)
    expect(desk.provider.invoices).toEqual([])
    expect(await get(id)).toMatchObject({ status: 'void', problem: null })
  })

  test('is taken down at the provider where an earlier attempt issued it, as soon as there is a connection', async () => {
    const { id, ref } = await paused('open', 'Stripe does not accept the key.')
    desk.connected = false
    expect(voidIt(id).status).toBe('void')
    await desk.drain()
    expect((await get(id)).problem).toBe(`${withdrawalUnderWay} Stripe is not connected. Connect it, and this goes on by itself.`)
    expect(desk.provider.invoice(ref).status).toBe('open')
    desk.connected = true
    desk.db.write((w) => resumePaused(w, desk.businessId, desk.at))
    await desk.drain()
    expect(desk.provider.invoice(ref).status).toBe('void')
    expect(await get(id)).toMatchObject({ status: 'void', problem: null })
    expect(desk.entries()).toBe(0)
    expect(desk.syncInvoice(ref)).toBe('foreign')
  })

  test('says so when it was paid at the provider before it could be taken down; the money is booked as a credit', async () => {
    const { id, ref } = await paused('open', 'Stripe does not accept the key.')
    voidIt(id)
    desk.provider.pay(ref)
    await desk.drain()
    expect((await get(id)).problem).toContain('Stripe did not take it down. It counts as paid there.')
    desk.syncInvoice(ref)
    expect((await get(id)).problem).toContain('USD 1,200.00 was paid for this void invoice.')
    expect(desk.balances()).toEqual({ 'assets:receivable USD': -120_000, 'assets:stripe USD': 120_000 })
  })

  test('keeps what is told of money for it when the provider’s answer comes after the report of the payment', async () => {
    const { id, ref } = await paused('open', 'Stripe does not accept the key.')
    voidIt(id)
    desk.provider.pay(ref, { minor: 100 })
    desk.syncInvoice(ref)
    await desk.drain()
    expect(desk.provider.invoice(ref).status).toBe('void')
    expect((await get(id)).problem).toContain('USD 1.00 was paid for this void invoice.')
  })

  test('that the provider does not take down is told', async () => {
    const { id } = await paused()
    voidIt(id)
    desk.provider.failures = [{ kind: 'declined', code: 'refused', message: 'Stripe refused it.' }]
    await desk.drain()
    expect(await get(id)).toMatchObject({
      status: 'void',
      problem: expect.stringContaining('Stripe did not take it down. Stripe refused it.'),
    })
  })

  test('goes on when the key is replaced instead', async () => {
    const { id } = await paused('nothing', 'Stripe does not accept the key.')
    desk.db.write((w) => resumePaused(w, desk.businessId, desk.at))
    expect(codeOf(() => voidIt(id))).toBe('conflict')
    await desk.drain()
    expect(await get(id)).toMatchObject({ status: 'open', problem: null })
    expect(desk.entries()).toBe(1)
  })

  test('is named on the approval’s card as what it is', async () => {
    const { id } = await paused()
    desk.connected = false
    expect(desk.facts('invoices.void', { invoiceId: id, reason: 'r' })).toMatchObject({
      what: 'Void invoice INV-0001; its sending is paused and stops for good, nothing was booked, and its number stays taken.',
      before: { Status: 'sending' },
      after: { Status: 'void' },
      undo: 'no',
    })
  })
})

test('while an invoice is on its way, waiting, held up or in flight, voiding it is refused with the reason', async () => {
  const draft = desk.draft()
  send(draft.id)
  const why = 'This invoice is on its way to the provider. Wait until it is open, then void it. Nothing was done.'
  expect(() => voidIt(draft.id)).toThrow(why)
  let inFlight: unknown
  desk.provider.afterActing = () => {
    try {
      voidIt(draft.id)
    } catch (error) {
      inFlight = error
    }
  }
  desk.provider.losesAnswers = 1
  await desk.drain()
  expect(String(inFlight)).toContain(why)
  expect((await get(draft.id)).problem).toBe('The connection was lost.')
  expect(() => voidIt(draft.id)).toThrow(why)
  expect(rows()).toEqual([{ kind: 'invoice.send', state: 'waiting', problem: 'The connection was lost.' }])
})
