import type { Input } from '../../../shared/contract/index'
import type { Policy, PolicyConditions, PolicyDemands } from '../../../shared/contract/policies'

/** A rule while it is written; empty fields stand for conditions that are not chosen. */
export interface RuleDraft {
  readonly procedure: string | null
  readonly decision: Policy['decision']
  readonly limited: boolean
  readonly over: number | null
  readonly everywhere: boolean
  readonly newPayee: boolean
  readonly changedPayee: boolean
  readonly sensitive: boolean
  readonly actors: readonly string[]
  readonly weekdays: readonly string[]
  readonly hoursFrom: string
  readonly hoursTo: string
  readonly currencies: readonly string[]
  readonly dailySum: number | null
  readonly splitHours: number | null
  /** Payees are chosen elsewhere and kept as they are. */
  readonly payees: PolicyConditions['payees']
  readonly stepUp: boolean
  readonly coolingMinutes: number | null
  readonly second: boolean
  readonly timeoutHours: number | null
}

/** The draft of a rule that is there, or of a new one. */
export function draftOf(policy: Policy | null, procedure: string | null): RuleDraft {
  const when = policy?.when ?? {}
  const demands = policy?.demands ?? {}
  return {
    procedure: policy?.procedure ?? procedure,
    decision: policy?.decision ?? 'ask',
    limited: policy?.over != null,
    over: policy?.over?.minor ?? null,
    everywhere: policy !== null && policy.businessId === null,
    newPayee: when.newPayee ?? false,
    changedPayee: when.changedPayee ?? false,
    sensitive: when.sensitive ?? false,
    actors: when.actors ?? [],
    weekdays: (when.weekdays ?? []).map(String),
    hoursFrom: when.hours?.from ?? '',
    hoursTo: when.hours?.to ?? '',
    currencies: when.currencies ?? [],
    dailySum: when.dailySumOver?.minor ?? null,
    splitHours: when.splitWithinHours ?? null,
    payees: when.payees,
    stepUp: demands.stepUp ?? false,
    coolingMinutes: demands.coolingMinutes ?? null,
    second: demands.secondApprover ?? false,
    timeoutHours: demands.timeoutHours ?? null,
  }
}

interface DraftProblems {
  readonly procedure?: true
  readonly over?: true
  readonly hours?: true
}

/** What is missing before the rule can be saved. */
export function problemsOf({ procedure, limited, over, hoursFrom, hoursTo }: RuleDraft): DraftProblems {
  return {
    ...(procedure === null ? { procedure: true } : {}),
    ...(limited && (over === null || over <= 0) ? { over: true } : {}),
    ...((hoursFrom === '') === (hoursTo === '') ? {} : { hours: true }),
  }
}

/** The rule as `policies.set` takes it. Call it only where `problemsOf` finds nothing. */
export function ruleOf(draft: RuleDraft, businessId: string, currency: string): Omit<Input<'policies.set'>, 'requestId'> {
  const when = conditionsOf(draft, currency)
  const demands = demandsOf(draft)
  return {
    procedure: draft.procedure ?? '*',
    decision: draft.decision,
    ...(draft.everywhere ? {} : { businessId }),
    ...(draft.limited && draft.over !== null ? { over: { minor: draft.over, currency } } : {}),
    ...(Object.keys(when).length === 0 ? {} : { when }),
    ...(Object.keys(demands).length === 0 ? {} : { demands }),
  }
}

const actorKinds = ['owner', 'tokens', 'helpers', 'schedules', 'assistant'] as const

function conditionsOf(draft: RuleDraft, currency: string): PolicyConditions {
  const actors = actorKinds.filter((kind) => draft.actors.includes(kind))
  const { payees, currencies, hoursFrom, hoursTo, weekdays, dailySum, splitHours } = draft
  return {
    ...(payees === undefined ? {} : { payees }),
    ...(draft.newPayee ? { newPayee: true } : {}),
    ...(draft.changedPayee ? { changedPayee: true } : {}),
    ...(draft.sensitive ? { sensitive: true } : {}),
    ...(currencies.length === 0 ? {} : { currencies: [...currencies] }),
    ...(actors.length === 0 ? {} : { actors }),
    ...(hoursFrom === '' || hoursTo === '' ? {} : { hours: { from: hoursFrom, to: hoursTo } }),
    ...(weekdays.length === 0 ? {} : { weekdays: weekdays.map(Number).sort((a, b) => a - b) }),
    ...(dailySum === null || dailySum <= 0 ? {} : { dailySumOver: { minor: dailySum, currency } }),
    ...(splitHours === null ? {} : { splitWithinHours: splitHours }),
  }
}

function demandsOf({ decision, stepUp, coolingMinutes, second, timeoutHours }: RuleDraft): PolicyDemands {
  if (decision !== 'ask') return {}
  return {
    ...(stepUp ? { stepUp: true } : {}),
    ...(coolingMinutes === null ? {} : { coolingMinutes }),
    ...(second ? { secondApprover: true } : {}),
    ...(timeoutHours === null ? {} : { timeoutHours }),
  }
}
