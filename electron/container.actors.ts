import type { Database } from './core/db/index'
import type { Actor, ActorName } from './core/dispatch/index'
import { findGrant, type GrantAccess, grantIdOf, grantTokenPrefix } from './core/grants/index'
import type { Clock } from './core/ports/clock'
import type { Logger } from './core/ports/logger'
import { descendsFrom, findToken, findTokenByMac, holdersOf, type Token, tokenMac, touchToken } from './core/tokens/index'

/** How exact `lastUsedAt` is, in milliseconds: a busy token costs one write a minute. */
const touchEvery = 60_000

const tokenPrefix = 'token:'

/** Who may act: the owner and the holders of tokens and grants in force, asked anew at every request. */
export class Actors {
  readonly #database: Database
  readonly #owner: Actor
  readonly #tokenKey: () => Uint8Array
  readonly #grants: GrantAccess
  readonly #clock: Clock
  readonly #logger: Logger

  constructor(parts: {
    database: Database
    owner: Actor
    tokenKey: () => Uint8Array
    grants: GrantAccess
    clock: Clock
    logger: Logger
  }) {
    this.#database = parts.database
    this.#grants = parts.grants
    this.#owner = parts.owner
    this.#tokenKey = parts.tokenKey
    this.#clock = parts.clock
    this.#logger = parts.logger
  }

  /** The actor that a bearer token stands for; null when it is unknown, expired or revoked. */
  ofToken(text: string): Actor | null {
    if (text.startsWith(grantTokenPrefix)) return this.#grants.actorOfToken(this.#database.read, text)
    const token = findTokenByMac(this.#database.read, tokenMac(this.#tokenKey(), text))
    if (token === undefined || !this.#inForce(token)) return null
    this.#touch(token)
    return actorOf(token)
  }

  /** The actor of a name with the scopes it has now; null when it is gone. */
  resolve(name: ActorName): Actor | null {
    if (name === 'owner') return this.#owner
    const grantId = grantIdOf({ name })
    if (grantId !== null) return this.#grants.actorOfGrant(this.#database.read, grantId)
    const id = tokenId(name)
    const token = id === null ? undefined : findToken(this.#database.read, id)
    return token !== undefined && this.#inForce(token) ? actorOf(token) : null
  }

  /** Whether `asker` acts for `decider`: as the same actor, or with a token or grant that was made with the decider's token. */
  isOwnRequest(asker: ActorName, decider: ActorName): boolean {
    const [ask, decide] = [tokenId(this.#giverOf(asker)), tokenId(decider)]
    return asker === decider || (ask !== null && decide !== null && descendsFrom(this.#database.read, ask, decide))
  }

  /** Who may decide besides the owner. */
  approvers(): ActorName[] {
    return holdersOf(this.#database.read, 'approvals:decide', this.#clock.now()).map((id): ActorName => `token:${id}`)
  }

  /** Whose access an actor has: that of whoever gave the grant, for a helper. */
  #giverOf(name: ActorName): ActorName {
    const grantId = grantIdOf({ name })
    return (grantId === null ? undefined : findGrant(this.#database.read, grantId)?.createdBy) ?? name
  }

  #inForce({ revokedAt, expiresAt }: Token): boolean {
    return revokedAt === null && expiresAt > this.#clock.now()
  }

  /** A disk that cannot be written must not shut out who only reads. */
  #touch({ id, lastUsedAt }: Token): void {
    const now = this.#clock.now()
    if (lastUsedAt !== null && now - lastUsedAt < touchEvery) return
    try {
      this.#database.write((w) => touchToken(w, id, now))
    } catch (error) {
      this.#logger.warn({ err: error, tokenId: id }, 'the last use of a token could not be noted')
    }
  }
}

function tokenId(name: ActorName): string | null {
  return name.startsWith(tokenPrefix) ? name.slice(tokenPrefix.length) : null
}

function actorOf(token: Token): Actor {
  return { name: `token:${token.id}`, scopes: new Set(token.scopes) }
}
