import type { Topic } from '../shared/contract/events'
import { AppError } from '../shared/errors'
import { createOutboundHttps } from './adapters/https/index'
import { Broker, brokerHandlers, type PracticeOrigins } from './core/broker/index'
import type { Database, ReadDb } from './core/db/index'
import type { Actor, ActorName } from './core/dispatch/index'
import { GrantAccess, grantHandlers, sweepGrants } from './core/grants/index'
import type { Clock } from './core/ports/clock'
import type { OutboundHttp } from './core/ports/outboundHttp'
import type { Pause } from './core/ports/pause'
import type { StepUp } from './core/ports/stepUp'
import type { SecretItems } from './core/secrets/index'
import type { World } from './core/vault/index'

/** What grants allow; asked by whoever knows actors. @param tokenKey the vault's HMAC key for tokens */
export function grantAccess(tokenKey: () => Uint8Array, clock: Clock): GrantAccess {
  return new GrantAccess({
    tokenKey,
    clock,
    machineTimeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
  })
}

export interface HelperAccessParts {
  readonly database: Database
  readonly access: GrantAccess
  readonly secrets: { readonly items: SecretItems; readonly reveals: { readonly stepUp: StepUp } }
  readonly tokenKey: () => Uint8Array
  readonly pause: Pause
  readonly clock: Clock
  readonly world: World
  /** Where the practice provider of Stripe is; null while it is not up and in a live world. */
  readonly practiceStripe: () => string | null
  readonly actors: { resolve(name: ActorName): Actor | null }
  readonly publish: (topics: ReadonlySet<Topic>) => void
  /** How calls leave; https to public addresses when left out. */
  readonly outbound: OutboundHttp | undefined
}

/** The grants of helpers, and the broker that uses secrets for them. */
export class HelperAccess {
  readonly broker: Broker
  readonly #parts: HelperAccessParts

  constructor(parts: HelperAccessParts) {
    this.#parts = parts
    const { database, access, secrets, pause, clock, world, practiceStripe, actors } = parts
    const practice = (): PracticeOrigins | null => {
      if (world !== 'practice') return null
      const stripe = practiceStripe()
      return new Map(stripe === null ? [] : [['api.stripe.com', stripe]])
    }
    const outbound = parts.outbound ?? createOutboundHttps({ localOrigins: () => [...(practice()?.values() ?? [])] })
    const isInForce = (name: ActorName) => actors.resolve(name) !== null
    const { items } = secrets
    const { stepUp } = secrets.reveals
    this.broker = new Broker({ database, outbound, secrets: items, stepUp, access, pause, clock, practice, isInForce })
    items.registerDependants(access.dependants((r, secretId) => isThere(r, items, secretId)))
  }

  handlers() {
    const { access, secrets, tokenKey } = this.#parts
    return {
      ...grantHandlers({ access, secrets: secrets.items, stepUp: secrets.reveals.stepUp, tokenKey }),
      ...brokerHandlers(this.broker),
    }
  }

  /** Writes down which grants have ended; every minute. Requests do not wait for it. */
  sweep(): void {
    const { database, access, clock, publish } = this.#parts
    const ended = database.write((w) => sweepGrants(w, access, clock.now()))
    if (ended > 0) publish(new Set<Topic>(['grants', 'secrets', 'audit']))
  }
}

function isThere(r: ReadDb, items: SecretItems, secretId: string): boolean {
  try {
    items.summary(r, secretId)
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return false
    throw error
  }
}
