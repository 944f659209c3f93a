import type { SecretUse } from '../../../shared/contract/secrets'
import { auditEnd } from '../audit/index'
import { type ReadDb, sql, type WriteDb } from '../db'
import { headIds, setLastUsed } from './heads.repository'
import type { NewUse, WrittenItems } from './secretItems'

/** Actions by which the value went to somebody or something. */
const counted: ReadonlySet<SecretUse['action']> = new Set(['revealed', 'copied', 'used', 'exported'])

const insertText = `INSERT INTO secret_use (secret_id, at, actor, door, action, procedure, host, field, outcome, audit_seq)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** Records a use of an item, in the transaction of what it records; see `NewUse.auditSeq`. */
export function recordUse(w: WriteDb, use: NewUse): void {
  const { secretId, now, actor, door, action, procedure, host = null, field = null, outcome = 'done' } = use
  const proof = use.auditSeq ?? auditEnd(w).rows + 1
  w.prepare(insertText).run(secretId, now, actor, door, action, procedure, host, field, outcome, proof)
  if (counted.has(action) && outcome === 'done') setLastUsed(w, secretId, now)
}

/**
 * Items that were given values since a place in the log of uses, and where that log ends now.
 * @param after null for every item that there is
 */
export function writtenSince(r: ReadDb, after: number | null): WrittenItems {
  const upTo = r.get<{ seq: number | null }>(sql`SELECT max(seq) AS seq FROM secret_use`)?.seq ?? 0
  if (after === null) return { ids: headIds(r, undefined), upTo }
  const rows = r.all<{ id: string }>(sql`SELECT DISTINCT secret_id AS id FROM secret_use
    WHERE seq > ${after} AND action IN ('created', 'changed', 'rotated')`)
  return { ids: rows.map(({ id }) => id), upTo }
}

/** Uses before a row of the list, newest first. */
export function usesBefore(r: ReadDb, secretId: string, before: number, limit: number): (SecretUse & { readonly seq: number })[] {
  return r.all(sql`SELECT seq, at, actor, door, action, procedure, host, field, outcome, audit_seq AS auditSeq FROM secret_use
    WHERE secret_id = ${secretId} AND seq < ${before} ORDER BY seq DESC LIMIT ${limit}`)
}

/** When an actor last did this with an item through a procedure, UTC epoch milliseconds; null for never. */
export function lastUseBy(r: ReadDb, use: Pick<NewUse, 'secretId' | 'actor' | 'action' | 'procedure'>): number | null {
  return (
    r.get<{ at: number }>(sql`SELECT at FROM secret_use WHERE actor = ${use.actor} AND secret_id = ${use.secretId}
      AND action = ${use.action} AND procedure = ${use.procedure} ORDER BY at DESC LIMIT 1`)?.at ?? null
  )
}

export interface ActorUse {
  readonly secretId: string
  readonly action: SecretUse['action']
  readonly times: number
  readonly lastAt: number
  readonly hosts: string[]
}

/** What an actor did with which items and how often, for the blast radius. Only what succeeded. */
export function usesBy(r: ReadDb, actor: string): ActorUse[] {
  return r
    .all<Omit<ActorUse, 'hosts'> & { hosts: string }>(
      sql`SELECT secret_id AS secretId, action, count(*) AS times, max(at) AS lastAt,
          json_group_array(DISTINCT host) FILTER (WHERE host IS NOT NULL) AS hosts
        FROM secret_use WHERE actor = ${actor} AND outcome = 'done' GROUP BY secret_id, action ORDER BY secret_id, action`,
    )
    .map((row) => ({ ...row, hosts: JSON.parse(row.hosts) as string[] }))
}
