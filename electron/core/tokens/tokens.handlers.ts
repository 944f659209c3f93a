import type { Parsed } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import type { ReadDb } from '../db/connection'
import { offsetPage } from '../db/offsetPage'
import type { Actor } from '../dispatch/actor'
import type { CommandFacts, Handlers } from '../dispatch/handler'
import { newId } from '../ports/ids'
import { findToken, insertToken, listTokens, newTokenText, revokeToken, tokenMac } from './tokens.repository'

const hourMs = 3_600_000

/**
 * Nobody gives away more than they have, and the right to decide is the owner's alone to give.
 * @throws AppError forbidden
 */
function checkGrant(actor: Actor, scopes: Parsed<'tokens.create'>['scopes']): void {
  const beyond = scopes.find((scope) => !actor.scopes.has(scope))
  if (beyond !== undefined) {
    throw new AppError('forbidden', `No token was made: you cannot give the scope ${beyond}, which you do not have yourself.`)
  }
  if (actor.name !== 'owner' && scopes.includes('approvals:decide')) {
    throw new AppError('forbidden', 'No token was made: only the owner can give the scope approvals:decide.')
  }
}

/** A token made with a token ends with it at the latest; null for one made by the owner. */
function ownExpiry(db: ReadDb, actor: Actor): number | null {
  return actor.name.startsWith('token:') ? (findToken(db, actor.name.slice('token:'.length))?.expiresAt ?? 0) : null
}

function revokeFacts(db: ReadDb, { tokenId }: Parsed<'tokens.revoke'>): CommandFacts {
  const token = findToken(db, tokenId)
  if (token === undefined) throw noSuchToken()
  const state = { token: token.name, scopes: token.scopes.join(', ') }
  return {
    businessId: null,
    what: `Revoke the access token ${token.name} and every token made with it`,
    amount: null,
    payee: null,
    before: { ...state, revoked: token.revokedAt === null ? 'no' : 'yes' },
    after: { revoked: 'yes' },
    undo: 'no',
  }
}

function noSuchToken(): AppError {
  return new AppError('not_found', 'There is no such token. Nothing was done.')
}

/** @param tokenKey the vault's HMAC key for tokens */
export function tokenHandlers(tokenKey: Uint8Array): Handlers<'tokens.create' | 'tokens.list' | 'tokens.revoke'> {
  return {
    'tokens.create': {
      facts: (_, input) => ({
        businessId: null,
        what: 'Make an access token',
        amount: null,
        payee: null,
        before: {},
        after: { scopes: [...new Set(input.scopes)].join(', '), hours: String(input.expiresInHours) },
        undo: 'yes',
      }),
      run: (context, input) => {
        checkGrant(context.actor, input.scopes)
        const expiresAt = context.now + input.expiresInHours * hourMs
        const text = newTokenText()
        const token = {
          id: newId('tok', context.now),
          name: input.name,
          scopes: [...new Set(input.scopes)],
          createdAt: context.now,
          expiresAt: Math.min(expiresAt, ownExpiry(context.db, context.actor) ?? expiresAt),
          lastUsedAt: null,
          revokedAt: null,
        }
        insertToken(context.db, token, context.actor.name, tokenMac(tokenKey, text))
        context.note({ tokenId: token.id, scopes: token.scopes, expiresAt: token.expiresAt })
        context.changed('tokens')
        return { ...token, token: text }
      },
    },
    'tokens.list': (context, input) => offsetPage(input, (offset, limit) => listTokens(context.db, { offset, limit })),
    'tokens.revoke': {
      facts: (db, input) => revokeFacts(db, input),
      run: (context, input) => {
        if (findToken(context.db, input.tokenId) === undefined) throw noSuchToken()
        revokeToken(context.db, input.tokenId, context.now)
        context.note({ tokenId: input.tokenId })
        context.changed('tokens')
        const token = findToken(context.db, input.tokenId)
        if (token === undefined) throw noSuchToken()
        return token
      },
    },
  }
}
