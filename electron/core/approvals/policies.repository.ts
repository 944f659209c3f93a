import type { Policy } from '../../../shared/contract/policies'
import type { ReadDb, WriteDb } from '../db/connection'
import { sql } from '../db/sql'

interface PolicyRow {
  id: string
  business_id: string | null
  procedure: string
  decision: Policy['decision']
  over_minor: number | null
  over_currency: string | null
  created_at: number
}

function toPolicy(row: PolicyRow): Policy {
  return {
    id: row.id,
    businessId: row.business_id,
    procedure: row.procedure,
    decision: row.decision,
    over: row.over_minor === null || row.over_currency === null ? null : { minor: row.over_minor, currency: row.over_currency },
    when: {},
    demands: {},
    sentence: '',
    createdAt: row.created_at,
  }
}

/** Whether any rule, of any business, is in force for a procedure. */
export function hasPolicy(db: ReadDb, procedure: string): boolean {
  return db.get(sql`SELECT 1 FROM policy WHERE procedure = ${procedure} AND replaced_at IS NULL LIMIT 1`) !== undefined
}

/** The rule in force: the business's own, else the vault's; null when there is none. */
export function policyInForce(db: ReadDb, procedure: string, businessId: string | null): Policy | null {
  const row = db.get<PolicyRow>(
    sql`SELECT * FROM policy WHERE procedure = ${procedure} AND replaced_at IS NULL AND (business_id IS NULL OR business_id = ${businessId})
        ORDER BY business_id IS NULL LIMIT 1`,
  )
  return row === undefined ? null : toPolicy(row)
}

/** Rules in force, by procedure, the vault's before a business's. */
export function listPolicies(
  db: ReadDb,
  filter: { readonly businessId?: string | undefined; readonly offset: number; readonly limit: number },
): Policy[] {
  const scope = filter.businessId === undefined ? sql`1 = 1` : sql`(business_id IS NULL OR business_id = ${filter.businessId})`
  return db
    .all<PolicyRow>(
      sql`SELECT * FROM policy WHERE replaced_at IS NULL AND ${scope} ORDER BY procedure, business_id IS NOT NULL, business_id LIMIT ${filter.limit} OFFSET ${filter.offset}`,
    )
    .map(toPolicy)
}

/** Puts a rule in force in place of the one before it, which stays on record. */
export function replacePolicy(w: WriteDb, policy: Policy): void {
  w.run(sql`UPDATE policy SET replaced_at = ${policy.createdAt}
            WHERE procedure = ${policy.procedure} AND business_id IS ${policy.businessId} AND replaced_at IS NULL`)
  w.run(sql`INSERT INTO policy (id, business_id, procedure, decision, over_minor, over_currency, created_at)
            VALUES (${policy.id}, ${policy.businessId}, ${policy.procedure}, ${policy.decision}, ${policy.over?.minor ?? null}, ${policy.over?.currency ?? null}, ${policy.createdAt})`)
}
