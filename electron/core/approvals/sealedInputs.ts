import { sql } from '../db'
import type { RewrapTarget } from '../ports/rewrap'
import type { SealedPlace } from '../ports/sealer'

/**
 * Inputs of parked commands, for a change of keys.
 * @param placeOf where the input of an approval belongs
 */
export function sealedInputs(placeOf: (approvalId: string) => SealedPlace): RewrapTarget {
  return {
    count: (r) => r.all(sql`SELECT id FROM approval WHERE sealed_input IS NOT NULL`).length,
    next: (r, after, limit) =>
      r
        .all<{ id: string; sealed: Buffer }>(
          sql`SELECT id, sealed_input AS sealed FROM approval WHERE id > ${after ?? ''} AND sealed_input IS NOT NULL
            ORDER BY id LIMIT ${limit}`,
        )
        .map(({ id, sealed }) => ({ cursor: id, sealed, place: placeOf(id) })),
    replace: (w, id, sealed) => void w.run(sql`UPDATE approval SET sealed_input = ${sealed} WHERE id = ${id}`),
  }
}
