import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Payee, payeeChecks } from '../../../shared/contract/payees'
import { sql } from '../db/index'
import { type GovernanceBed, openGovernanceBed } from '../policies/testing'
import { payeeChecksum, payeeDetailsChanged, payeeDetailsDigest } from './index'
import { changersOf } from './payees.repository'
import { assertOtherHand } from './quarantine'

let t: GovernanceBed
beforeEach(async () => {
  t = await openGovernanceBed()
})
afterEach(() => t.cleanup())

const hour = 3_600_000
const key = Buffer.alloc(32, 7)

const list = async (more: { quarantined?: boolean; limit?: number; cursor?: string } = {}) =>
  t.call('payees.list', { businessId: t.businessId, ...more })
const only = async (): Promise<Payee> => {
  const [payee, ...others] = (await list()).items
  if (payee === undefined || others.length > 0) throw new Error('There is not exactly one payee')
  return payee
}
const change = (iban: string, subjectId = 'sec_bank', businessId: string | null = t.businessId, by = 'owner') =>
  t.test.db.write((w) =>
    payeeDetailsChanged(w, {
      businessId,
      kind: 'bank_account',
      subjectId,
      detailsDigest: payeeDetailsDigest(key, { iban }),
      by: [by],
      now: t.now,
    }),
  )
/** The only payee as its checklist names it, with the checksum of its details as they are now. */
const details = async () => {
  const { id: payeeId, checksum } = await only()
  return { payeeId, checksum: checksum ?? '' }
}
type Details = Awaited<ReturnType<typeof details>>
const check = async (of: Details, step: (typeof payeeChecks)[number], done = true) => {
  const outcome = await t.call('payees.check', { ...of, check: step, done })
  if (outcome.status !== 'done') throw new Error('It waits')
  return outcome.value
}
const newCustomer = async () => {
  const made = await t.call('customers.create', { businessId: t.businessId, name: 'Ada Brook', email: 'ada@brook.example' })
  if (made.status !== 'done') throw new Error('It waits')
  return made.value.id
}

describe('the digest of details', () => {
  test('is the same for every spelling of the same details, and another for others, another vault, another field', () => {
    const digest = (details: Record<string, string>, under = key) =>
      Buffer.from(payeeDetailsDigest(under, details)).toString('hex')
    const one = digest({ iban: 'DE89 3704 0044 0532 0130 00', bic: '' })
    expect(digest({ IBAN: 'de89-3704-0044.0532/0130 00' })).toBe(one)
    expect(digest({ iban: 'DE89 3704 0044 0532 0130 01' })).not.toBe(one)
    expect(digest({ account: 'DE89370400440532013000' })).not.toBe(one)
    expect(digest({ iban: 'DE89370400440532013000' }, Buffer.alloc(32, 8))).not.toBe(one)
  })

  test('does not depend on the order of the fields', () => {
    const field = fc.stringMatching(/^[a-z]{1,8}$/)
    fc.assert(
      fc.property(fc.dictionary(field, fc.string(), { maxKeys: 5 }), (details) => {
        const turned = Object.fromEntries(Object.entries(details).toReversed())
        expect(payeeDetailsDigest(key, turned)).toEqual(payeeDetailsDigest(key, details))
      }),
    )
  })

  test('has a checksum short enough to read out, without letters that look or sound alike', () => {
    expect(payeeChecksum(Buffer.from('0000000000ff', 'hex'))).toBe('0000-0000')
    expect(payeeChecksum(Buffer.from('ffffffffff00', 'hex'))).toBe('ZZZZ-ZZZZ')
    expect(payeeChecksum(Buffer.from('0123456789', 'hex'))).toBe('04HM-ASW9')
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (digest) => {
        expect(payeeChecksum(digest)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)
      }),
    )
  })
})

describe('changed details', () => {
  test('are held for 48 hours from the change; the same details again change nothing', async () => {
    expect(change('DE1')).toBe(true)
    expect(await only()).toMatchObject({
      businessId: t.businessId,
      kind: 'bank_account',
      subjectId: 'sec_bank',
      firstPaidAt: null,
      detailsChangedAt: t.now,
      checksum: payeeChecksum(payeeDetailsDigest(key, { iban: 'DE1' })),
      quarantinedUntil: t.now + 48 * hour,
      checks: [],
    })
    const began = t.now
    t.now += hour
    expect(change('de 1')).toBe(false)
    expect((await only()).detailsChangedAt).toBe(began)
    t.now = began + 48 * hour - 1
    expect((await list({ quarantined: true })).items).toHaveLength(1)
    t.now += 1
    expect(await only()).toMatchObject({ quarantinedUntil: null, detailsChangedAt: began })
    expect((await list({ quarantined: true })).items).toEqual([])
    expect((await list({ quarantined: false })).items).toHaveLength(1)
  })

  test('again begin a new quarantine with an empty checklist', async () => {
    change('DE1')
    const payee = await only()
    await check(await details(), 'called_known_number')
    t.now += 40 * hour
    expect(change('DE2')).toBe(true)
    expect(await only()).toMatchObject({ id: payee.id, checks: [], quarantinedUntil: t.now + 48 * hour })
    expect((await only()).checksum).not.toBe(payee.checksum)
  })

  test('of an item of the whole vault are held in every business', async () => {
    const other = await t.business()
    expect(change('DE1', 'sec_all', null)).toBe(true)
    expect(change('DE1', 'sec_all', null)).toBe(false)
    expect(await only()).toMatchObject({ subjectId: 'sec_all' })
    expect((await t.call('payees.list', { businessId: other })).items).toMatchObject([{ subjectId: 'sec_all' }])
  })

  test('are held as long as is set, from 24 to 72 hours, from the next change on', async () => {
    change('DE1')
    expect(await t.call('payees.setQuarantine', { hours: 72 })).toEqual({ status: 'done', value: { hours: 72 } })
    expect((await only()).quarantinedUntil).toBe(t.now + 48 * hour)
    expect(await t.call('payees.list', { businessId: t.businessId })).toMatchObject({ quarantineHours: 72 })
    change('DE2')
    expect((await only()).quarantinedUntil).toBe(t.now + 72 * hour)
    for (const hours of [23, 73, 24.5]) {
      await expect(t.call('payees.setQuarantine', { hours })).rejects.toMatchObject({ code: 'invalid_input' })
    }
  })

  test('leave no trace of the details themselves', async () => {
    change('DE89370400440532013000')
    const rows = JSON.stringify([
      t.test.db.read.all(sql`SELECT hex(details_digest), id, subject_id FROM payee`),
      t.test.db.read.all(sql`SELECT * FROM payee_hold`),
    ])
    expect(rows).not.toMatch(/DE89|3704/)
  })
})

describe('the checklist', () => {
  test('ends a quarantine early once every step is ticked', async () => {
    change('DE1')
    const held = await details()
    await expect(t.call('payees.release', held)).rejects.toMatchObject({
      code: 'conflict',
      message:
        'Nothing was done: a quarantine ends early only when every step is ticked. Still open: called on a number known from before; a small test payment arrived; a document of the bank was seen.',
    })
    for (const step of payeeChecks.toReversed()) await check(held, step)
    expect(await check(held, 'document_seen')).toMatchObject({ checks: [...payeeChecks] })
    expect(await check(held, 'document_seen', false)).toMatchObject({ checks: ['called_known_number', 'test_payment_arrived'] })
    await expect(t.call('payees.release', held)).rejects.toMatchObject({ code: 'conflict' })
    await check(held, 'document_seen')
    expect(await t.call('payees.release', held)).toMatchObject({
      status: 'done',
      value: { quarantinedUntil: null, checks: [], detailsChangedAt: t.now },
    })
    await expect(t.call('payees.release', held)).rejects.toMatchObject({ code: 'conflict' })
    await expect(check(held, 'document_seen')).rejects.toMatchObject({
      message: 'Nothing was done: this payee is not in quarantine.',
    })
    expect(change('DE2')).toBe(true)
  })

  test('is recorded in the log with who ticked what', async () => {
    change('DE1')
    const held = await details()
    await check(held, 'called_known_number')
    const row = t.test.db.read.get<{ details: string; businessId: string }>(
      sql`SELECT details, business_id AS businessId FROM audit_row WHERE procedure = 'payees.check'`,
    )
    expect(row?.businessId).toBe(t.businessId)
    expect(JSON.parse(row?.details ?? '{}')).toMatchObject({ payeeId: held.payeeId, check: 'called_known_number', done: true })
  })

  test('can wait for an approval like any command, with a card that says how far it is', async () => {
    change('DE1')
    const held = await details()
    for (const procedure of ['payees.check', 'payees.release', 'payees.setQuarantine'])
      await t.rule({ procedure, decision: 'ask' })
    await t.call('payees.check', { ...held, check: 'document_seen', done: true })
    await t.call('payees.setQuarantine', { hours: 30 })
    await expect(t.call('payees.release', held)).rejects.toMatchObject({ code: 'conflict' })
    const [ticking, setting] = await t.pending()
    expect(ticking?.facts).toMatchObject({
      what: 'Tick a step of the checklist of a payee: a document of the bank was seen',
      payee: 'sec_bank',
      before: { Checksum: held.checksum, Ticked: '0 of 3' },
      after: { Checksum: held.checksum, Ticked: '1 of 3' },
    })
    expect(setting?.facts).toMatchObject({ before: { Hours: '48' }, after: { Hours: '30' } })
    await expect(t.call('payees.check', { ...held, payeeId: 'pye_x', check: 'document_seen', done: true })).rejects.toMatchObject(
      {
        code: 'not_found',
      },
    )
  })
})

describe('somebody who changes details while they are checked', () => {
  test('gets no tick for what nobody looked at, be it asked at once or after an approval', async () => {
    change('DE1')
    const seen = await details()
    await t.rule({ procedure: 'payees.check', decision: 'ask' })
    await t.call('payees.check', { ...seen, check: 'called_known_number', done: true })
    const [card] = await t.pending()
    if (card === undefined) throw new Error('Nothing waits')
    change('DE2')
    expect(await t.decide(card)).toMatchObject({ status: 'stale' })
    await expect(t.call('payees.check', { ...seen, check: 'called_known_number', done: true })).rejects.toMatchObject({
      code: 'conflict',
      message:
        'Nothing was done: the details changed since you looked at them. Compare the checksum that is shown now, and check anew.',
    })
    await expect(t.call('payees.release', seen)).rejects.toThrow('the details changed since you looked at them')
    expect((await only()).checks).toEqual([])
  })
})

describe('who changed the details', () => {
  const changersNow = async () => changersOf(t.test.db.read, (await only()).id, t.now)

  test('are all who did since the quarantine began, until it is released or over', async () => {
    change('DE1', 'sec_bank', t.businessId, 'token:tok_a')
    t.now += 10 * hour
    change('DE2', 'sec_bank', t.businessId, 'token:tok_b')
    t.now += 47 * hour
    change('DE3', 'sec_bank', t.businessId, 'token:tok_c')
    change('DE4', 'sec_bank', t.businessId, 'token:tok_a')
    expect((await changersNow()).sort()).toEqual(['token:tok_a', 'token:tok_b', 'token:tok_c'])
    for (const step of payeeChecks) await check(await details(), step)
    await t.call('payees.release', await details())
    expect(await changersNow()).toEqual([])
    change('DE5', 'sec_bank', t.businessId, 'token:tok_b')
    expect(await changersNow()).toEqual(['token:tok_b'])
    t.now += 48 * hour
    change('DE6', 'sec_bank', t.businessId, 'token:tok_d')
    expect(await changersNow()).toEqual(['token:tok_d'])
  })

  test.each([
    { actor: 'token:tok_a', changers: ['token:tok_b', 'token:tok_c'], may: true },
    { actor: 'token:tok_a', changers: ['token:tok_a', 'token:tok_b'], may: false },
    { actor: 'token:tok_b', changers: ['token:tok_a', 'token:tok_b'], may: false },
    { actor: 'owner', changers: ['owner', 'token:tok_b'], may: true },
  ] as const)('%o', ({ actor, changers, may }) => {
    const judge = () => assertOtherHand(actor, changers, (a, b) => a === b)
    if (may) expect(judge).not.toThrow()
    else expect(judge).toThrow('somebody else')
  })
})

describe('who is known as a payee', () => {
  test('is every customer that an amount was stated for, first paid when something was paid to them', async () => {
    const customerId = await newCustomer()
    await t.pay(5, 'cus_unknown')
    expect((await list()).items).toEqual([])
    await t.rule({ decision: 'ask' })
    const asked = await t.ask(5, customerId)
    expect((await list()).items).toEqual([])
    t.now += hour
    await t.decide(asked)
    const paidAt = t.now
    await t.rule({ decision: 'allow' })
    t.now += hour
    await t.pay(6, customerId)
    expect(await only()).toMatchObject({
      kind: 'customer',
      subjectId: customerId,
      firstPaidAt: paidAt,
      detailsChangedAt: null,
      checksum: null,
    })
  })

  test('is a customer whose e-mail or address has changed, and these are held', async () => {
    const customerId = await newCustomer()
    await t.call('customers.update', { customerId, name: 'Ada B. Brook' })
    await t.call('customers.update', { customerId, email: 'ada@brook.example' })
    expect((await list()).items).toEqual([])
    await t.call('customers.update', { customerId, email: 'ada@other.example' })
    expect(await only()).toMatchObject({ kind: 'customer', subjectId: customerId, quarantinedUntil: t.now + 48 * hour })
    t.now += 50 * hour
    await t.call('customers.update', { customerId, address: { line1: 'Mill Street 1', country: 'US' } })
    expect((await only()).quarantinedUntil).toBe(t.now + 48 * hour)
    await t.rule({ decision: 'ask', when: { changedPayee: true } })
    expect((await t.ask(5, customerId)).facts.why).toBe('Your rule: to a payee whose details changed lately asks.')
  })

  test('is listed in pages, of the business asked for', async () => {
    for (const subject of ['sec_1', 'sec_2', 'sec_3']) change('DE1', subject)
    const first = await list({ limit: 2 })
    expect(first.items.map(({ subjectId }) => subjectId)).toEqual(['sec_1', 'sec_2'])
    const rest = await list({ limit: 2, cursor: first.nextCursor ?? '' })
    expect(rest).toMatchObject({ items: [{ subjectId: 'sec_3' }], nextCursor: null })
    await expect(list({ cursor: 'WzFd' })).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(t.call('payees.list', { businessId: 'biz_unknown' })).rejects.toMatchObject({ code: 'not_found' })
    expect((await t.call('payees.list', { businessId: await t.business() })).items).toEqual([])
  })
})

test('the database keeps payees and their quarantines as they were', async () => {
  change('DE1')
  for (const forbidden of [
    sql`DELETE FROM payee`,
    sql`UPDATE payee SET subject_id = 'sec_other'`,
    sql`DELETE FROM payee_hold`,
    sql`UPDATE payee_hold SET until_at = until_at + 1`,
    sql`UPDATE payee_hold SET changed_by = 'token:tok_other'`,
    sql`UPDATE payee_setting SET quarantine_hours = 1`,
    sql`UPDATE payee_hold SET began_with = number`,
    sql`INSERT INTO payee_hold (payee_id, business_id, number, changed_at, changed_by, until_at, checks, began_with)
        SELECT id, 'biz_other', 2, 1, 'owner', 2, '[]', 2 FROM payee`,
  ]) {
    expect(() => t.test.db.write((w) => w.run(forbidden))).toThrow()
  }
  t.test.db.write((w) => w.run(sql`UPDATE payee_hold SET ended_at = ${t.now}`))
  expect(() => t.test.db.write((w) => w.run(sql`UPDATE payee_hold SET ended_at = NULL`))).toThrow('stays ended')
})
