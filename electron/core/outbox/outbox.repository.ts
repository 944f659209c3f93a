import { joinSql, type ReadDb, sql, type WriteDb } from '../db'
import { newId } from '../ports/ids'
import { longestWait } from './retrySchedule'

export interface StoredRow {
  readonly seq: number
  readonly id: string
  readonly businessId: string
  readonly kind: string
  readonly subjectId: string
  readonly attempts: number
  readonly firstAttemptAt: number | null
  readonly lastProblem: string | null
}

/** Work that could not be done yet, for Today and the integration's page. */
export interface OutboxProblem {
  readonly id: string
  readonly kind: string
  readonly subjectId: string
  /** `waiting` is tried again at `nextAt`; `paused` waits for its integration to be connected again. */
  readonly state: 'waiting' | 'paused'
  readonly problem: string
  readonly attempts: number
  /** UTC epoch milliseconds. */
  readonly nextAt: number
}

const columns = sql`o.seq, o.id, o.business_id AS businessId, o.kind, o.subject_id AS subjectId, o.attempts,
  o.first_attempt_at AS firstAttemptAt, o.last_problem AS lastProblem`

/**
 * Decides that something is to be done at a provider; it happens after the commit of `w`.
 * @returns the row's id, which is also the idempotency key of all its attempts
 */
export function enqueue(
  w: WriteDb,
  work: { readonly businessId: string; readonly kind: string; readonly subjectId: string; readonly now: number },
): string {
  const id = newId('out', work.now)
  w.run(sql`INSERT INTO outbox (id, business_id, kind, subject_id, state, next_at, created_at)
    VALUES (${id}, ${work.businessId}, ${work.kind}, ${work.subjectId}, 'waiting', ${work.now}, ${work.now})`)
  return id
}

/**
 * Rows that may be tried now: due, of a kind that is handled, and with no earlier open row about the same subject.
 * A row that lies further ahead than any wait was put off by a clock since set back, and is due.
 */
export function dueRows(r: ReadDb, kinds: readonly string[], now: number, limit: number): StoredRow[] {
  if (kinds.length === 0) return []
  const handled = joinSql(
    kinds.map((kind) => sql`${kind}`),
    ', ',
  )
  return r.all<StoredRow>(sql`SELECT ${columns} FROM outbox o
    WHERE o.state = 'waiting' AND (o.next_at <= ${now} OR o.next_at > ${now + longestWait}) AND o.kind IN (${handled})
      AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.business_id = o.business_id AND e.subject_id = o.subject_id
        AND e.state IN ('waiting', 'paused') AND e.seq < o.seq)
    ORDER BY o.next_at, o.seq LIMIT ${limit}`)
}

/** When the next waiting row after `now` is due, null when none waits. UTC epoch milliseconds. */
export function nextDueAt(r: ReadDb, now: number): number | null {
  return (
    r.get<{ at: number | null }>(sql`SELECT min(next_at) AS at FROM outbox WHERE state = 'waiting' AND next_at > ${now}`)?.at ??
    null
  )
}

/** @returns undefined when the row is no longer waiting */
export function waitingRow(r: ReadDb, id: string): StoredRow | undefined {
  return r.get<StoredRow>(sql`SELECT ${columns} FROM outbox o WHERE o.id = ${id} AND o.state = 'waiting'`)
}

export function markFirstAttempt(w: WriteDb, id: string, now: number): void {
  w.run(sql`UPDATE outbox SET first_attempt_at = ${now} WHERE id = ${id} AND first_attempt_at IS NULL`)
}

export function putOff(w: WriteDb, id: string, nextAt: number, problem: string): void {
  w.run(sql`UPDATE outbox SET attempts = attempts + 1, next_at = ${nextAt}, last_problem = ${problem} WHERE id = ${id}`)
}

export function pause(w: WriteDb, id: string, problem: string): void {
  w.run(sql`UPDATE outbox SET state = 'paused', attempts = attempts + 1, last_problem = ${problem} WHERE id = ${id}`)
}

export function finish(
  w: WriteDb,
  id: string,
  state: 'pending' | 'done' | 'declined',
  problem: string | null,
  now: number,
): void {
  w.run(sql`UPDATE outbox SET state = ${state}, attempts = attempts + 1, last_problem = ${problem}, finished_at = ${now}
    WHERE id = ${id} AND state = 'waiting'`)
}

/**
 * Lets the paused rows of a business be tried again, with the same keys. The retry schedule starts anew.
 * @returns how many
 */
export function resumePaused(w: WriteDb, businessId: string, now: number): number {
  return w.run(sql`UPDATE outbox SET state = 'waiting', next_at = ${now}, attempts = 0
    WHERE business_id = ${businessId} AND state = 'paused'`).changes
}

/** True when the work of a kind about a subject is paused, so that it is not at its provider and is not tried by itself. */
export function isPaused(r: ReadDb, work: Pick<StoredRow, 'businessId' | 'kind' | 'subjectId'>): boolean {
  return pausedRow(r, work) !== undefined
}

function pausedRow(r: ReadDb, { businessId, kind, subjectId }: Pick<StoredRow, 'businessId' | 'kind' | 'subjectId'>) {
  return r.get<{ id: string }>(sql`SELECT id FROM outbox
    WHERE business_id = ${businessId} AND subject_id = ${subjectId} AND kind = ${kind} AND state = 'paused' ORDER BY seq LIMIT 1`)
}

/**
 * Ends paused work for good, as declined, in the transaction of the command that gives it up; the command notes the row's id in its
 * audit row. What its earlier attempts may have left at the provider is the caller's to take down.
 * @param work.reason a sentence without personal data, kept with the row
 * @returns the row's id; null when no such work is paused
 */
export function cancelPaused(
  w: WriteDb,
  work: Pick<StoredRow, 'businessId' | 'kind' | 'subjectId'> & { readonly reason: string },
  now: number,
): string | null {
  const row = pausedRow(w, work)
  if (row === undefined) return null
  w.run(sql`UPDATE outbox SET state = 'declined', last_problem = ${work.reason}, finished_at = ${now}
    WHERE id = ${row.id} AND state = 'paused'`)
  return row.id
}

/** True when work about any of these subjects was open at a time at which the row `id`, once tried, was open too. */
export function overlapsWork(r: ReadDb, id: string, businessId: string, subjectIds: readonly string[]): boolean {
  const other = r.get(sql`SELECT 1 FROM outbox o WHERE o.business_id = ${businessId}
    AND o.subject_id IN (SELECT value FROM json_each(${JSON.stringify(subjectIds)}))
    AND (o.finished_at IS NULL OR o.finished_at >= (SELECT first_attempt_at FROM outbox WHERE id = ${id})) LIMIT 1`)
  return other !== undefined
}

/** What could not be done yet at the providers of a business, oldest first. */
export function outboxProblems(r: ReadDb, businessId: string): OutboxProblem[] {
  return r.all<OutboxProblem>(sql`SELECT id, kind, subject_id AS subjectId, state, last_problem AS problem, attempts, next_at AS nextAt
    FROM outbox WHERE business_id = ${businessId} AND state IN ('waiting', 'paused') AND last_problem IS NOT NULL ORDER BY seq`)
}

/** True when something was ever to be done at a provider of this business. */
export function hasOutboxRows(r: ReadDb, businessId: string): boolean {
  return r.get(sql`SELECT 1 FROM outbox WHERE business_id = ${businessId} LIMIT 1`) !== undefined
}
