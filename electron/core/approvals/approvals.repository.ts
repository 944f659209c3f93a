import type { Approval, ApprovalFacts } from '../../../shared/contract/approvals'
import { AppError } from '../../../shared/errors'
import { appendAudit } from '../audit/index'
import type { ReadDb, WriteDb } from '../db/connection'
import { joinSql, type SqlFragment, sql } from '../db/sql'
import type { Demands } from '../policies/index'
import type { Consent } from './secondApproval'

const hourMs = 3_600_000

interface ApprovalRow {
  id: string
  business_id: string | null
  procedure: string
  contract_version: number
  asked_by: string
  sealed_input: Uint8Array | null
  facts: string
  digest: string
  step_up: number
  second_approver: number
  cooling_minutes: number
  plan_id: string | null
  plan_title: string | null
  plan_step: number | null
  plan_steps: number | null
  status: Approval['status']
  note: string | null
  problem: string | null
  created_at: number
  expires_at: number
  decided_at: number | null
  consents: string
}

const select = sql`
  SELECT a.id, a.business_id, a.procedure, a.contract_version, a.asked_by, a.sealed_input, a.facts, a.digest, a.step_up, a.second_approver,
         a.cooling_minutes, a.plan_id, p.title AS plan_title, a.plan_step, p.steps AS plan_steps, a.status, a.note, a.problem,
         a.created_at, a.expires_at, a.decided_at,
         (SELECT json_group_array(json_object('actor', c.actor, 'at', c.at) ORDER BY c.turn)
          FROM approval_consent c WHERE c.approval_id = a.id) AS consents
  FROM approval a LEFT JOIN plan p ON p.id = a.plan_id`

/** A parked command as it was stored. What may be edited needs its sealed input and stands in `approval.editable` only where that was read. */
export interface ParkedCommand {
  readonly approval: Approval
  readonly businessId: string | null
  readonly contractVersion: number
  readonly sealedInput: Uint8Array | null
  readonly coolingMinutes: number
  /** Who approved so far, where two are wanted. */
  readonly consents: readonly Consent[]
}

function toParked(row: ApprovalRow, now: number): ParkedCommand {
  const consents = JSON.parse(row.consents) as Consent[]
  const approval: Approval = {
    id: row.id,
    procedure: row.procedure,
    askedBy: row.asked_by,
    facts: JSON.parse(row.facts) as ApprovalFacts,
    digest: row.digest,
    demands: {
      stepUp: row.step_up === 1,
      notBefore: row.cooling_minutes === 0 ? null : row.created_at + row.cooling_minutes * 60_000,
      secondApprover: row.second_approver === 1,
      approvedBy: consents.map(({ actor }) => actor),
    },
    plan:
      row.plan_id === null || row.plan_title === null || row.plan_step === null || row.plan_steps === null
        ? null
        : { id: row.plan_id, title: row.plan_title, step: row.plan_step, steps: row.plan_steps },
    editable: [],
    status: row.status === 'pending' && row.expires_at <= now ? 'expired' : row.status,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
    note: row.note,
    problem: row.problem,
  }
  return {
    approval,
    businessId: row.business_id,
    contractVersion: row.contract_version,
    sealedInput: row.sealed_input,
    coolingMinutes: row.cooling_minutes,
    consents,
  }
}

export interface NewApproval {
  readonly id: string
  readonly businessId: string | null
  readonly procedure: string
  readonly contractVersion: number
  readonly askedBy: string
  readonly door: string
  /** The rules that asked. */
  readonly policyIds: readonly string[]
  readonly sealedInput: Uint8Array
  /** Keyed digest of the input without its requestId. */
  readonly bodyDigest: Uint8Array
  readonly facts: ApprovalFacts
  readonly digest: string
  readonly demands: Demands
  readonly plan: { readonly id: string; readonly step: number } | null
  readonly now: number
}

export function insertApproval(w: WriteDb, parked: NewApproval): void {
  const { demands, plan } = parked
  w.run(sql`INSERT INTO approval (id, business_id, procedure, contract_version, asked_by, door, sealed_input, body_digest, facts, digest,
                                  step_up, second_approver, cooling_minutes, plan_id, plan_step, status, created_at, expires_at)
            VALUES (${parked.id}, ${parked.businessId}, ${parked.procedure}, ${parked.contractVersion}, ${parked.askedBy}, ${parked.door},
                    ${parked.sealedInput}, ${parked.bodyDigest}, ${JSON.stringify(parked.facts)}, ${parked.digest},
                    ${demands.stepUp ? 1 : 0}, ${demands.secondApprover ? 1 : 0}, ${demands.coolingMinutes}, ${plan?.id ?? null},
                    ${plan?.step ?? null}, 'pending', ${parked.now}, ${parked.now + demands.timeoutHours * hourMs})`)
  for (const policyId of parked.policyIds) {
    w.run(sql`INSERT INTO approval_rule (approval_id, policy_id) VALUES (${parked.id}, ${policyId})`)
  }
}

/** @throws AppError `not_found` */
export function readParked(db: ReadDb, approvalId: string, now: number): ParkedCommand {
  const row = db.get<ApprovalRow>(sql`${select} WHERE a.id = ${approvalId}`)
  if (row === undefined) throw new AppError('not_found', 'There is no such approval.')
  return toParked(row, now)
}

/** Ids of the rules that asked; approving waives them. */
export function rulesThatAsked(db: ReadDb, approvalId: string): string[] {
  return db
    .all<{ id: string }>(sql`SELECT policy_id AS id FROM approval_rule WHERE approval_id = ${approvalId} ORDER BY policy_id`)
    .map(({ id }) => id)
}

/** Notes an approval where two are wanted. */
export function addConsent(w: WriteDb, approvalId: string, { actor, at }: Consent): void {
  w.run(sql`INSERT INTO approval_consent (approval_id, turn, actor, at)
            VALUES (${approvalId}, (SELECT count(*) + 1 FROM approval_consent WHERE approval_id = ${approvalId}), ${actor}, ${at})`)
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
    /** Until when its asker may carry it out once, where it is not run here. */
    readonly permitUntil?: number
  },
): void {
  w.run(sql`UPDATE approval SET status = ${decision.status}, decided_by = ${decision.by}, note = ${decision.note}, problem = ${decision.problem},
                                decided_at = ${decision.now}, finished_at = ${decision.finished ? decision.now : null},
                                permit_until = ${decision.permitUntil ?? null}, sealed_input = NULL
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
    readonly about?: string | undefined
    readonly offset: number
    readonly limit: number
    readonly now: number
  },
): ParkedCommand[] {
  const where: SqlFragment[] = [sql`1 = 1`]
  if (filter.businessId !== undefined) where.push(sql`(a.business_id = ${filter.businessId} OR a.business_id IS NULL)`)
  if (filter.status === 'pending') where.push(sql`a.status = 'pending' AND a.expires_at > ${filter.now}`)
  else if (filter.status === 'expired')
    where.push(sql`(a.status = 'expired' OR (a.status = 'pending' AND a.expires_at <= ${filter.now}))`)
  else if (filter.status !== undefined) where.push(sql`a.status = ${filter.status}`)
  if (filter.about !== undefined) where.push(sql`json_extract(a.facts, '$.about') = ${filter.about}`)
  return db
    .all<ApprovalRow>(
      sql`${select} WHERE ${joinSql(where, ' AND ')}
          ORDER BY CASE WHEN a.status = 'pending' AND a.expires_at > ${filter.now} THEN 0 ELSE 1 END,
                   CASE WHEN a.status = 'pending' AND a.expires_at > ${filter.now} THEN a.created_at ELSE -a.created_at END, a.id
          LIMIT ${filter.limit} OFFSET ${filter.offset}`,
    )
    .map((row) => toParked(row, filter.now))
}
