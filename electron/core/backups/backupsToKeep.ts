/** Which rule keeps a backup. `newest`: it is among the fresh ones, or the last that was verified. */
export type KeptAs = 'daily' | 'weekly' | 'monthly' | 'newest'

export interface KeepRule {
  readonly keepDaily: number
  readonly keepWeekly: number
  readonly keepMonthly: number
}

export interface Keepable {
  readonly id: string
  /** UTC epoch milliseconds. */
  readonly createdAt: number
  /** Whether it was reopened and checked, and found right. */
  readonly state: 'verified' | 'unchecked' | 'faulty'
}

/** No backup goes within a day of its making, so that several in a row can be told apart; at most so many. */
const freshFor = 24 * 3_600_000
const mostFresh = 10

/** The Monday of a day's week (ISO 8601), as YYYY-MM-DD. */
function weekOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  return date.toISOString().slice(0, 10)
}

/**
 * Which backups are kept, and why: the newest of each of the last days, weeks and months that have one, those of the last 24 hours, and
 * always the last that was verified. Only verified backups count. One that nobody has checked yet is kept until somebody has; one that was
 * found damaged is kept until a newer one is verified, so nothing goes while nothing better is there.
 * @param dayOf the day of an instant on the owner's calendar, YYYY-MM-DD
 * @param now UTC epoch milliseconds
 * @returns rules by id; a backup without an entry may go
 */
export function backupsToKeep(
  backups: readonly Keepable[],
  rule: KeepRule,
  dayOf: (at: number) => string,
  now: number,
): Map<string, KeptAs[]> {
  const newestFirst = [...backups].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
  const verified = newestFirst.filter(({ state }) => state === 'verified')
  const kept = new Map<string, KeptAs[]>()
  const keep = ({ id }: Keepable, as: KeptAs): void => {
    const reasons = kept.get(id) ?? []
    if (!reasons.includes(as)) kept.set(id, [...reasons, as])
  }

  const last = verified[0]
  if (last !== undefined) keep(last, 'newest')
  for (const backup of verified.filter(({ createdAt }) => Math.abs(now - createdAt) < freshFor).slice(0, mostFresh))
    keep(backup, 'newest')
  for (const backup of newestFirst) {
    const isNewer = last === undefined || backup.createdAt > last.createdAt
    if (backup.state === 'unchecked' || (backup.state === 'faulty' && isNewer)) keep(backup, 'newest')
  }

  const keepNewestOfEach = (count: number, periodOf: (day: string) => string, as: KeptAs): void => {
    const periods = new Set<string>()
    for (const backup of verified) {
      const period = periodOf(dayOf(backup.createdAt))
      if (periods.has(period)) continue
      if (periods.size >= count) return
      periods.add(period)
      keep(backup, as)
    }
  }
  keepNewestOfEach(rule.keepDaily, (day) => day, 'daily')
  keepNewestOfEach(rule.keepWeekly, weekOf, 'weekly')
  keepNewestOfEach(rule.keepMonthly, (day) => day.slice(0, 7), 'monthly')
  return kept
}
