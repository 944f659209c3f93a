import type { PolicyConditions } from '../../../shared/contract/policies'
import { canonicalJson } from '../audit/index'

/**
 * The canonical text of a rule's conditions. Two rules of one procedure and business with the same text are the same rule, whatever
 * their limit, decision and demands; lists are sets.
 */
export function ruleIdentity(when: PolicyConditions): string {
  return canonicalJson(canonicalConditions(when))
}

/** Conditions without what was left out, their lists sorted and without repeats. */
export function canonicalConditions(when: PolicyConditions): PolicyConditions {
  const set = <T extends string | number>(items: readonly T[]): T[] => [...new Set(items)].sort((a, b) => (a < b ? -1 : 1))
  return Object.fromEntries(
    Object.entries(when).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? set(value as (string | number)[]) : value]],
    ),
  )
}
