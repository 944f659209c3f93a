import { AppError } from '../../../shared/errors'
import type { ReadDb, WriteDb } from '../db/connection'
import { sql } from '../db/sql'

/** @param plan a title in its proposer's words and how many steps it has */
export function insertPlan(
  w: WriteDb,
  plan: {
    readonly id: string
    readonly title: string
    readonly proposedBy: string
    readonly steps: number
    readonly now: number
  },
): void {
  w.run(sql`INSERT INTO plan (id, title, proposed_by, steps, created_at)
            VALUES (${plan.id}, ${plan.title}, ${plan.proposedBy}, ${plan.steps}, ${plan.now})`)
}

/**
 * Steps of a plan that still wait for a decision at an instant, in order.
 * @throws AppError not_found
 */
export function pendingSteps(db: ReadDb, planId: string, now: number): string[] {
  if (db.get(sql`SELECT 1 FROM plan WHERE id = ${planId}`) === undefined) {
    throw new AppError('not_found', 'There is no such plan.')
  }
  return db
    .all<{ id: string }>(
      sql`SELECT id FROM approval WHERE plan_id = ${planId} AND status = 'pending' AND expires_at > ${now} ORDER BY plan_step`,
    )
    .map(({ id }) => id)
}

/** Whether a step of a plan has earlier ones that nobody decided yet. */
export function hasEarlierPending(db: ReadDb, planId: string, step: number, now: number): boolean {
  return (
    db.get(
      sql`SELECT 1 FROM approval WHERE plan_id = ${planId} AND plan_step < ${step} AND status = 'pending' AND expires_at > ${now} LIMIT 1`,
    ) !== undefined
  )
}
