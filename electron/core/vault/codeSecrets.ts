import { sql } from '../db'
import type { RewrapTarget } from '../ports/rewrap'
import { codeSecretPlace } from './codeGenerator'

/** Secrets of code generators, for a change of keys. */
export const codeSecrets: RewrapTarget = {
  count: (r) => r.all(sql`SELECT id FROM code_generator`).length,
  next: (r, after, limit) =>
    r
      .all<{ id: string; sealed: Buffer }>(
        sql`SELECT id, sealed FROM code_generator WHERE id > ${after ?? ''} ORDER BY id LIMIT ${limit}`,
      )
      .map(({ id, sealed }) => ({ cursor: id, sealed, place: codeSecretPlace(id) })),
  replace: (w, id, sealed) => void w.run(sql`UPDATE code_generator SET sealed = ${sealed} WHERE id = ${id}`),
}
