import type { SafetyStatus } from '../../../shared/contract/safety'
import { auditEnd, countOutcomes } from '../audit/index'
import type { ReadDb } from '../db'
import type { Handlers } from '../dispatch/handler'
import { heldWork } from '../outbox/index'
import { beginPause, endPause, readPause } from './pause.repository'

export interface SafetyDeps {
  /** Schedules that would run, with their next time. */
  readonly upcoming: () => readonly { readonly name: string; readonly nextAt: number | null }[]
}

const nothing = { outbox: [], schedules: [], brokerCallsRefused: 0 }

/** The pause and what it holds back; nothing is held while all goes on. */
function statusOf(r: ReadDb, deps: SafetyDeps): SafetyStatus {
  const pause = readPause(r)
  if (pause === undefined) return { paused: false, since: null, by: null, reason: null, held: nothing }
  const { since, by, reason, afterAuditRow } = pause
  return {
    paused: true,
    since,
    by,
    reason,
    held: {
      outbox: heldWork(r),
      schedules: [...deps.upcoming()],
      brokerCallsRefused: countOutcomes(r, { after: afterAuditRow, procedure: 'broker.call', outcome: 'failed:paused' }),
    },
  }
}

export function safetyHandlers(deps: SafetyDeps): Handlers<'safety.pause' | 'safety.resume' | 'safety.status'> {
  return {
    'safety.pause': {
      run: ({ db, actor, now, note, changed }, input) => {
        const row = { since: now, by: actor.name, reason: input.reason ?? null, afterAuditRow: auditEnd(db).rows }
        note({ begun: beginPause(db, row) })
        changed('safety')
        return statusOf(db, deps)
      },
    },
    'safety.resume': {
      run: ({ db, note, changed }) => {
        note({ ended: endPause(db) })
        changed('safety')
        return statusOf(db, deps)
      },
    },
    'safety.status': ({ db }) => statusOf(db, deps),
  }
}
