import type { ReadDb, Sql } from '../db'

/** The number that a query of one row answers as `value`; 0 where it has no row or no value. */
export function scalar(r: ReadDb, query: Sql): number {
  return r.get<{ value: number | null }>(query)?.value ?? 0
}
