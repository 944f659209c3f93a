import { AppError } from '../../../shared/errors'

/** An approval that was given where two are wanted. */
export interface Consent {
  readonly actor: string
  /** UTC epoch milliseconds. */
  readonly at: number
}

/** Minutes between the two approvals of an owner who has nobody else to ask, where no rule asks for a longer wait. */
export const soloDelayMinutes = 10

/** Said on the card where the owner is alone: two approvals of one person are no dual control. */
export const soloWords =
  'There is no second approver in this vault, so you approve twice with some time between. That is a brake, not dual control.'

/** When an owner without anyone else may approve for the second time. */
export function soloSecondAt(first: Consent, coolingMinutes: number): number {
  return first.at + Math.max(soloDelayMinutes, coolingMinutes) * 60_000
}

/**
 * What one more approval makes of a request that wants two.
 * @param others whether anybody but the owner and those who approved could approve too
 * @returns `first`: it goes on waiting; `second`: it may run
 * @throws AppError conflict where it comes from the same person again, or from a lone owner too early
 */
export function secondApproval(
  given: readonly Consent[],
  {
    by,
    others,
    coolingMinutes,
    now,
  }: { readonly by: string; readonly others: boolean; readonly coolingMinutes: number; readonly now: number },
): 'first' | 'second' {
  const [first] = given
  if (first === undefined) return 'first'
  if (first.actor !== by) return 'second'
  if (others || by !== 'owner') {
    throw new AppError('conflict', 'Nothing was done: you approved this already, and somebody else has to approve it too.')
  }
  const from = soloSecondAt(first, coolingMinutes)
  if (now >= from) return 'second'
  throw new AppError('conflict', `Nothing was done: you can approve this for the second time from ${atWords(from)} on.`, {
    notBefore: from,
  })
}

/** An instant for sentences, in UTC. */
export function atWords(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
