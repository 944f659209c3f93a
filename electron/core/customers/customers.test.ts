import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../db/index'
import { codeOf, codeOfAsync, openTestDesk, type TestDesk } from '../payments/testing'
import {
  customerAtProvider,
  customerHandlers,
  readCustomer,
  readCustomerVersion,
  setCustomerAtProvider,
  withoutPersonalData,
} from './index'

let desk: TestDesk
beforeEach(() => {
  desk = openTestDesk()
})
afterEach(() => desk.cleanup())

const address = { line1: 'Hauptstraße 5', postalCode: '10115', city: 'Berlin', country: 'DE' }

function names(query?: string, businessId = desk.businessId) {
  return desk
    .ask('customers.list', { businessId, limit: 200, ...(query === undefined ? {} : { query }) })
    .then(({ items }) => items.map((item) => item.name))
}

describe('customers', () => {
  test('are added, read, changed and listed', async () => {
    const made = desk.run('customers.create', { businessId: desk.businessId, name: 'Anna', email: 'anna@example.com', address })
    expect(made).toMatchObject({
      businessId: desk.businessId,
      name: 'Anna',
      email: 'anna@example.com',
      address,
      version: 1,
      createdAt: desk.at,
    })
    expect(await desk.ask('customers.get', { customerId: made.id })).toEqual(made)
    const changed = desk.run('customers.update', { customerId: made.id, version: 1, name: 'Anna B', address: null })
    expect(changed).toEqual({ ...made, name: 'Anna B', address: null, version: 2 })
    expect(await names()).toEqual(['Anna B'])
    expect(desk.run('customers.update', { customerId: made.id, email: 'b@example.com' })).toMatchObject({
      version: 3,
      email: 'b@example.com',
      name: 'Anna B',
    })
    expect(readCustomerVersion(desk.read, made.id, 1)).toEqual(made)
    expect(codeOf(() => readCustomerVersion(desk.read, made.id, 9))).toBe('not_found')
  })

  test('a stale change is refused and names the current version', () => {
    const { id } = desk.customer()
    desk.run('customers.update', { customerId: id, version: 1, name: 'First' })
    expect(codeOf(() => desk.run('customers.update', { customerId: id, version: 1, name: 'Second' }))).toBe('conflict')
    expect(codeOf(() => desk.facts('customers.update', { customerId: id, version: 1, name: 'Second' }))).toBe('conflict')
    expect(readCustomer(desk.read, id).name).toBe('First')
  })

  test('unknown ids are not found, wherever they stand', async () => {
    expect(codeOf(() => desk.run('customers.create', { businessId: 'biz_x', name: 'A', email: 'a@example.com' }))).toBe(
      'not_found',
    )
    expect(codeOf(() => desk.run('customers.update', { customerId: 'cus_x', name: 'A' }))).toBe('not_found')
    expect(codeOf(() => desk.facts('customers.update', { customerId: 'cus_x', name: 'A' }))).toBe('not_found')
    expect(await codeOfAsync(desk.ask('customers.get', { customerId: 'cus_x' }))).toBe('not_found')
    expect(await codeOfAsync(desk.ask('customers.list', { businessId: 'biz_x' }))).toBe('not_found')
    expect(codeOf(() => customerAtProvider(desk.read, 'cus_x'))).toBe('not_found')
  })

  test('a change is described by its fields, never by their contents', () => {
    const { id } = desk.customer()
    expect(desk.facts('customers.update', { customerId: id, name: 'Secret', address })).toEqual({
      businessId: desk.businessId,
      what: 'Change name, address of a customer.',
      amount: null,
      payee: id,
      before: { Version: '1' },
      after: { Version: '2' },
      undo: 'yes',
    })
    expect(desk.facts('customers.update', { customerId: id })?.what).toBe('Change nothing of a customer.')
    desk.run('customers.update', { customerId: id, name: 'Secret' })
    expect(JSON.stringify(desk.notes)).not.toContain('Secret')
  })

  test('a repeated request is answered from the id alone: no personal data is kept with it', () => {
    const made = desk.customer('Anna')
    const { recall } = customerHandlers({ directory: desk.directory })['customers.create']
    const kept = recall?.keep(made)
    expect(kept).toBe(made.id)
    expect(recall?.restore(desk.read, kept)).toEqual(made)
  })

  test('the provider’s id of a customer, and the version it has, are kept beside the profile', () => {
    const { id } = desk.customer()
    expect(customerAtProvider(desk.read, id)).toEqual({ ref: null, version: null })
    const known = { ref: 'cus_stripe_1', version: 1 }
    desk.db.write((w) => setCustomerAtProvider(w, id, known))
    expect(customerAtProvider(desk.read, id)).toEqual(known)
    expect(() => desk.db.write((w) => setCustomerAtProvider(w, id, { ...known, version: 2 }))).toThrow('CHECK')
    expect(readCustomer(desk.read, id).version).toBe(1)
  })
})

describe('the directory', () => {
  test('sorts without case and accents, then by id, and pages without gap or double', async () => {
    for (const name of ['Zoë', 'ängström', 'Anton', 'zoe', 'Łukasz', 'Bob']) desk.customer(name, 'x@example.com')
    const all = await names()
    expect(all).toEqual(['ängström', 'Anton', 'Bob', 'Łukasz', 'Zoë', 'zoe'])
    expect(await names('LUKASZ')).toEqual(['Łukasz'])
    const paged: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof desk.ask<'customers.list'>>> = await desk.ask('customers.list', {
        businessId: desk.businessId,
        limit: 2,
        ...(cursor === null ? {} : { cursor }),
      })
      paged.push(...page.items.map((item) => item.name))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(paged).toEqual(all)
  })

  test('finds every word of a query in name or e-mail, in this business only', async () => {
    desk.customer('Anna Ångström', 'anna@nord.example')
    desk.customer('Bob Berg', 'bob@sued.example')
    expect(await names('ANGSTROM anna')).toEqual(['Anna Ångström'])
    expect(await names('sued bob')).toEqual(['Bob Berg'])
    expect(await names('  ')).toHaveLength(2)
    expect(await names('anna bob')).toEqual([])
    expect(await names('anna', desk.otherId)).toEqual([])
  })

  test('follows every write, and nothing that was rolled back', async () => {
    const { id } = desk.customer('Anna')
    expect(await names()).toEqual(['Anna'])
    desk.run('customers.update', { customerId: id, name: 'Zora' })
    desk.customer('Bob')
    expect(await names()).toEqual(['Bob', 'Zora'])
    expect(() =>
      desk.db.write((w) => {
        desk.runIn(w, 'customers.update', { customerId: id, name: 'Nobody' })
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(await names()).toEqual(['Bob', 'Zora'])
    desk.directory.clear()
    expect(await names('zora')).toEqual(['Zora'])
  })

  test('a cursor of another list or business is refused; one that names a renamed customer goes on from its new place', async () => {
    for (const name of ['A', 'B', 'C']) desk.customer(name)
    const first = await desk.ask('customers.list', { businessId: desk.businessId, limit: 1 })
    const cursor = first.nextCursor ?? ''
    const list = (businessId: string, text: string) => desk.ask('customers.list', { businessId, cursor: text })
    expect(await codeOfAsync(list(desk.otherId, cursor))).toBe('invalid_input')
    expect(await codeOfAsync(list(desk.businessId, 'bm8'))).toBe('invalid_input')
    expect(await codeOfAsync(list(desk.businessId, Buffer.from('["cus_x"]').toString('base64url')))).toBe('invalid_input')
    desk.run('customers.update', { customerId: first.items[0]?.id ?? '', name: 'BB' })
    expect((await list(desk.businessId, cursor)).items.map((item) => item.name)).toEqual(['C'])
  })

  test('clearing it ends a build under way instead of filling it again', async () => {
    desk.db.write((w) => {
      for (let i = 0; i < 2500; i++)
        desk.runIn(w, 'customers.create', { businessId: desk.businessId, name: `Customer ${i}`, email: 'c@example.com' })
    })
    const building = desk.ask('customers.list', { businessId: desk.businessId })
    await Promise.resolve()
    desk.directory.clear()
    expect(await codeOfAsync(building)).toBe('locked')
    expect(await names('customer 2499')).toEqual(['Customer 2499'])
  })
})

describe('sealing', () => {
  test('V3: a profile opens only in its own place', () => {
    const anna = desk.customer('Anna')
    const bob = desk.customer('Bob')
    desk.db.write((w) => {
      w.run(sql`DELETE FROM customer_profile WHERE customer_id = ${bob.id}`)
      w.run(sql`INSERT INTO customer_profile (business_id, customer_id, version, sealed)
                SELECT business_id, ${bob.id}, 1, sealed FROM customer_profile WHERE customer_id = ${anna.id}`)
    })
    expect(() => readCustomer(desk.read, bob.id)).toThrow('sealed under another key')
  })

  test('V14: names, e-mails and addresses stand nowhere in the tables', () => {
    const { id } = desk.run('customers.create', {
      businessId: desk.businessId,
      name: 'Canary Name',
      email: 'canary@example.com',
      address,
    })
    desk.run('customers.update', { customerId: id, name: 'Canary Second' })
    const tables = desk.read.all<{ name: string }>(sql`SELECT name FROM sqlite_schema WHERE type = 'table'`)
    const dump = tables
      .map(({ name }) =>
        JSON.stringify(desk.read.all({ text: `SELECT * FROM "${name}"`, values: [] }), (_, value) =>
          value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
        ),
      )
      .join('\n')
    for (const word of ['Canary', 'canary@', 'Hauptstra', '10115']) expect(dump).not.toContain(word)
  })

  test('destroying a person’s key forgets the person; the customer stays and cannot be changed', async () => {
    const { id } = desk.customer('Anna')
    desk.db.write((w) => {
      w.run(sql`UPDATE subject SET key = NULL, erased_at = ${desk.at}`)
      w.run(sql`UPDATE customer SET changed = changed + 1`)
    })
    expect(readCustomer(desk.read, id)).toMatchObject({ name: 'Erased customer', email: '', address: null })
    expect(await names()).toEqual(['Erased customer'])
    expect(codeOf(() => desk.run('customers.update', { customerId: id, name: 'Anna' }))).toBe('conflict')
    expect(() => desk.db.write((w) => w.run(sql`UPDATE subject SET key = ${new Uint8Array(32)}, erased_at = NULL`))).toThrow()
  })

  test('L4: the database keeps customers within their business and their past versions as they were', () => {
    const { id } = desk.customer('Anna')
    const attacks = [
      sql`UPDATE customer SET business_id = ${desk.otherId}`,
      sql`UPDATE customer SET version = 7`,
      sql`UPDATE customer_profile SET sealed = zeroblob(40)`,
      sql`INSERT INTO customer_profile (business_id, customer_id, version, sealed) VALUES (${desk.otherId}, ${id}, 2, zeroblob(40))`,
      sql`UPDATE subject SET key = zeroblob(32)`,
    ]
    for (const attack of attacks) expect(() => desk.db.write((w) => w.run(attack))).toThrow()
  })
})

test('a provider’s words are kept without the customer’s name and e-mail', () => {
  const { id } = desk.customer('Li (Nord)', 'li@nord.example')
  const text = 'No such e-mail: li@nord.example for LI (NORD); see other@x.example. Limits apply.'
  expect(withoutPersonalData(desk.read, id, text)).toBe(
    'No such e-mail: the e-mail address for the customer; see the e-mail address. Limits apply.',
  )
  expect(withoutPersonalData(desk.read, null, 'Card declined.')).toBe('Card declined.')
})
