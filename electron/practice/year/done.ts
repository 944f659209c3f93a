import type { Outcome } from '../../../shared/contract/procedure'

/** What a step of the year came to. @throws Error where a rule stopped it for an approval: nobody is there to give one */
export function done<T>(outcome: Outcome<T>): T {
  if (outcome.status !== 'done') throw new Error('A practice step was stopped for approval')
  return outcome.value
}
