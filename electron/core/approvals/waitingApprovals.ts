import { type Database, type ReadDb, sql } from '../db/index'
import type { Clock } from '../ports/clock'
import type { Notifier } from '../ports/notifier'
import { expireApprovals } from './approvals.repository'

/** At most one notification in this time: a helper that asks for many things is one piece of news. */
export const quietMs = 60_000

interface Waiting {
  readonly id: string
  readonly businessId: string | null
}

/**
 * Watches over what waits for the owner: denies by time what nobody decided, and tells the owner of what others asked for. What the owner
 * asked for in the window is no news to them.
 */
export class WaitingApprovals {
  readonly #deps: { readonly database: Database; readonly clock: Clock; readonly notifier: Notifier }
  /** Ids that wait and that the owner was told of, or could see when the vault was opened. */
  #told: ReadonlySet<string>
  #lastAt = Number.NEGATIVE_INFINITY

  constructor(deps: { readonly database: Database; readonly clock: Clock; readonly notifier: Notifier }) {
    this.#deps = deps
    this.#told = new Set(waitingOf(deps.database.read, deps.clock.now()).map(({ id }) => id))
  }

  /** Notifies of what began to wait since the last notification, in one. Names no customer, amount or business: the vault may be locked. */
  tell(): void {
    const { database, clock, notifier } = this.#deps
    const now = clock.now()
    if (now - this.#lastAt < quietMs) return
    const waiting = waitingOf(database.read, now)
    const news = waiting.filter(({ id }) => !this.#told.has(id))
    this.#told = new Set(waiting.map(({ id }) => id))
    const [first] = news
    if (first === undefined) return
    this.#lastAt = now
    notifier.notify({
      title: news.length === 1 ? 'An approval waits for you' : `${news.length} approvals wait for you`,
      body: 'A helper asked for something that your rules leave to you. It is not done until you say so.',
      route: `/approvals?approval=${first.id}`,
      ...(first.businessId === null ? {} : { businessId: first.businessId }),
    })
  }

  /** The turn of every minute. @returns how many expired */
  sweep(): number {
    const { database, clock } = this.#deps
    const expired = database.write((w) => expireApprovals(w, clock.now()))
    this.tell()
    return expired
  }
}

function waitingOf(db: ReadDb, now: number): Waiting[] {
  return db.all<Waiting>(
    sql`SELECT id, business_id AS businessId FROM approval
        WHERE status = 'pending' AND expires_at > ${now} AND door <> 'window' ORDER BY created_at, id`,
  )
}
