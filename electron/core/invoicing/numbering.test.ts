import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sql } from '../db/index'
import { openTestDesk } from '../payments/testing'
import { invoiceNumber } from './invoiceNumber'

test('numbers are four digits, then more', () => {
  const numbers = [1, 42, 9999, 10_000].map((seq) => invoiceNumber('INV', seq))
  expect(numbers).toEqual(['INV-0001', 'INV-0042', 'INV-9999', 'INV-10000'])
})

test('numbers have no gap and no double in each business, whatever is sent, voided, refused, rolled back or interrupted between', async () => {
  const step = fc.constantFrom('send', 'sendOther', 'sendTwice', 'decline', 'discard', 'rollBack', 'restart', 'drain')
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const desk = openTestDesk()
      try {
        const customers = {
          [desk.businessId]: desk.customer().id,
          [desk.otherId]: desk.run('customers.create', { businessId: desk.otherId, name: 'Eve', email: 'e@example.com' }).id,
        }
        const taken: Record<string, string[]> = { [desk.businessId]: [], [desk.otherId]: [] }
        const draft = (businessId: string) =>
          desk.run('invoices.create', {
            businessId,
            customerId: customers[businessId] ?? '',
            currency: 'USD',
            dueOn: '2026-02-14',
            lines: [{ description: 'Logo', quantity: '1', unitPrice: { minor: 100, currency: 'USD' } }],
          }).id
        const send = (businessId: string, invoiceId: string) => {
          const { number } = desk.run('invoices.send', { invoiceId, requestId: invoiceId })
          taken[businessId]?.push(number ?? '')
        }
        for (const act of steps) {
          const invoiceId = draft(act === 'sendOther' ? desk.otherId : desk.businessId)
          if (act === 'send' || act === 'sendTwice') send(desk.businessId, invoiceId)
          if (act === 'sendTwice') expect(() => send(desk.businessId, invoiceId)).toThrow('already on its way')
          if (act === 'sendOther') send(desk.otherId, invoiceId)
          if (act === 'decline') {
            desk.provider.failures.push({ kind: 'declined', code: 'no', message: 'No.' })
            send(desk.businessId, invoiceId)
            await desk.drain()
          }
          if (act === 'discard') desk.run('invoices.void', { invoiceId, reason: 'No' })
          if (act === 'rollBack') {
            const doomed = () =>
              desk.db.write((w) => {
                desk.runIn(w, 'invoices.send', { invoiceId, requestId: invoiceId })
                throw new Error('power cut')
              })
            expect(doomed).toThrow('power cut')
          }
          if (act === 'restart') desk.restart()
          if (act === 'drain') await desk.drain()
        }
        for (const [businessId, numbers] of Object.entries(taken)) {
          expect(numbers).toEqual(numbers.map((_, index) => invoiceNumber('INV', index + 1)))
          const stored = desk.read.all<{ number: string }>(
            sql`SELECT number FROM invoice WHERE business_id = ${businessId} AND number IS NOT NULL ORDER BY number_seq`,
          )
          expect(stored.map(({ number }) => number)).toEqual(numbers)
        }
      } finally {
        desk.cleanup()
      }
    }),
    { numRuns: 25 },
  )
}, 60_000)

test('L4: the database itself refuses gaps, second numbers, wrong moves and edits of what was sent', async () => {
  const desk = openTestDesk()
  const sent = await desk.open()
  const draft = desk.draft()
  const attacks = [
    sql`UPDATE invoice SET number = 'INV-0003', number_seq = 3, status = 'sending', issued_on = '2026-01-01', customer_version = 1 WHERE id = ${draft.id}`,
    sql`UPDATE invoice SET number = 'INV-0002', number_seq = 2 WHERE id = ${sent.id}`,
    sql`UPDATE invoice SET number = 'ACME-0002', number_seq = 2, status = 'sending', issued_on = '2026-01-01', customer_version = 1 WHERE id = ${draft.id}`,
    sql`UPDATE business SET invoice_prefix = 'ACME' WHERE id = ${desk.businessId}`,
    sql`UPDATE invoice SET number = NULL, number_seq = NULL, issued_on = NULL, customer_version = NULL WHERE id = ${sent.id}`,
    sql`UPDATE invoice SET status = 'draft' WHERE id = ${sent.id}`,
    sql`UPDATE invoice SET status = 'paid' WHERE id = ${draft.id}`,
    sql`UPDATE invoice SET total = 1, subtotal = 1, tax = 0 WHERE id = ${sent.id}`,
    sql`UPDATE invoice SET due_on = '2027-01-01' WHERE id = ${sent.id}`,
    sql`UPDATE invoice SET currency = 'EUR' WHERE id = ${sent.id}`,
    sql`UPDATE invoice SET memo = 'other' WHERE id = ${sent.id}`,
    sql`UPDATE invoice SET business_id = ${desk.otherId} WHERE id = ${draft.id}`,
    sql`UPDATE invoice SET total = total + 1 WHERE id = ${draft.id}`,
    sql`UPDATE invoice SET voiding = 1 WHERE id = ${draft.id}`,
    sql`DELETE FROM invoice WHERE id = ${draft.id}`,
    sql`INSERT OR REPLACE INTO invoice SELECT * FROM invoice WHERE id = ${sent.id}`,
    sql`DELETE FROM invoice_line WHERE invoice_id = ${sent.id}`,
    sql`UPDATE invoice_line SET amount = 1 WHERE invoice_id = ${draft.id}`,
    sql`INSERT INTO invoice_line SELECT business_id, invoice_id, 9, description, quantity, unit_price, tax_rate, account, amount, tax
        FROM invoice_line WHERE invoice_id = ${sent.id}`,
    sql`INSERT INTO invoice_line VALUES (${desk.otherId}, ${draft.id}, 9, 'x', '1', 1, NULL, 'income:services', 1, 0)`,
  ]
  for (const attack of attacks) expect(() => desk.db.write((w) => w.run(attack)), attack.text).toThrow()
  desk.db.write((w) => {
    w.run(sql`UPDATE business SET invoice_prefix = 'ACME' WHERE id = ${desk.otherId}`)
    w.run(
      sql`UPDATE invoice SET number = 'INV-0002', number_seq = 2, status = 'sending', issued_on = '2026-01-01', customer_version = 1 WHERE id = ${draft.id}`,
    )
  })
  desk.cleanup()
})
