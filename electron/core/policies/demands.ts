import type { PolicyDemands } from '../../../shared/contract/policies'

/** What approving takes once every rule that asked has had its say. */
export interface Demands {
  readonly stepUp: boolean
  /** 0: no waiting. */
  readonly coolingMinutes: number
  readonly secondApprover: boolean
  readonly timeoutHours: number
}

/** Hours after which an undecided request counts as denied, where no rule says otherwise. */
export const usualTimeoutHours = 72

const minutesAnHour = 60

/**
 * The demands of several rules as one: each that any of them makes, the longest wait, the shortest time to decide. Where the wait of
 * one rule outlasts the time that another leaves, there is an hour left after the wait: a request that nobody could ever approve would be a refusal.
 */
export function uniteDemands(all: readonly PolicyDemands[]): Demands {
  const coolingMinutes = Math.max(0, ...all.map((demands) => demands.coolingMinutes ?? 0))
  const stated = all.flatMap(({ timeoutHours }) => (timeoutHours === undefined ? [] : [timeoutHours]))
  const timeoutHours = stated.length === 0 ? usualTimeoutHours : Math.min(...stated)
  return {
    stepUp: all.some(({ stepUp }) => stepUp === true),
    coolingMinutes,
    secondApprover: all.some(({ secondApprover }) => secondApprover === true),
    timeoutHours: coolingMinutes < timeoutHours * minutesAnHour ? timeoutHours : Math.ceil(coolingMinutes / minutesAnHour) + 1,
  }
}
