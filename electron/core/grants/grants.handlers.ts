import { z } from 'zod'
import type { Grant } from '../../../shared/contract/grants'
import type { Parsed } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import { getBusiness } from '../businesses/index'
import type { ReadDb } from '../db'
import { decodeCursor, defaultLimit, encodeCursor } from '../db/paging'
import type { CommandFacts, Handlers } from '../dispatch/handler'
import type { SecretItems } from '../secrets/index'
import { blastRadius, type Holder } from './blastRadius'
import type { GrantAccess } from './grantAccess'
import { findGrant, grantMac, insertGrant, listGrants, newGrantToken, type StoredGrant, setRevoked } from './grants.repository'
import { type NewGrantDeps, newGrant, usualHours } from './newGrant'

export interface GrantHandlerDeps extends NewGrantDeps {
  readonly secrets: Pick<SecretItems, 'ids' | 'summary' | 'valuesChangedAt' | 'markDue'>
  /** The vault's HMAC key for tokens. */
  readonly tokenKey: () => Uint8Array
}

/** Sort key of the list. */
const cursorOf = z.tuple([z.int(), z.string()])

function grantNotFound(): AppError {
  return new AppError('not_found', 'There is no such grant. Nothing was done.')
}

/** A grant as doors show it; one that has ended shows when and why, also before that was written down. */
function shown(r: ReadDb, access: GrantAccess, grant: StoredGrant, now: number): Grant {
  const { createdBy: _, endsAt: __, ...rest } = grant
  const end = access.endOf(r, grant, now)
  return end === null ? rest : { ...rest, revokedAt: end.at, revokedFor: end.why }
}

/** One page of grants; those that have ended are left out where only active ones are asked for, so pages are filled row by row. */
function grantsPage(r: ReadDb, access: GrantAccess, input: Parsed<'grants.list'>, now: number) {
  const limit = input.limit ?? defaultLimit
  const items: Grant[] = []
  let after = input.cursor === undefined ? undefined : decodeCursor(input.cursor, cursorOf)
  for (;;) {
    const rows = listGrants(r, { ...input, after, limit: limit + 1 })
    for (const row of rows) {
      const grant = shown(r, access, row, now)
      if (input.active !== undefined && input.active !== (grant.revokedAt === null)) continue
      const last = items.at(-1)
      if (items.length === limit && last !== undefined) return { items, nextCursor: encodeCursor([last.createdAt, last.id]) }
      items.push(grant)
    }
    const last = rows.at(-1)
    if (rows.length <= limit || last === undefined) return { items, nextCursor: null }
    after = [last.createdAt, last.id]
  }
}

/** What a card shows: to which items and how far it reaches; limits of the hour only narrow that. Not whose it will be, which is a name. */
function createFacts(r: ReadDb, deps: GrantHandlerDeps, input: Parsed<'grants.create'>): CommandFacts {
  const secretIds = [...new Set(input.secretIds)].sort()
  const items = secretIds.map((secretId) => deps.secrets.summary(r, secretId))
  const owner = items[0]?.businessId ?? null
  const many = secretIds.length === 1 ? 'one secret' : `${secretIds.length} secrets`
  const { actions, hosts = [], methods = [], paths = [], maxUses = null, expiresInHours = usualHours } = input
  const listed = (names: readonly string[]) => (names.length === 0 ? 'every' : names.join(', '))
  return {
    businessId: input.businessId ?? owner,
    what: `Give a helper access to ${many} of the vault`,
    amount: null,
    payee: null,
    before: {},
    after: {
      secrets: secretIds.join(', '),
      may: actions.join(', '),
      ...(actions.includes('use') ? { hosts: hosts.join(', '), methods: listed(methods), paths: listed(paths) } : {}),
      uses: maxUses === null ? 'any number' : String(maxUses),
      'expires in': `${expiresInHours} hours`,
    },
    undo: 'yes',
    sensitive: items.some(({ sensitive }) => sensitive),
  }
}

function revokeFacts(r: ReadDb, { grantId }: Parsed<'grants.revoke'>): CommandFacts {
  const grant = findGrant(r, grantId)
  if (grant === undefined) throw grantNotFound()
  return {
    businessId: grant.businessId,
    what: 'End the access of a helper to secrets of the vault',
    amount: null,
    payee: null,
    before: { may: grant.actions.join(', '), revoked: grant.revokedAt === null ? 'no' : 'yes' },
    after: { revoked: 'yes' },
    undo: 'no',
  }
}

/** What they saw or used, is still in the vault and was not changed since: worthless only once it is. */
function exposed(r: ReadDb, deps: GrantHandlerDeps, holder: Holder): string[] {
  const there = new Set(deps.secrets.ids(r))
  return blastRadius(r, deps.secrets, holder)
    .secrets.filter(({ secretId, reach, rotatedSince }) => reach !== 'reachable' && !rotatedSince && there.has(secretId))
    .map(({ secretId }) => secretId)
}

function rotateFacts(r: ReadDb, deps: GrantHandlerDeps, holder: Holder): CommandFacts {
  const secretIds = exposed(r, deps, holder)
  const grant = holder.grantId === undefined ? undefined : findGrant(r, holder.grantId)
  return {
    businessId: grant?.businessId ?? null,
    what: `Make ${secretIds.length} secrets due for rotation today: all that were seen or used`,
    amount: null,
    payee: null,
    before: {},
    after: { secrets: secretIds.join(', ') },
    undo: 'no',
  }
}

export function grantHandlers(
  deps: GrantHandlerDeps,
): Handlers<'grants.create' | 'grants.list' | 'grants.revoke' | 'grants.blastRadius' | 'grants.rotateAll'> {
  const { access, secrets } = deps
  return {
    'grants.create': {
      facts: (db, input) => createFacts(db, deps, input),
      run: (context, input) => {
        const { actor, db, now } = context
        if (input.businessId !== undefined) getBusiness(db, input.businessId)
        const grant = newGrant(db, deps, actor, input, now)
        const token = newGrantToken()
        insertGrant(db, grant, grantMac(deps.tokenKey(), token))
        const { id: grantId, businessId, secretIds, actions, hosts, expiresAt } = grant
        context.note({ grantId, businessId, secretIds, actions, hosts, expiresAt })
        context.changed('grants', 'secrets')
        return { ...shown(db, access, grant, now), token }
      },
    },
    'grants.list': ({ db, now }, input) => {
      if (input.businessId !== undefined) getBusiness(db, input.businessId)
      if (input.secretId !== undefined) secrets.summary(db, input.secretId, true)
      return grantsPage(db, access, input, now)
    },
    'grants.revoke': {
      facts: revokeFacts,
      run: (context, { grantId }) => {
        const { db, now } = context
        const grant = findGrant(db, grantId)
        if (grant === undefined) throw grantNotFound()
        if (grant.revokedAt === null) setRevoked(db, grantId, access.endOf(db, grant, now) ?? { at: now, why: 'owner' })
        context.note({ grantId, businessId: grant.businessId })
        context.changed('grants', 'secrets')
        const revoked = findGrant(db, grantId)
        if (revoked === undefined) throw grantNotFound()
        return shown(db, access, revoked, now)
      },
    },
    'grants.blastRadius': ({ db }, input) => blastRadius(db, secrets, input),
    'grants.rotateAll': {
      facts: (db, input) => rotateFacts(db, deps, input),
      run: (context, input) => {
        const secretIds = exposed(context.db, deps, input)
        for (const secretId of secretIds) secrets.markDue(context.db, secretId, context.now)
        context.note({ secretIds, ...(input.grantId === undefined ? {} : { grantId: input.grantId }) })
        if (input.tokenId !== undefined) context.note({ tokenId: input.tokenId })
        context.changed('secrets')
        return { secretIds }
      },
    },
  }
}
