import type { Connection } from '../store/database'
import { ApiError, invalid } from './errors'

/** Stripe may forget a key once it is a day old; this stand-in always does, so that nobody comes to rely on more. In seconds. */
const KEPT = 86_400

/** What the first request with a key was and got. */
export interface Remembered {
  status: number
  body: unknown
  request: string
}

export function checkKey(key: string): void {
  if (key.length > 255) throw invalid('Keys for idempotent requests can only be 255 characters or less.')
}

/**
 * The stored answer of an earlier request with this key.
 * @param params canonical text of the parameters
 * @throws ApiError 400 `idempotency_error` when that request was another one
 */
export function recall(connection: Connection, key: string, path: string, params: string, now: number): Remembered | undefined {
  const row = connection.one(
    'SELECT path, params, status, body, request FROM idempotency WHERE key = ? AND created > ?',
    key,
    now - KEPT,
  )
  if (row === undefined) return undefined
  if (row.path !== path)
    throw mismatch(
      `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${path}' vs '${String(row.path)}'). Try using a key other than '${key}' if you meant to execute a different request.`,
    )
  if (row.params !== params)
    throw mismatch(
      `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    )
  return { status: Number(row.status), body: JSON.parse(String(row.body)), request: String(row.request) }
}

export function remember(
  connection: Connection,
  key: string,
  path: string,
  params: string,
  now: number,
  answer: Remembered,
): void {
  connection.run('DELETE FROM idempotency WHERE created <= ?', now - KEPT)
  connection.run(
    'INSERT INTO idempotency (key, path, params, status, body, request, created) VALUES (?, ?, ?, ?, ?, ?, ?)',
    key,
    path,
    params,
    answer.status,
    JSON.stringify(answer.body),
    answer.request,
    now,
  )
}

function mismatch(message: string): ApiError {
  return new ApiError(400, { type: 'idempotency_error', message })
}
