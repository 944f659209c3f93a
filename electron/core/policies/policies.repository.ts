import type { Policy, PolicyConditions, PolicyDemands } from '../../../shared/contract/policies'
import { AppError } from '../../../shared/errors'
import type { ReadDb, WriteDb } from '../db/connection'
import { joinSql, sql } from '../db/sql'
import { ruledAs } from './ruledAs'
import { ruleSentence } from './ruleWords'

interface PolicyRow {
  id: string
  business_id: string | null
  procedure: string
  identity: string
  decision: Policy['decision']
  over_minor: number | null
  over_currency: string | null
  conditions: string
  demands: string
  created_at: number
}

/** A rule with what makes it the same as another. */
export interface StoredPolicy extends Policy {
  readonly identity: string
}

function toPolicy(row: PolicyRow): StoredPolicy {
  const parts = {
    procedure: row.procedure,
    decision: row.decision,
    over: row.over_minor === null || row.over_currency === null ? null : { minor: row.over_minor, currency: row.over_currency },
    when: JSON.parse(row.conditions) as PolicyConditions,
    demands: JSON.parse(row.demands) as PolicyDemands,
  }
  return {
    id: row.id,
    businessId: row.business_id,
    ...parts,
    sentence: ruleSentence(parts),
    createdAt: row.created_at,
    identity: row.identity,
  }
}

/** Rules in force that may look at a command: those of its procedure and those of every command with an amount, of any business. */
export function rulesOver(db: ReadDb, procedure: string): StoredPolicy[] {
  const procedures = [...ruledAs(procedure), '*'].map((name) => sql`${name}`)
  return db
    .all<PolicyRow>(
      sql`SELECT * FROM policy WHERE procedure IN (${joinSql(procedures, ', ')}) AND replaced_at IS NULL
          ORDER BY procedure, created_at, id`,
    )
    .map(toPolicy)
}

/** Of rules in force, those that hold for a business: its own, and the vault's unless it has one of the same identity. */
export function rulesOfBusiness(rules: readonly StoredPolicy[], businessId: string | null): StoredPolicy[] {
  const keyOf = ({ procedure, identity }: StoredPolicy) => `${procedure}\n${identity}`
  const own = businessId === null ? [] : rules.filter((rule) => rule.businessId === businessId)
  const replaced = new Set(own.map(keyOf))
  return rules.filter((rule) => own.includes(rule) || (rule.businessId === null && !replaced.has(keyOf(rule))))
}

/** The rule in force of an identity: the business's own, else the vault's; null when there is none. */
export function policyInForce(
  db: ReadDb,
  rule: { readonly procedure: string; readonly identity: string; readonly businessId: string | null },
): StoredPolicy | null {
  const row = db.get<PolicyRow>(
    sql`SELECT * FROM policy
        WHERE procedure = ${rule.procedure} AND identity = ${rule.identity} AND replaced_at IS NULL
          AND (business_id IS NULL OR business_id = ${rule.businessId})
        ORDER BY business_id IS NULL LIMIT 1`,
  )
  return row === undefined ? null : toPolicy(row)
}

/**
 * A rule that is in force.
 * @throws AppError not_found
 */
export function readPolicy(db: ReadDb, id: string): StoredPolicy {
  const row = db.get<PolicyRow>(sql`SELECT * FROM policy WHERE id = ${id} AND replaced_at IS NULL`)
  if (row === undefined) throw new AppError('not_found', 'There is no such rule in force. Nothing was done.')
  return toPolicy(row)
}

/** Rules in force or not by their ids, in no order. */
export function policiesById(db: ReadDb, ids: readonly string[]): StoredPolicy[] {
  return ids.flatMap((id) => {
    const row = db.get<PolicyRow>(sql`SELECT * FROM policy WHERE id = ${id}`)
    return row === undefined ? [] : [toPolicy(row)]
  })
}

/** Rules in force, by procedure, the vault's before a business's. */
export function listPolicies(
  db: ReadDb,
  filter: { readonly businessId?: string | undefined; readonly offset: number; readonly limit: number },
): StoredPolicy[] {
  const scope = filter.businessId === undefined ? sql`1 = 1` : sql`(business_id IS NULL OR business_id = ${filter.businessId})`
  return db
    .all<PolicyRow>(
      sql`SELECT * FROM policy WHERE replaced_at IS NULL AND ${scope}
          ORDER BY procedure, business_id IS NOT NULL, business_id, created_at, id LIMIT ${filter.limit} OFFSET ${filter.offset}`,
    )
    .map(toPolicy)
}

/** Puts a rule in force in place of the one of the same identity, which stays on record. */
export function replacePolicy(w: WriteDb, policy: Omit<StoredPolicy, 'sentence'>): void {
  w.run(sql`UPDATE policy SET replaced_at = ${policy.createdAt}
            WHERE procedure = ${policy.procedure} AND identity = ${policy.identity} AND business_id IS ${policy.businessId}
              AND replaced_at IS NULL`)
  w.run(sql`INSERT INTO policy (id, business_id, procedure, identity, decision, over_minor, over_currency, conditions, demands, created_at)
            VALUES (${policy.id}, ${policy.businessId}, ${policy.procedure}, ${policy.identity}, ${policy.decision},
                    ${policy.over?.minor ?? null}, ${policy.over?.currency ?? null}, ${JSON.stringify(policy.when)},
                    ${JSON.stringify(policy.demands)}, ${policy.createdAt})`)
}

/** Takes a rule out of force; it stays on record. */
export function endPolicy(w: WriteDb, id: string, now: number): void {
  w.run(sql`UPDATE policy SET replaced_at = ${now} WHERE id = ${id} AND replaced_at IS NULL`)
}
