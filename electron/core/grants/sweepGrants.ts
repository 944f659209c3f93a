import { appendAudit } from '../audit/index'
import type { WriteDb } from '../db'
import type { GrantAccess } from './grantAccess'
import { setRevoked, unrevokedGrants } from './grants.repository'

/**
 * Writes down which grants have ended by themselves, each with its own audit row. Nothing depends on it: a grant that has ended is over at
 * the next request whether it was swept or not.
 * @returns how many there were
 */
export function sweepGrants(w: WriteDb, access: GrantAccess, now: number): number {
  const ended = unrevokedGrants(w).flatMap((grant) => {
    const end = access.endOf(w, grant, now)
    return end === null ? [] : [{ grant, end }]
  })
  for (const { grant, end } of ended) {
    setRevoked(w, grant.id, end)
    appendAudit(w, {
      at: now,
      actor: 'schedule:grants',
      door: 'schedule',
      procedure: 'grants.revoke',
      businessId: grant.businessId,
      outcome: 'done',
      details: { grantId: grant.id, why: end.why, endedAt: end.at },
    })
  }
  return ended.length
}
