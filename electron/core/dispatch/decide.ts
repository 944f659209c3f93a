import type { Approval } from '../../../shared/contract/approvals'
import { readParked } from '../approvals/index'
import type { WriteDb } from '../db/connection'
import type { CommandCall, DispatchDeps } from './call'
import { assertApprovable, assertDecidable, assertInOrder, carryOut, close, consent, type Decider, decideOne } from './conclude'
import type { Dispatcher } from './dispatch'
import type { TaskContext } from './handler'
import { revive } from './revive'

export interface Decision {
  readonly approvalId: string
  readonly digest: string
  readonly decision: 'approve' | 'deny'
  readonly note?: string | undefined
}

/**
 * Decides a parked command. An approved one runs here, in the transaction of the decision where it is short; what no longer is as it was
 * shown (input, facts, rules, the asker's rights) becomes `stale` and never runs. Where two approvers are wanted the first one is noted.
 * @throws AppError not_found, conflict (decided already, expired, other digest, too early, out of order), forbidden (own request),
 *   step_up_required
 */
export function decide(deps: DispatchDeps, dispatcher: Dispatcher, context: TaskContext, input: Decision): Promise<Approval> {
  return decideOne({ deps, dispatcher, context }, input, (w, decider) => {
    const call = conclude(w, decider, input)
    return call === null ? null : { call }
  })
}

/** Closes the approval and runs what is short. @returns an approved long command, still to be run */
function conclude(w: WriteDb, decider: Decider, input: Decision): CommandCall | null {
  const { deps, context } = decider
  const { approvalId } = input
  const parked = readParked(w, approvalId, context.now)
  assertDecidable(decider, parked, input.digest)
  const { procedure } = parked.approval
  context.note({ approvalId, decision: input.decision, procedure, businessId: parked.businessId })
  if (input.decision === 'deny') {
    close(w, decider, approvalId, 'denied')
    return null
  }
  assertInOrder(w, parked, context.now)
  assertApprovable(decider, parked)
  const revived = revive(w, deps, parked, context.now)
  if (typeof revived === 'string') {
    close(w, decider, approvalId, 'stale', { problem: revived })
    return null
  }
  return consent(w, decider, parked) ? carryOut(w, decider, approvalId, revived) : null
}
