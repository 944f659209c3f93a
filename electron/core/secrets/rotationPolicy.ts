export const dayMs = 86_400_000
const hourMs = 3_600_000

/** How long the old value is kept when nothing else is said. */
export const defaultOverlapHours = 24

/** When an item is due, UTC epoch milliseconds; null for never. */
export function dueAt(valuesChangedAt: number, everyDays: number | null): number | null {
  return everyDays === null ? null : valuesChangedAt + everyDays * dayMs
}

/** When the old value is retired, UTC epoch milliseconds. */
export function retiringAt(finishedAt: number, overlapHours: number): number {
  return finishedAt + overlapHours * hourMs
}

/** Warnings before an item is due, from the first to the last. */
export const stages = ['14', '7', '1', 'overdue'] as const
export type Stage = (typeof stages)[number]

/** The stages that an item has reached, the most pressing last; empty while it is not due within 14 days. */
export function stagesReached(due: number, now: number): Stage[] {
  return stages.filter((stage) => now >= (stage === 'overdue' ? due : due - Number(stage) * dayMs))
}
