import type { KeyObject } from 'node:crypto'
import { type Anchor, AnchorDamaged } from './anchors'
import { type SignedHead, verifyHead } from './heads'
import { sameHash } from './merkle'
import type { Finding } from './rowCheck'

/** A head that an anchor holds. */
export interface AnchoredHead {
  readonly anchor: string
  readonly head: SignedHead
}

/** What all anchors together know. */
export interface Witnessed {
  /** By size; several anchors may hold the same. */
  readonly heads: ReadonlyMap<number, readonly AnchoredHead[]>
  /** Sizes that the anchors hold, rising. */
  readonly sizes: readonly number[]
  readonly latest: AnchoredHead | undefined
  /** Anchors that could not be read as such. */
  readonly damage: Finding | undefined
}

/** Collects the heads of all anchors. An anchor that cannot be reached (a stick not plugged in) is left out. */
export function askAnchors(anchors: readonly Anchor[]): Witnessed {
  const heads = new Map<number, AnchoredHead[]>()
  let damage: Finding | undefined
  for (const anchor of anchors) {
    try {
      for (const head of anchor.history()) {
        const same = heads.get(head.size)
        if (same) same.push({ anchor: anchor.name, head })
        else heads.set(head.size, [{ anchor: anchor.name, head }])
      }
    } catch (error) {
      if (error instanceof AnchorDamaged) damage ??= { seq: 1, kind: 'anchor_damaged', reason: `${error.message}.` }
    }
  }
  const sizes = [...heads.keys()].sort((a, b) => a - b)
  return { heads, sizes, latest: heads.get(sizes.at(-1) ?? 0)?.at(0), damage }
}

function sameHead(a: SignedHead, b: SignedHead): boolean {
  return a.at === b.at && sameHash(a.root, b.root) && sameHash(a.signature, b.signature)
}

interface HeadsOfOneSize {
  readonly size: number
  /** The root that the rows give. */
  readonly root: Uint8Array
  /** Up to here everything was found right: the first bad row is the one after it. */
  readonly after: number
  /** The head that the database holds for this size, if any. */
  readonly ours: SignedHead | undefined
  readonly anchored: readonly AnchoredHead[]
  readonly publicKey: KeyObject
}

/** Holds the heads of one size, ours and the anchors', against the root that the rows give. */
export function checkHeads({ size, root, after, ours, anchored, publicKey }: HeadsOfOneSize): Finding | undefined {
  const rows = after + 1 === size ? `Row ${size}` : `One of the rows ${after + 1} to ${size}`
  if (ours && !verifyHead(ours, publicKey))
    return { seq: after + 1, kind: 'head_forged', reason: `The signature over rows 1 to ${size} is not from this vault.` }
  if (ours && !sameHash(ours.root, root))
    return { seq: after + 1, kind: 'rewritten', reason: `${rows} was rewritten: the rows do not give the root that was signed.` }
  for (const { anchor, head } of anchored) {
    if (ours && sameHead(ours, head)) continue
    if (!verifyHead(head, publicKey)) {
      const reason = `The anchor "${anchor}" holds a head of ${size} rows that this vault did not sign.`
      return { seq: after + 1, kind: 'anchor_damaged', reason }
    }
    if (!sameHash(head.root, root)) {
      const reason = `${rows} was rewritten: the anchor "${anchor}" holds another signed root.`
      return { seq: after + 1, kind: 'rewritten', reason }
    }
    if (!ours) {
      const reason = `The signed head of ${size} rows was taken out of the database; the anchor "${anchor}" holds it.`
      return { seq: after + 1, kind: 'head_missing', reason }
    }
  }
  return undefined
}

/**
 * Says what it means that a signed head covers rows that are not there.
 * @param rows that there are, all found right; `agreed` whether an anchor's head within them agreed
 */
export function missingEnd(
  rows: number,
  latest: AnchoredHead | undefined,
  headSize: number,
  agreed: boolean,
): Finding | undefined {
  const seq = rows + 1
  if (headSize > rows) return { seq, kind: 'cut', reason: `Rows ${seq} to ${headSize} are missing: a signed head covers them.` }
  if (!latest || latest.head.size <= rows) return undefined
  const known = `the anchor "${latest.anchor}" knows ${latest.head.size} rows, the database ends at ${rows}`
  return agreed || rows === 0
    ? {
        seq,
        kind: 'older_copy',
        reason: `The database is an older copy, or its end was cut off: ${known} and agrees up to there.`,
      }
    : { seq, kind: 'cut', reason: `The end of the log is missing: ${known}.` }
}
