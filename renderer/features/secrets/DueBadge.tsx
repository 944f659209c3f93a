import type { SecretSummary } from '../../../shared/contract/secrets'
import { StatusPill } from '../../components/StatusPill'
import { dueBadge, urgencyOf } from './due'

interface DueBadgeProps {
  readonly item: Pick<SecretSummary, 'dueAt' | 'rotationPhase'>
  readonly now: number
}

const marks = { none: 'bar', overdue: 'full', soon: 'half', later: 'hollow', rotating: 'half' } as const

/** How soon an item must be rotated; nothing for one that never is. */
export function DueBadge({ item, now }: DueBadgeProps) {
  const badge = dueBadge(item, now)
  if (badge === null) return null
  return (
    <StatusPill tone={badge.tone} mark={marks[urgencyOf(item, now)]}>
      {badge.text}
    </StatusPill>
  )
}
