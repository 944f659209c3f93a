import type { Approval } from '../../../shared/contract/approvals'

const soonMs = 24 * 3_600_000
const weight = { no: 2, by_reversal: 1, yes: 0 } as const

/**
 * The order in which approvals press: those that expire within a day, then what cannot be undone, then larger amounts of the business's own
 * currency, then the older ones.
 */
export function rankApprovals(approvals: readonly Approval[], now: number, currency: string): Approval[] {
  const soon = (approval: Approval) => (approval.expiresAt - now <= soonMs ? 1 : 0)
  const size = (approval: Approval) => (approval.facts.amount?.currency === currency ? Math.abs(approval.facts.amount.minor) : 0)
  return approvals.toSorted(
    (a, b) =>
      soon(b) - soon(a) ||
      weight[b.facts.undo] - weight[a.facts.undo] ||
      size(b) - size(a) ||
      a.createdAt - b.createdAt ||
      (a.id < b.id ? -1 : 1),
  )
}
