import { contract, type ProcedureName, procedureOf } from '../../../shared/contract/index'
import type { Policy, PolicyConditions, PolicyDemands, PolicyPreset } from '../../../shared/contract/policies'
import { formatMoney, type Money } from '../../../shared/domain/money'
import { payingCommands } from './paysOut'
import { ruleIdentity } from './ruleIdentity'

/** One rule of a preset, without its amount. */
export interface PresetRule {
  readonly procedure: string
  readonly when: PolicyConditions
  readonly demands: PolicyDemands
  /** Of its own where the conditions alone would make it another rule. */
  readonly identity: string
}

export interface Preset {
  readonly id: string
  /** In plain words, with the amount in force where it has one. */
  readonly title: (over: string) => string
  readonly hasAmount: boolean
  readonly rules: readonly PresetRule[]
}

/** The amount of a preset until another is chosen. */
export const usualLimit: Money = { minor: 1_000_000, currency: 'USD' }

const night = { from: '22:00', to: '06:00' }
const splitHours = 72
const bigSumDemands: PolicyDemands = { stepUp: true, coolingMinutes: 10 }

function rules(procedures: readonly string[], when: PolicyConditions, demands: PolicyDemands = {}): PresetRule[] {
  return procedures.map((procedure) => ({ procedure, when, demands, identity: ruleIdentity(when) }))
}

/** Commands of the contract that can wait and are of a sort, by their name and scope. */
function commandsOf(sort: (name: string, scope: string) => boolean): string[] {
  return (Object.keys(contract) as ProcedureName[]).filter((name) => {
    const procedure = procedureOf(name)
    return procedure.kind === 'command' && procedure.parkable && sort(name, procedure.scope)
  })
}

const all: readonly Preset[] = [
  {
    id: 'refund_limit',
    title: (over) => `Every refund over ${over} asks first`,
    hasAmount: true,
    rules: rules(['payments.requestRefund'], {}),
  },
  { id: 'any_over', title: (over) => `Anything over ${over} asks first`, hasAmount: true, rules: rules(['*'], {}) },
  {
    id: 'big_sum_step_up',
    title: (over) => `Anything over ${over} asks first, for a new proof that it is you, and waits 10 minutes`,
    hasAmount: true,
    rules: [{ procedure: '*', when: {}, demands: bigSumDemands, identity: 'preset:big_sum_step_up' }],
  },
  {
    id: 'split_payments',
    title: (over) => `Several payments to one payee that pass ${over} together within three days ask first`,
    hasAmount: true,
    rules: rules(payingCommands, { splitWithinHours: splitHours }),
  },
  {
    id: 'new_payee',
    title: () => 'Paying someone for the first time asks first',
    hasAmount: false,
    rules: rules(payingCommands, { newPayee: true }),
  },
  {
    id: 'changed_payee',
    title: () => 'Paying someone whose details changed lately asks first',
    hasAmount: false,
    rules: rules(payingCommands, { changedPayee: true }),
  },
  {
    id: 'out_of_hours',
    title: () => `Payments between ${night.from} and ${night.to} or at the weekend ask first`,
    hasAmount: false,
    rules: [...rules(payingCommands, { hours: night }), ...rules(payingCommands, { weekdays: [6, 7] })],
  },
  {
    id: 'reveal_sensitive',
    title: () => 'Revealing a sensitive item asks first; it is always logged',
    hasAmount: false,
    rules: rules(
      commandsOf((_, scope) => scope === 'vault:reveal'),
      { sensitive: true },
    ),
  },
  {
    id: 'message_to_client',
    title: () => 'Every message to a client asks first',
    hasAmount: false,
    rules: rules(
      commandsOf((name) => /^(messages|mail|campaigns)\.send/.test(name)),
      {},
    ),
  },
  {
    id: 'every_proposal',
    title: () => 'Every proposal asks first',
    hasAmount: false,
    rules: rules(
      commandsOf((name) => /^proposals\.(send|submit)/.test(name)),
      {},
    ),
  },
]

/** The ready rules that this version can offer: those whose commands exist. */
export const presets: readonly Preset[] = all.filter((preset) => preset.rules.length > 0)

/** A preset as the owner sees it, from the rules that hold for the business (or for the vault). */
export function presetState(preset: Preset, inForce: (rule: PresetRule) => Policy | null): PolicyPreset {
  const found = preset.rules.map(inForce)
  const on = found.every((policy) => policy !== null && policy.decision !== 'allow')
  const [first] = found
  const over = !preset.hasAmount ? null : on && first != null ? first.over : usualLimit
  return {
    id: preset.id,
    title: preset.title(formatMoney(over ?? usualLimit)),
    on,
    policyId: on ? (first?.id ?? null) : null,
    over,
  }
}
