import { AppError } from '../../../shared/errors'
import { offsetPage } from '../db/offsetPage'
import type { Handlers } from '../dispatch/handler'
import { newId } from '../ports/ids'
import { findToken, insertToken, listTokens, newTokenText, revokeToken, tokenMac } from './tokens.repository'

/** @param tokenKey the vault's HMAC key for tokens */
export function tokenHandlers(tokenKey: Uint8Array): Handlers<'tokens.create' | 'tokens.list' | 'tokens.revoke'> {
  return {
    'tokens.create': {
      run: (context, input) => {
        const beyond = input.scopes.find((scope) => !context.actor.scopes.has(scope))
        if (beyond !== undefined) {
          throw new AppError(
            'forbidden',
            `No token was made: you cannot give the scope ${beyond}, which you do not have yourself.`,
          )
        }
        const text = newTokenText()
        const token = {
          id: newId('tok', context.now),
          name: input.name,
          scopes: [...new Set(input.scopes)],
          createdAt: context.now,
          expiresAt: context.now + input.expiresInHours * 3_600_000,
          lastUsedAt: null,
          revokedAt: null,
        }
        insertToken(context.db, token, tokenMac(tokenKey, text))
        context.note({ tokenId: token.id, scopes: token.scopes, expiresAt: token.expiresAt })
        context.changed('tokens')
        return { ...token, token: text }
      },
    },
    'tokens.list': (context, input) => offsetPage(input, (offset, limit) => listTokens(context.db, { offset, limit })),
    'tokens.revoke': {
      run: (context, input) => {
        if (findToken(context.db, input.tokenId) === undefined) throw new AppError('not_found', 'There is no such token.')
        revokeToken(context.db, input.tokenId, context.now)
        context.note({ tokenId: input.tokenId })
        context.changed('tokens')
        const token = findToken(context.db, input.tokenId)
        if (token === undefined) throw new AppError('not_found', 'There is no such token.')
        return token
      },
    },
  }
}
