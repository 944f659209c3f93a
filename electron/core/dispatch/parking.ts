import { createHmac } from 'node:crypto'
import type { ApprovalFacts } from '../../../shared/contract/approvals'
import type { CommandName } from '../../../shared/contract/index'
import type { Command } from '../../../shared/contract/procedure'
import { AppError } from '../../../shared/errors'
import { insertApproval, type NewApproval } from '../approvals/index'
import { canonicalJson } from '../audit/index'
import { getBusiness } from '../businesses/index'
import type { WriteDb } from '../db/connection'
import { historyOf, judgeByRules, rulesOfBusiness, rulesOver, subjectOf, type Verdict } from '../policies/index'
import { newId } from '../ports/ids'
import type { SealedPlace, Sealer } from '../ports/sealer'
import type { Caller, CommandCall } from './call'
import type { CommandFacts } from './handler'

/** What the rules say of a command, and what it states of itself where its handler says that. */
export interface Judged {
  readonly verdict: Verdict
  /** What is kept of it for rules that look back; null where its handler states nothing. */
  readonly stated: CommandFacts | null
  /** What a card or a refusal shows; present unless it is allowed. */
  readonly facts: CommandFacts
}

type Judgeable = Pick<CommandCall, 'name' | 'procedure' | 'input' | 'handler' | 'now' | 'caller'>

/** What the rules in force say of a command as the facts stand now. */
export function judge(
  w: WriteDb,
  call: Judgeable,
): { readonly verdict: { readonly kind: 'allow' }; readonly stated: CommandFacts | null } | Judged {
  const rules = rulesOver(w, call.name)
  const isRuled = call.handler.facts ? rules.length > 0 : rules.some(({ procedure }) => procedure !== '*')
  if (!isRuled) return { verdict: { kind: 'allow' }, stated: statedFacts(w, call) }
  const facts = factsOf(w, call)
  const verdict = judgeFacts(w, call, facts, rules)
  return { verdict, facts, stated: call.handler.facts ? facts : null }
}

/** What the rules in force say of a command with these facts. */
export function judgeFacts(w: WriteDb, call: Judgeable, facts: CommandFacts, rules = rulesOver(w, call.name)): Verdict {
  const asked = { procedure: call.name, actor: call.caller.actor.name, now: call.now, facts }
  const subject = subjectOf(w, asked)
  return judgeByRules(rulesOfBusiness(rules, facts.businessId), subject, historyOf(w, asked, subject))
}

/** Where no rule looks, facts that cannot be had are no reason to stop: the command itself says what is wrong. */
function statedFacts(w: WriteDb, call: Judgeable): CommandFacts | null {
  if (!call.handler.facts) return null
  try {
    return call.handler.facts(w, call.input, call.caller.actor)
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

/** The facts of a command as they stand now: the handler's own, else its business and the contract's summary. */
export function factsOf(w: WriteDb, call: Pick<CommandCall, 'procedure' | 'input' | 'handler' | 'caller'>): CommandFacts {
  if (call.handler.facts) return call.handler.facts(w, call.input, call.caller.actor)
  const named = call.input.businessId
  const businessId = typeof named === 'string' ? getBusiness(w, named).id : null
  return { businessId, what: call.procedure.summary, amount: null, payee: null, before: {}, after: {}, undo: 'no' }
}

/** Facts as a card shows them. */
export function shownFacts({ sensitive: _, about = null, ...facts }: CommandFacts, why: string): ApprovalFacts {
  return { ...facts, about, why }
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

/** Keyed digest of an input without its requestId: what makes a repeated command the same. */
export function bodyDigestOf(key: Uint8Array, { requestId: _, ...body }: Record<string, unknown>): Buffer {
  return createHmac('sha256', key).update(canonicalJson(body)).digest()
}

/** Parks a command as an approval. The whole input is sealed: it may hold secrets and personal data. @returns the approval's id and digest */
export function park(
  w: WriteDb,
  parked: Pick<NewApproval, 'policyIds' | 'demands' | 'plan' | 'facts' | 'now'> & {
    readonly name: CommandName
    readonly procedure: Command
    readonly input: Record<string, unknown>
    readonly caller: Caller
    readonly sealer: Sealer
    readonly digestKey: Uint8Array
  },
): string {
  const id = newId('app', parked.now)
  const { facts, policyIds, demands, plan, now } = parked
  insertApproval(w, {
    id,
    businessId: facts.businessId,
    procedure: parked.name,
    contractVersion: parked.procedure.contractVersion,
    askedBy: parked.caller.actor.name,
    door: parked.caller.door,
    sealedInput: parked.sealer.seal(Buffer.from(canonicalJson(parked.input)), parkedPlace(id)),
    bodyDigest: bodyDigestOf(parked.digestKey, parked.input),
    digest: digestOf(parked.digestKey, parked),
    facts,
    policyIds,
    demands,
    plan,
    now,
  })
  return id
}

/** Where a parked input belongs; it opens only there. */
export function parkedPlace(approvalId: string): SealedPlace {
  return { record: approvalId, field: 'approval.input', version: 1, schema: 'approval-input/1' }
}
