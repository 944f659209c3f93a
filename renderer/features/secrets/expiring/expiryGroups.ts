import type { SecretSummary } from '../../../../shared/contract/secrets'
import { addDays, dateIn } from '../../../../shared/domain/dates'
import { shortDateText } from '../../../components/format'
import { daysUntil } from '../due'
import { words } from './words'

const dayMs = 86_400_000
const expiryGroups = ['overdue', 'week', 'month', 'quarter'] as const
type ExpiryGroup = (typeof expiryGroups)[number]

/** The part of the expiry page that a due instant belongs to; null beyond 90 days. */
export function expiryGroup(dueAt: number, now: number): ExpiryGroup | null {
  if (dueAt <= now) return 'overdue'
  const days = daysUntil(dueAt, now)
  if (days < 7) return 'week'
  if (days < 30) return 'month'
  return days < 90 ? 'quarter' : null
}

/** The Monday of a calendar date's week, `YYYY-MM-DD`. */
export function mondayOf(date: string): string {
  const day = new Date(`${date}T00:00:00Z`)
  const back = (day.getUTCDay() + 6) % 7
  return new Date(day.getTime() - back * dayMs).toISOString().slice(0, 10)
}

export interface DueItems {
  readonly id: string
  readonly title: string
  readonly pressing: boolean
  readonly items: readonly SecretSummary[]
}

type Dated = SecretSummary & { readonly dueAt: number }

function dated(items: readonly SecretSummary[]): Dated[] {
  return items.filter((item): item is Dated => item.dueAt !== null).sort((a, b) => a.dueAt - b.dueAt)
}

/** Items due within 90 days under overdue, this week, within 30 and within 90 days; empty parts left out. */
export function byUrgency(items: readonly SecretSummary[], now: number): DueItems[] {
  const all = dated(items)
  return expiryGroups.flatMap((group) => {
    const own = all.filter((item) => expiryGroup(item.dueAt, now) === group)
    return own.length === 0 ? [] : [{ id: group, title: words.groups[group], pressing: group === 'overdue', items: own }]
  })
}

/** The same items by the week in which they are due, in the business's time zone, what is overdue first. */
export function byWeek(items: readonly SecretSummary[], now: number, timeZone: string): DueItems[] {
  const thisWeek = mondayOf(dateIn(timeZone, now))
  const weeks = new Map<string, SecretSummary[]>()
  for (const item of dated(items)) {
    if (expiryGroup(item.dueAt, now) === null) continue
    const week = item.dueAt <= now ? 'overdue' : mondayOf(dateIn(timeZone, item.dueAt))
    weeks.set(week, [...(weeks.get(week) ?? []), item])
  }
  return [...weeks].map(([week, own]) => ({
    id: week,
    title: weekTitle(week, thisWeek),
    pressing: week === 'overdue',
    items: own,
  }))
}

function weekTitle(week: string, thisWeek: string): string {
  if (week === 'overdue') return words.overdueWeek
  const days = `${shortDateText(week)} – ${shortDateText(addDays(week, 6))}`
  return week === thisWeek ? words.thisWeek(days) : words.weekOf(days)
}
