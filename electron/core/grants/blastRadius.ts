import type { BlastRadius } from '../../../shared/contract/grants'
import type { Scope } from '../../../shared/contract/procedure'
import { AppError } from '../../../shared/errors'
import type { ReadDb } from '../db'
import { type ActorUse, type SecretItems, usesBy } from '../secrets/index'
import { findToken, tokensMadeWith } from '../tokens/index'
import { helperName } from './grantAccess'
import { findGrant, grantsGivenBy } from './grants.repository'

/** Secrets that were only within reach and are listed; `reachableCount` counts them all. */
export const listedReach = 200

const seeing: ReadonlySet<ActorUse['action']> = new Set(['revealed', 'copied', 'exported'])
const using: ReadonlySet<ActorUse['action']> = new Set(['used', 'tested'])
/** What opens every secret; without it a token uses what a grant lends it, as that grant’s helper. */
const reaching: Scope = 'vault:reveal'

type Reached = BlastRadius['secrets'][number]

interface Reach {
  readonly actor: string
  /** Every actor whose uses count: the grant's helper; a token, tokens made with it and helpers whose grants these gave. */
  readonly actors: readonly string[]
  /** Secrets that are or were within reach. */
  readonly secretIds: readonly string[]
}

export type Holder = { readonly grantId?: string | undefined; readonly tokenId?: string | undefined }

function reachOf(r: ReadDb, secrets: Pick<SecretItems, 'ids'>, { grantId, tokenId }: Holder): Reach {
  if ((grantId === undefined) === (tokenId === undefined)) {
    throw new AppError('invalid_input', 'Name either a grant (grantId) or a token (tokenId).')
  }
  if (grantId !== undefined) {
    const grant = findGrant(r, grantId)
    if (grant === undefined) throw new AppError('not_found', 'There is no such grant. Nothing was done.')
    const actor = helperName(grantId)
    return { actor, actors: [actor], secretIds: grant.secretIds }
  }
  const token = findToken(r, tokenId ?? '')
  if (token === undefined) throw new AppError('not_found', 'There is no such token. Nothing was done.')
  const tokens = tokensMadeWith(r, token.id).map((id) => `token:${id}`)
  const given = tokens.flatMap((name) => grantsGivenBy(r, name))
  const secretIds = token.scopes.includes(reaching) ? secrets.ids(r) : given.flatMap((id) => findGrant(r, id)?.secretIds ?? [])
  return { actor: `token:${token.id}`, actors: [...tokens, ...given.map(helperName)], secretIds }
}

/** What a grant or a token saw, used and could reach: what it saw first, then what it used, newest first. */
export function blastRadius(
  r: ReadDb,
  secrets: Pick<SecretItems, 'ids' | 'summary' | 'valuesChangedAt'>,
  holder: Holder,
): BlastRadius {
  const { actor, actors, secretIds } = reachOf(r, secrets, holder)
  const sums = new Map<string, ActorUse[]>()
  for (const sum of actors.flatMap((name) => usesBy(r, name))) {
    if (seeing.has(sum.action) || using.has(sum.action)) sums.set(sum.secretId, [...(sums.get(sum.secretId) ?? []), sum])
  }
  const touched = [...sums].map(([secretId, uses]) => touchedSecret(r, secrets, secretId, uses))
  const untouched = [...new Set(secretIds)].filter((id) => !sums.has(id))
  return {
    actor,
    secrets: [
      ...touched.sort((a, b) => order(a) - order(b) || (b.lastAt ?? 0) - (a.lastAt ?? 0)),
      ...untouched.slice(0, listedReach).map((id) => reachableSecret(r, secrets, id)),
    ],
    reachableCount: untouched.length,
  }
}

const order = ({ reach }: Reached) => (reach === 'revealed' ? 0 : 1)

type Named = Pick<SecretItems, 'summary' | 'valuesChangedAt'>

/** How a secret is called; one that was removed for good has no name any more. */
function nameOf(r: ReadDb, secrets: Named, secretId: string): Pick<Reached, 'title' | 'kind'> {
  try {
    const { title, kind } = secrets.summary(r, secretId, true)
    return { title, kind }
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return { title: 'Removed secret', kind: 'removed' }
    throw error
  }
}

/** A value that was removed for good is worth nothing here, but may still open something at its provider. */
function changedSince(r: ReadDb, secrets: Named, secretId: string, at: number): boolean {
  try {
    return secrets.valuesChangedAt(r, secretId) > at
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return false
    throw error
  }
}

function touchedSecret(r: ReadDb, secrets: Named, secretId: string, uses: readonly ActorUse[]): Reached {
  const lastAt = Math.max(...uses.map((use) => use.lastAt))
  return {
    secretId,
    ...nameOf(r, secrets, secretId),
    reach: uses.some(({ action }) => seeing.has(action)) ? 'revealed' : 'used',
    times: uses.reduce((sum, { times }) => sum + times, 0),
    lastAt,
    hosts: [...new Set(uses.flatMap((use) => use.hosts))].sort(),
    rotatedSince: changedSince(r, secrets, secretId, lastAt),
  }
}

function reachableSecret(r: ReadDb, secrets: Named, secretId: string): Reached {
  return { secretId, ...nameOf(r, secrets, secretId), reach: 'reachable', times: 0, lastAt: null, hosts: [], rotatedSince: false }
}
