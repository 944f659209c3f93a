import type { KeyObject } from 'node:crypto'
import type { Database, WriteDb } from '../db'
import { type Anchor, AnchorRefused } from './anchors'
import { hashOf, insertHead, insertNode, lastHead, lastRow, rowsAfter } from './audit.repository'
import { noHash } from './chain'
import { type SignedHead, signHead } from './heads'
import { sameHash } from './merkle'
import { checkRow, type Finding } from './rowCheck'
import { MissingRow, proveExtension, rangeAt, storedLevel } from './tree'

/** A head is due after so many unsigned rows, or so long after the last head. */
export const signEveryRows = 100
export const signEveryMs = 60_000

/** Rows that one signing takes at most, so that it stays within a slice of 50 ms; the rest follows in further heads. */
const rowsPerHead = 2000

/** What the signer cannot put right by itself. */
export type SignerProblem =
  /** The rows do not follow from what was signed last: nothing is signed any more until this is looked into. */
  | { readonly kind: 'tampered'; readonly finding: Finding }
  /** An anchor holds a head that ours does not extend. */
  | { readonly kind: 'anchor_refused'; readonly anchor: string; readonly error: Error }
  /** An anchor is damaged or cannot be reached (a stick not plugged in); it is tried again with the next head. */
  | { readonly kind: 'anchor_failed'; readonly anchor: string; readonly error: Error }
  /** The head could not be written (a full disk); it is tried again when the next is due. */
  | { readonly kind: 'signing_failed'; readonly error: Error }

export interface HeadSignerOptions {
  /** Ed25519, from the vault. */
  readonly privateKey: KeyObject
  readonly anchors: readonly Anchor[]
  readonly onProblem: (problem: SignerProblem) => void
}

class Tampered extends Error {
  constructor(readonly finding: Finding) {
    super(finding.reason)
  }
}

function asError(caught: unknown): Error {
  return caught instanceof Error ? caught : new Error(String(caught))
}

function findingOf(error: unknown): Finding | undefined {
  if (error instanceof Tampered) return error.finding
  if (error instanceof MissingRow) return { seq: error.seq, kind: 'missing', reason: `Row ${error.seq} is missing.` }
  return undefined
}

/** Rows since the last head are checked before they are signed, so that a signature never covers a row changed behind the app's back. */
function extend(w: WriteDb, head: SignedHead | undefined): { size: number; root: Uint8Array } {
  const size = head?.size ?? 0
  const range = rangeAt(w, size)
  if (head && !sameHash(range.root(), head.root)) {
    const reason = `The rows up to ${size} are no longer those that were signed.`
    throw new Tampered({ seq: size, kind: 'rewritten', reason })
  }
  let previous = hashOf(w, size) ?? noHash
  for (const row of rowsAfter(w, size, rowsPerHead)) {
    const finding = checkRow(row, range.size + 1, previous)
    if (finding) throw new Tampered(finding)
    previous = row.hash
    range.append(row.hash, (level, position, hash) => {
      if (level >= storedLevel) insertNode(w, level, position, hash)
    })
  }
  return { size: range.size, root: range.root() }
}

/**
 * Signs the log every 100 rows or 60 s and hands each head to the anchors. A head is anchored only after the commit that holds it and
 * its rows is durable, so after a power cut an anchor is never ahead of the database (promise A5); one that lags catches up.
 * Nothing here throws: it runs after the commits of others, which stand whether or not they could be signed.
 */
export class HeadSigner {
  readonly #options: HeadSignerOptions
  /** What was reported last, by name of the anchor; '' stands for the database. */
  readonly #reported = new Map<string, string>()
  #stopped = false
  /** A commit of the signer's own calls `signIfDue` again through the commit listener. */
  #signing = false

  constructor(options: HeadSignerOptions) {
    this.#options = options
  }

  /**
   * Signs when a head is due. Cheap otherwise: call it after commits and from a timer, outside of a transaction.
   * @param now UTC epoch milliseconds
   */
  signIfDue(database: Database, now: number): SignedHead | null {
    return this.#guard(database, () => (this.#isDue(database, now) ? this.#sign(database, now) : null))
  }

  #isDue(database: Database, now: number): boolean {
    const head = lastHead(database.read)
    const unsigned = (lastRow(database.read)?.seq ?? 0) - (head?.size ?? 0)
    const since = now - (head?.at ?? Number.NEGATIVE_INFINITY)
    return unsigned >= signEveryRows || (unsigned > 0 && (since < 0 || since >= signEveryMs))
  }

  /** Signs all rows there are and brings every anchor up to date: at start, at lock and at quit. */
  signNow(database: Database, now: number): SignedHead | null {
    return this.#guard(database, () => {
      let signed: SignedHead | null = null
      for (let next = this.#sign(database, now); next; next = this.#sign(database, now)) signed = next
      if (!signed) this.#anchor(database)
      return signed
    })
  }

  /** A database that stands still is signed when it can be written to again. */
  #guard(database: Database, work: () => SignedHead | null): SignedHead | null {
    if (this.#stopped || this.#signing || database.isStill) return null
    this.#signing = true
    try {
      const signed = work()
      this.#reported.delete('')
      return signed
    } catch (error) {
      const finding = findingOf(error)
      if (finding) {
        this.#stopped = true
        this.#options.onProblem({ kind: 'tampered', finding })
      } else this.#report('', { kind: 'signing_failed', error: asError(error) })
      return null
    } finally {
      this.#signing = false
    }
  }

  #sign(database: Database, now: number): SignedHead | null {
    const head = database.write((w) => {
      const before = lastHead(w)
      if ((lastRow(w)?.seq ?? 0) <= (before?.size ?? 0)) return null
      const { size, root } = extend(w, before)
      const next = signHead(size, root, now, this.#options.privateKey)
      insertHead(w, next)
      return next
    })
    if (head) this.#anchor(database)
    return head
  }

  #anchor(database: Database): void {
    const head = lastHead(database.read)
    if (!head) return
    for (const anchor of this.#options.anchors) {
      try {
        const held = anchor.read()
        if (held && held.size > head.size) throw new AnchorRefused(anchor.name, held.size, head.size)
        anchor.write(head, proveExtension(database.read, held?.size ?? 0, head.size))
        this.#reported.delete(anchor.name)
      } catch (caught) {
        const error = asError(caught)
        const kind = error instanceof AnchorRefused ? 'anchor_refused' : 'anchor_failed'
        this.#report(anchor.name, { kind, anchor: anchor.name, error })
      }
    }
  }

  /** One trouble in one place is told of once, until it is over. */
  #report(place: string, problem: Exclude<SignerProblem, { kind: 'tampered' }>): void {
    if (this.#reported.get(place) === problem.error.name) return
    this.#reported.set(place, problem.error.name)
    this.#options.onProblem(problem)
  }
}
