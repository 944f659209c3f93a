import { type Payee, payeeChecks } from '../../../shared/contract/payees'
import { AppError } from '../../../shared/errors'
import { joinSql, type ReadDb, type SqlFragment, sql, type WriteDb } from '../db/index'
import { newId } from '../ports/ids'
import { payeeChecksum } from './payeeDetails'

export type PayeeCheck = (typeof payeeChecks)[number]

interface PayeeRow {
  id: string
  business_id: string
  kind: Payee['kind']
  subject_id: string
  details_digest: Uint8Array | null
  first_paid_at: number | null
  changed_at: number | null
  until_at: number | null
  ended_at: number | null
  checks: string | null
}

function toPayee(row: PayeeRow, now: number): Payee {
  const held = row.until_at !== null && row.until_at > now && row.ended_at === null
  const ticked = held && row.checks !== null ? (JSON.parse(row.checks) as PayeeCheck[]) : []
  return {
    id: row.id,
    businessId: row.business_id,
    kind: row.kind,
    subjectId: row.subject_id,
    firstPaidAt: row.first_paid_at,
    detailsChangedAt: row.changed_at,
    checksum: row.details_digest === null ? null : payeeChecksum(row.details_digest),
    quarantinedUntil: held ? row.until_at : null,
    checks: payeeChecks.filter((check) => ticked.includes(check)),
  }
}

/** Names of commands that pay somebody, as a list for `IN`. */
function paidBy(paying: readonly string[]): SqlFragment {
  return sql`(SELECT min(f.at) FROM command_fact f
    WHERE f.outcome = 'done' AND f.amount_minor IS NOT NULL AND f.payee IS NOT NULL
      AND f.business_id = p.business_id AND f.payee = p.subject_id
      AND f.procedure IN (${joinSql(
        paying.map((name) => sql`${name}`),
        ', ',
      )}))`
}

function select(paying: readonly string[]): SqlFragment {
  return sql`
    SELECT p.id, p.business_id, p.kind, p.subject_id, p.details_digest, ${paidBy(paying)} AS first_paid_at,
           h.changed_at, h.until_at, h.ended_at, h.checks
    FROM payee p
    LEFT JOIN payee_hold h ON h.payee_id = p.id AND h.number = (SELECT max(number) FROM payee_hold WHERE payee_id = p.id)`
}

/**
 * @param paying names of the commands that pay somebody
 * @throws AppError not_found
 */
export function readPayee(db: ReadDb, paying: readonly string[], id: string, now: number): Payee {
  const row = db.get<PayeeRow>(sql`${select(paying)} WHERE p.id = ${id}`)
  if (row === undefined) throw new AppError('not_found', 'There is no such payee. Nothing was done.')
  return toPayee(row, now)
}

/** Payees of a business in the order in which they became known, after the one of the given id. */
export function listPayees(
  db: ReadDb,
  paying: readonly string[],
  filter: {
    readonly businessId: string
    readonly quarantined?: boolean | undefined
    readonly after: string
    readonly limit: number
    readonly now: number
  },
): Payee[] {
  const held = sql`(h.until_at IS NOT NULL AND h.until_at > ${filter.now} AND h.ended_at IS NULL)`
  const state = filter.quarantined === undefined ? sql`1 = 1` : filter.quarantined ? held : sql`NOT ${held}`
  return db
    .all<PayeeRow>(
      sql`${select(paying)} WHERE p.business_id = ${filter.businessId} AND p.id > ${filter.after} AND ${state} ORDER BY p.id LIMIT ${filter.limit}`,
    )
    .map((row) => toPayee(row, filter.now))
}

export interface NewPayee {
  readonly businessId: string
  readonly kind: Payee['kind']
  /** The customer, or the bank account's item in the vault. */
  readonly subjectId: string
  readonly now: number
}

/** Makes a payee known, once. @returns its id */
export function ensurePayee(w: WriteDb, { businessId, kind, subjectId, now }: NewPayee): string {
  const known = w.get<{ id: string }>(sql`SELECT id FROM payee WHERE business_id = ${businessId} AND subject_id = ${subjectId}`)
  if (known !== undefined) return known.id
  const id = newId('pye', now)
  w.run(sql`INSERT INTO payee (id, business_id, kind, subject_id, created_at)
            VALUES (${id}, ${businessId}, ${kind}, ${subjectId}, ${now})`)
  return id
}

/** As whom a customer or an item of the vault is paid, business by business. */
export function payeesOf(db: ReadDb, subjectId: string): { readonly id: string; readonly businessId: string }[] {
  return db.all(sql`SELECT id, business_id AS businessId FROM payee WHERE subject_id = ${subjectId} ORDER BY id`)
}

export function detailsDigestOf(db: ReadDb, payeeId: string): Uint8Array | null {
  return (
    db.get<{ digest: Uint8Array | null }>(sql`SELECT details_digest AS digest FROM payee WHERE id = ${payeeId}`)?.digest ?? null
  )
}

export function setDetailsDigest(w: WriteDb, payeeId: string, digest: Uint8Array): void {
  w.run(sql`UPDATE payee SET details_digest = ${digest} WHERE id = ${payeeId}`)
}

/** Begins a quarantine with an empty checklist; one that still runs gives way to it, and who changed what it held is kept in mind. */
export function beginHold(
  w: WriteDb,
  hold: {
    readonly payeeId: string
    readonly businessId: string
    readonly by: string
    readonly now: number
    readonly until: number
  },
): void {
  const last = w.get<{ number: number }>(sql`SELECT max(number) AS number FROM payee_hold WHERE payee_id = ${hold.payeeId}`)
  const running = w.get<{ beganWith: number }>(sql`SELECT began_with AS beganWith FROM payee_hold
    WHERE payee_id = ${hold.payeeId} AND ended_at IS NULL AND until_at > ${hold.now}`)
  const number = (last?.number ?? 0) + 1
  endHold(w, hold.payeeId, hold.now)
  w.run(sql`INSERT INTO payee_hold (payee_id, business_id, number, changed_at, changed_by, until_at, checks, began_with)
            VALUES (${hold.payeeId}, ${hold.businessId}, ${number}, ${hold.now}, ${hold.by}, ${hold.until}, '[]',
                    ${running?.beganWith ?? number})`)
}

export function endHold(w: WriteDb, payeeId: string, now: number): void {
  w.run(sql`UPDATE payee_hold SET ended_at = ${now} WHERE payee_id = ${payeeId} AND ended_at IS NULL AND until_at > ${now}`)
}

export function setChecks(w: WriteDb, payeeId: string, checks: readonly PayeeCheck[], now: number): void {
  w.run(sql`UPDATE payee_hold SET checks = ${JSON.stringify(checks)}
            WHERE payee_id = ${payeeId} AND ended_at IS NULL AND until_at > ${now}`)
}

/** Everybody who changed the details since the quarantine that runs began; nobody where none runs. */
export function changersOf(db: ReadDb, payeeId: string, now: number): string[] {
  return db
    .all<{ by: string }>(
      sql`SELECT DISTINCT c.changed_by AS "by" FROM payee_hold h
          JOIN payee_hold c ON c.payee_id = h.payee_id AND c.number BETWEEN h.began_with AND h.number
          WHERE h.payee_id = ${payeeId} AND h.ended_at IS NULL AND h.until_at > ${now}`,
    )
    .map(({ by }) => by)
}

/** Whether a payee's details were in quarantine at an instant. */
export function inQuarantine(db: ReadDb, businessId: string | null, subjectId: string, at: number): boolean {
  return (
    db.get(sql`SELECT 1 FROM payee p JOIN payee_hold h ON h.payee_id = p.id
               WHERE p.business_id = ${businessId} AND p.subject_id = ${subjectId}
                 AND h.changed_at <= ${at} AND ${at} < coalesce(h.ended_at, h.until_at) LIMIT 1`) !== undefined
  )
}

export function quarantineHours(db: ReadDb): number {
  return db.get<{ hours: number }>(sql`SELECT quarantine_hours AS hours FROM payee_setting WHERE only = 1`)?.hours ?? 48
}

export function setQuarantineHours(w: WriteDb, hours: number): void {
  w.run(sql`UPDATE payee_setting SET quarantine_hours = ${hours} WHERE only = 1`)
}
