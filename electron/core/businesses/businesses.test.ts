import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import type { Database, WriteDb } from '../db'
import { openTestDatabase, type TestDatabase } from '../db/testing'
import type { CommandContext } from '../dispatch/handler'
import { businessHandlers } from './businesses.handlers'
import { findRate, fixMode, getBusiness, rateHandlers, separatePrefix, today } from './index'
import { freePrefix } from './invoicePrefix'

const now = Date.UTC(2026, 0, 15, 12)
const opened: string[] = []
/** Businesses that took a number, and those that share an account with every other one. */
const numbered = new Set<string>()
const sharing = new Set<string>()

let test: TestDatabase
let db: Database

beforeEach(() => {
  test = openTestDatabase()
  db = test.db
  opened.length = 0
  numbered.clear()
  sharing.clear()
})
afterEach(() => test.cleanup())

const handlers = (world: 'live' | 'practice' = 'live') =>
  businessHandlers({
    world,
    openChart: (_w, business) => void opened.push(business.id),
    hasNumbers: (_r, id) => numbered.has(id),
    sharingAccount: (_r, id) => [...sharing].filter((other) => other !== id),
  })
const rates = rateHandlers()
const actor = { name: 'owner', scopes: new Set<never>() } as const
const query = () => ({ actor, door: 'api', now, db: db.read }) as const

function inCommand<T>(run: (context: CommandContext) => T, at = now): T {
  return db.write((w: WriteDb) => run({ actor, door: 'api', now: at, db: w, note: () => undefined, changed: () => undefined }))
}

function create(name = 'Studio', world: 'live' | 'practice' = 'live', at = now) {
  const command = handlers(world)['businesses.create']
  if (!('run' in command)) throw new Error('No command')
  return inCommand((context) => command.run(context, { name, currency: 'EUR', country: 'DE', timeZone: 'Europe/Berlin' }), at)
}

function update(input: { businessId: string; version: number; name?: string; timeZone?: string; invoicePrefix?: string }) {
  const command = handlers()['businesses.update']
  if (!('run' in command)) throw new Error('No command')
  return inCommand((context) =>
    command.run(context, { name: undefined, timeZone: undefined, invoicePrefix: undefined, ...input }),
  )
}

function setRate(businessId: string, base: string, quote: string, on: string, rate: string) {
  const command = rates['rates.set']
  if (!('run' in command)) throw new Error('No command')
  return inCommand((context) => command.run(context, { businessId, base, quote, on, rate }))
}

function refusal(run: () => unknown): AppError {
  try {
    run()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('It was not refused')
}

describe('businesses', () => {
  it('are created with their chart of accounts, without a mode until a key decides', () => {
    const business = create()
    expect(business).toEqual({
      id: business.id,
      name: 'Studio',
      currency: 'EUR',
      country: 'DE',
      timeZone: 'Europe/Berlin',
      mode: null,
      practice: false,
      invoicePrefix: 'INV',
      createdAt: now,
      version: 1,
    })
    expect(opened).toEqual([business.id])
    expect(getBusiness(db.read, business.id)).toEqual(business)
    expect(refusal(() => getBusiness(db.read, 'biz_none')).code).toBe('not_found')
  })

  it('are practice from the start in a practice world', () => {
    expect(create('Studio', 'practice')).toMatchObject({ mode: 'practice', practice: true })
  })

  it('are listed in the order of their making, page by page', async () => {
    const names = ['one', 'two', 'three', 'four', 'five']
    for (const [index, name] of names.entries()) create(name, 'live', now + Math.floor(index / 2))
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await handlers()['businesses.list'](query(), { cursor, limit: 2 })
      seen.push(...page.items.map((business) => business.name))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(seen).toEqual(names)
    expect((await handlers()['businesses.list'](query(), { cursor: undefined, limit: undefined })).items).toHaveLength(5)
  })

  it('change name and zone, but not over a change that was not seen', () => {
    const { id } = create()
    expect(update({ businessId: id, version: 1, name: 'Atelier' })).toMatchObject({ name: 'Atelier', version: 2 })
    expect(refusal(() => update({ businessId: id, version: 1, name: 'Studio' }))).toMatchObject({
      code: 'conflict',
      details: { version: 2 },
    })
    expect(update({ businessId: id, version: 2, timeZone: 'America/New_York' })).toMatchObject({
      name: 'Atelier',
      timeZone: 'America/New_York',
      version: 3,
    })
  })

  it('change the prefix of their invoices until the first number, to one that no other on the same account uses', () => {
    const { id } = create()
    const other = create('Other')
    expect(update({ businessId: id, version: 1, invoicePrefix: 'ACME' })).toMatchObject({ invoicePrefix: 'ACME', version: 2 })
    expect(update({ businessId: other.id, version: 1, invoicePrefix: 'ACME' })).toMatchObject({ invoicePrefix: 'ACME' })
    expect(update({ businessId: other.id, version: 2, invoicePrefix: 'INV' })).toMatchObject({ invoicePrefix: 'INV' })
    for (const one of [id, other.id]) sharing.add(one)
    const shared = refusal(() => update({ businessId: other.id, version: 3, invoicePrefix: 'ACME' }))
    expect([shared.code, shared.message]).toEqual(['conflict', expect.stringContaining('same Stripe account')])
    numbered.add(id)
    const fixed = refusal(() => update({ businessId: id, version: 2, invoicePrefix: 'AC2' }))
    expect([fixed.code, fixed.message]).toEqual(['conflict', expect.stringContaining('first number fixes')])
    const described = { businessId: id, version: 2, name: undefined, timeZone: undefined, invoicePrefix: 'AC2' }
    expect(refusal(() => handlers()['businesses.update'].facts?.(db.read, described, actor)).code).toBe('conflict')
    expect(update({ businessId: id, version: 2, name: 'Atelier', invoicePrefix: 'ACME' })).toMatchObject({ name: 'Atelier' })
    for (const bad of ['', 'A-B', 'inv', 'A'.repeat(13), 'Ä']) {
      const attack = { text: 'UPDATE business SET invoice_prefix = ? WHERE id = ?', values: [bad, other.id] }
      expect(() => db.write((w) => w.run(attack)), bad).toThrow('CHECK')
    }
  })

  it('are given a prefix of their own among others on the same account', () => {
    const [first, second, third] = [create(), create(), create()]
    const separate = (id: string, others: string[]) => db.write((w) => separatePrefix(w, id, others))
    expect(separate(first.id, [])).toBeNull()
    expect(separate(second.id, [first.id])).toBe('INV2')
    expect(separate(second.id, [first.id])).toBeNull()
    expect(separate(third.id, [first.id, second.id])).toBe('INV3')
    expect(getBusiness(db.read, third.id)).toMatchObject({ invoicePrefix: 'INV3', version: 2 })
    expect(getBusiness(db.read, first.id)).toMatchObject({ invoicePrefix: 'INV', version: 1 })
  })

  it('derive prefixes that are free and at most 12 characters long', () => {
    expect(freePrefix('INV', new Set())).toBe('INV')
    expect(freePrefix('INV', new Set(['INV', 'INV2', 'INV4']))).toBe('INV3')
    const long = 'ABCDEFGHIJKL'
    const nine = new Set([long, ...[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `ABCDEFGHIJK${n}`)])
    expect(freePrefix(long, nine)).toBe('ABCDEFGHIJ10')
  })

  it('describe what waits for approval without their names', () => {
    const { id } = create('Ada Lovelace')
    const change = (more: { timeZone?: string }) =>
      handlers()['businesses.update'].facts?.(
        db.read,
        { ...{ businessId: id, version: 1, name: 'Ada', timeZone: undefined, invoicePrefix: undefined }, ...more },
        actor,
      )
    const facts = [
      handlers()['businesses.create'].facts?.(
        db.read,
        { name: 'Ada', currency: 'EUR', country: 'DE', timeZone: 'Europe/Berlin' },
        actor,
      ),
      change({ timeZone: 'UTC' }),
      change({}),
    ]
    expect(facts.map((fact) => fact?.after.timeZone)).toEqual(['Europe/Berlin', 'UTC', 'Europe/Berlin'])
    expect(JSON.stringify(facts)).not.toMatch(/Ada/)
  })

  it('are test or live for ever', () => {
    const { id } = create()
    db.write((w) => fixMode(w, id, 'test'))
    db.write((w) => fixMode(w, id, 'test'))
    expect(getBusiness(db.read, id).mode).toBe('test')
    expect(refusal(() => db.write((w) => fixMode(w, id, 'live'))).code).toBe('wrong_world')
    expect(() => db.write((w) => w.run({ text: `UPDATE business SET mode = 'live'`, values: [] }))).toThrow(/for ever/)
  })

  it('have their own date', () => {
    const newYear = Date.UTC(2025, 11, 31, 23, 30)
    expect(today({ timeZone: 'Europe/Berlin' }, newYear)).toBe('2026-01-01')
    expect(today({ timeZone: 'America/New_York' }, newYear)).toBe('2025-12-31')
  })
})

describe('rates', () => {
  it('are the latest on or before a day, direct or as an exact inverse', () => {
    const { id, ...other } = create()
    const ratio = (from: string, to: string, on: string) => {
      const found = findRate(db.read, id, from, to, on)
      return found && `${found.numerator}/${found.denominator} ${found.text} ${found.on}`
    }
    expect(other.currency).toBe('EUR')
    setRate(id, 'USD', 'EUR', '2026-01-02', '0.92')
    setRate(id, 'USD', 'EUR', '2026-01-10', '0.9')
    expect(ratio('USD', 'EUR', '2026-01-01')).toBeNull()
    expect(ratio('USD', 'EUR', '2026-01-09')).toBe('92/100 0.92 2026-01-02')
    expect(ratio('USD', 'EUR', '2026-01-10')).toBe('9/10 0.9 2026-01-10')
    expect(ratio('EUR', 'USD', '2026-01-10')).toBe('10/9 1/0.9 2026-01-10')
    setRate(id, 'EUR', 'USD', '2026-01-10', '1.1')
    expect(ratio('EUR', 'USD', '2026-01-10')).toBe('11/10 1.1 2026-01-10')
    setRate(id, 'USD', 'EUR', '2026-01-11', '0.8')
    expect(ratio('EUR', 'USD', '2026-01-11')).toBe('10/8 1/0.8 2026-01-11')
    expect(ratio('EUR', 'GBP', '2026-01-11')).toBeNull()
    expect(findRate(db.read, 'biz_other', 'USD', 'EUR', '2026-01-11')).toBeNull()
  })

  it('replace one of the same pair and day', () => {
    const { id } = create()
    setRate(id, 'USD', 'EUR', '2026-01-02', '0.92')
    expect(setRate(id, 'USD', 'EUR', '2026-01-02', '0.93')).toEqual({
      businessId: id,
      base: 'USD',
      quote: 'EUR',
      on: '2026-01-02',
      rate: '0.93',
    })
    expect(findRate(db.read, id, 'USD', 'EUR', '2026-01-02')?.text).toBe('0.93')
  })

  it('that are no numbers are a defect, not a rate of zero', () => {
    const { id } = create()
    db.write((w) => w.run({ text: `INSERT INTO rate VALUES (?, 'USD', 'EUR', '2026-01-01', 'many', 0, 'owner')`, values: [id] }))
    expect(() => findRate(db.read, id, 'USD', 'EUR', '2026-01-02')).toThrow(/no decimal number/)
  })

  it('from a currency to itself, or of an unknown business, are refused', () => {
    const { id } = create()
    expect(refusal(() => setRate(id, 'EUR', 'EUR', '2026-01-02', '1')).code).toBe('invalid_input')
    expect(refusal(() => setRate('biz_none', 'USD', 'EUR', '2026-01-02', '1')).code).toBe('not_found')
    expect(
      refusal(() => rates['rates.list'](query(), { businessId: 'biz_none', cursor: undefined, limit: undefined })).code,
    ).toBe('not_found')
  })

  it('are listed newest first, then by pair, page by page', async () => {
    const { id } = create()
    for (const on of ['2026-01-02', '2026-01-03']) {
      for (const quote of ['GBP', 'CHF', 'USD']) setRate(id, 'EUR', quote, on, '1.5')
    }
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await rates['rates.list'](query(), { businessId: id, cursor, limit: 4 })
      seen.push(...page.items.map((rate) => `${rate.on} ${rate.quote}`))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(seen).toEqual(['2026-01-03', '2026-01-02'].flatMap((on) => ['CHF', 'GBP', 'USD'].map((quote) => `${on} ${quote}`)))
    expect((await rates['rates.list'](query(), { businessId: id, cursor: undefined, limit: undefined })).nextCursor).toBeNull()
  })

  it('describe what waits for approval with the rate that is stored now', () => {
    const { id } = create()
    const input = { businessId: id, base: 'USD', quote: 'EUR', on: '2026-01-05', rate: '0.9' }
    expect(rates['rates.set'].facts?.(db.read, input, actor)?.before).toEqual({})
    setRate(id, 'USD', 'EUR', '2026-01-02', '0.92')
    expect(rates['rates.set'].facts?.(db.read, input, actor)?.before).toEqual({ rate: '0.92', on: '2026-01-02' })
  })
})
