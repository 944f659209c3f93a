import { createHmac } from 'node:crypto'
import type { ApprovalFacts } from '../../../shared/contract/approvals'
import type { CommandName } from '../../../shared/contract/index'
import type { Command } from '../../../shared/contract/procedure'
import { hasPolicy, insertApproval, policyInForce } from '../approvals/index'
import { canonicalJson } from '../audit/index'
import { findRate, getBusiness, today } from '../businesses/index'
import type { WriteDb } from '../db/connection'
import { newId } from '../ports/ids'
import type { SealedPlace, Sealer } from '../ports/sealer'
import type { Caller, CommandCall } from './dispatch'
import type { CommandFacts } from './handler'
import { decideByPolicy, type PolicyDecision } from './policyGate'

export type Verdict = { readonly kind: 'allow' } | (Exclude<PolicyDecision, { kind: 'allow' }> & { readonly facts: CommandFacts })

/** What the rule in force says of a command as the facts stand now. Facts are read only where some rule names the procedure. */
export function judge(w: WriteDb, call: Pick<CommandCall, 'name' | 'procedure' | 'input' | 'handler' | 'now'>): Verdict {
  if (!call.procedure.parkable || !hasPolicy(w, call.name)) return { kind: 'allow' }
  const facts = factsOf(w, call)
  const business = facts.businessId === null ? null : getBusiness(w, facts.businessId)
  const on = business === null ? null : today(business, call.now)
  const decision = decideByPolicy(
    policyInForce(w, call.name, facts.businessId),
    facts.amount,
    business?.currency ?? null,
    (from, to) => (business === null || on === null ? null : findRate(w, business.id, from, to, on)),
  )
  return decision.kind === 'allow' ? decision : { ...decision, facts }
}

/** The facts of a command as they stand now: the handler's own, else its business and the contract's summary. */
export function factsOf(w: WriteDb, call: Pick<CommandCall, 'procedure' | 'input' | 'handler'>): CommandFacts {
  if (call.handler.facts) return call.handler.facts(w, call.input)
  const named = call.input.businessId
  const businessId = typeof named === 'string' ? getBusiness(w, named).id : null
  return { businessId, what: call.procedure.summary, amount: null, payee: null, before: {}, after: {}, undo: 'no' }
}

/**
 * Digest of everything a decision is about, in hex: procedure, contract version, canonical input and facts. Keyed, because it is kept
 * for ever and the input may hold personal data.
 */
export function digestOf(
  key: Uint8Array,
  asked: Pick<CommandCall, 'name' | 'procedure' | 'input'> & { readonly facts: ApprovalFacts },
): string {
  const { name, procedure, input, facts } = asked
  return createHmac('sha256', key)
    .update(canonicalJson({ procedure: name, contractVersion: procedure.contractVersion, input, facts }))
    .digest('hex')
}

/** Parks a command as an approval. The whole input is sealed: it may hold secrets and personal data. @returns the approval's id */
export function park(
  w: WriteDb,
  parked: {
    readonly name: CommandName
    readonly procedure: Command
    readonly input: Record<string, unknown>
    readonly caller: Caller
    readonly facts: ApprovalFacts
    readonly policyId: string
    readonly sealer: Sealer
    readonly digestKey: Uint8Array
    readonly now: number
  },
): string {
  const id = newId('app', parked.now)
  insertApproval(w, {
    id,
    businessId: parked.facts.businessId,
    procedure: parked.name,
    contractVersion: parked.procedure.contractVersion,
    askedBy: parked.caller.actor.name,
    door: parked.caller.door,
    policyId: parked.policyId,
    sealedInput: parked.sealer.seal(Buffer.from(canonicalJson(parked.input)), parkedPlace(id)),
    facts: parked.facts,
    digest: digestOf(parked.digestKey, parked),
    now: parked.now,
  })
  return id
}

/** Where a parked input belongs; it opens only there. */
export function parkedPlace(approvalId: string): SealedPlace {
  return { record: approvalId, field: 'approval.input', version: 1, schema: 'approval-input/1' }
}
