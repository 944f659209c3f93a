import type { Approval } from '../../../shared/contract/approvals'
import type { Topic } from '../../../shared/contract/events'
import { type CommandName, isProcedureName, type Output, type Parsed, procedureOf } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import { insertPlan, type ParkedCommand, pendingSteps, planDigest, readParked } from '../approvals/index'
import type { ReadDb, WriteDb } from '../db/connection'
import { uniteDemands, type Verdict } from '../policies/index'
import { newId } from '../ports/ids'
import { mayCall } from './actor'
import type { AnyCommandHandler, CommandCall, DispatchDeps } from './call'
import {
  assertApprovable,
  assertNotOwn,
  cardOf,
  carryOut,
  close,
  consent,
  currentCard,
  type Decider,
  finishTask,
} from './conclude'
import type { Dispatcher } from './dispatch'
import { auditCommand, recordStated, whyOnCard } from './gate'
import type { CommandContext, TaskContext } from './handler'
import { bodyDigestOf, factsOf, judgeFacts, park, shownFacts } from './parking'
import { parseInput } from './parseInput'
import { revive } from './revive'

const whyPlanned = 'It is a step of a plan, and nothing of a plan runs before it is approved.'

/**
 * Parks commands as the steps of one plan. Each needs the scope that it would need by itself, and none runs without a decision.
 * @throws AppError that names the step: what its scope, its input, its facts or a rule says against it
 */
export function propose(
  deps: DispatchDeps,
  context: CommandContext,
  { title, steps }: Parsed<'approvals.propose'>,
): Output<'approvals.propose'> {
  const { db: w, now } = context
  const planId = newId('pln', now)
  insertPlan(w, { id: planId, title, proposedBy: context.actor.name, steps: steps.length, now })
  const approvalIds = steps.map((step, index) => {
    try {
      return parkStep(w, deps, context, step, { id: planId, step: index + 1 })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      throw new AppError(error.code, `Step ${index + 1} of the plan: ${error.message}`, error.details)
    }
  })
  context.note({ planId, approvalIds, procedures: steps.map(({ procedure }) => procedure) })
  context.changed('approvals')
  return { planId, approvalIds }
}

function parkStep(
  w: WriteDb,
  deps: DispatchDeps,
  { actor, door, now }: CommandContext,
  step: Parsed<'approvals.propose'>['steps'][number],
  plan: { readonly id: string; readonly step: number },
): string {
  const call = stepCall(deps, step, { actor, door }, now)
  const facts = factsOf(w, call)
  const verdict = judgeFacts(w, call, facts)
  if (verdict.kind === 'refuse') throw new AppError('refused_by_policy', `Nothing was done. ${verdict.why}`)
  const sealer = deps.sealer()
  if (sealer === null) throw new AppError('locked', 'A plan waits for an approval, and the vault is locked. Unlock it first.')
  const approvalId = park(w, { ...call, ...askedOf(call, verdict, deps, facts), plan, sealer, digestKey: deps.digestKey })
  const details = { inputDigest: call.inputDigest, approvalId, planId: plan.id }
  const seq = auditCommand(w, call, 'awaiting_approval', facts.businessId, details)
  if (call.handler.facts) recordStated(w, call, facts, { auditSeq: seq, outcome: 'parked', approvalId })
  return approvalId
}

/** What a step's card asks for: as much as the rules want, and a decision in any case. */
function askedOf(
  call: CommandCall,
  verdict: Exclude<Verdict, { kind: 'refuse' }>,
  deps: DispatchDeps,
  facts: Parameters<typeof shownFacts>[0],
) {
  const asked = verdict.kind === 'ask' ? verdict : { why: whyPlanned, stops: [], demands: uniteDemands([]) }
  return {
    facts: shownFacts(facts, whyOnCard(call, asked, deps)),
    policyIds: asked.stops.map(({ rule }) => rule.id),
    demands: asked.demands,
  }
}

/** @throws AppError invalid_input for what cannot be a step, forbidden without its scope */
function stepCall(
  deps: DispatchDeps,
  { procedure: name, input: rawInput }: Parsed<'approvals.propose'>['steps'][number],
  caller: CommandCall['caller'],
  now: number,
): CommandCall {
  const procedure = isProcedureName(name) ? procedureOf(name) : null
  const isShut = (procedure?.doors === 'window' && caller.door === 'api') || (procedure?.doors === 'practice' && !deps.practice)
  if (procedure?.kind !== 'command' || !procedure.parkable || isShut) {
    throw new AppError('invalid_input', 'it must name a command that can wait for an approval, such as payments.requestRefund.')
  }
  if (procedure.secretOutput) {
    throw new AppError(
      'invalid_input',
      `the answer of ${name} is a secret that only its caller gets, at once, and a step is carried out when nobody waits for its answer. Nothing was proposed. Call it by itself.`,
    )
  }
  if (!mayCall(caller.actor, name, procedure.scope)) {
    throw new AppError(
      'forbidden',
      `this needs the scope ${procedure.scope}, which this caller does not have. Nothing was proposed.`,
    )
  }
  const input = parseInput(procedure, rawInput)
  const digest = bodyDigestOf(deps.digestKey, input)
  const open = Object.fromEntries(Object.entries(input).filter(([field]) => !procedure.secretInput.includes(field)))
  return {
    name: name as CommandName,
    procedure,
    input,
    caller,
    now,
    handler: deps.handlers.get(name as CommandName) as AnyCommandHandler,
    request: null,
    digest,
    inputDigest: bodyDigestOf(deps.digestKey, open).toString('hex'),
    stated: null,
    permit: null,
  }
}

export interface PlanDecision {
  readonly planId: string
  readonly digest: string
  readonly decision: 'approve' | 'deny'
  readonly note?: string | undefined
}

/**
 * Decides every step of a plan that is still pending, in order, each in a transaction of its own; it stops at the first that does not
 * succeed, and the rest stays pending. Where a step wants two approvers, the first approval is noted for all such steps and nothing runs.
 * @returns the steps that were pending, as they stand now
 * @throws AppError as `decide`, for the first step that says so; nothing is decided then
 */
export async function decidePlan(
  deps: DispatchDeps,
  dispatcher: Dispatcher,
  context: TaskContext,
  input: PlanDecision,
): Promise<Approval[]> {
  const touched = new Set<Topic>(['approvals', 'audit'])
  const decider: Decider = { deps, dispatcher, context, note: input.note ?? null, touched }
  const settle = (w: WriteDb, ids: readonly string[]) => {
    const items = ids.map((id) => cardOf(deps, readParked(w, id, context.now)))
    context.note({ statuses: items.map(({ status }) => status) })
    context.settle(w, { items })
  }
  const begun = deps.database.write((w) => {
    const steps = openPlan(w, decider, input)
    const ids = steps.map(({ approval }) => approval.id)
    if (input.decision === 'deny') for (const id of ids) close(w, decider, id, 'denied')
    const goesOn = input.decision === 'approve' && approveAll(w, decider, steps)
    if (!goesOn) settle(w, ids)
    const unmoved = goesOn ? steps.filter((step) => typeof revive(w, deps, step, context.now) !== 'string') : []
    return { ids, goesOn, unmoved: new Set(unmoved.map(({ approval }) => approval.id)) }
  })
  const { ids, goesOn, unmoved } = begun
  for (const [index, id] of goesOn ? ids.entries() : []) {
    const task = deps.database.write((w) => {
      const ran = runStep(w, decider, id, index > 0 && unmoved.has(id))
      if (index === ids.length - 1 || !isApproved(w, id, context.now)) settle(w, ids)
      return ran
    })
    if (task !== null) await finishTask(decider, id, task)
    if (!isApproved(deps.database.read, id, context.now)) break
  }
  context.changed(...touched)
  return ids.map((id) => currentCard(decider, id))
}

/** The pending steps of the plan, in order. */
function openPlan(w: WriteDb, { deps, context }: Decider, input: PlanDecision): ParkedCommand[] {
  const steps = pendingSteps(w, input.planId, context.now).map((id) => readParked(w, id, context.now))
  const [first] = steps
  if (first === undefined) throw new AppError('conflict', 'Nothing was done: no step of this plan waits for a decision.')
  if (planDigest(steps.map(({ approval }) => approval.digest)) !== input.digest) {
    throw new AppError(
      'conflict',
      'Nothing was done: the digest does not name the pending steps of this plan as they stand. Reload the plan and decide on what it shows.',
    )
  }
  assertNotOwn(deps, context.actor.name, first.approval.askedBy)
  context.note({ planId: input.planId, decision: input.decision, businessId: first.businessId })
  return steps
}

/** Checks what approving each step takes and notes the approval. @returns whether every step has all the approvals it wants */
function approveAll(w: WriteDb, decider: Decider, steps: readonly ParkedCommand[]): boolean {
  for (const step of steps) assertApprovable(decider, step)
  return steps.map((step) => consent(w, decider, step)).every((isEnough) => isEnough)
}

function runStep(w: WriteDb, decider: Decider, id: string, movedByPlan: boolean): CommandCall | null {
  const { deps, context } = decider
  const parked = readParked(w, id, context.now)
  if (parked.approval.status !== 'pending') return null
  const revived = revive(w, deps, parked, context.now, movedByPlan)
  if (typeof revived !== 'string') return carryOut(w, decider, id, revived)
  close(w, decider, id, 'stale', { problem: revived })
  return null
}

function isApproved(db: ReadDb, id: string, now: number): boolean {
  return readParked(db, id, now).approval.status === 'approved'
}
