import type { PolicyConditions } from '../../../shared/contract/policies'
import type { LocalTime } from '../../../shared/domain/localTime'
import type { Money } from '../../../shared/domain/money'
import type { Ratio } from '../../../shared/domain/ratio'

export type ActorClass = NonNullable<PolicyConditions['actors']>[number]

/** Exchange rate from one currency to another as an exact ratio; null when none is stored. */
export type RateLookup = (from: string, to: string) => Ratio | null

/** What the rules are held against: one command at one instant, as it states itself. */
export interface Subject {
  readonly procedure: string
  /** Null for actors that rules do not tell apart. */
  readonly actor: ActorClass | null
  /** By the calendar and the clock of the business. */
  readonly local: LocalTime
  readonly amount: Money | null
  /** The business's currency; null for what is of no business. */
  readonly base: string | null
  /** Id of who receives the amount. */
  readonly payee: string | null
  readonly sensitive: boolean
}

/** What was done before, as it stood at that instant. Rules ask only for what they need. */
export interface History {
  readonly rateOf: RateLookup
  /** Sum of what was done by a procedure on the business's day so far, in its currency; null where a rate was missing. */
  doneToday(procedure: string): bigint | null
  /** What each command of the procedures paid to this payee in the last hours, in the business's currency; null where a rate was missing. */
  paidWithin(procedures: readonly string[], hours: number): Iterable<number | null>
  /** Whether one of the procedures was done to this payee before. */
  paidBefore(procedures: readonly string[]): boolean
  /** Whether the payee's details changed and are still held. */
  inQuarantine(): boolean
}
