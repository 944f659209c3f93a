import type { SecretUse } from '../../../shared/contract/secrets'
import { type ReadDb, sql } from '../db'

/** What an actor did with one secret, one action and one host. */
export interface UseSum {
  readonly secretId: string
  readonly action: SecretUse['action']
  readonly host: string | null
  readonly times: number
  readonly lastAt: number
}

/** What actors did with the secrets of the vault, summed up. The log of uses is core/secrets' own; its index by actor serves this. */
export function usesOf(r: ReadDb, actors: readonly string[]): UseSum[] {
  return r.all<UseSum>(sql`
    SELECT secret_id AS secretId, action, host, count(*) AS times, max(at) AS lastAt
    FROM secret_use WHERE actor IN (SELECT value FROM json_each(${JSON.stringify(actors)}))
    GROUP BY secret_id, action, host`)
}

/** Tokens that were made with a token, directly or through others, itself included. */
export function tokenLine(r: ReadDb, tokenId: string): string[] {
  return r
    .all<{ id: string }>(sql`
      WITH RECURSIVE line (id) AS (
        VALUES (${tokenId}) UNION SELECT token.id FROM token JOIN line ON token.created_by = 'token:' || line.id
      )
      SELECT id FROM line`)
    .map(({ id }) => id)
}
