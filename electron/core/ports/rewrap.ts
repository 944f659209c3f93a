import type { ReadDb, WriteDb } from '../db/connection'
import type { SealedPlace } from './sealer'

/** A value sealed under the records key, where it stands. */
export interface SealedRow {
  /** Finds the row again and orders the rows of its target. */
  readonly cursor: string
  /** What is sealed under the records key itself: often the key of a value, not the value. */
  readonly sealed: Uint8Array
  readonly place: SealedPlace
}

/** A column whose values are sealed under the records key. A change of keys opens each and seals it anew in the same place (promise V13). */
export interface RewrapTarget {
  count(r: ReadDb): number
  /** At most `limit` rows after `after` (null: from the first) in the order of their cursors. */
  next(r: ReadDb, after: string | null, limit: number): readonly SealedRow[]
  /** Puts a newly sealed value in the place of the old one; nothing else about the row changes. */
  replace(w: WriteDb, cursor: string, sealed: Uint8Array): void
}
