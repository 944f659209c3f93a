import type { Outcome } from '../../../shared/contract/procedure'
import { AppError } from '../../../shared/errors'
import { findPermit, findWaiting, permitMinutes, rulesThatAsked, soloWords } from '../approvals/index'
import { appendAudit, canonicalJson } from '../audit/index'
import type { WriteDb } from '../db/connection'
import { recordFacts, type Stop, type Verdict } from '../policies/index'
import type { CommandCall, DispatchDeps } from './call'
import type { AuditDetail, CommandFacts } from './handler'
import { otherApprovers } from './otherApprovers'
import { judge, park, shownFacts } from './parking'
import { firstOutcome, keepOutcome } from './requests.repository'

type Details = { readonly [key: string]: AuditDetail }

/** Where a command goes from the gate: on, back with an outcome, or nowhere. */
export type Gated =
  | {
      readonly kind: 'go'
      readonly stated: CommandFacts | null
      /** The approval whose permit it uses up; null where it needs none. */
      readonly permit: string | null
      readonly details: Details
    }
  | { readonly kind: 'answer'; readonly outcome: Outcome<unknown> }
  | { readonly kind: 'stored'; readonly outcome: string }
  | { readonly kind: 'refuse'; readonly error: AppError }

/**
 * Holds a command against the requests already answered and the rules in force. What it refuses or parks is recorded in the same
 * transaction; a refusal is thrown by the caller after the commit.
 */
export function gate(w: WriteDb, call: CommandCall, deps: Pick<DispatchDeps, 'sealer' | 'digestKey' | 'actors'>): Gated {
  if (call.request !== null) {
    const stored = firstOutcome(w, call.request, call.digest)
    if (stored !== undefined) return { kind: 'stored', outcome: stored }
  }
  const judged = judge(w, call)
  const { stated } = judged
  if (judged.verdict.kind === 'allow') return { kind: 'go', stated, permit: null, details: {} }
  const { verdict, facts } = judged as typeof judged & {
    readonly verdict: Exclude<Verdict, { kind: 'allow' }>
    facts: CommandFacts
  }
  const policyId = verdict.stops[0].rule.id
  if (verdict.kind === 'refuse') {
    auditCommand(w, call, 'refused_by_policy', facts.businessId, { inputDigest: call.inputDigest, policyId })
    return { kind: 'refuse', error: new AppError('refused_by_policy', `Nothing was done. ${verdict.why}`) }
  }
  if (call.procedure.secretOutput) {
    const permit = permitFor(w, call, verdict.stops, facts)
    if (permit !== null) return { kind: 'go', stated, permit: permit.approvalId, details: permit }
  }
  const approvalId = waitFor(w, call, verdict, facts, deps)
  const details = { inputDigest: call.inputDigest, policyId, approvalId }
  const seq = auditCommand(w, call, 'awaiting_approval', facts.businessId, details)
  if (stated !== null) recordStated(w, call, stated, { auditSeq: seq, outcome: 'parked', approvalId })
  const outcome: Outcome<unknown> = { status: 'awaitingApproval', approvalId }
  if (call.request !== null && !call.procedure.secretOutput) {
    keepOutcome(w, call.request, call.digest, JSON.stringify(outcome), call.now)
  }
  return { kind: 'answer', outcome }
}

/** The permit that an approval gave for exactly this command, if it is still what was shown and every rule that asks now is waived. */
function permitFor(
  w: WriteDb,
  call: CommandCall,
  stops: readonly Stop[],
  facts: CommandFacts,
): { readonly approvalId: string; readonly approvedBy: string } | null {
  const permit = findPermit(w, askedAgain(call))
  if (permit === undefined) return null
  if (canonicalJson(shownFacts(facts, permit.facts.why)) !== canonicalJson(permit.facts)) return null
  const waived = rulesThatAsked(w, permit.approvalId)
  if (!stops.every(({ rule }) => waived.includes(rule.id))) return null
  return { approvalId: permit.approvalId, approvedBy: permit.approvedBy }
}

function askedAgain(call: CommandCall) {
  return { procedure: call.name, askedBy: call.caller.actor.name, bodyDigest: call.digest, now: call.now }
}

function waitFor(
  w: WriteDb,
  call: CommandCall,
  verdict: Extract<Verdict, { kind: 'ask' }>,
  facts: CommandFacts,
  deps: Pick<DispatchDeps, 'sealer' | 'digestKey' | 'actors'>,
): string {
  const sealer = deps.sealer()
  if (sealer === null) throw new AppError('locked', 'This needs an approval, and the vault is locked. Unlock it first.')
  const waiting = call.procedure.secretOutput ? findWaiting(w, askedAgain(call)) : undefined
  if (waiting !== undefined) return waiting
  return park(w, {
    ...call,
    facts: shownFacts(facts, whyOnCard(call, verdict, deps)),
    policyIds: verdict.stops.map(({ rule }) => rule.id),
    demands: verdict.demands,
    plan: null,
    sealer,
    digestKey: deps.digestKey,
  })
}

/** Why a command waits, with what whoever decides has to know besides. */
export function whyOnCard(
  { procedure, caller }: Pick<CommandCall, 'procedure' | 'caller'>,
  { why, demands }: Pick<Extract<Verdict, { kind: 'ask' }>, 'why' | 'demands'>,
  deps: Pick<DispatchDeps, 'actors'>,
): string {
  const words = [why]
  if (procedure.secretOutput) {
    words.push(`Its answer is a secret: once approved, whoever asked can do it one time within ${permitMinutes} minutes.`)
  }
  if (demands.secondApprover && otherApprovers(deps, caller.actor.name).length === 0) words.push(soloWords)
  return words.join(' ')
}

/** Writes the audit row of a command. @returns its number */
export function auditCommand(
  w: WriteDb,
  call: CommandCall,
  outcome: string,
  businessId: string | null,
  details: Details,
): number {
  const noted = typeof details.businessId === 'string' ? details.businessId : businessId
  return appendAudit(w, {
    at: call.now,
    actor: call.caller.actor.name,
    door: call.caller.door,
    procedure: call.name,
    businessId: noted,
    outcome,
    details,
  }).seq
}

/** Keeps what a command stated, beside its audit row. */
export function recordStated(
  w: WriteDb,
  call: CommandCall,
  facts: CommandFacts,
  ended: { readonly auditSeq: number; readonly outcome: 'done' | 'parked'; readonly approvalId: string | null },
): void {
  recordFacts(w, { procedure: call.name, actor: call.caller.actor.name, now: call.now, facts }, ended)
}
