import type { CommandFact } from './commandFacts.repository'
import type { History, RateLookup } from './subject'

const hourMs = 3_600_000
/** How far commands may lie out of order because the clock of the machine was set. */
const clockSlackMs = 24 * hourMs

type Past = Pick<CommandFact, 'at' | 'local' | 'procedure' | 'businessId' | 'amount' | 'baseMinor' | 'payee'>

/** What lies outside the commands: rates and quarantines as they stood then. */
export interface Surroundings {
  ratesOn(businessId: string | null, date: string): RateLookup
  inQuarantine(businessId: string | null, payee: string, at: number): boolean
}

const keyOf = (...parts: readonly (string | null)[]) => JSON.stringify(parts)

/** What was done up to a moment, gathered by going through the commands in their order. Says the same as the queries of the living gate. */
export class Replay {
  readonly #surroundings: Surroundings
  /** Sums by business, procedure and day; null once an amount had no value in the business's currency. */
  readonly #days = new Map<string, bigint | null>()
  readonly #paid = new Map<string, { readonly at: number; readonly base: number | null }[]>()

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  /** Counts a command that was done. Those without an amount leave no trace. */
  done({ at, local, procedure, businessId, amount, baseMinor, payee }: Past): void {
    if (amount === null) return
    const day = keyOf(businessId, procedure, local.date)
    const sum = this.#days.get(day) ?? (this.#days.has(day) ? null : 0n)
    this.#days.set(day, sum === null || baseMinor === null ? null : sum + BigInt(baseMinor))
    if (payee === null) return
    const key = keyOf(businessId, payee, procedure)
    const paid = this.#paid.get(key)
    if (paid === undefined) this.#paid.set(key, [{ at, base: baseMinor }])
    else paid.push({ at, base: baseMinor })
  }

  /** The history that a command of this moment has. */
  historyAt({ at, local, businessId, payee }: Past): History {
    return {
      rateOf: this.#surroundings.ratesOn(businessId, local.date),
      doneToday: (procedure) => {
        const day = keyOf(businessId, procedure, local.date)
        return this.#days.has(day) ? (this.#days.get(day) ?? null) : 0n
      },
      paidWithin: (procedures, hours) => {
        const after = at - hours * hourMs
        return procedures.flatMap((procedure) => {
          const paid = this.#paid.get(keyOf(businessId, payee, procedure)) ?? []
          const long = paid.findLastIndex((each) => each.at <= after - clockSlackMs)
          return paid.slice(long + 1).flatMap((each) => (each.at > after ? [each.base] : []))
        })
      },
      paidBefore: (procedures) => procedures.some((procedure) => this.#paid.has(keyOf(businessId, payee, procedure))),
      inQuarantine: () => payee !== null && this.#surroundings.inQuarantine(businessId, payee, at),
    }
  }
}
