import type { Approval } from '../../../shared/contract/approvals'
import { type CommandName, isProcedureName, procedureOf } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import { type ParkedCommand, rulesThatAsked } from '../approvals/index'
import type { WriteDb } from '../db/connection'
import { policiesById, type Stop } from '../policies/index'
import { type ActorName, mayCall } from './actor'
import type { AnyCommandHandler, CommandCall, DispatchDeps } from './call'
import type { CommandFacts } from './handler'
import { digestOf, factsOf, judgeFacts, parkedPlace, shownFacts } from './parking'

/** A parked command as it would run now. */
export type RevivedCall = CommandCall & { readonly facts: CommandFacts }

/**
 * The parked command ready to run, or the sentence that says why it is stale: its input, its facts, the rules or its asker's rights are
 * no longer as they were shown.
 * @param movedByPlan facts may differ from those shown, because an earlier step of the same plan ran since they were compared
 */
export function revive(
  w: WriteDb,
  deps: DispatchDeps,
  parked: ParkedCommand,
  now: number,
  movedByPlan = false,
): RevivedCall | string {
  const { approval } = parked
  const name = approval.procedure
  if (!isProcedureName(name)) return 'This action no longer exists in this version of the app.'
  const procedure = procedureOf(name)
  if (procedure.kind !== 'command' || procedure.contractVersion !== parked.contractVersion) {
    return 'This action has changed in this version of the app. Ask again.'
  }
  const asker = deps.actors.resolve(approval.askedBy as ActorName)
  if (asker === null || !mayCall(asker, name, procedure.scope)) return 'Whoever asked no longer has the right to do this.'
  const stored = openInput(deps, parked)
  if (stored === undefined) return 'The request can no longer be read. Ask again.'
  const parsed = procedure.input.safeParse(stored)
  if (!parsed.success) return 'The request no longer has the form that this version of the app expects. Ask again.'
  const handler = deps.handlers.get(name) as AnyCommandHandler
  const call: CommandCall = {
    name: name as CommandName,
    procedure,
    input: parsed.data as Record<string, unknown>,
    caller: { actor: asker, door: 'schedule' },
    now,
    handler,
    request: null,
    digest: Buffer.from(approval.digest, 'hex'),
    inputDigest: approval.digest,
    stated: null,
    permit: null,
  }
  try {
    const facts = factsOf(w, call)
    const others = rulesNotWaived(w, approval.id, judgeFacts(w, call, facts))
    if (others !== null) return others
    const digest = digestOf(deps.digestKey, { ...call, facts: shownFacts(facts, approval.facts.why) })
    if (!movedByPlan && digest !== approval.digest) {
      return 'What this would change has moved since it was asked. Ask again to see it as it stands.'
    }
    return { ...call, facts, stated: handler.facts ? facts : null }
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
}

/** Why a rule that did not ask for this approval stops the command now; null where none does. */
export function rulesNotWaived(
  w: WriteDb,
  approvalId: string,
  verdict: { readonly kind: 'allow' } | { readonly kind: 'ask' | 'refuse'; readonly stops: readonly Stop[] },
): string | null {
  if (verdict.kind === 'allow') return null
  const asked = policiesById(w, rulesThatAsked(w, approvalId))
  const waived = new Set(asked.map(({ id }) => id))
  const [stop] = verdict.stops.filter(({ rule }) => !waived.has(rule.id))
  if (stop === undefined) return null
  const [now] = policiesById(w, [stop.rule.id])
  const replaced = asked.some(({ procedure, identity }) => procedure === now?.procedure && identity === now.identity)
  return `${replaced ? 'The rule has changed since this was asked.' : 'Another rule stops this now.'} ${stop.why} Ask again.`
}

/** The parked input; undefined when its seal does not open here. */
export function openInput(deps: Pick<DispatchDeps, 'sealer'>, { approval, sealedInput }: ParkedCommand): unknown {
  const sealer = deps.sealer()
  if (sealer === null || sealedInput === null) return undefined
  try {
    return JSON.parse(Buffer.from(sealer.open(sealedInput, parkedPlace(approval.id))).toString('utf8'))
  } catch {
    return undefined
  }
}

/** The fields of a waiting command that an approver may change, with their present values; never one that holds a secret. */
export function editableOf(deps: Pick<DispatchDeps, 'sealer' | 'handlers'>, parked: ParkedCommand): Approval['editable'] {
  const { procedure: name, status } = parked.approval
  if (status !== 'pending' || !isProcedureName(name)) return []
  const procedure = procedureOf(name)
  const handler = deps.handlers.get(name) as AnyCommandHandler | undefined
  if (procedure.kind !== 'command' || handler?.editable === undefined) return []
  const parsed = procedure.input.safeParse(openInput(deps, parked))
  if (!parsed.success) return []
  return handler.editable(parsed.data).filter(({ field }) => !procedure.secretInput.includes(field))
}
