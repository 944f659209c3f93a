import type { Parsed } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import type { ReadDb } from '../db'
import type { Actor, ActorName } from '../dispatch/actor'
import {
  endedSentence,
  findGrant,
  type GrantAccess,
  grantCoversCall,
  grantIdOf,
  helperName,
  type StoredGrant,
} from '../grants/index'
import type { StepUp } from '../ports/stepUp'
import type { SecretItems } from '../secrets/index'
import type { WantedRequest } from './readCall'

/** By what right a call is made, and with which item. */
export interface Authority {
  /** Whose use it is: the helper of the grant, else the caller. */
  readonly actor: ActorName
  readonly grant: StoredGrant | null
  readonly secretId: string
  readonly businessId: string | null
}

export interface AuthorityDeps {
  readonly access: GrantAccess
  readonly secrets: Pick<SecretItems, 'summary'>
  readonly stepUp: StepUp
}

type Asked = Pick<Parsed<'broker.call'>, 'secretId' | 'grantToken'>

function forbidden(why: string): AppError {
  return new AppError('forbidden', `Nothing was sent: ${why}`)
}

/** The grant that a call acts within; null for the caller's own rights. @throws AppError forbidden */
export function grantOf(r: ReadDb, access: GrantAccess, actor: Actor, { grantToken }: Asked): StoredGrant | null {
  const own = grantIdOf(actor)
  const named = grantToken === undefined ? undefined : access.grantOfToken(r, grantToken)
  if (grantToken !== undefined && named === undefined) throw forbidden('this grant token is unknown.')
  if (named !== undefined) return named
  if (own === null) return null
  const grant = findGrant(r, own)
  if (grant === undefined) throw forbidden(endedSentence)
  return grant
}

/** The item that a call names, or the one that its grant is for; undefined where that leaves a choice. */
export function itemOf(grant: StoredGrant | null, { secretId }: Asked): string | undefined {
  return secretId ?? (grant?.secretIds.length === 1 ? grant.secretIds[0] : undefined)
}

/**
 * The item of a call by the caller's own rights. Whoever names the host could have the value sent to themselves, so this takes what seeing
 * the value takes.
 * @throws AppError forbidden, not_found, step_up_required
 */
function ownItem(r: ReadDb, { secrets, stepUp }: AuthorityDeps, actor: Actor, secretId: string, port: number) {
  if (!actor.scopes.has('vault:reveal')) {
    throw forbidden(
      'without the scope vault:reveal a secret is used within a grant alone, which says at which hosts. Send the token of one as grantToken.',
    )
  }
  if (port !== 443 && actor.name !== 'owner') throw forbidden('only the owner may call another port than 443.')
  const item = secrets.summary(r, secretId)
  if (item.sensitive) stepUp.require(actor.name)
  return item
}

/**
 * Whether a call is allowed at an instant, and by what right.
 * @throws AppError forbidden, invalid_input, not_found, step_up_required
 */
export function authorityOf(
  r: ReadDb,
  deps: AuthorityDeps,
  actor: Actor,
  asked: Asked,
  wanted: WantedRequest,
  now: number,
): Authority {
  const { access, secrets } = deps
  const grant = grantOf(r, access, actor, asked)
  const { host, path, target } = wanted.destination
  const port = target.scheme === 'https' ? target.port : 443
  if (grant === null) {
    if (asked.secretId === undefined) throw new AppError('invalid_input', 'Nothing was sent: name the secret (secretId).')
    const { businessId } = ownItem(r, deps, actor, asked.secretId, port)
    return { actor: actor.name, grant, secretId: asked.secretId, businessId }
  }
  if (access.endOf(r, grant, now) !== null) throw forbidden(endedSentence)
  const secretId = itemOf(grant, asked)
  if (secretId === undefined) {
    throw new AppError('invalid_input', 'Nothing was sent: this grant covers several secrets; name one (secretId).')
  }
  const headers = wanted.headers.map(([name]) => name.toLowerCase())
  const gap = grantCoversCall(grant, { secretId, method: wanted.method, host, port, path, headers })
  if (gap !== null) throw forbidden(`${gap}.`)
  if (!access.coversNow(r, grant, now)) throw forbidden('this grant does not cover this hour or weekday.')
  const { businessId } = secrets.summary(r, secretId)
  return { actor: helperName(grant.id), grant, secretId, businessId }
}
