import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditAnchor } from '../../../shared/contract/audit'
import { AppError } from '../../../shared/errors'
import { type ReadDb, sql, type WriteDb } from '../db'
import { newId } from '../ports/ids'
import { type Anchor, AnchorDamaged, fileAnchor } from './anchors'
import { lastHead } from './audit.repository'
import { sameHash } from './merkle'
import { MissingRow, rangeAt } from './tree'

type AnchorKind = AuditAnchor['kind']

export interface Place {
  readonly id: string
  readonly kind: AnchorKind
  readonly anchor: Anchor
}

/** A place that the app itself keeps heads in, whatever the owner adds. */
export interface FixedPlace {
  readonly kind: AnchorKind
  readonly anchor: Anchor
}

/** A chosen folder as an anchor. Where it is gone (a stick not plugged in) nothing is made in its place. */
function chosenFolder(path: string, publicKey: Uint8Array, place: string, name: string): Anchor {
  const inner = fileAnchor(join(path, `countinghouse-${place}`), publicKey, name)
  const reachable = () => {
    if (!existsSync(path)) throw new Error(`The folder of the anchor "${name}" is not there`)
    return inner
  }
  return {
    name,
    read: () => reachable().read(),
    history: () => reachable().history(),
    write: (head, proof) => reachable().write(head, proof),
    startAnew: () => reachable().startAnew(),
  }
}

/** The places that keep signed heads outside the database: those of the app, and those that the owner added. */
export class AnchorSet {
  readonly #publicKey: Uint8Array
  readonly #place: string
  #fixed: readonly Place[]
  readonly #anchors: Anchor[] = []
  #places: readonly Place[] = []

  /** @param parts `place` names the folder of this vault, or of this profile of it, within a chosen folder */
  constructor(parts: { publicKey: Uint8Array; place: string; fixed: readonly FixedPlace[] }) {
    this.#publicKey = parts.publicKey
    this.#place = parts.place
    this.#fixed = parts.fixed.map(({ kind, anchor }) => ({ id: `anchor_${kind}`, kind, anchor }))
    this.#put(this.#fixed)
  }

  /** Every anchor in use. The array stays the same object and follows what is added and removed. */
  get anchors(): readonly Anchor[] {
    return this.#anchors
  }

  /** The anchors with the ids that callers know them by. */
  get places(): readonly Place[] {
    return this.#places
  }

  /** One more place of the app itself, found after the set was made. */
  addFixed({ kind, anchor }: FixedPlace): void {
    const place = { id: `anchor_${kind}`, kind, anchor }
    const added = this.#places.slice(this.#fixed.length)
    this.#fixed = [...this.#fixed, place]
    this.#put([...this.#fixed, ...added])
  }

  /** Takes up the places that the owner added. */
  load(r: ReadDb): void {
    const rows = r.all<{ id: string; name: string; path: string }>(
      sql`SELECT id, name, path FROM audit_anchor WHERE removed_at IS NULL ORDER BY created_at, id`,
    )
    const added = rows.map(({ id, name, path }) => ({
      id,
      kind: 'folder' as const,
      anchor: chosenFolder(path, this.#publicKey, this.#place, name),
    }))
    this.#put([...this.#fixed, ...added])
  }

  #put(places: readonly Place[]): void {
    this.#places = places
    this.#anchors.splice(0, this.#anchors.length, ...places.map(({ anchor }) => anchor))
  }

  /** Counts from the next `load` on. @throws AppError conflict where the folder is in use already */
  addFolder(w: WriteDb, folder: { readonly path: string; readonly name: string; readonly now: number }): string {
    const { path, name, now } = folder
    const taken = w.get(sql`SELECT 1 FROM audit_anchor WHERE removed_at IS NULL AND (path = ${path} OR name = ${name})`)
    if (taken !== undefined) {
      throw new AppError('conflict', 'Nothing was added: this folder, or a place of this name, keeps heads already.')
    }
    const id = newId('anc', now)
    w.run(sql`INSERT INTO audit_anchor (id, name, path, created_at) VALUES (${id}, ${name}, ${path}, ${now})`)
    return id
  }

  /** Counts from the next `load` on. @throws AppError not_found, invalid_input for a place of the app itself */
  remove(w: WriteDb, id: string, now: number): void {
    if (this.#fixed.some((place) => place.id === id)) {
      throw new AppError('invalid_input', 'Nothing was removed: this place belongs to the app itself and always keeps the heads.')
    }
    const { changes } = w.run(sql`UPDATE audit_anchor SET removed_at = ${now} WHERE id = ${id} AND removed_at IS NULL`)
    if (changes === 0) throw new AppError('not_found', 'There is no such place. Nothing was removed.')
  }

  /** What each place holds now, held against the log. */
  describe(r: ReadDb): AuditAnchor[] {
    const rows = lastHead(r)?.size ?? 0
    return this.#places.map(({ id, kind, anchor }) => ({ id, kind, name: anchor.name, ...stateOf(r, anchor, rows) }))
  }
}

function stateOf(r: ReadDb, anchor: Anchor, signed: number): Pick<AuditAnchor, 'state' | 'size' | 'at' | 'problem'> {
  try {
    const held = anchor.read()
    if (held === null) return { state: 'ok', size: null, at: null, problem: null }
    const { size, at, root } = held
    if (size > signed) {
      return { state: 'ahead', size, at, problem: `It knows ${size} rows, the log has ${signed}: the log is an older copy.` }
    }
    if (!sameHash(rangeAt(r, size).root(), root))
      return { state: 'differs', size, at, problem: 'It holds another root than the rows give: the log was rewritten.' }
    return { state: 'ok', size, at, problem: null }
  } catch (error) {
    if (error instanceof MissingRow)
      return { state: 'differs', size: null, at: null, problem: `Row ${error.seq} of the log is missing: verify the chain.` }
    if (error instanceof AnchorDamaged)
      return { state: 'damaged', size: null, at: null, problem: 'What it holds cannot be read as heads of this vault.' }
    return { state: 'missing', size: null, at: null, problem: 'It cannot be reached now. It catches up once it is back.' }
  }
}
