import { timingSafeEqual } from 'node:crypto'
import { AppError } from '../../../shared/errors'
import type { ReadDb, WriteDb } from '../db/connection'
import { sql } from '../db/sql'

interface RequestKey {
  readonly actor: string
  readonly procedure: string
  readonly requestId: string
}

/**
 * The stored first outcome of a request.
 * @returns undefined when the request is new; its outcome JSON when the same body was sent before
 * @throws AppError `idempotency_conflict` for another body, `conflict` when the outcome held a secret and was not kept
 */
export function firstOutcome(db: ReadDb, key: RequestKey, bodyDigest: Uint8Array): string | undefined {
  const row = db.get<{ body_digest: Uint8Array; outcome: string | null }>(
    sql`SELECT body_digest, outcome FROM request
        WHERE actor = ${key.actor} AND procedure = ${key.procedure} AND request_id = ${key.requestId}`,
  )
  if (row === undefined) return undefined
  if (!timingSafeEqual(row.body_digest, bodyDigest)) throw otherBody()
  if (row.outcome === null) {
    throw new AppError(
      'conflict',
      'This request was carried out before; its outcome held a secret and was not kept. Make a new one.',
    )
  }
  return row.outcome
}

/** Keeps the outcome of a request for ever; null where the outcome holds a secret. */
export function keepOutcome(w: WriteDb, key: RequestKey, bodyDigest: Uint8Array, outcome: string | null, at: number): void {
  w.run(sql`INSERT INTO request (actor, procedure, request_id, body_digest, outcome, at)
            VALUES (${key.actor}, ${key.procedure}, ${key.requestId}, ${bodyDigest}, ${outcome}, ${at})`)
}

/** The refusal of a requestId that stands for another body. */
export function otherBody(): AppError {
  return new AppError(
    'idempotency_conflict',
    'Nothing was done: this requestId was used before with another body. Send the same body to get the first outcome, or a new requestId for a new request.',
  )
}
