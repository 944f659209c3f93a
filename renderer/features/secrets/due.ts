import type { SecretSummary } from '../../../shared/contract/secrets'
import type { Tone } from '../../components/StatusPill'
import { words } from './words'

const dayMs = 86_400_000
/** Days ahead from which an item is shown as due soon: the first warning. */
const soonDays = 14

/** How pressing the rotation of an item is. */
type Urgency = 'none' | 'overdue' | 'soon' | 'later' | 'rotating'

/** Whole days until an instant, negative after it; an instant later today is 0. */
export function daysUntil(at: number, now: number): number {
  return Math.floor((at - now) / dayMs)
}

/** How pressing it is, from its due instant and the phase of its rotation. */
export function urgencyOf(item: Pick<SecretSummary, 'dueAt' | 'rotationPhase'>, now: number): Urgency {
  if (item.rotationPhase !== 'none') return 'rotating'
  if (item.dueAt === null) return 'none'
  if (item.dueAt <= now) return 'overdue'
  return daysUntil(item.dueAt, now) < soonDays ? 'soon' : 'later'
}

/** The words and the tone of its badge. */
export function dueBadge(
  item: Pick<SecretSummary, 'dueAt' | 'rotationPhase'>,
  now: number,
): { readonly text: string; readonly tone: Tone } | null {
  const urgency = urgencyOf(item, now)
  if (urgency === 'none') return null
  if (urgency === 'rotating') return { text: words.due.rotating, tone: 'violet' }
  if (urgency === 'overdue') return { text: words.due.overdue(-daysUntil(item.dueAt ?? now, now) - 1), tone: 'wax' }
  // Rounded: what is due in 365 days still says so a minute later.
  const ahead = Math.round(((item.dueAt ?? now) - now) / dayMs)
  return { text: ahead === 0 ? words.due.today : words.due.inDays(ahead), tone: urgency === 'soon' ? 'brass' : 'quiet' }
}
