import { rowHash, type StoredRow } from './chain'
import { type Hash, sameHash } from './merkle'

/** What can be wrong with the log; the words for people stand in `Finding.reason`. */
export type FindingKind =
  /** The row does not hash to what it carries: it was changed, or another row stands in its place. */
  | 'changed'
  /** The row was changed and hashed again, but the row after it still names its old hash. */
  | 'relinked'
  /** A number is left out. */
  | 'missing'
  /** Rows and their hashes were all made anew: they agree with each other but not with what was signed. */
  | 'rewritten'
  /** Rows at the end are gone that a signed head covers. */
  | 'cut'
  /** The whole database is an earlier state of itself: an anchor knows more, and agrees with all that is here. */
  | 'older_copy'
  | 'head_forged'
  | 'head_missing'
  /** More rows than the app ever leaves unsigned carry no signature. */
  | 'unsigned'
  /** A stored subtree of the tree is not what the rows give. */
  | 'tree_changed'
  | 'anchor_damaged'

export interface Finding {
  /** The first row that is bad, or the first of those among which it is. */
  readonly seq: number
  readonly kind: FindingKind
  readonly reason: string
}

/**
 * Holds a row against its number, the row before it and its own hash.
 * @param prevHash hash of row `seq - 1`, already checked
 */
export function checkRow(row: StoredRow, seq: number, prevHash: Hash): Finding | undefined {
  if (row.seq !== seq)
    return { seq, kind: 'missing', reason: `Row ${seq} is missing: row ${row.seq} comes after row ${seq - 1}.` }
  if (!sameHash(rowHash(row), row.hash))
    return { seq, kind: 'changed', reason: `Row ${seq} is not what was written: its content does not match its hash.` }
  if (sameHash(row.prevHash, prevHash)) return undefined
  if (seq === 1) return { seq, kind: 'changed', reason: 'Row 1 names a row before it.' }
  return {
    seq: seq - 1,
    kind: 'relinked',
    reason: `Row ${seq - 1} was replaced: row ${seq} follows another row ${seq - 1} than the one that stands here.`,
  }
}
