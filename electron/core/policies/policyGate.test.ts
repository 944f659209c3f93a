import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PolicyConditions, PolicyDemands } from '../../../shared/contract/policies'
import { parseDecimal } from '../../../shared/domain/decimal'
import type { Money } from '../../../shared/domain/money'
import { ratioOf } from '../../../shared/domain/ratio'
import { roundUpToTwoDigits } from './inBase'
import { payingCommands } from './paysOut'
import { judgeByRules, type Rule } from './policyGate'
import type { ActorClass, History, RateLookup, Subject } from './subject'

const usd = (minor: number) => ({ minor, currency: 'USD' })
const eur = (minor: number) => ({ minor, currency: 'EUR' })
const none: RateLookup = () => null
const rates =
  (table: Record<string, string>): RateLookup =>
  (from, to) => {
    const text = table[`${from}${to}`]
    const parsed = text === undefined ? null : parseDecimal(text)
    return parsed === null ? null : ratioOf(parsed)
  }

const refund = 'payments.requestRefund'

const rule = (parts: Partial<Rule> = {}): Rule => ({
  id: 'pol_1',
  procedure: refund,
  decision: 'ask',
  over: null,
  when: {},
  demands: {},
  ...parts,
})
const limit = (over: Money | null, decision: Rule['decision'] = 'ask') => rule({ over, decision })

const subject = (parts: Partial<Subject> = {}): Subject => ({
  procedure: refund,
  actor: 'owner',
  local: { date: '2026-01-15', minute: 12 * 60 },
  amount: usd(5_000),
  base: 'USD',
  payee: 'cus_1',
  sensitive: false,
  ...parts,
})

const history = (parts: Partial<History> = {}): History => ({
  rateOf: none,
  doneToday: () => 0n,
  paidWithin: () => [],
  paidBefore: () => true,
  inQuarantine: () => false,
  ...parts,
})

const judge = (rules: readonly Rule[], of: Partial<Subject> = {}, past: Partial<History> = {}) =>
  judgeByRules(rules, subject(of), history(past))
const over = (most: Money | null, amount: Money | null, base: string | null, rateOf: RateLookup, decision?: Rule['decision']) =>
  judge([limit(most, decision)], { amount, base }, { rateOf })

describe('one limit', () => {
  test.each([
    [1, 1],
    [99, 99],
    [100, 100],
    [101, 110],
    [923_400, 930_000],
    [930_000, 930_000],
    [1_513_700, 1_600_000],
  ])('a converted limit of %i is rounded up to %i', (minor, rounded) => {
    expect(roundUpToTwoDigits(minor)).toBe(rounded)
  })

  test('without a rule, or with one that allows, a command goes through', () => {
    expect(judge([])).toEqual({ kind: 'allow' })
    expect(over(usd(1), usd(100), 'USD', none, 'allow')).toEqual({ kind: 'allow' })
  })

  test('in the currency of the rule, exactly the limit goes through and one cent more asks', () => {
    expect(over(usd(1_000_000), usd(1_000_000), 'USD', none)).toEqual({ kind: 'allow' })
    const asked = over(usd(1_000_000), usd(1_000_001), 'USD', none)
    expect(asked).toMatchObject({ kind: 'ask', why: 'Your rule: over USD 10,000.00 asks.', stops: [{ rule: { id: 'pol_1' } }] })
  })

  test('in a business with another currency the limit is converted at the stored rate and rounded up to two digits', () => {
    const rateOf = rates({ USDEUR: '0.9234' })
    expect(over(usd(1_000_000), eur(930_000), 'EUR', rateOf)).toEqual({ kind: 'allow' })
    expect(over(usd(1_000_000), eur(930_001), 'EUR', rateOf)).toMatchObject({
      kind: 'ask',
      why: 'Your rule: over EUR 9,300.00 asks.',
    })
  })

  test('an amount in a third currency is compared in the base currency', () => {
    const rateOf = rates({ USDEUR: '0.9', GBPEUR: '1.2' })
    expect(over(usd(1_000_000), { minor: 750_000, currency: 'GBP' }, 'EUR', rateOf)).toEqual({ kind: 'allow' })
    expect(over(usd(1_000_000), { minor: 750_001, currency: 'GBP' }, 'EUR', rateOf).kind).toBe('ask')
  })

  test('of what belongs to no business the limit is compared in its own currency', () => {
    expect(over(usd(100), usd(100), null, none)).toEqual({ kind: 'allow' })
    expect(over(usd(100), usd(101), null, none).kind).toBe('ask')
  })

  test('without a stored rate it asks whatever the amount, and says which rate is missing', () => {
    expect(over(usd(1_000_000), eur(1), 'EUR', none)).toMatchObject({
      why: 'Your rule: over USD 10,000.00 asks. No exchange rate between USD and EUR is stored, by the owner or for a day, so this asks whatever the amount.',
    })
    expect(over(eur(1_000_000), usd(1), 'EUR', none)).toMatchObject({
      why: 'Your rule: over EUR 10,000.00 asks. No exchange rate between USD and EUR is stored, by the owner or for a day, so this asks whatever the amount.',
    })
  })

  test('an amount that cannot be stated exactly in the base currency is held back, not passed', () => {
    const huge = { minor: Number.MAX_SAFE_INTEGER, currency: 'KWD' }
    const rateOf = rates({ KWDEUR: '3000', USDEUR: '0.9' })
    const why = 'Your rule: over USD 10,000.00 asks. At the stored rate this cannot be stated exactly in EUR, so it asks.'
    expect(over(usd(1_000_000), huge, 'EUR', rateOf)).toMatchObject({ kind: 'ask', why })
  })

  test('a defect of a conversion is not taken for an amount that is too large', () => {
    const broken: RateLookup = () => {
      throw new TypeError('a defect')
    }
    expect(() => over(usd(1), eur(1), 'EUR', broken)).toThrow('a defect')
    const odd: RateLookup = () => ({ numerator: 1n, denominator: undefined as unknown as bigint })
    expect(() => over(usd(1), eur(1), 'EUR', odd)).toThrow(TypeError)
  })

  test('a rule without a limit always applies, and a limit on a command without an amount applies too', () => {
    expect(over(null, null, null, none)).toMatchObject({ kind: 'ask', why: 'Your rule: this always asks.' })
    expect(over(null, usd(1), 'USD', none, 'refuse')).toMatchObject({ kind: 'refuse', why: 'Your rule: this always is refused.' })
    expect(over(usd(5), null, 'USD', none)).toMatchObject({
      why: 'Your rule: over USD 0.05 asks, and this action states no amount.',
    })
  })
})

describe('several rules', () => {
  const ask = rule({ id: 'ask' })
  const refuse = rule({ id: 'refuse', decision: 'refuse' })
  const allow = rule({ id: 'allow', decision: 'allow' })

  test('the strictest wins, whatever their order, and a refusal names those that refuse', () => {
    for (const rules of [
      [allow, ask, refuse],
      [refuse, ask, allow],
    ]) {
      expect(judge(rules)).toMatchObject({ kind: 'refuse', stops: [{ rule: { id: 'refuse' } }] })
    }
    expect(judge([allow, ask])).toMatchObject({ kind: 'ask', stops: [{ rule: { id: 'ask' } }] })
    expect(judge([allow])).toEqual({ kind: 'allow' })
  })

  test('all that ask are named, with the words of each once, and their demands are united', () => {
    const night = rule({
      id: 'night',
      when: { hours: { from: '10:00', to: '14:00' } },
      demands: { stepUp: true, timeoutHours: 5 },
    })
    const big = rule({ id: 'big', over: usd(1), demands: { coolingMinutes: 30, secondApprover: true, timeoutHours: 9 } })
    const bigger = rule({ id: 'bigger', over: usd(1), demands: { coolingMinutes: 10 } })
    expect(judge([night, big, bigger])).toMatchObject({
      kind: 'ask',
      stops: [{ rule: { id: 'night' } }, { rule: { id: 'big' } }, { rule: { id: 'bigger' } }],
      why: 'Your rule: between 10:00 and 14:00 asks. Your rule: over USD 0.01 asks.',
      demands: { stepUp: true, coolingMinutes: 30, secondApprover: true, timeoutHours: 5 },
    })
  })

  test('a rule over every command looks only at those that state an amount; one over a command only at that one', () => {
    const every = rule({ procedure: '*' })
    expect(judge([every], { procedure: 'invoices.send' }).kind).toBe('ask')
    expect(judge([every], { procedure: 'invoices.send', amount: null }).kind).toBe('allow')
    expect(judge([rule()], { procedure: 'invoices.send' }).kind).toBe('allow')
  })
})

describe('a condition', () => {
  const asks = (when: PolicyConditions, of: Partial<Subject> = {}, past: Partial<History> = {}, most: Money | null = null) =>
    judge([rule({ when, over: most })], of, past).kind === 'ask'

  test('over payees holds for those named; a command without a payee is to none of them', () => {
    expect(asks({ payees: ['cus_1', 'cus_2'] })).toBe(true)
    expect(asks({ payees: ['cus_2'] })).toBe(false)
    expect(asks({ payees: ['cus_1'] }, { payee: null })).toBe(false)
  })

  test('over new payees looks at everything that pays out, over other commands at the same one', () => {
    const seen: (readonly string[])[] = []
    const past = { paidBefore: (procedures: readonly string[]) => seen.push(procedures) === 0 }
    expect(asks({ newPayee: true }, {}, past)).toBe(true)
    expect(judge([rule({ procedure: '*', when: { newPayee: true } })], { procedure: 'invoices.send' }, past).kind).toBe('ask')
    expect(seen).toEqual([payingCommands, ['invoices.send']])
    expect(payingCommands).toContain(refund)
    expect(asks({ newPayee: true })).toBe(false)
    expect(asks({ newPayee: true }, { payee: null }, { paidBefore: () => false })).toBe(false)
  })

  test('over changed payees holds while their details are in quarantine', () => {
    expect(asks({ changedPayee: true }, {}, { inQuarantine: () => true })).toBe(true)
    expect(asks({ changedPayee: true })).toBe(false)
    expect(asks({ changedPayee: true }, { payee: null }, { inQuarantine: () => true })).toBe(false)
  })

  test('over currencies holds for amounts in them', () => {
    expect(asks({ currencies: ['EUR', 'USD'] })).toBe(true)
    expect(asks({ currencies: ['EUR'] })).toBe(false)
    expect(asks({ currencies: ['USD'] }, { amount: null })).toBe(false)
  })

  test('over actors holds for their class; what has none is never meant', () => {
    expect(asks({ actors: ['tokens', 'owner'] })).toBe(true)
    expect(asks({ actors: ['tokens'] })).toBe(false)
    expect(asks({ actors: ['owner'] }, { actor: null })).toBe(false)
  })

  test('over sensitive items holds for those marked so', () => {
    expect(asks({ sensitive: true }, { sensitive: true })).toBe(true)
    expect(asks({ sensitive: true })).toBe(false)
  })

  test('over hours and weekdays holds by the local clock and calendar', () => {
    const friday = { date: '2026-01-16', minute: 23 * 60 }
    expect(asks({ weekdays: [5] }, { local: friday })).toBe(true)
    expect(asks({ weekdays: [6, 7] }, { local: friday })).toBe(false)
    expect(asks({ weekdays: [7] }, { local: { ...friday, date: '2026-01-18' } })).toBe(true)
    expect(asks({ hours: { from: '22:00', to: '06:00' }, weekdays: [5] }, { local: friday })).toBe(true)
    expect(asks({ hours: { from: '06:00', to: '22:00' }, weekdays: [5] }, { local: friday })).toBe(false)
  })

  test('over the sum of the day counts this command, and where an amount has no value it applies', () => {
    const day = (sum: bigint | null, of: Partial<Subject> = {}, most = usd(10_000)) =>
      judge([rule({ when: { dailySumOver: most } })], of, { doneToday: () => sum })
    expect(day(5_000n)).toEqual({ kind: 'allow' })
    expect(day(5_001n)).toMatchObject({ why: 'Your rule: when the sum of the day passes USD 100.00 asks.' })
    const unstated = 'Not every amount that counts can be stated in USD, so this asks.'
    expect(day(null)).toMatchObject({ kind: 'ask', why: expect.stringContaining(unstated) })
    expect(day(0n, { amount: eur(1) })).toMatchObject({ kind: 'ask', why: expect.stringContaining(unstated) })
    expect(day(0n, {}, eur(1))).toMatchObject({ kind: 'ask', why: expect.stringContaining(unstated) })
    expect(day(0n, { amount: null })).toMatchObject({ why: expect.stringContaining('this action states no amount') })
    expect(day(0n, { base: null })).toEqual({ kind: 'allow' })
  })

  test('over splitting holds where several payments pass the limit together and none alone', () => {
    const split = (parts: readonly (number | null)[], of: Partial<Subject> = {}, procedure = refund, most = usd(10_000)) =>
      judge([rule({ procedure, over: most, when: { splitWithinHours: 24 } })], of, { paidWithin: () => parts })
    expect(split([])).toEqual({ kind: 'allow' })
    expect(split([5_000])).toEqual({ kind: 'allow' })
    expect(split([5_000, 1])).toMatchObject({
      why: 'Your rule: when several amounts to one payee within 24 hours pass USD 100.00 together asks.',
    })
    expect(split([20_000])).toEqual({ kind: 'allow' })
    expect(split([9_000, 9_000], { amount: usd(10_001) })).toEqual({ kind: 'allow' })
    expect(split([9_000], { payee: null })).toEqual({ kind: 'allow' })
    expect(split([9_000, 1], { amount: null }).kind).toBe('ask')
    expect(split([null]).kind).toBe('ask')
    expect(split([], { amount: eur(1) }).kind).toBe('ask')
    expect(split([], {}, refund, eur(1)).kind).toBe('ask')
    expect(split([9_000], { base: null }).kind).toBe('ask')
  })

  test('over splitting counts the payments of its own command, or of everything that pays out', () => {
    const seen: [readonly string[], number][] = []
    const past = { paidWithin: (...asked: [readonly string[], number]) => [seen.push(asked)].slice(1) }
    const when = { splitWithinHours: 7 }
    judge([rule({ over: usd(10_000), when }), rule({ procedure: '*', over: usd(10_000), when })], {}, past)
    judge([rule({ procedure: '*', over: usd(10_000), when })], { procedure: 'invoices.send' }, past)
    expect(seen).toEqual([
      [[refund], 7],
      [payingCommands, 7],
      [['invoices.send'], 7],
    ])
  })
})

/** The same questions answered the long way: every minute of a window, every payment, fractions kept as fractions. */
function modelStops(asked: Rule, of: Subject, past: Past): boolean {
  const applies = asked.procedure === '*' ? of.amount !== null : asked.procedure === of.procedure
  const { when } = asked
  const clock = (text: string) => Number(text.split(':')[0]) * 60 + Number(text.split(':')[1])
  const minutes = new Set<number>()
  if (when.hours) {
    for (let m = clock(when.hours.from); m !== clock(when.hours.to); m = (m + 1) % 1440) minutes.add(m)
  }
  const weekday = [7, 1, 2, 3, 4, 5, 6][new Date(of.local.date).getUTCDay()] ?? 0
  const same = (payment: Past[number]) => payment.payee === of.payee && of.payee !== null && payment.procedure === of.procedure
  const amount = of.amount?.minor ?? null
  const most = asked.over?.minor ?? null
  const today = past.filter((payment) => payment.procedure === of.procedure && payment.daysAgo === 0)
  const conditions: boolean[] = [
    applies,
    when.payees === undefined || when.payees.some((payee) => payee === of.payee),
    !when.newPayee || (of.payee !== null && !past.some(same)),
    !when.currencies || (of.amount !== null && when.currencies.join().includes(of.amount.currency)),
    !when.actors || when.actors.some((actor) => actor === of.actor),
    !when.hours || minutes.has(of.local.minute),
    !when.weekdays || when.weekdays.some((day) => day === weekday),
    !when.sensitive || of.sensitive,
    !when.dailySumOver ||
      amount === null ||
      today.reduce((sum, payment) => sum + payment.minor, 0) + amount > when.dailySumOver.minor,
  ]
  if (most !== null && when.splitWithinHours === undefined) conditions.push(amount === null || amount > most)
  if (most !== null && when.splitWithinHours !== undefined) {
    const hours = when.splitWithinHours
    const parts = past.filter((payment) => same(payment) && payment.daysAgo * 24 < hours && payment.minor <= most)
    const sum = parts.reduce((total, payment) => total + payment.minor, amount ?? 0)
    conditions.push(of.payee !== null && (amount === null || (amount <= most && sum > most)))
  }
  return conditions.every((holds) => holds)
}

type Past = readonly { readonly procedure: string; readonly payee: string; readonly minor: number; readonly daysAgo: number }[]

const procedureOf = fc.constantFrom(refund, 'invoices.send')
const minorOf = fc.integer({ min: 1, max: 40 })
const clockOf = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, '0')}:30`)
const actors: readonly ActorClass[] = ['owner', 'tokens', 'helpers', 'schedules', 'assistant']
const optional = <T>(arb: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: arb })
const whenOf = fc
  .record({
    payees: optional(fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 })),
    newPayee: optional(fc.constant(true as const)),
    currencies: optional(fc.constantFrom(['USD'], ['EUR'], ['EUR', 'USD'])),
    actors: optional(fc.uniqueArray(fc.constantFrom(...actors), { minLength: 1 })),
    hours: optional(fc.record({ from: clockOf, to: clockOf }).filter(({ from, to }) => from !== to)),
    weekdays: optional(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 })),
    dailySumOver: optional(minorOf.map(usd)),
    splitWithinHours: optional(fc.constantFrom(24, 48, 96)),
    sensitive: optional(fc.constant(true as const)),
  })
  .map((when) => Object.fromEntries(Object.entries(when).filter(([, value]) => value !== undefined)) as PolicyConditions)
const ruleOf = fc.record({
  procedure: fc.oneof(procedureOf, fc.constant('*')),
  decision: fc.constantFrom('allow', 'ask', 'refuse' as const),
  over: fc.option(minorOf.map(usd)),
  when: fc.oneof({ weight: 2, arbitrary: whenOf }, fc.constant({})),
  demands: fc.constant({} as PolicyDemands),
})
const subjectOf: fc.Arbitrary<Subject> = fc.record({
  procedure: procedureOf,
  actor: fc.constantFrom(...actors, null),
  local: fc.record({
    date: fc.integer({ min: 1, max: 28 }).map((day) => `2026-02-${String(day).padStart(2, '0')}`),
    minute: fc.integer({ min: 0, max: 1439 }),
  }),
  amount: fc.option(minorOf.map(usd), { freq: 5 }),
  base: fc.constant('USD'),
  payee: fc.option(fc.constantFrom('a', 'b', 'c'), { freq: 5 }),
  sensitive: fc.boolean(),
})
const pastOf: fc.Arbitrary<Past> = fc.array(
  fc.record({
    procedure: procedureOf,
    payee: fc.constantFrom('a', 'b'),
    minor: minorOf,
    daysAgo: fc.integer({ min: 0, max: 4 }),
  }),
  { maxLength: 6 },
)

test('whatever the rules, the command and its past, the gate says what each condition says by itself, strictest first', () => {
  fc.assert(
    fc.property(fc.array(ruleOf, { maxLength: 4 }), subjectOf, pastOf, (parts, of, past) => {
      const rules = parts.map((part, index) => ({ id: `pol_${index}`, ...part }))
      const own = (procedures: readonly string[]) =>
        past.filter(({ procedure, payee }) => procedures.includes(procedure) && payee === of.payee)
      const verdict = judgeByRules(rules, of, {
        rateOf: none,
        doneToday: (procedure) =>
          past.reduce((sum, p) => (p.procedure === procedure && p.daysAgo === 0 ? sum + BigInt(p.minor) : sum), 0n),
        paidWithin: (procedures, hours) => own(procedures).flatMap((p) => (p.daysAgo * 24 < hours ? [p.minor] : [])),
        paidBefore: (procedures) => own(procedures).length > 0,
        inQuarantine: () => false,
      })
      const stopping = rules.filter((each) => each.decision !== 'allow' && modelStops(each, of, past))
      const refusing = stopping.filter(({ decision }) => decision === 'refuse')
      const expected = refusing.length > 0 ? refusing : stopping
      expect(verdict.kind).toBe(refusing.length > 0 ? 'refuse' : stopping.length > 0 ? 'ask' : 'allow')
      expect(verdict.kind === 'allow' ? [] : verdict.stops.map((stop) => stop.rule.id)).toEqual(expected.map(({ id }) => id))
    }),
    { numRuns: 3000 },
  )
})
