import { joinSql, type ReadDb, sql } from '../db/index'
import type { CommandFact } from './commandFacts.repository'

interface FactRow {
  audit_seq: number
  at: number
  on_date: string
  minute: number
  procedure: string
  business_id: string | null
  actor: string
  amount_minor: number | null
  amount_currency: string | null
  base_minor: number | null
  payee: string | null
  sensitive: number
  outcome: CommandFact['outcome']
  approval_id: string | null
}

/** Rows of one slice. */
export const sliceRows = 500
/** Audit rows that one slice looks through. */
const sliceSpan = 2_000

/** Facts after an audit row, in order, of some procedures (null: of every command that stated an amount). */
export function readFacts(db: ReadDb, procedures: readonly string[] | null, after: number): CommandFact[] {
  const which =
    procedures === null
      ? sql`amount_minor IS NOT NULL`
      : sql`procedure IN (${joinSql(
          procedures.map((name) => sql`${name}`),
          ', ',
        )})`
  return db
    .all<FactRow>(sql`SELECT * FROM command_fact WHERE audit_seq > ${after} AND ${which} ORDER BY audit_seq LIMIT ${sliceRows}`)
    .map((row) => ({
      auditSeq: row.audit_seq,
      at: row.at,
      local: { date: row.on_date, minute: row.minute },
      procedure: row.procedure,
      businessId: row.business_id,
      actor: row.actor,
      amount:
        row.amount_minor === null || row.amount_currency === null
          ? null
          : { minor: row.amount_minor, currency: row.amount_currency },
      baseMinor: row.base_minor,
      payee: row.payee,
      sensitive: row.sensitive === 1,
      outcome: row.outcome,
      approvalId: row.approval_id,
    }))
}

/** A command that the log knows without what it stated. */
export interface BareCommand {
  readonly auditSeq: number
  readonly at: number
  readonly actor: string
  readonly businessId: string | null
}

/**
 * Commands of a procedure in one stretch of the audit log that left no facts: asked for, not what was carried out after an approval.
 * @returns also where the next stretch begins; null at the end of the log
 */
export function readBareCommands(
  db: ReadDb,
  procedure: string,
  after: number,
): { readonly rows: BareCommand[]; readonly next: number | null } {
  const until = after + sliceSpan
  const rows = db.all<BareCommand>(
    sql`SELECT seq AS auditSeq, at, actor, business_id AS businessId FROM audit_row
        WHERE seq > ${after} AND seq <= ${until} AND procedure = ${procedure}
          AND (outcome = 'awaiting_approval' OR (outcome = 'done' AND json_extract(details, '$.approvalId') IS NULL))
          AND NOT EXISTS (SELECT 1 FROM command_fact WHERE audit_seq = seq)
        ORDER BY seq`,
  )
  const last = db.get<{ seq: number | null }>(sql`SELECT max(seq) AS seq FROM audit_row`)?.seq ?? 0
  return { rows, next: until < last ? until : null }
}

/** When the log begins; null while it is empty. */
export function firstAuditAt(db: ReadDb): number | null {
  return db.get<{ at: number }>(sql`SELECT at FROM audit_row WHERE seq = 1`)?.at ?? null
}
