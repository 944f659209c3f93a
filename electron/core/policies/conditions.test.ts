import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { localTime, weekdayOf } from '../../../shared/domain/localTime'
import { actorClassOf } from './actorClass'
import { uniteDemands, usualTimeoutHours } from './demands'
import { canonicalConditions, ruleIdentity } from './ruleIdentity'
import { withinHours } from './withinHours'

describe('the local clock', () => {
  test.each([
    ['Europe/Berlin', '2026-03-29T00:59:00Z', '2026-03-29', 1 * 60 + 59],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29', 3 * 60],
    ['Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25', 2 * 60 + 30],
    ['Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25', 2 * 60 + 30],
    ['America/New_York', '2026-01-01T04:59:00Z', '2025-12-31', 23 * 60 + 59],
    ['America/New_York', '2026-01-01T05:00:00Z', '2026-01-01', 0],
    ['Asia/Kathmandu', '2026-06-01T18:15:00Z', '2026-06-02', 0],
    ['Pacific/Apia', '2026-06-01T11:00:00Z', '2026-06-02', 0],
    ['UTC', '2026-12-31T23:59:59.999Z', '2026-12-31', 1439],
  ])('in %s at %s shows %s, minute %i', (zone, at, date, minute) => {
    expect(localTime(zone, Date.parse(at))).toEqual({ date, minute })
  })

  test('agrees with what the clock of each zone prints, at any instant', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Tehran', 'America/St_Johns', 'UTC']
    const instants = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) })
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (timeZone, at) => {
        const printed = new Date(at).toLocaleString('sv-SE', { timeZone })
        const { date, minute } = localTime(timeZone, at)
        const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
        expect(`${date} ${clock}`).toBe(printed.slice(0, 16))
        expect(weekdayOf(date)).toBe(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(weekdayName(timeZone, at)) + 1)
      }),
      { numRuns: 1000 },
    )
  })

  function weekdayName(timeZone: string, at: number): string {
    return new Date(at).toLocaleDateString('en-US', { timeZone, weekday: 'short' })
  }
})

describe('a window of hours', () => {
  test('begins with its first minute, ends before its last, and may pass midnight', () => {
    const night = { from: '22:00', to: '06:00' }
    expect([1319, 1320, 1439, 0, 359, 360].map((minute) => withinHours(minute, night))).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
    ])
  })

  test('in the night when the clocks go back, the hour that comes twice counts both times; going forward, the missing one never', () => {
    const hours = { from: '02:00', to: '03:00' }
    const inside = (at: string) => withinHours(localTime('Europe/Berlin', Date.parse(at)).minute, hours)
    expect(['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T02:30:00Z'].map(inside)).toEqual([true, true, false])
    expect(['2026-03-29T00:30:00Z', '2026-03-29T01:00:00Z', '2026-03-29T01:30:00Z'].map(inside)).toEqual([false, false, false])
  })

  test('and the window of the rest of the day are opposites at every minute', () => {
    const clock = fc
      .integer({ min: 0, max: 1439 })
      .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`)
    fc.assert(
      fc.property(clock, clock, fc.integer({ min: 0, max: 1439 }), (from, to, minute) => {
        fc.pre(from !== to)
        expect(withinHours(minute, { from, to })).toBe(!withinHours(minute, { from: to, to: from }))
      }),
    )
  })
})

test.each([
  ['owner', 'owner'],
  ['token:tok_1', 'tokens'],
  ['helper:grt_1', 'helpers'],
  ['schedule:backups', 'schedules'],
  ['assistant', 'assistant'],
  ['provider:stripe', null],
  ['constructor', null],
  ['', null],
])('%s is of the class %s', (actor, sort) => {
  expect(actorClassOf(actor)).toBe(sort)
})

describe('demands', () => {
  test('of nobody are a decision within the usual time', () => {
    expect(uniteDemands([])).toEqual({ stepUp: false, coolingMinutes: 0, secondApprover: false, timeoutHours: usualTimeoutHours })
  })

  test('of several are at least as strict as each, in any order, and leave time to decide', () => {
    const demandsOf = fc.record(
      {
        stepUp: fc.boolean(),
        coolingMinutes: fc.integer({ min: 1, max: 10_080 }),
        secondApprover: fc.boolean(),
        timeoutHours: fc.integer({ min: 1, max: 720 }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(demandsOf, { maxLength: 5 }), (all) => {
        const united = uniteDemands(all)
        expect(uniteDemands(all.toReversed())).toEqual(united)
        expect(united.stepUp).toBe(all.filter(({ stepUp }) => stepUp).length > 0)
        expect(united.secondApprover).toBe(all.filter(({ secondApprover }) => secondApprover).length > 0)
        for (const { coolingMinutes = 0 } of all) expect(united.coolingMinutes).toBeGreaterThanOrEqual(coolingMinutes)
        expect(united.timeoutHours * 60).toBeGreaterThan(united.coolingMinutes)
        const shortest = all.reduce((least, { timeoutHours = 1000 }) => Math.min(least, timeoutHours), 1000)
        const usual = shortest === 1000 ? usualTimeoutHours : shortest
        if (united.coolingMinutes < usual * 60) expect(united.timeoutHours).toBe(usual)
      }),
    )
  })
})

describe('the identity of a rule', () => {
  test('is that of its conditions, in whatever order they were written', () => {
    const one = ruleIdentity({ payees: ['b', 'a'], weekdays: [7, 6], hours: { from: '22:00', to: '06:00' } })
    const other = ruleIdentity({ hours: { to: '06:00', from: '22:00' }, weekdays: [6, 7, 6], payees: ['a', 'b'] })
    expect(one).toBe(other)
    expect(ruleIdentity({})).toBe('{}')
    expect(ruleIdentity({ weekdays: [6] })).not.toBe(ruleIdentity({ weekdays: [7] }))
    expect(ruleIdentity({ newPayee: undefined } as never)).toBe('{}')
  })

  test('keeps what the conditions say', () => {
    expect(canonicalConditions({ payees: ['b', 'a', 'b'], newPayee: true, dailySumOver: { minor: 5, currency: 'USD' } })).toEqual(
      {
        payees: ['a', 'b'],
        newPayee: true,
        dailySumOver: { minor: 5, currency: 'USD' },
      },
    )
  })
})
