import type Stripe from 'stripe'
import type { AnyDocument } from './store/documents'
import type { Store } from './store/store'

export interface AccountFacts {
  id: string
  created: number
  currency: string
}

/** What an endpoint works with. All of it lives inside one transaction. */
export interface Context {
  readonly store: Store
  /** Unix seconds. */
  readonly now: number
  readonly account: AccountFacts
  /** Writes an event about the object as it is now, and queues its webhooks. `before` gives `previous_attributes`. */
  emit(type: Stripe.Event.Type, object: AnyDocument, before?: AnyDocument): void
}

/** Who caused an event: an API request, or nobody (the hosted page). */
export interface Cause {
  id: string | null
  idempotency_key: string | null
}
