import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Input } from '../../../shared/contract/index'
import { sql } from '../db/index'
import type { Actor } from '../dispatch/index'
import { payeeDetailsChanged } from '../payees/index'
import { type GovernanceBed, openGovernanceBed } from './testing'

type RuleInput = Input<'policies.backtest'>['rule']

const refund = 'payments.requestRefund'
const usd = (minor: number) => ({ minor, currency: 'USD' })
const day = 86_400_000

let t: GovernanceBed
beforeEach(async () => {
  t = await openGovernanceBed()
})
afterEach(() => t.cleanup())

const backtest = (rule: Partial<RuleInput> = {}, time: { from?: number; to?: number } = {}) =>
  t.call('policies.backtest', { rule: { procedure: refund, decision: 'ask', ...rule }, ...time })
const newestSeq = () => t.test.db.read.get<{ seq: number }>(sql`SELECT max(seq) AS seq FROM audit_row`)?.seq

describe('a back-test', () => {
  test('counts what a rule would have stopped, by month, and shows the newest', async () => {
    const token = await t.token(['payments:write'])
    await t.pay(50)
    t.now += 40 * day
    await t.pay(500, 'cus_b', token)
    const seq = newestSeq()
    await t.pay(60)
    expect(await backtest({ over: usd(100) })).toEqual({
      from: t.now - 365 * day,
      to: t.now,
      looked: 3,
      asked: 1,
      refused: 0,
      unknown: 0,
      byMonth: [
        { month: '2026-01', looked: 1, stopped: 0 },
        { month: '2026-02', looked: 2, stopped: 1 },
      ],
      examples: [
        {
          at: t.now,
          actor: token.name,
          procedure: refund,
          amount: usd(500),
          payee: 'cus_b',
          why: 'Your rule: over USD 1.00 asks.',
          auditSeq: seq,
        },
      ],
    })
    expect(await backtest({ decision: 'refuse', over: usd(55) })).toMatchObject({ asked: 0, refused: 2 })
  })

  test('changes nothing: no card, no rule, no row', async () => {
    await t.pay(50)
    const before = newestSeq()
    await backtest()
    expect(newestSeq()).toBe(before)
    expect(await t.pending()).toEqual([])
  })

  test('keeps to its time and to the business of its rule', async () => {
    await t.pay(1)
    t.now += day
    const from = t.now
    await t.pay(2)
    t.now += day
    await t.pay(3)
    expect(await backtest({}, { from, to: from })).toMatchObject({ looked: 1, examples: [{ amount: usd(2) }] })
    expect(await backtest({}, { from, to: t.now + 900 * day })).toMatchObject({ looked: 2, to: t.now })
    expect(await backtest({}, { from: -5 })).toMatchObject({ looked: 3, from: 0, byMonth: [{ month: '2026-01' }] })
    expect(await backtest({ businessId: await t.business() })).toMatchObject({ looked: 0 })
    expect(await backtest({ businessId: t.businessId })).toMatchObject({ looked: 3 })
    await expect(backtest({}, { from: t.now, to: from })).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(backtest({}, { from: t.now + 1 })).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(backtest({ businessId: 'biz_unknown' })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('shows at most twenty, the newest first', async () => {
    for (let minor = 1; minor <= 45; minor++) await t.pay(minor)
    const { examples, asked } = await backtest()
    expect(asked).toBe(45)
    expect(examples.map(({ amount }) => amount?.minor)).toEqual(Array.from({ length: 20 }, (_, i) => 45 - i))
  })

  test('looks at every command with an amount, or at one, also where it waited or was carried out later', async () => {
    await t.rule({ decision: 'ask', over: usd(100) })
    const asked = await t.ask(200)
    await t.decide(asked)
    await t.ask(300)
    await t.call('rates.set', { businessId: t.businessId, base: 'EUR', quote: 'USD', on: '2026-01-01', rate: '1.1' })
    expect(await backtest({ procedure: '*' })).toMatchObject({ looked: 2, asked: 2 })
    expect(await backtest({ over: usd(250) })).toMatchObject({ looked: 2, asked: 1 })
  })

  test('knows commands that state nothing from the log, and says what it cannot judge', async () => {
    const token = await t.token(['events:write'])
    t.handle('events.sync', { task: async () => ({ fetched: 0, applied: 0, gaps: 0 }) })
    await t.call('events.sync', { businessId: t.businessId }, token)
    await t.rule({ procedure: 'events.sync', decision: 'ask', when: { actors: ['owner'] } })
    await t.call('events.sync', { businessId: t.businessId })
    const [card] = await t.pending()
    if (card === undefined) throw new Error('It did not wait')
    await t.decide(card)
    const sync = { procedure: 'events.sync' }
    expect(await backtest(sync)).toMatchObject({ looked: 2, asked: 2, unknown: 0 })
    expect(await backtest({ ...sync, when: { actors: ['tokens'] } })).toMatchObject({
      looked: 2,
      asked: 1,
      examples: [{ actor: token.name, amount: null, payee: null }],
    })
    expect(await backtest({ ...sync, when: { hours: { from: '07:00', to: '08:00' } } })).toMatchObject({ asked: 2 })
    expect(await backtest({ ...sync, when: { newPayee: true } })).toMatchObject({ looked: 2, asked: 0, unknown: 0 })

    const facts = { businessId: t.businessId, what: 'x', amount: null, payee: null, before: {}, after: {}, undo: 'no' } as const
    t.handle('events.sync', { facts: () => facts, task: async () => ({ fetched: 0, applied: 0, gaps: 0 }) })
    expect(await backtest({ ...sync, over: usd(1) })).toMatchObject({ looked: 2, asked: 0, unknown: 2 })
    expect(await backtest(sync)).toMatchObject({ looked: 2, asked: 2, unknown: 0 })
    const conditions: RuleInput['when'][] = [
      { payees: ['a'] },
      { newPayee: true },
      { changedPayee: true },
      { currencies: ['USD'] },
      { dailySumOver: usd(1) },
      { sensitive: true },
    ]
    for (const when of conditions) {
      expect(await backtest({ ...sync, ...(when === undefined ? {} : { when }) })).toMatchObject({ unknown: 2 })
    }
  })

  test('works in slices: other work gets its turn between them', async () => {
    await t.token(['rates:read'])
    t.test.db.write((w) => {
      for (let i = 0; i < 4_000; i++) {
        w.run(sql`INSERT INTO audit_row (seq, at, actor, door, procedure, business_id, outcome, details, prev_hash, hash)
                  SELECT max(seq) + 1, ${t.now}, 'owner', 'api', ${refund}, ${t.businessId}, 'done', '{}', hash, randomblob(32) FROM audit_row`)
        w.run(sql`INSERT INTO command_fact (audit_seq, at, on_date, minute, procedure, business_id, actor, amount_minor, amount_currency,
                                            base_minor, payee, sensitive, outcome)
                  SELECT max(seq), ${t.now}, '2026-01-15', 420, ${refund}, ${t.businessId}, 'owner', 5, 'USD', 5, 'cus_a', 0, 'done'
                  FROM audit_row`)
      }
    })
    let turns = 0
    let isDone = false
    const count = () => {
      turns += 1
      if (!isDone) setImmediate(count)
    }
    setImmediate(count)
    const result = await backtest({ when: { dailySumOver: usd(10_000) } })
    isDone = true
    expect(result).toMatchObject({ looked: 4_000, asked: 2_000 })
    expect(turns).toBeGreaterThan(8)
  })
})

/** A year of commands, as data. */
interface Deed {
  readonly afterHours: number
  readonly minor: number
  readonly currency: string
  readonly payee: string
  readonly byToken: boolean
  readonly changesPayee: boolean
}

const deedOf: fc.Arbitrary<Deed> = fc.record({
  afterHours: fc.integer({ min: 0, max: 30 }),
  minor: fc.integer({ min: 1, max: 100 }),
  currency: fc.constantFrom('USD', 'USD', 'USD', 'EUR', 'GBP'),
  payee: fc.constantFrom('cus_a', 'cus_b', 'cus_c'),
  byToken: fc.boolean(),
  changesPayee: fc.boolean(),
})

const optional = <T>(arb: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: arb })
const ruleOf: fc.Arbitrary<Omit<RuleInput, 'procedure'>> = fc
  .record({
    decision: fc.constantFrom('ask', 'refuse' as const),
    over: optional(fc.integer({ min: 1, max: 150 }).map(usd)),
    when: fc
      .record({
        newPayee: optional(fc.constant(true as const)),
        changedPayee: optional(fc.constant(true as const)),
        dailySumOver: optional(fc.integer({ min: 1, max: 250 }).map(usd)),
        splitWithinHours: optional(fc.integer({ min: 1, max: 60 })),
        hours: optional(fc.constantFrom({ from: '22:00', to: '10:00' }, { from: '05:00', to: '18:00' })),
        weekdays: optional(fc.constantFrom([1, 2, 3, 4], [5, 6, 7])),
        actors: optional(fc.constantFrom<('owner' | 'tokens')[]>(['owner'], ['tokens'])),
      })
      .map((when) => Object.fromEntries(Object.entries(when).filter(([, value]) => value !== undefined))),
  })
  .filter(({ over, when }) => over !== undefined || !('splitWithinHours' in when))
  .map(({ over, ...rest }) => ({ ...rest, ...(over === undefined ? {} : { over }) }))

/** Lives through the deeds in a business of their own; what waits is approved at once. @returns the amounts that were stopped, in order */
async function live(deeds: readonly Deed[], rule: Omit<RuleInput, 'procedure'> | null): Promise<number[]> {
  t.businessId = await t.business()
  const { businessId } = t
  await t.call('rates.set', { businessId, base: 'EUR', quote: 'USD', on: '2026-01-01', rate: '1.25' })
  if (rule !== null) await t.rule({ ...rule, businessId })
  const made = await t.call('tokens.create', { name: 'A script', scopes: ['payments:write'], expiresInHours: 2160 })
  if (made.status !== 'done') throw new Error('It waits')
  const token: Actor = { name: `token:${made.value.id}`, scopes: new Set(['payments:write']) }
  const stopped: number[] = []
  for (const [index, deed] of deeds.entries()) {
    t.now += deed.afterHours * 3_600_000
    if (deed.changesPayee) {
      t.now += 1
      const change = { businessId, kind: 'bank_account', subjectId: deed.payee, by: ['owner'], now: t.now } as const
      t.test.db.write((w) => payeeDetailsChanged(w, { ...change, detailsDigest: Buffer.alloc(32, index) }))
    }
    try {
      const outcome = await t.pay(deed.minor, deed.payee, deed.byToken ? token : t.owner, deed.currency)
      if (outcome.status === 'done') continue
      for (const card of await t.pending()) await t.decide(card)
    } catch (error) {
      expect(error).toMatchObject({ code: 'refused_by_policy' })
    }
    stopped.push(deed.minor)
  }
  return stopped
}

test('equals what happens when the same commands are replayed under the rule', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deedOf, { minLength: 4, maxLength: 14 }), ruleOf, async (deeds, rule) => {
      const began = t.now
      expect(await live(deeds, null)).toEqual([])
      const told = await t.call('policies.backtest', { rule: { procedure: refund, businessId: t.businessId, ...rule } })
      t.now = began
      const stopped = await live(deeds, rule)
      expect(told.examples.map(({ amount }) => amount?.minor).toReversed()).toEqual(stopped)
      expect(told).toMatchObject({
        looked: deeds.length,
        asked: rule.decision === 'ask' ? stopped.length : 0,
        refused: rule.decision === 'refuse' ? stopped.length : 0,
        unknown: 0,
      })
    }),
    { numRuns: 15, endOnFailure: true },
  )
}, 120_000)

test('a payment is part of a splitting for less than its hours', async () => {
  const split = { over: usd(100), when: { splitWithinHours: 5 } }
  await t.pay(60)
  t.now += 5 * 3_600_000
  await t.pay(60)
  expect(await backtest(split)).toMatchObject({ looked: 2, asked: 0 })
  t.now += 5 * 3_600_000 - 1
  await t.pay(60)
  expect(await backtest(split)).toMatchObject({ looked: 3, asked: 1 })
})

test('a command that waited is judged when it was asked, and counts when it was carried out', async () => {
  await t.rule({ decision: 'ask', over: usd(10) })
  const asked = await t.ask(90)
  await t.pay(5)
  t.now += day
  await t.decide(asked)
  await t.pay(8)
  const sums = await backtest({ when: { dailySumOver: usd(94) } })
  expect(sums).toMatchObject({ looked: 3, asked: 1, examples: [{ amount: usd(8) }] })
  const refused = await backtest({ decision: 'refuse', when: { dailySumOver: usd(89) } })
  expect(refused).toMatchObject({ looked: 3, refused: 1, examples: [{ amount: usd(90) }] })
})
