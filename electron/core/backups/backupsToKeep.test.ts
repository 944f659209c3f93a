import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backupsToKeep, type Keepable, type KeepRule } from './backupsToKeep'

const hour = 3_600_000
const day = 24 * hour
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)
const now = Date.UTC(2026, 10, 21, 12)
const rule: KeepRule = { keepDaily: 7, keepWeekly: 4, keepMonthly: 12 }

const made = (id: string, createdAt: number, state: Keepable['state'] = 'verified'): Keepable => ({ id, createdAt, state })

test('of a week of nightly backups all stay, each with its reasons', () => {
  const nights = Array.from({ length: 7 }, (_, n) => made(`n${n}`, now - n * day))
  const kept = backupsToKeep(nights, rule, dayOf, now)
  expect(kept.get('n0')).toEqual(['newest', 'daily', 'weekly', 'monthly'])
  expect(kept.get('n1')).toEqual(['daily'])
  expect([...kept.keys()].sort()).toEqual(['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6'])
})

test('several of one day: within 24 hours all stay, later the last of the day', () => {
  const two = [made('early', now - 30 * hour), made('late', now - 26 * hour), made('a', now - 3 * hour), made('b', now - hour)]
  expect([...backupsToKeep(two, rule, dayOf, now).keys()].sort()).toEqual(['a', 'b', 'late'])
})

test('at most ten of a day, however often one asks', () => {
  const many = Array.from({ length: 50 }, (_, n) => made(`b${n}`, now - n * 60_000))
  expect(backupsToKeep(many, rule, dayOf, now).size).toBe(10)
})

test('the last verified one stays for ever, whatever the rule and the clock say', () => {
  const only = [made('only', now - 4000 * day)]
  const least = { keepDaily: 1, keepWeekly: 0, keepMonthly: 0 }
  expect([...backupsToKeep(only, least, dayOf, now).keys()]).toEqual(['only'])
  const then = [made('good', now - 10 * day), made('bad', now - day, 'faulty')]
  expect([...backupsToKeep(then, least, dayOf, now).keys()].sort()).toEqual(['bad', 'good'])
})

test('a faulty one goes once a newer one is verified; one that nobody has checked stays until somebody has', () => {
  expect(
    [...backupsToKeep([made('put here', now - 900 * day, 'unchecked'), made('good', now)], rule, dayOf, now).keys()].sort(),
  ).toEqual(['good', 'put here'])
  const backups = [made('bad', now - 2 * day, 'faulty'), made('good', now - day)]
  expect([...backupsToKeep(backups, rule, dayOf, now).keys()]).toEqual(['good'])
})

const backups = fc
  .uniqueArray(
    fc.record({ ago: fc.integer({ min: 0, max: 800 * 24 }), state: fc.constantFrom('verified', 'unchecked', 'faulty') }),
    {
      maxLength: 120,
      selector: ({ ago }) => ago,
    },
  )
  .map((all) => all.map(({ ago, state }, n) => made(`b${n}`, now - ago * hour, state as Keepable['state'])))
const rules = fc.record({
  keepDaily: fc.integer({ min: 1, max: 60 }),
  keepWeekly: fc.integer({ min: 0, max: 60 }),
  keepMonthly: fc.integer({ min: 0, max: 120 }),
})

test('V9: of whatever is there, the last verified one and all that are newer stay, and no more than the rule says', () => {
  fc.assert(
    fc.property(backups, rules, (all, given) => {
      const kept = backupsToKeep(all, given, dayOf, now)
      const verified = all.filter(({ state }) => state === 'verified').sort((a, b) => b.createdAt - a.createdAt)
      const [last] = verified
      if (last !== undefined) expect(kept.get(last.id)).toContain('newest')
      for (const backup of all)
        if (last === undefined || backup.createdAt > last.createdAt) expect(kept.has(backup.id)).toBe(true)
      const keptVerified = verified.filter(({ id }) => kept.has(id)).length
      expect(keptVerified).toBeLessThanOrEqual(given.keepDaily + given.keepWeekly + given.keepMonthly + 10)
      const days = new Set(verified.map(({ createdAt }) => dayOf(createdAt)))
      const daily = [...kept.values()].filter((reasons) => reasons.includes('daily'))
      expect(daily).toHaveLength(Math.min(given.keepDaily, days.size))
    }),
    { numRuns: 500 },
  )
})

test('V9: keeping twice is keeping once, in whatever order the list comes', () => {
  fc.assert(
    fc.property(backups, rules, (all, given) => {
      const kept = backupsToKeep(all, given, dayOf, now)
      const survivors = all.filter(({ id }) => kept.has(id))
      expect([...backupsToKeep(survivors.reverse(), given, dayOf, now)].sort()).toEqual([...kept].sort())
    }),
    { numRuns: 300 },
  )
})

test('three years of nights: never more than 24 files, and always one from each of the last twelve months', () => {
  let list: Keepable[] = []
  for (let n = 0; n < 3 * 365; n++) {
    const at = Date.UTC(2023, 0, 1, 3) + n * day
    list.push(made(`n${n}`, at))
    const kept = backupsToKeep(list, rule, dayOf, at)
    list = list.filter(({ id }) => kept.has(id))
    expect(list.length).toBeLessThanOrEqual(24)
  }
  const months = new Set(list.map(({ createdAt }) => dayOf(createdAt).slice(0, 7)))
  expect(months.size).toBe(12)
})
