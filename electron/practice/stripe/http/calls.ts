import type { Connection } from '../store/database'

/** One request as it was answered. `at` in epoch ms. */
export interface Call {
  at: number
  method: string
  path: string
  idempotencyKey: string | null
  status: number
}

export function recordCall(connection: Connection, call: Call): void {
  connection.run(
    'INSERT INTO call (at, method, path, key, status) VALUES (?, ?, ?, ?, ?)',
    call.at,
    call.method,
    call.path,
    call.idempotencyKey,
    call.status,
  )
}

/** Newest first. `next` is the `before` of the following page, or null at the end. */
export function listCalls(
  connection: Connection,
  page: { limit: number; before?: number },
): { items: Call[]; next: number | null } {
  const rows = connection.all(
    'SELECT seq, at, method, path, key, status FROM call WHERE seq < ? ORDER BY seq DESC LIMIT ?',
    page.before ?? Number.MAX_SAFE_INTEGER,
    page.limit + 1,
  )
  const shown = rows.slice(0, page.limit)
  const items = shown.map((row) => ({
    at: Number(row.at),
    method: String(row.method),
    path: String(row.path),
    idempotencyKey: row.key === null ? null : String(row.key),
    status: Number(row.status),
  }))
  return { items, next: rows.length > page.limit ? Number(shown.at(-1)?.seq) : null }
}
