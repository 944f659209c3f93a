import type { Approval, ApprovalFacts } from '../../../shared/contract/approvals'
import { AppError } from '../../../shared/errors'
import { appendAudit } from '../audit/index'
import type { ReadDb, WriteDb } from '../db/connection'
import { joinSql, type SqlFragment, sql } from '../db/sql'

/** Approvals wait this long; then they are denied by time. */
export const approvalLifetimeMs = 7 * 86_400_000

interface ApprovalRow {
  id: string
  business_id: string | null
  procedure: string
  contract_version: number
  asked_by: string
  policy_id: string
  sealed_input: Uint8Array | null
  facts: string
  digest: string
  status: Approval['status']
  note: string | null
  problem: string | null
  created_at: number
  expires_at: number
  decided_at: number | null
}

/** A parked command as it was stored. */
export interface ParkedCommand {
  readonly approval: Approval
  readonly businessId: string | null
  readonly contractVersion: number
  readonly policyId: string
  readonly sealedInput: Uint8Array | null
}

function toApproval(row: ApprovalRow, now: number): Approval {
  return {
    id: row.id,
    procedure: row.procedure,
    askedBy: row.asked_by,
    facts: JSON.parse(row.facts) as ApprovalFacts,
    digest: row.digest,
    demands: { stepUp: false, notBefore: null, secondApprover: false, approvedBy: [] },
    plan: null,
    editable: [],
    status: row.status === 'pending' && row.expires_at <= now ? 'expired' : row.status,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
    note: row.note,
    problem: row.problem,
  }
}

export function insertApproval(
  w: WriteDb,
  parked: {
    readonly id: string
    readonly businessId: string | null
    readonly procedure: string
    readonly contractVersion: number
    readonly askedBy: string
    readonly door: string
    readonly policyId: string
    readonly sealedInput: Uint8Array
    readonly facts: ApprovalFacts
    readonly digest: string
    readonly now: number
  },
): void {
  w.run(sql`INSERT INTO approval (id, business_id, procedure, contract_version, asked_by, door, policy_id, sealed_input, facts, digest, status, created_at, expires_at)
            VALUES (${parked.id}, ${parked.businessId}, ${parked.procedure}, ${parked.contractVersion}, ${parked.askedBy}, ${parked.door},
                    ${parked.policyId}, ${parked.sealedInput}, ${JSON.stringify(parked.facts)}, ${parked.digest}, 'pending', ${parked.now},
                    ${parked.now + approvalLifetimeMs})`)
}

/** @throws AppError `not_found` */
export function readParked(db: ReadDb, approvalId: string, now: number): ParkedCommand {
  const row = db.get<ApprovalRow>(sql`SELECT * FROM approval WHERE id = ${approvalId}`)
  if (row === undefined) throw new AppError('not_found', 'There is no such approval.')
  return {
    approval: toApproval(row, now),
    businessId: row.business_id,
    contractVersion: row.contract_version,
    policyId: row.policy_id,
    sealedInput: row.sealed_input,
  }
}

/** Closes a pending approval; the parked input is forgotten, since it is run now or never. */
export function closeApproval(
  w: WriteDb,
  id: string,
  decision: {
    readonly status: Exclude<Approval['status'], 'pending'>
    readonly by: string
    readonly note: string | null
    readonly problem: string | null
    readonly now: number
    readonly finished: boolean
  },
): void {
  w.run(sql`UPDATE approval SET status = ${decision.status}, decided_by = ${decision.by}, note = ${decision.note}, problem = ${decision.problem},
                                decided_at = ${decision.now}, finished_at = ${decision.finished ? decision.now : null}, sealed_input = NULL
            WHERE id = ${id} AND status = 'pending'`)
}

/** Records how an approved long command ended. */
export function finishApproval(w: WriteDb, id: string, problem: string | null, now: number): void {
  w.run(sql`UPDATE approval SET status = ${problem === null ? 'approved' : 'failed'}, problem = ${problem}, finished_at = ${now}
            WHERE id = ${id} AND status = 'approved' AND finished_at IS NULL`)
}

/** Long commands that were approved and then cut off by a crash: they ended unknown, and say so. */
export function failInterrupted(w: WriteDb, now: number): void {
  w.run(sql`UPDATE approval SET status = 'failed', problem = 'The app stopped while this was running. Check whether it took effect, then ask again.', finished_at = ${now}
            WHERE status = 'approved' AND finished_at IS NULL`)
}

const expirer = 'schedule:approvals'

/** Denies by time what nobody decided, with an audit row for each. @returns how many expired */
export function expireApprovals(w: WriteDb, now: number): number {
  const due = w.all<{ id: string; businessId: string | null; procedure: string }>(
    sql`SELECT id, business_id AS businessId, procedure FROM approval WHERE status = 'pending' AND expires_at <= ${now}`,
  )
  for (const { id, businessId, procedure } of due) {
    closeApproval(w, id, { status: 'expired', by: expirer, note: null, problem: null, now, finished: true })
    appendAudit(w, {
      at: now,
      actor: expirer,
      door: 'schedule',
      procedure: 'approvals.expire',
      businessId,
      outcome: 'done',
      details: { approvalId: id, procedure },
    })
  }
  return due.length
}

/** Pending first and oldest first among them; then decided ones, newest first. Paged by an offset that only grows with decided rows. */
export function listApprovals(
  db: ReadDb,
  filter: {
    readonly businessId?: string | undefined
    readonly status?: Approval['status'] | undefined
    readonly offset: number
    readonly limit: number
    readonly now: number
  },
): Approval[] {
  const where: SqlFragment[] = [sql`1 = 1`]
  if (filter.businessId !== undefined) where.push(sql`(business_id = ${filter.businessId} OR business_id IS NULL)`)
  if (filter.status === 'pending') where.push(sql`status = 'pending' AND expires_at > ${filter.now}`)
  else if (filter.status === 'expired')
    where.push(sql`(status = 'expired' OR (status = 'pending' AND expires_at <= ${filter.now}))`)
  else if (filter.status !== undefined) where.push(sql`status = ${filter.status}`)
  return db
    .all<ApprovalRow>(
      sql`SELECT * FROM approval WHERE ${joinSql(where, ' AND ')}
          ORDER BY CASE WHEN status = 'pending' AND expires_at > ${filter.now} THEN 0 ELSE 1 END,
                   CASE WHEN status = 'pending' AND expires_at > ${filter.now} THEN created_at ELSE -created_at END, id
          LIMIT ${filter.limit} OFFSET ${filter.offset}`,
    )
    .map((row) => toApproval(row, filter.now))
}
