import type { Approval } from '../../../shared/contract/approvals'
import type { Topic } from '../../../shared/contract/events'
import { type CommandName, isProcedureName, procedureOf } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import { closeApproval, finishApproval, type ParkedCommand, policyInForce, readParked } from '../approvals/index'
import type { WriteDb } from '../db/connection'
import { type ActorName, mayCall } from './actor'
import type { AnyCommandHandler, CommandCall, DispatchDeps, Dispatcher } from './dispatch'
import type { TaskContext } from './handler'
import { digestOf, factsOf, parkedPlace } from './parking'

export interface Decision {
  readonly approvalId: string
  readonly digest: string
  readonly decision: 'approve' | 'deny'
  readonly note?: string | undefined
}

/**
 * Decides a parked command. An approved one runs here, in the transaction of the decision where it is short; what no longer is as it was
 * shown (input, facts, rule, the asker's scope) becomes `stale` and never runs.
 * @throws AppError not_found, conflict (decided already, expired, other digest), forbidden (own request)
 */
export async function decide(
  deps: DispatchDeps,
  dispatcher: Dispatcher,
  context: TaskContext,
  input: Decision,
): Promise<Approval> {
  const touched = new Set<Topic>(['approvals', 'audit'])
  const pendingTask = deps.database.write((w) => {
    const task = conclude(w, deps, dispatcher, context, input, touched)
    const { approval } = readParked(w, input.approvalId, context.now)
    context.note({ status: approval.status })
    context.settle(w, approval)
    return task
  })
  context.changed(...touched)
  if (pendingTask !== null) await finishTask(deps, dispatcher, context, input.approvalId, pendingTask)
  return readParked(deps.database.read, input.approvalId, context.now).approval
}

/** Closes the approval and runs what is short. @returns an approved long command, still to be run */
function conclude(
  w: WriteDb,
  deps: DispatchDeps,
  dispatcher: Dispatcher,
  context: TaskContext,
  input: Decision,
  touched: Set<Topic>,
): CommandCall | null {
  const { approvalId } = input
  const by = context.actor.name
  const parked = readParked(w, approvalId, context.now)
  assertOpen(parked, input)
  if (by !== 'owner' && deps.actors.isOwnRequest(parked.approval.askedBy as ActorName, by)) {
    throw new AppError('forbidden', 'Nothing was done: nobody but the owner may decide a request of their own.')
  }
  context.note({ approvalId, decision: input.decision, procedure: parked.approval.procedure, businessId: parked.businessId })
  const close = (status: Exclude<Approval['status'], 'pending'>, problem: string | null, finished = true) =>
    closeApproval(w, approvalId, { status, by, note: input.note ?? null, problem, now: context.now, finished })
  if (input.decision === 'deny') {
    close('denied', null)
    return null
  }
  const revived = revive(w, deps, parked, context.now)
  if (typeof revived === 'string') {
    close('stale', revived)
    return null
  }
  if (revived.handler.task !== undefined) {
    close('approved', null, false)
    return revived
  }
  try {
    deps.database.savepoint(w, () => dispatcher.execute(w, revived, touched, { approvalId, approvedBy: by }))
    close('approved', null)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    close('failed', error.message)
  }
  return null
}

function assertOpen({ approval }: ParkedCommand, input: Decision): void {
  if (approval.status !== 'pending')
    throw new AppError('conflict', `Nothing was done: this approval is ${approval.status} already.`)
  if (approval.digest !== input.digest) {
    throw new AppError(
      'conflict',
      'Nothing was done: the digest does not name this approval as it stands. Reload the card and decide on what it shows.',
    )
  }
}

/** The parked command ready to run, or the sentence that says why it is stale. */
function revive(w: WriteDb, deps: DispatchDeps, parked: ParkedCommand, now: number): CommandCall | string {
  const name = parked.approval.procedure
  if (!isProcedureName(name)) return 'This action no longer exists in this version of the app.'
  const procedure = procedureOf(name)
  if (procedure.kind !== 'command' || procedure.contractVersion !== parked.contractVersion) {
    return 'This action has changed in this version of the app. Ask again.'
  }
  const asker = deps.actors.resolve(parked.approval.askedBy as ActorName)
  if (asker === null || !mayCall(asker, name, procedure.scope)) return 'Whoever asked no longer has the right to do this.'
  const rule = policyInForce(w, name, parked.businessId)
  if (rule !== null && rule.decision !== 'allow' && rule.id !== parked.policyId)
    return 'The rule has changed since this was asked. Ask again.'
  const stored = openInput(deps, parked)
  if (stored === undefined) return 'The request can no longer be read. Ask again.'
  const parsed = procedure.input.safeParse(stored)
  if (!parsed.success) return 'The request no longer has the form that this version of the app expects. Ask again.'
  const handler = deps.handlers.get(name) as AnyCommandHandler
  const input = parsed.data as Record<string, unknown>
  try {
    const facts = { ...factsOf(w, { procedure, input, handler }), why: parked.approval.facts.why }
    if (digestOf(deps.digestKey, { name: name as CommandName, procedure, input, facts }) !== parked.approval.digest) {
      return 'What this would change has moved since it was asked. Ask again to see it as it stands.'
    }
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
  return {
    name: name as CommandName,
    procedure,
    input,
    caller: { actor: asker, door: 'schedule' },
    now,
    handler,
    request: null,
    digest: Buffer.from(parked.approval.digest, 'hex'),
    inputDigest: parked.approval.digest,
  }
}

/** The parked input; undefined when its seal does not open here. */
function openInput(deps: DispatchDeps, { approval, sealedInput }: ParkedCommand): unknown {
  const sealer = deps.sealer()
  if (sealer === null || sealedInput === null) return undefined
  try {
    return JSON.parse(Buffer.from(sealer.open(sealedInput, parkedPlace(approval.id))).toString('utf8'))
  } catch {
    return undefined
  }
}

async function finishTask(
  deps: DispatchDeps,
  dispatcher: Dispatcher,
  context: TaskContext,
  approvalId: string,
  call: CommandCall,
): Promise<void> {
  const touched = new Set<Topic>()
  let problem: string | null = null
  try {
    await dispatcher.executeTask(call, touched, { approvalId, approvedBy: context.actor.name })
  } catch (error) {
    if (!(error instanceof AppError)) deps.logger.error({ err: error, approvalId }, 'an approved command failed')
    problem = error instanceof AppError ? error.message : 'It failed for a reason that the log names.'
  }
  deps.database.write((w) => finishApproval(w, approvalId, problem, deps.clock.now()))
}
