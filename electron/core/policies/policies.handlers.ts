import type { Parsed } from '../../../shared/contract/index'
import type { Policy, PolicyPreset } from '../../../shared/contract/policies'
import { formatMoney } from '../../../shared/domain/money'
import { AppError } from '../../../shared/errors'
import type { ReadDb } from '../db/index'
import { offsetPage } from '../db/offsetPage'
import type { CommandFacts, Handlers } from '../dispatch/handler'
import { newId } from '../ports/ids'
import { type BacktestDeps, runBacktest } from './backtest'
import { endPolicy, listPolicies, policyInForce, readPolicy, replacePolicy, type StoredPolicy } from './policies.repository'
import { type Preset, type PresetRule, presetState, presets, usualLimit } from './presets'
import { checkReach, checkRule } from './ruleChecks'
import { canonicalConditions, ruleIdentity } from './ruleIdentity'
import { ruleSentence } from './ruleWords'

export interface PolicyDeps extends BacktestDeps {
  /** Refuses a business that does not exist. */
  readonly assertBusiness: (db: ReadDb, businessId: string) => void
}

type PolicyProcedures =
  | 'policies.list'
  | 'policies.set'
  | 'policies.remove'
  | 'policies.presets'
  | 'policies.setPreset'
  | 'policies.backtest'

type Candidate = Omit<StoredPolicy, 'id' | 'createdAt' | 'sentence'>

/** How a rule shows on a card: plain ones in two words, others with their sentence. */
function inWords({
  decision,
  over,
  when,
  demands,
  ...rest
}: Pick<Policy, 'procedure' | 'decision' | 'over' | 'when' | 'demands'>): string {
  if (Object.keys(when).length === 0 && Object.keys(demands).length === 0) {
    return over === null ? decision : `${decision} over ${formatMoney(over)}`
  }
  return ruleSentence({ decision, over, when, demands, ...rest })
}

/** @throws AppError invalid_input */
function candidateOf(input: Parsed<'policies.backtest'>['rule']): Candidate {
  const when = canonicalConditions(input.when ?? {})
  const rule = {
    businessId: input.businessId ?? null,
    procedure: input.procedure,
    decision: input.decision,
    over: input.over ?? null,
    when,
    demands: Object.fromEntries(Object.entries(input.demands ?? {}).filter(([, value]) => value !== undefined)),
    identity: ruleIdentity(when),
  }
  checkRule(rule)
  return rule
}

/** @throws AppError invalid_input */
function ruleToSet(input: Parsed<'policies.set'>): Candidate {
  const rule = candidateOf(input)
  checkReach(rule)
  return rule
}

function presetOf(id: string): Preset {
  const preset = presets.find((each) => each.id === id)
  if (preset === undefined) throw new AppError('not_found', 'There is no such ready rule. Nothing was done.')
  return preset
}

/** The handlers of `policies.*`. */
export function policyHandlers(deps: PolicyDeps): Handlers<PolicyProcedures> {
  const checked = (db: ReadDb, businessId: string | undefined): string | null => {
    if (businessId !== undefined) deps.assertBusiness(db, businessId)
    return businessId ?? null
  }
  const stateOf = (db: ReadDb, preset: Preset, businessId: string | null): PolicyPreset =>
    presetState(preset, ({ procedure, identity }) => policyInForce(db, { procedure, identity, businessId }))
  const presetToSet = (db: ReadDb, input: Parsed<'policies.setPreset'>) => {
    const businessId = checked(db, input.businessId)
    const preset = presetOf(input.presetId)
    if (input.over !== undefined && !preset.hasAmount) {
      throw new AppError('invalid_input', 'Nothing was changed: this ready rule has no amount.')
    }
    return { preset, businessId, before: stateOf(db, preset, businessId) }
  }
  return {
    'policies.list': (context, input) => {
      checked(context.db, input.businessId)
      return offsetPage(input, (offset, limit) => listPolicies(context.db, { businessId: input.businessId, offset, limit }))
    },
    'policies.set': {
      facts: (db, input) => {
        const rule = ruleToSet(input)
        checked(db, input.businessId)
        const before = policyInForce(db, rule)
        return ruleFacts(rule.businessId, `Set the rule of ${input.procedure}: ${inWords(rule)}`, before, rule)
      },
      run: (context, input) => {
        const rule = ruleToSet(input)
        checked(context.db, input.businessId)
        const policy = { id: newId('pol', context.now), ...rule, createdAt: context.now }
        replacePolicy(context.db, policy)
        context.note({
          policyId: policy.id,
          procedure: policy.procedure,
          decision: policy.decision,
          ...(policy.over ? { over: { ...policy.over } } : {}),
          ...(Object.keys(policy.when).length === 0 ? {} : { conditions: Object.keys(policy.when) }),
        })
        context.changed('policies')
        return { ...policy, sentence: ruleSentence(policy) }
      },
    },
    'policies.remove': {
      facts: (db, input) => {
        const before = readPolicy(db, input.policyId)
        return ruleFacts(before.businessId, `Take a rule out of force. ${before.sentence}`, before, null)
      },
      run: (context, input) => {
        const policy = readPolicy(context.db, input.policyId)
        endPolicy(context.db, policy.id, context.now)
        context.note({
          businessId: policy.businessId,
          policyId: policy.id,
          procedure: policy.procedure,
          decision: policy.decision,
        })
        context.changed('policies')
        return policy
      },
    },
    'policies.presets': (context, input) => {
      const businessId = checked(context.db, input.businessId)
      return { items: presets.map((preset) => stateOf(context.db, preset, businessId)) }
    },
    'policies.setPreset': {
      facts: (db, input) => {
        const { preset, businessId, before } = presetToSet(db, input)
        const over = preset.hasAmount && input.on ? formatMoney(input.over ?? before.over ?? usualLimit) : ''
        return {
          businessId,
          what: `Switch a ready rule ${input.on ? 'on' : 'off'}: ${over === '' ? before.title : preset.title(over)}`,
          amount: null,
          payee: null,
          before: { rule: before.on ? before.title : 'off' },
          after: { rule: input.on ? preset.title(over) : 'off' },
          undo: 'yes',
        }
      },
      run: (context, input) => {
        const { preset, businessId, before } = presetToSet(context.db, input)
        const over = preset.hasAmount ? (input.over ?? before.over ?? usualLimit) : null
        for (const rule of preset.rules) {
          const own = policyInForce(context.db, { ...rule, businessId })
          const base = { ...rule, businessId, over, createdAt: context.now, id: newId('pol', context.now) }
          if (input.on) replacePolicy(context.db, { ...base, decision: 'ask' })
          else switchOff(own, businessId, base)
        }
        context.note({ presetId: preset.id, on: input.on, ...(input.on && over !== null ? { over: { ...over } } : {}) })
        context.changed('policies')
        return { items: presets.map((each) => stateOf(context.db, each, businessId)) }

        /** The vault's own rule ends; a business's ends too, or stands as `allow` in the way of the vault's. */
        function switchOff(
          inForce: StoredPolicy | null,
          of: string | null,
          rule: PresetRule & Omit<Parameters<typeof replacePolicy>[1], 'decision'>,
        ): void {
          if (inForce === null) return
          if (inForce.businessId === of) endPolicy(context.db, inForce.id, context.now)
          const left = policyInForce(context.db, { ...rule, businessId: of })
          if (left !== null && left.decision !== 'allow')
            replacePolicy(context.db, { ...rule, over: null, demands: {}, decision: 'allow' })
        }
      },
    },
    'policies.backtest': (context, input) => {
      const rule = candidateOf(input.rule)
      checked(context.db, input.rule.businessId)
      return runBacktest(context.db, deps, rule, { from: input.from, to: input.to, now: context.now })
    },
  }
}

function ruleFacts(
  businessId: string | null,
  what: string,
  before: Policy | null,
  after: Pick<Policy, 'procedure' | 'decision' | 'over' | 'when' | 'demands'> | null,
): CommandFacts {
  return {
    businessId,
    what,
    amount: null,
    payee: null,
    before: { rule: before === null ? 'none' : inWords(before) },
    after: { rule: after === null ? 'none' : inWords(after) },
    undo: 'yes',
  }
}
