import type { ProviderEvent } from '../../../shared/contract/events'
import { type ReadDb, sql, type WriteDb } from '../db'
import { longestWait } from '../outbox/index'
import { newId } from '../ports/ids'
import type { ProviderEventHint } from '../ports/paymentGateway'
import { routeOf } from './eventRouting'

/** An event that waits for the projector. */
export interface PendingEvent {
  readonly seq: number
  readonly id: string
  readonly businessId: string
  readonly integrationId: string
  readonly objectKind: string
  readonly objectId: string | null
  readonly via: 'webhook' | 'poll'
  readonly attempts: number
  readonly delays: number
}

const pendingColumns = sql`seq, id, business_id AS businessId, integration_id AS integrationId, object_kind AS objectKind,
  object_id AS objectId, via, attempts, delays`

const insertText = `INSERT INTO provider_event (id, business_id, integration_id, provider_event_id, type, object_kind, object_id,
    occurred_at, received_at, via, status, next_at, problem)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (integration_id, provider_event_id) DO NOTHING`

/**
 * Keeps an event once, however often and by whichever way it comes. Events that change nothing, and events of the other mode than the
 * integration's, are kept as ignored.
 * @returns its `seq`, null when it was known already
 */
export function keepEvent(
  w: WriteDb,
  to: { readonly businessId: string; readonly integrationId: string; readonly live: boolean },
  hint: ProviderEventHint,
  via: 'webhook' | 'poll',
  now: number,
): number | null {
  const otherMode = hint.livemode !== to.live
  const status = otherMode || hint.objectId === null || routeOf(hint.objectKind) === null ? 'ignored' : 'pending'
  const problem = otherMode ? 'It is about money of the other mode (test or live).' : null
  const { changes, lastId } = w
    .prepare(insertText)
    .run(
      newId('evt', now),
      to.businessId,
      to.integrationId,
      hint.providerEventId,
      hint.type,
      hint.objectKind,
      hint.objectId,
      hint.occurredAt,
      now,
      via,
      status,
      now,
      problem,
    )
  return changes === 0 ? null : lastId
}

/**
 * Events that may be tried now, of integrations whose keys are in memory. One that lies further ahead than any wait was put off by a
 * clock since set back, and is due. The plus sign keeps the planner off the index by integration, which would sort every event ever kept.
 */
export function dueEvents(r: ReadDb, integrationIds: readonly string[], now: number, limit: number): PendingEvent[] {
  return r.all<PendingEvent>(sql`SELECT ${pendingColumns} FROM provider_event
    WHERE status = 'pending' AND (next_at <= ${now} OR next_at > ${now + longestWait})
      AND +integration_id IN (SELECT value FROM json_each(${JSON.stringify(integrationIds)}))
    ORDER BY next_at, seq LIMIT ${limit}`)
}

/** When the next pending event after `now` is due, null when none waits. */
export function nextDueAt(r: ReadDb, now: number): number | null {
  const row = r.get<{ at: number | null }>(
    sql`SELECT min(next_at) AS at FROM provider_event WHERE status = 'pending' AND next_at > ${now}`,
  )
  return row?.at ?? null
}

const seqList = (seqs: readonly number[]) => sql`(SELECT value FROM json_each(${JSON.stringify(seqs)}))`

export function endEvents(w: WriteDb, seqs: readonly number[], status: 'applied' | 'ignored'): void {
  w.run(sql`UPDATE provider_event SET status = ${status}, problem = NULL, attempts = attempts + 1
    WHERE seq IN ${seqList(seqs)} AND status = 'pending'`)
}

/** The provider could not be asked: waits without coming nearer to the dead-letter list. */
export function delayEvents(w: WriteDb, seqs: readonly number[], nextAt: number, problem: string): void {
  w.run(sql`UPDATE provider_event SET delays = delays + 1, next_at = ${nextAt}, problem = ${problem}
    WHERE seq IN ${seqList(seqs)} AND status = 'pending'`)
}

export function failEvent(
  w: WriteDb,
  seq: number,
  to: { readonly dead: boolean; readonly nextAt: number; readonly problem: string },
): void {
  w.run(sql`UPDATE provider_event SET status = ${to.dead ? 'dead' : 'pending'}, attempts = attempts + 1, next_at = ${to.nextAt},
      problem = ${to.problem}
    WHERE seq = ${seq} AND status = 'pending'`)
}

/** Lets the pending events of an integration be tried now instead of after their wait. */
export function hurryPending(w: WriteDb, integrationId: string, now: number): void {
  w.run(
    sql`UPDATE provider_event SET next_at = ${now} WHERE integration_id = ${integrationId} AND status = 'pending' AND next_at <> ${now}`,
  )
}

/** Puts an event in line again from the beginning, whatever became of it. */
export function reopenEvent(w: WriteDb, id: string, now: number): void {
  w.run(
    sql`UPDATE provider_event SET status = 'pending', attempts = 0, delays = 0, next_at = ${now}, problem = NULL WHERE id = ${id}`,
  )
}

export function pendingSeqs(r: ReadDb, integrationId: string): number[] {
  return r
    .all<{ seq: number }>(sql`SELECT seq FROM provider_event WHERE integration_id = ${integrationId} AND status = 'pending'`)
    .map(({ seq }) => seq)
}

/** True when the provider refused to show what a pending event is about. */
export function hasTroubled(r: ReadDb, integrationId: string): boolean {
  return (
    r.get(
      sql`SELECT 1 FROM provider_event WHERE integration_id = ${integrationId} AND status = 'pending' AND problem IS NOT NULL LIMIT 1`,
    ) !== undefined
  )
}

export function countApplied(r: ReadDb, seqs: readonly number[]): number {
  const row = r.get<{ n: number }>(
    sql`SELECT count(*) AS n FROM provider_event WHERE seq IN ${seqList(seqs)} AND status = 'applied'`,
  )
  return row?.n ?? 0
}

/** Provider events of an integration that are known but not applied. */
export function gapCount(r: ReadDb, integrationId: string): number {
  const row = r.get<{ n: number }>(sql`SELECT count(*) AS n FROM provider_event
    WHERE integration_id = ${integrationId} AND status IN ('pending', 'dead')`)
  return row?.n ?? 0
}

const publicColumns = sql`e.seq, e.id, e.business_id AS businessId, i.provider, e.provider_event_id AS providerEventId, e.type,
  e.object_id AS objectId, e.occurred_at AS occurredAt, e.received_at AS receivedAt, e.via, e.status, e.attempts, e.problem`

export function findEvent(r: ReadDb, id: string): ProviderEvent | undefined {
  const row = r.get<ProviderEvent & { seq: number }>(sql`SELECT ${publicColumns} FROM provider_event e
    JOIN integration i ON i.id = e.integration_id WHERE e.id = ${id}`)
  return row === undefined ? undefined : toEvent(row)
}

/** Without `seq`, which is the place in the list. */
export function toEvent({ seq: _, ...event }: ProviderEvent & { readonly seq: number }): ProviderEvent {
  return event
}

/** Newest first, below `before`. A business of null means all of the vault's. */
export function listEvents(
  r: ReadDb,
  filter: { readonly businessId: string | null; readonly status: ProviderEvent['status'] | null },
  before: number,
  limit: number,
): (ProviderEvent & { readonly seq: number })[] {
  const ofBusiness = filter.businessId === null ? sql`` : sql`AND e.business_id = ${filter.businessId}`
  const inStatus = filter.status === null ? sql`` : sql`AND e.status = ${filter.status}`
  return r.all(sql`SELECT ${publicColumns} FROM provider_event e JOIN integration i ON i.id = e.integration_id
    WHERE e.seq < ${before} ${ofBusiness} ${inStatus} ORDER BY e.seq DESC LIMIT ${limit}`)
}
