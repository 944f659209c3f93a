import { createHmac, randomBytes } from 'node:crypto'
import type { Scope } from '../../../shared/contract/procedure'
import type { Token } from '../../../shared/contract/vault'
import type { ReadDb, WriteDb } from '../db/connection'
import { sql } from '../db/sql'

interface TokenRow {
  id: string
  name: string
  scopes: string
  created_at: number
  expires_at: number
  last_used_at: number | null
  revoked_at: number | null
}

function toToken(row: TokenRow): Token {
  return {
    id: row.id,
    name: row.name,
    scopes: JSON.parse(row.scopes) as Scope[],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  }
}

/** A fresh bearer token: 256 random bits behind a prefix that secret scanners can find. */
export function newTokenText(): string {
  return `cht_${randomBytes(32).toString('base64url')}`
}

/** What is stored in place of a token: an HMAC under the vault's token key. */
export function tokenMac(key: Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest()
}

/** @param createdBy the actor whose access is passed on: `owner` or `token:<id>` */
export function insertToken(w: WriteDb, token: Token, createdBy: string, mac: Uint8Array): void {
  w.run(sql`INSERT INTO token (id, name, mac, scopes, created_by, created_at, expires_at)
            VALUES (${token.id}, ${token.name}, ${mac}, ${JSON.stringify(token.scopes)}, ${createdBy}, ${token.createdAt}, ${token.expiresAt})`)
}

/** The token of a MAC, in force or not. */
export function findTokenByMac(db: ReadDb, mac: Uint8Array): Token | undefined {
  const row = db.get<TokenRow>(
    sql`SELECT id, name, scopes, created_at, expires_at, last_used_at, revoked_at FROM token WHERE mac = ${mac}`,
  )
  return row && toToken(row)
}

export function findToken(db: ReadDb, id: string): Token | undefined {
  const row = db.get<TokenRow>(
    sql`SELECT id, name, scopes, created_at, expires_at, last_used_at, revoked_at FROM token WHERE id = ${id}`,
  )
  return row && toToken(row)
}

export function listTokens(db: ReadDb, page: { readonly offset: number; readonly limit: number }): Token[] {
  return db
    .all<TokenRow>(
      sql`SELECT id, name, scopes, created_at, expires_at, last_used_at, revoked_at FROM token ORDER BY created_at DESC, id DESC LIMIT ${page.limit} OFFSET ${page.offset}`,
    )
    .map(toToken)
}

/** Revokes a token with every token that was made with it, so that whoever held it keeps no other way in. */
export function revokeToken(w: WriteDb, id: string, now: number): void {
  w.run(sql`
    WITH RECURSIVE line (id) AS (
      VALUES (${id}) UNION SELECT token.id FROM token JOIN line ON token.created_by = 'token:' || line.id
    )
    UPDATE token SET revoked_at = ${now} WHERE id IN (SELECT id FROM line) AND revoked_at IS NULL`)
}

/** Whether a token is `ancestorId` itself or was made with it, directly or through others. */
export function descendsFrom(db: ReadDb, id: string, ancestorId: string): boolean {
  return (
    db.get(sql`
      WITH RECURSIVE line (id) AS (
        VALUES (${id}) UNION SELECT substr(token.created_by, 7) FROM token JOIN line ON token.id = line.id AND token.created_by LIKE 'token:%'
      )
      SELECT 1 FROM line WHERE id = ${ancestorId}`) !== undefined
  )
}

/** Ids of the tokens that were made with a token, directly or through others, itself included. */
export function tokensMadeWith(db: ReadDb, id: string): string[] {
  return db
    .all<{ id: string }>(sql`
      WITH RECURSIVE line (id) AS (
        VALUES (${id}) UNION SELECT token.id FROM token JOIN line ON token.created_by = 'token:' || line.id
      )
      SELECT id FROM line`)
    .map((row) => row.id)
}

/** Ids of the tokens in force that have a scope. */
export function holdersOf(db: ReadDb, scope: Scope, now: number): string[] {
  return db
    .all<{ id: string }>(
      sql`SELECT id FROM token WHERE revoked_at IS NULL AND expires_at > ${now}
            AND EXISTS (SELECT 1 FROM json_each(scopes) WHERE value = ${scope}) ORDER BY id`,
    )
    .map(({ id }) => id)
}

export function touchToken(w: WriteDb, id: string, now: number): void {
  w.run(sql`UPDATE token SET last_used_at = ${now} WHERE id = ${id}`)
}
