import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Input } from '../../../shared/contract/index'
import { sql } from '../db/index'
import { codeOfAsync, openTestDesk, type TestDesk, usd } from '../payments/testing'
import { textQuery } from './invoiceSearch'

let desk: TestDesk
beforeEach(() => {
  desk = openTestDesk()
})
afterEach(() => desk.cleanup())

async function list(input: Omit<Input<'invoices.list'>, 'businessId'> = {}) {
  return await desk.ask('invoices.list', { businessId: desk.businessId, ...input })
}

const found = async (input: Omit<Input<'invoices.list'>, 'businessId'>) => (await list(input)).items.map((item) => item.id)

function draft(customerId: string, description = 'Logo', memo?: string): string {
  const lines = [{ description, quantity: '1', unitPrice: usd(100) }]
  return desk.run('invoices.create', {
    businessId: desk.businessId,
    customerId,
    currency: 'USD',
    dueOn: '2026-02-14',
    lines,
    ...(memo === undefined ? {} : { memo }),
  }).id
}

test('invoices come newest first, paged without gap or double', async () => {
  const customerId = desk.customer().id
  const made = Array.from({ length: 7 }, () => draft(customerId)).reverse()
  const seen: string[] = []
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page: Awaited<ReturnType<typeof list>> = await list({ limit: 3, ...(cursor === undefined ? {} : { cursor }) })
    seen.push(...page.items.map((item) => item.id))
    cursor = page.nextCursor
  }
  expect(seen).toEqual(made)
})

test('a search looks at number, memo and lines by the beginnings of words, and at the customer’s name and e-mail', async () => {
  const anna = desk.customer('Anna Ångström', 'billing@nord.example').id
  const bob = desk.customer('Bob Berg', 'bob@sued.example').id
  const logo = draft(anna, 'Logo design', 'For the Überseehafen')
  const text = draft(bob, 'Text "proof-reading" of C++ manual')
  desk.run('invoices.send', { invoiceId: logo, requestId: 'r' })
  expect(await found({ query: 'design logo' })).toEqual([logo])
  expect(await found({ query: 'uberSEE' })).toEqual([logo])
  expect(await found({ query: 'INV-0001' })).toEqual([logo])
  expect(await found({ query: '1' })).toEqual([logo])
  expect(await found({ query: 'inv-00' })).toEqual([logo])
  expect(await found({ query: 'angstrom' })).toEqual([logo])
  expect(await found({ query: 'sued.example' })).toEqual([text])
  expect(await found({ query: '"proof-reading" c++' })).toEqual([text])
  expect(await found({ query: '@' })).toEqual([text, logo])
  expect(await found({ query: '  ' })).toEqual([text, logo])
  expect(await found({ query: 'logo\u0000design' })).toEqual([logo])
  expect(await found({ query: '\u0000"\ud800' })).toEqual([])
  expect(await found({ query: 'nothing' })).toEqual([])
  expect(await found({ query: '!?' })).toEqual([])
  expect(await found({ query: 'AND OR NOT NEAR(' })).toEqual([])
})

test('an edited draft is found by its new words only', async () => {
  const id = draft(desk.customer().id, 'Logo')
  desk.run('invoices.update', { invoiceId: id, lines: [{ description: 'Website', quantity: '1', unitPrice: usd(100) }] })
  expect(await found({ query: 'logo' })).toEqual([])
  expect(await found({ query: 'website' })).toEqual([id])
})

test('filters by status and customer, also within a search', async () => {
  const anna = desk.customer('Anna').id
  const bob = desk.customer('Bob', 'bob@example.com').id
  const first = draft(anna)
  const second = draft(bob)
  const third = draft(anna)
  desk.run('invoices.send', { invoiceId: first, requestId: 'r' })
  expect(await found({ status: 'draft' })).toEqual([third, second])
  expect(await found({ customerId: anna })).toEqual([third, first])
  expect(await found({ customerId: anna, status: 'sending' })).toEqual([first])
  expect(await found({ query: 'logo', status: 'draft', customerId: bob })).toEqual([second])
  expect(await found({ query: 'anna', status: 'draft' })).toEqual([third])
  expect(await found({ query: 'anna', limit: 1 })).toEqual([third])
})

test('one business never sees another’s, and foreign filters and cursors are refused', async () => {
  const mine = draft(desk.customer('Anna').id)
  const eve = desk.run('customers.create', { businessId: desk.otherId, name: 'Eve', email: 'e@example.com' })
  expect((await desk.ask('invoices.list', { businessId: desk.otherId, query: 'logo' })).items).toEqual([])
  expect(await found({ query: 'eve' })).toEqual([])
  expect(await codeOfAsync(list({ customerId: eve.id }))).toBe('not_found')
  expect(await codeOfAsync(list({ customerId: 'cus_x' }))).toBe('not_found')
  expect(await codeOfAsync(list({ cursor: 'bm8' }))).toBe('invalid_input')
  expect(await codeOfAsync(desk.ask('invoices.list', { businessId: 'biz_x' }))).toBe('not_found')
  expect(await found({})).toEqual([mine])
})

test('many matching customers are searched as truly as few', async () => {
  const expected = desk.db.write((w) => {
    const ids: string[] = []
    for (let index = 0; index < 2500; index++) {
      const { id } = desk.runIn(w, 'customers.create', {
        businessId: desk.businessId,
        name: `Guild ${index}`,
        email: 'g@example.com',
      })
      if (index % 500 !== 0) continue
      const lines = [{ description: 'Logo', quantity: '1', unitPrice: usd(100) }]
      ids.unshift(
        desk.runIn(w, 'invoices.create', {
          businessId: desk.businessId,
          customerId: id,
          currency: 'USD',
          dueOn: '2026-02-14',
          lines,
        }).id,
      )
    }
    return ids
  })
  draft(desk.customer('Anna').id)
  expect(await found({ query: 'guild' })).toEqual(expected)
  expect(await found({ query: 'guild', limit: 2 })).toEqual(expected.slice(0, 2))
  expect(await found({ query: 'guild 2000' })).toEqual(expected.slice(0, 1))
})

test('E2: no text a person or program may send breaks a search', async () => {
  draft(desk.customer('Anna').id)
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('', 'logo ', '"', 'NEAR(', 'words:', '* '),
      async (text, lead) => {
        const { items } = await list({ query: lead + text })
        expect(items.length).toBeLessThanOrEqual(1)
        await desk.ask('customers.list', { businessId: desk.businessId, query: lead + text })
      },
    ),
    { numRuns: 300 },
  )
})

test('words become quoted beginnings, whatever they hold', () => {
  expect(textQuery('logo "c++" a"b OR')).toBe('"logo"* AND "c++"* AND "a"* AND "b"* AND "OR"*')
  expect(textQuery(' "" !')).toBeNull()
})

test('lists are read through indexes, never by a scan of all businesses', () => {
  const plans = [
    sql`EXPLAIN QUERY PLAN SELECT * FROM invoice i WHERE i.business_id = 'b' AND i.seq < 9 ORDER BY i.seq DESC LIMIT 50`,
    sql`EXPLAIN QUERY PLAN SELECT * FROM invoice i WHERE i.business_id = 'b' AND i.seq < 9 AND i.status = 'open' AND i.due_on < 'x' ORDER BY i.seq DESC LIMIT 50`,
    sql`EXPLAIN QUERY PLAN SELECT * FROM invoice i WHERE i.business_id = 'b' AND i.seq < 9 AND i.customer_id = 'c' ORDER BY i.seq DESC LIMIT 50`,
    sql`EXPLAIN QUERY PLAN SELECT * FROM payment p WHERE p.business_id = 'b' AND (p.received_at, p.seq) < (1, 1) ORDER BY p.received_at DESC, p.seq DESC LIMIT 50`,
  ].map((query) =>
    desk.read
      .all<{ detail: string }>(query)
      .map(({ detail }) => detail)
      .join('; '),
  )
  expect(plans.map((plan) => /USING (?:COVERING )?INDEX (\w+)/.exec(plan)?.[1])).toEqual([
    'invoice_newest',
    'invoice_by_status',
    'invoice_by_customer',
    'payment_newest',
  ])
  expect(plans.join()).not.toContain('TEMP B-TREE')
})
