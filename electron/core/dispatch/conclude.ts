import type { Approval } from '../../../shared/contract/approvals'
import type { Topic } from '../../../shared/contract/events'
import { AppError } from '../../../shared/errors'
import {
  addConsent,
  atWords,
  closeApproval,
  finishApproval,
  hasEarlierPending,
  type ParkedCommand,
  permitMinutes,
  readParked,
  secondApproval,
  soloSecondAt,
} from '../approvals/index'
import type { WriteDb } from '../db/connection'
import type { ActorName } from './actor'
import type { CommandCall, DispatchDeps } from './call'
import type { Dispatcher } from './dispatch'
import type { AuditDetail, TaskContext } from './handler'
import { otherApprovers } from './otherApprovers'
import { editableOf } from './revive'

/** Approvals that a request with a second approver takes. */
const approversWanted = 2

/** What deciding needs besides the approval. */
export interface Decider {
  readonly deps: DispatchDeps
  readonly dispatcher: Dispatcher
  readonly context: TaskContext
  readonly note: string | null
  readonly touched: Set<Topic>
}

/** The card of a parked command as it stands. */
export function cardOf(deps: DispatchDeps, parked: ParkedCommand): Approval {
  const { approval, consents, coolingMinutes } = parked
  const [first] = consents
  const isSolo = first?.actor === 'owner' && otherApprovers(deps, approval.askedBy).length === 0
  const notBefore = isSolo && first !== undefined ? soloSecondAt(first, coolingMinutes) : approval.demands.notBefore
  return { ...approval, demands: { ...approval.demands, notBefore }, editable: editableOf(deps, parked) }
}

/** @throws AppError conflict where it is decided already or the digest names another state of it; forbidden for a request of one's own */
export function assertDecidable({ deps, context }: Decider, { approval }: ParkedCommand, digest: string): void {
  if (approval.status !== 'pending') {
    throw new AppError('conflict', `Nothing was done: this approval is ${approval.status} already.`)
  }
  if (approval.digest !== digest) {
    throw new AppError(
      'conflict',
      'Nothing was done: the digest does not name this approval as it stands. Reload the card and decide on what it shows.',
    )
  }
  assertNotOwn(deps, context.actor.name, approval.askedBy)
}

/** @throws AppError forbidden */
export function assertNotOwn({ actors }: Pick<DispatchDeps, 'actors'>, by: ActorName, askedBy: string): void {
  if (by !== 'owner' && actors.isOwnRequest(askedBy as ActorName, by)) {
    throw new AppError('forbidden', 'Nothing was done: nobody but the owner may decide a request of their own.')
  }
}

/**
 * What approving takes besides the right to it.
 * @throws AppError conflict before its waiting time is over or out of the order of its plan; step_up_required
 */
export function assertApprovable({ deps, context }: Decider, { approval }: ParkedCommand): void {
  const { notBefore, stepUp } = approval.demands
  if (notBefore !== null && context.now < notBefore) {
    throw new AppError('conflict', `Nothing was done: this can be approved from ${atWords(notBefore)} on.`, { notBefore })
  }
  if (stepUp) deps.stepUp.require(context.actor.name)
}

/** @throws AppError conflict while an earlier step of its plan is undecided */
export function assertInOrder(w: WriteDb, { approval }: ParkedCommand, now: number): void {
  const { plan } = approval
  if (plan !== null && hasEarlierPending(w, plan.id, plan.step, now)) {
    throw new AppError('conflict', 'Nothing was done: earlier steps of this plan are not decided yet. Decide them first.')
  }
}

/**
 * Notes the approval where two are wanted.
 * @returns whether enough have approved
 * @throws AppError conflict where the same person approves again, or too early
 */
export function consent(w: WriteDb, { deps, context }: Decider, parked: ParkedCommand): boolean {
  const { approval, consents, coolingMinutes } = parked
  if (!approval.demands.secondApprover || consents.length === approversWanted) return true
  const by = context.actor.name
  const given = new Set(consents.map(({ actor }) => actor))
  const others = otherApprovers(deps, approval.askedBy).some((approver) => !given.has(approver))
  const turn = secondApproval(consents, { by, others, coolingMinutes, now: context.now })
  addConsent(w, approval.id, { actor: by, at: context.now })
  return turn === 'second'
}

/** Closes a pending approval with what became of it. */
export function close(
  w: WriteDb,
  { context, note }: Decider,
  approvalId: string,
  status: Exclude<Approval['status'], 'pending'>,
  how: { readonly problem?: string; readonly finished?: boolean; readonly permitUntil?: number } = {},
): void {
  const { problem = null, finished = true, permitUntil } = how
  const { now } = context
  closeApproval(w, approvalId, {
    status,
    by: context.actor.name,
    note,
    problem,
    now,
    finished,
    ...(permitUntil === undefined ? {} : { permitUntil }),
  })
}

/**
 * Carries out an approved command in the transaction of its decision. What its handler refuses ends as failed, in its words.
 * @returns a long command, still to be run
 */
export function carryOut(
  w: WriteDb,
  decider: Decider,
  approvalId: string,
  call: CommandCall,
  details: { readonly [key: string]: AuditDetail } = {},
): CommandCall | null {
  const { deps, dispatcher, context, touched } = decider
  if (call.procedure.secretOutput) {
    close(w, decider, approvalId, 'approved', { permitUntil: context.now + permitMinutes * 60_000 })
    return null
  }
  if (call.handler.task !== undefined) {
    close(w, decider, approvalId, 'approved', { finished: false })
    return call
  }
  try {
    const how = { approvalId, approvedBy: context.actor.name, ...details }
    deps.database.savepoint(w, () => dispatcher.execute(w, call, touched, how))
    close(w, decider, approvalId, 'approved')
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    close(w, decider, approvalId, 'failed', { problem: error.message })
  }
  return null
}

/** Runs an approved long command and records how it ended. */
export async function finishTask(
  { deps, dispatcher, context }: Decider,
  approvalId: string,
  call: CommandCall,
  details: { readonly [key: string]: AuditDetail } = {},
): Promise<void> {
  let problem: string | null = null
  try {
    await dispatcher.executeTask(call, new Set<Topic>(), { approvalId, approvedBy: context.actor.name, ...details })
  } catch (error) {
    if (!(error instanceof AppError)) deps.logger.error({ err: error, approvalId }, 'an approved command failed')
    problem = error instanceof AppError ? error.message : 'It failed for a reason that the log names.'
  }
  deps.database.write((w) => finishApproval(w, approvalId, problem, deps.clock.now()))
}

/** The card of an approval after it was decided on. */
export function currentCard({ deps, context }: Decider, approvalId: string): Approval {
  return cardOf(deps, readParked(deps.database.read, approvalId, context.now))
}

/** A long command that a decision let run, with what its audit row says besides. */
export interface AllowedTask {
  readonly call: CommandCall
  readonly details?: { readonly [key: string]: AuditDetail }
}

/**
 * One decision on one approval: concluded in one transaction with its audit row and stored outcome; a long command runs after it.
 * @param conclude closes the approval and runs what is short; answers a long command that is still to be run
 */
export async function decideOne(
  { deps, dispatcher, context }: Pick<Decider, 'deps' | 'dispatcher' | 'context'>,
  input: { readonly approvalId: string; readonly note?: string | undefined },
  conclude: (w: WriteDb, decider: Decider) => AllowedTask | null,
): Promise<Approval> {
  const touched = new Set<Topic>(['approvals', 'audit'])
  const decider: Decider = { deps, dispatcher, context, note: input.note ?? null, touched }
  const task = deps.database.write((w) => {
    const allowed = conclude(w, decider)
    const parked = readParked(w, input.approvalId, context.now)
    context.note({ status: parked.approval.status })
    context.settle(w, cardOf(deps, parked))
    return allowed
  })
  context.changed(...touched)
  if (task !== null) await finishTask(decider, input.approvalId, task.call, task.details)
  return currentCard(decider, input.approvalId)
}
