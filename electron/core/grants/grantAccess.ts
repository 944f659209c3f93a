import type { ProcedureName } from '../../../shared/contract/index'
import type { Scope } from '../../../shared/contract/procedure'
import type { Dependant } from '../../../shared/contract/secrets'
import { AppError } from '../../../shared/errors'
import { getBusiness } from '../businesses/index'
import type { ReadDb, WriteDb } from '../db'
import type { Actor, ActorName } from '../dispatch/actor'
import type { Clock } from '../ports/clock'
import type { DependantSource } from '../secrets/index'
import { findToken } from '../tokens/index'
import { grantCoversTime } from './grantCoversCall'
import { type GrantEnd, grantEnd } from './grantEnd'
import { findGrant, findGrantByMac, grantMac, type StoredGrant, setRevoked, takeUse, unrevokedGrants } from './grants.repository'
import { wallClock } from './wallClock'

export const grantTokenPrefix = 'chg_'
const helperPrefix = 'helper:'

/** What a grant opens, beside its limits: scopes, and of what they open only these procedures. */
const opens: Readonly<
  Record<StoredGrant['actions'][number], { scopes: readonly Scope[]; procedures: readonly ProcedureName[] }>
> = {
  use: { scopes: ['secrets:read', 'broker:write'], procedures: ['secrets.list', 'secrets.get', 'broker.call'] },
  reveal: { scopes: ['secrets:read', 'vault:reveal'], procedures: ['secrets.list', 'secrets.get', 'secrets.reveal'] },
}

export interface GrantAccessDeps {
  /** The vault's HMAC key for tokens. */
  readonly tokenKey: () => Uint8Array
  readonly clock: Clock
  /** The machine's own time zone, for grants of no business. */
  readonly machineTimeZone: () => string
}

/** The id in `helper:<grantId>`; null for any other actor. */
export function grantIdOf(actor: Pick<Actor, 'name'>): string | null {
  return actor.name.startsWith(helperPrefix) ? actor.name.slice(helperPrefix.length) : null
}

export function helperName(grantId: string): ActorName {
  return `helper:${grantId}`
}

/** What grants allow at this moment. Nothing is remembered between two questions: what ended is over at the next one. */
export class GrantAccess {
  readonly #deps: GrantAccessDeps

  constructor(deps: GrantAccessDeps) {
    this.#deps = deps
  }

  /** The actor that a grant token stands for; null when it is unknown or its grant has ended. */
  actorOfToken(r: ReadDb, text: string): Actor | null {
    const grant = this.grantOfToken(r, text)
    return grant === undefined || this.endOf(r, grant) !== null ? null : actorOf(grant)
  }

  /** The actor of a grant as it stands now; null when the grant has ended. */
  actorOfGrant(r: ReadDb, grantId: string): Actor | null {
    const grant = findGrant(r, grantId)
    return grant === undefined || this.endOf(r, grant) !== null ? null : actorOf(grant)
  }

  /** The grant of a token, ended or not. */
  grantOfToken(r: ReadDb, text: string): StoredGrant | undefined {
    return text.startsWith(grantTokenPrefix) ? findGrantByMac(r, grantMac(this.#deps.tokenKey(), text)) : undefined
  }

  /** How a grant ended; null while it is in force. One that was given with a token ends with the revocation of that token. */
  endOf(r: ReadDb, grant: StoredGrant, now = this.#deps.clock.now()): GrantEnd | null {
    const end = grantEnd(grant, now)
    if (end !== null || !grant.createdBy.startsWith('token:')) return end
    const giver = findToken(r, grant.createdBy.slice('token:'.length))
    return giver !== undefined && giver.revokedAt === null ? null : { at: giver?.revokedAt ?? now, why: 'owner' }
  }

  /** The time zone whose wall clock the hours of a grant name. */
  timeZoneOf(r: ReadDb, businessId: string | null): string {
    return businessId === null ? this.#deps.machineTimeZone() : getBusiness(r, businessId).timeZone
  }

  /** Whether a grant's hours and weekdays cover an instant. */
  coversNow(r: ReadDb, grant: StoredGrant, now: number): boolean {
    return grantCoversTime(grant, wallClock(this.timeZoneOf(r, grant.businessId), now))
  }

  /** Ids of the secrets that an actor may see at all; null for everyone who is no helper: they see all that their scopes open. */
  visibleSecrets(r: ReadDb, actor: Pick<Actor, 'name'>): ReadonlySet<string> | null {
    const grantId = grantIdOf(actor)
    if (grantId === null) return null
    const grant = findGrant(r, grantId)
    return new Set(grant === undefined || this.endOf(r, grant) !== null ? [] : grant.secretIds)
  }

  /** Whether an actor may see a secret's hidden values: a helper by its grant, the owner and tokens by their scopes, nobody else. */
  mayReveal(r: ReadDb, actor: Pick<Actor, 'name'>, secretId: string, now: number): boolean {
    const grantId = grantIdOf(actor)
    if (grantId === null) return actor.name === 'owner' || actor.name.startsWith('token:')
    const grant = findGrant(r, grantId)
    if (grant === undefined || this.endOf(r, grant, now) !== null) return false
    return grant.actions.includes('reveal') && grant.secretIds.includes(secretId) && this.coversNow(r, grant, now)
  }

  /**
   * Counts a use of a helper's grant in the transaction that permits it; does nothing for anyone else.
   * @throws AppError forbidden when there is none left
   */
  countUse(w: WriteDb, actor: Pick<Actor, 'name'>, now: number): void {
    const grantId = grantIdOf(actor)
    if (grantId !== null && !takeUse(w, grantId, now)) throw new AppError('forbidden', `Nothing was done: ${endedSentence}`)
  }

  /** What a secret that is put away ends with it: grants all of whose other items are gone too. */
  endWithSecret(w: WriteDb, secretId: string, isThere: (secretId: string) => boolean, now: number): void {
    for (const grant of unrevokedGrants(w, secretId)) {
      if (grant.secretIds.every((id) => id === secretId || !isThere(id))) setRevoked(w, grant.id, { at: now, why: 'secret_gone' })
    }
  }

  /** What a secret's domain asks: which grants cover it, and what ends with it. @param isThere whether another item still is */
  dependants(isThere: (r: ReadDb, secretId: string) => boolean): DependantSource {
    return {
      holds: false,
      dependantsOf: (r, secretId) => this.dependantsOf(r, secretId),
      deleted: (w, secretId, now) => this.endWithSecret(w, secretId, (id) => isThere(w, id), now),
    }
  }

  /** Grants in force that cover a secret. */
  dependantsOf(r: ReadDb, secretId: string): Dependant[] {
    return unrevokedGrants(r, secretId)
      .filter((grant) => this.endOf(r, grant) === null)
      .map(({ id, holder }) => ({ kind: 'grant', id, label: holder }))
  }
}

/** For whoever acts within a grant that has ended. */
export const endedSentence = 'this grant has expired, was revoked or is used up.'

function actorOf(grant: StoredGrant): Actor {
  const rights = grant.actions.map((action) => opens[action])
  return {
    name: helperName(grant.id),
    scopes: new Set(rights.flatMap(({ scopes }) => scopes)),
    procedures: new Set(rights.flatMap(({ procedures }) => procedures)),
  }
}
