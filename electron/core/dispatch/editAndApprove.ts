import type { Approval } from '../../../shared/contract/approvals'
import { AppError } from '../../../shared/errors'
import { type ParkedCommand, readParked } from '../approvals/index'
import { canonicalJson } from '../audit/index'
import type { WriteDb } from '../db/connection'
import { mayCall } from './actor'
import type { CommandCall, DispatchDeps } from './call'
import { type AllowedTask, assertApprovable, assertDecidable, assertInOrder, close, type Decider, decideOne } from './conclude'
import type { Dispatcher } from './dispatch'
import type { CommandFacts, TaskContext } from './handler'
import { digestOf, factsOf, judgeFacts, shownFacts } from './parking'
import { parseInput } from './parseInput'
import { editableOf, type RevivedCall, revive, rulesNotWaived } from './revive'

export interface Edit {
  readonly approvalId: string
  readonly digest: string
  readonly changes: Readonly<Record<string, unknown>>
  readonly note?: string | undefined
}

/**
 * Approves a parked command with changes: the changed input is parsed, its facts are taken and it is held against every rule anew, of
 * which only those that asked are waived; it then runs in place of what was asked. The approval keeps what was asked; the audit rows say
 * which fields were changed and hold the digest of what ran. Where the changed command cannot be carried out, nothing is decided.
 * @throws AppError as `decide`, and invalid_input, or what the command itself says against the changes
 */
export function editAndApprove(deps: DispatchDeps, dispatcher: Dispatcher, context: TaskContext, input: Edit): Promise<Approval> {
  return decideOne({ deps, dispatcher, context }, input, (w, decider) => conclude(w, decider, input))
}

function conclude(w: WriteDb, decider: Decider, input: Edit): AllowedTask | null {
  const { deps, dispatcher, context } = decider
  const { approvalId } = input
  const parked = readParked(w, approvalId, context.now)
  assertDecidable(decider, parked, input.digest)
  context.note({ approvalId, decision: 'approve', procedure: parked.approval.procedure, businessId: parked.businessId })
  assertInOrder(w, parked, context.now)
  assertApprovable(decider, parked)
  if (parked.approval.demands.secondApprover) {
    throw new AppError(
      'conflict',
      'Nothing was done: what two approvers decide on cannot be changed by one. Deny it and ask anew.',
    )
  }
  const fields = editableOf(deps, parked).map(({ field }) => field)
  const locked = Object.keys(input.changes).find((field) => !fields.includes(field))
  if (locked !== undefined) {
    throw new AppError(
      'invalid_input',
      fields.length === 0
        ? 'Nothing was done: nothing of this request can be changed. Approve or deny it as it is.'
        : `Nothing was done: of this request only ${fields.join(', ')} can be changed.`,
    )
  }
  const revived = revive(w, deps, parked, context.now)
  if (typeof revived === 'string') {
    close(w, decider, approvalId, 'stale', { problem: revived })
    return null
  }
  const edited = changed(w, decider, parked, revived, input.changes)
  const details = { editedFields: edited.fields, askedDigest: input.digest }
  context.note({ editedFields: edited.fields, ranDigest: edited.call.inputDigest })
  if (edited.call.handler.task !== undefined) {
    close(w, decider, approvalId, 'approved', { finished: false })
    return { call: edited.call, details }
  }
  dispatcher.execute(w, edited.call, decider.touched, { approvalId, approvedBy: context.actor.name, ...details })
  close(w, decider, approvalId, 'approved')
  return null
}

/** The command with its changes, judged anew. */
function changed(
  w: WriteDb,
  { deps, context }: Decider,
  parked: ParkedCommand,
  revived: RevivedCall,
  changes: Edit['changes'],
): { readonly call: CommandCall; readonly fields: readonly string[] } {
  if (!mayCall(context.actor, revived.name, revived.procedure.scope)) {
    throw new AppError(
      'forbidden',
      `Nothing was done: changing what was asked needs the scope ${revived.procedure.scope} besides the right to decide.`,
    )
  }
  const input = parseInput(revived.procedure, { ...revived.input, ...changes })
  const fields = Object.keys(changes).filter((field) => !isSame(input[field], revived.input[field]))
  const call = { ...revived, input }
  const facts = factsOf(w, call)
  assertWaited(parked, facts)
  const others = rulesNotWaived(w, parked.approval.id, judgeFacts(w, call, facts))
  if (others !== null) throw new AppError('conflict', `Nothing was done. ${others}`)
  const inputDigest = digestOf(deps.digestKey, { ...call, facts: shownFacts(facts, parked.approval.facts.why) })
  const stated = call.handler.facts ? facts : null
  return { call: { ...call, inputDigest, digest: Buffer.from(inputDigest, 'hex'), stated }, fields }
}

/**
 * Where a rule wanted a wait, what waited in everybody's sight is what may run: changed, it may pay the same payee less, not more.
 * @throws AppError conflict
 */
function assertWaited({ approval, coolingMinutes }: ParkedCommand, { amount, payee }: CommandFacts): void {
  const { facts } = approval
  const isLess = facts.amount === null || (amount?.currency === facts.amount.currency && amount.minor <= facts.amount.minor)
  if (coolingMinutes === 0 || (isLess && payee === facts.payee)) return
  throw new AppError(
    'conflict',
    'Nothing was done: this request had to wait before it could be approved, so it can be changed to a smaller amount only. Deny it and ask anew.',
  )
}

function isSame(a: unknown, b: unknown): boolean {
  return canonicalJson(a ?? null) === canonicalJson(b ?? null)
}
