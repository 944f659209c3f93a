import { createHash, timingSafeEqual } from 'node:crypto'
import type { Actor } from '../core/dispatch/actor'
import type { Clock } from '../core/ports/clock'

/** Bad tokens a minute before more of them are answered 429 (promise W10). */
export const badTokensPerMinute = 10

export type Authentication =
  | { readonly kind: 'actor'; readonly actor: Actor }
  | { readonly kind: 'missing' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'throttled'; readonly first: boolean }

/** Decides who a bearer token is. A flood of wrong tokens never slows a right one: right tokens are not counted. */
export class Authenticator {
  readonly #ownerHash: Buffer | null
  readonly #owner: Actor
  readonly #find: (token: string) => Actor | null
  readonly #clock: Clock
  #windowStart = 0
  #bad = 0

  /**
   * @param ownerToken the token of the ready line; null when this door has none. Only its SHA-256 is kept
   * @param find the actor of a stored scoped token in force
   */
  constructor(options: { ownerToken: string | null; owner: Actor; find: (token: string) => Actor | null; clock: Clock }) {
    this.#ownerHash = options.ownerToken === null ? null : sha256(options.ownerToken)
    this.#owner = options.owner
    this.#find = options.find
    this.#clock = options.clock
  }

  authenticate(token: string | null): Authentication {
    if (token === null) return { kind: 'missing' }
    if (this.#ownerHash !== null && timingSafeEqual(sha256(token), this.#ownerHash)) return { kind: 'actor', actor: this.#owner }
    const actor = this.#find(token)
    if (actor !== null) return { kind: 'actor', actor }
    const now = this.#clock.now()
    if (now - this.#windowStart >= 60_000 || now < this.#windowStart) {
      this.#windowStart = now
      this.#bad = 0
    }
    this.#bad += 1
    if (this.#bad <= badTokensPerMinute) return { kind: 'wrong' }
    return { kind: 'throttled', first: this.#bad === badTokensPerMinute + 1 }
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
