import { appendAudit } from '../audit/index'
import type { Database } from '../db'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { type Act, lastUseBy, type SecretItems } from '../secrets/index'
import type { KeyUse } from './gateways'

/** A key in use is noted at most once in this time, so that polling does not flood the log. Milliseconds. */
const noteEvery = 3_600_000
const stripeHost = 'api.stripe.com'

export interface KeyUseDeps {
  readonly database: Database
  readonly items: SecretItems
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Notes that the app used a stored key by itself: a use of the item, proved by an audit row of its own.
 * @returns to be called at every use, outside any transaction; one that cannot be noted does not stop the work
 */
export function keyUses({ database, items, clock, logger }: KeyUseDeps): (use: KeyUse) => void {
  const noted = new Map<string, number>()
  return ({ secretId, businessId, mode }) => {
    const now = clock.now()
    const act: Act = { actor: 'schedule:stripe', door: 'schedule', procedure: 'integrations.use', now }
    const last = noted.get(secretId) ?? lastUseBy(database.read, { ...act, secretId, action: 'used' })
    if (last !== null) noted.set(secretId, last)
    if (last !== null && now - last < noteEvery) return
    try {
      database.write((w) => {
        const { actor, door, procedure } = act
        const details = { secretId, businessId }
        const { seq } = appendAudit(w, { at: now, actor, door, procedure, businessId, outcome: 'done', details })
        items.recordUse(w, { ...act, secretId, action: 'used', host: mode === 'practice' ? null : stripeHost, auditSeq: seq })
      })
      noted.set(secretId, now)
    } catch (error) {
      logger.warn({ err: error, secretId }, 'the use of a key could not be noted')
    }
  }
}
