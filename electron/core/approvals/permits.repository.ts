import type { ApprovalFacts } from '../../../shared/contract/approvals'
import { AppError } from '../../../shared/errors'
import type { ReadDb, WriteDb } from '../db/connection'
import { sql } from '../db/sql'

/** How long an approved command whose answer is a secret may be carried out by its asker, once. */
export const permitMinutes = 15

/** A command as its asker sends it. */
interface AskedAgain {
  readonly procedure: string
  readonly askedBy: string
  /** Keyed digest of the input without its requestId. */
  readonly bodyDigest: Uint8Array
  readonly now: number
}

/** Leave to carry a command out once. */
export interface Permit {
  readonly approvalId: string
  readonly approvedBy: string
  /** What was shown to whoever gave it. */
  readonly facts: ApprovalFacts
}

/** The newest unused permit for exactly this command. */
export function findPermit(db: ReadDb, asked: AskedAgain): Permit | undefined {
  const row = db.get<Omit<Permit, 'facts'> & { facts: string }>(
    sql`SELECT id AS approvalId, decided_by AS approvedBy, facts FROM approval
        WHERE status = 'approved' AND procedure = ${asked.procedure} AND asked_by = ${asked.askedBy}
          AND body_digest = ${asked.bodyDigest} AND permit_until > ${asked.now} AND permit_used_at IS NULL
        ORDER BY created_at DESC LIMIT 1`,
  )
  return row && { ...row, facts: JSON.parse(row.facts) as ApprovalFacts }
}

/**
 * Uses a permit up, in the transaction of what it permits.
 * @throws AppError conflict where it was used meanwhile
 */
export function spendPermit(w: WriteDb, approvalId: string, now: number): void {
  const { changes } = w.run(sql`UPDATE approval SET permit_used_at = ${now} WHERE id = ${approvalId} AND permit_used_at IS NULL`)
  if (changes === 0) throw new AppError('conflict', 'Nothing was done: what was approved was done once already. Ask again.')
}

/** The approval that already waits for exactly this command. */
export function findWaiting(db: ReadDb, asked: AskedAgain): string | undefined {
  return db.get<{ id: string }>(
    sql`SELECT id FROM approval
        WHERE status = 'pending' AND procedure = ${asked.procedure} AND asked_by = ${asked.askedBy}
          AND body_digest = ${asked.bodyDigest} AND expires_at > ${asked.now} LIMIT 1`,
  )?.id
}
