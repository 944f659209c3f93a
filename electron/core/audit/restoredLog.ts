import type { KeyObject } from 'node:crypto'
import type { ReadDb } from '../db'
import type { Anchor } from './anchors'
import type { SignedHead } from './heads'
import type { FindingKind } from './rowCheck'
import { verifyAudit } from './verifyAudit'

/** What an anchor's heads find in a log that went on from an earlier state of itself. */
const restoredKinds: ReadonlySet<FindingKind> = new Set(['older_copy', 'cut', 'rewritten', 'head_missing'])

/**
 * The anchors that know other or later rows than the log, where the log by itself is right: signed throughout by this vault, and whole.
 * So it looks after an older copy was restored, whether or not rows were added since; by whom and to what end no check can tell, which is
 * why the owner is asked. Takes one pass over the log and one more for every anchor that holds something.
 * @returns the last head that each of them holds; empty when there is none, or when the log itself does not verify
 */
export async function laterHeads(options: {
  readonly db: ReadDb
  readonly publicKey: KeyObject
  readonly anchors: readonly Anchor[]
}): Promise<ReadonlyMap<Anchor, SignedHead>> {
  const found = new Map<Anchor, SignedHead>()
  const { ok } = await verifyAudit({ ...options, anchors: [] })
  if (!ok) return found
  for (const anchor of options.anchors) {
    const { firstBad } = await verifyAudit({ ...options, anchors: [anchor] })
    if (firstBad === undefined || !restoredKinds.has(firstBad.kind)) continue
    const held = anchor.read()
    if (held !== null) found.set(anchor, held)
  }
  return found
}
