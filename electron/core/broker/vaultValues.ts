import { randomInt } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database } from '../db'
import { type OpenField, type SecretItems, type WrittenItems, wipeFields } from '../secrets/index'
import { isGuessable, needlesOf, shortest } from './knownForms'
import { viewsOf } from './textViews'

export interface VaultValuesDeps {
  readonly database: Pick<Database, 'read'>
  readonly secrets: Pick<SecretItems, 'hiddenValues' | 'writtenSince'>
}

/** Hidden values of an item in the open. */
export interface ItemValues {
  readonly secretId: string
  readonly fields: readonly OpenField[]
}

/** How long the search may keep everything else waiting, in milliseconds. */
const longestSliceMs = 20
const filterBits = 22

/**
 * Which secrets of the whole vault may stand in a text, without opening any that do not. It keeps a keyed 32-bit mark of the first bytes of
 * every spelling of every hidden value; where a mark is met, the secret is opened and searched for. Marks are made anew after each lock.
 * Values that could be found by trying are not sought (`isGuessable`).
 */
export class VaultValues {
  readonly #deps: VaultValuesDeps
  readonly #keys = [randomInt(2 ** 31) | 1, randomInt(2 ** 31) | 1] as const
  #marks = new Map<number, string[]>()
  /** One bit for many marks: most places of a text are passed over by it alone. */
  #filter = new Uint8Array(2 ** (filterBits - 3))
  /** How far the log of uses was read; null before the first time. */
  #upTo: number | null = null
  #turn: Promise<void> = Promise.resolve()

  constructor(deps: VaultValuesDeps) {
    this.#deps = deps
  }

  /** Forgets every mark. */
  forget(): void {
    this.#marks = new Map()
    this.#filter = new Uint8Array(2 ** (filterBits - 3))
    this.#upTo = null
  }

  /**
   * Every secret that may stand in one of the texts, with its hidden values; the caller wipes them. Long work is done in slices.
   * @throws AppError locked, when the vault was locked meanwhile
   */
  async within(texts: readonly Buffer[]): Promise<ItemValues[]> {
    const turn = this.#turn.then(() => this.#refresh())
    this.#turn = turn.catch(() => undefined)
    await turn
    const found = new Set<string>()
    for (const text of texts) {
      const views: Buffer[] = []
      for (const { bytes, depth } of viewsOf(text)) {
        if (depth > 0) views.push(bytes)
        await this.#search(bytes, found)
      }
      for (const bytes of views) bytes.fill(0)
    }
    return [...found].map((secretId) => ({ secretId, fields: this.#hidden(secretId) }))
  }

  async #refresh(): Promise<void> {
    const { database, secrets } = this.#deps
    const marks = this.#marks
    const written: WrittenItems = secrets.writtenSince(database.read, this.#upTo)
    let sliceStart = performance.now()
    for (const id of written.ids) {
      const fields = this.#hidden(id)
      try {
        for (const { value } of fields) this.#markAll(id, value)
      } finally {
        wipeFields(fields)
      }
      if (performance.now() - sliceStart < longestSliceMs) continue
      await nextTurn()
      sliceStart = performance.now()
    }
    // Forgotten between two slices: what was marked before is gone, so the next time begins anew.
    if (this.#marks === marks) this.#upTo = written.upTo
  }

  #hidden(id: string): OpenField[] {
    return this.#deps.secrets.hiddenValues(this.#deps.database.read, id)
  }

  #markAll(id: string, value: Buffer): void {
    if (isGuessable(value)) return
    for (const { bytes } of needlesOf(value)) {
      this.#mark(this.#hash(bytes, 0), id)
      bytes.fill(0)
    }
  }

  #mark(hash: number, id: string): void {
    const bit = hash >>> (32 - filterBits)
    this.#filter[bit >> 3] = (this.#filter[bit >> 3] ?? 0) | (1 << (bit & 7))
    const ids = this.#marks.get(hash)
    if (ids === undefined) this.#marks.set(hash, [id])
    else if (!ids.includes(id)) ids.push(id)
  }

  /** Of the first bytes of every spelling: none is shorter than those of the shortest value. */
  #hash(bytes: Buffer, at: number): number {
    const [first, second] = this.#keys
    const head = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
    const tail = ((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0)
    const mixed = Math.imul(head, first) ^ Math.imul(tail + 1, second)
    return Math.imul(mixed ^ (mixed >>> 15), first) >>> 0
  }

  async #search(bytes: Buffer, found: Set<string>): Promise<void> {
    const meet = (hash: number) => {
      const bit = hash >>> (32 - filterBits)
      if (((this.#filter[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return
      for (const id of this.#marks.get(hash) ?? []) found.add(id)
    }
    let sliceStart = performance.now()
    for (let at = 0; at + shortest <= bytes.length; at++) {
      meet(this.#hash(bytes, at))
      if ((at & 0x3fff) !== 0x3fff || performance.now() - sliceStart < longestSliceMs) continue
      await nextTurn()
      sliceStart = performance.now()
    }
  }
}
