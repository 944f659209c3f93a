import { randomInt } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { AppError } from '../../../shared/errors'
import type { Database } from '../db'
import { isHidden, type OpenField, type SecretItems, type WrittenItems, wipeFields } from '../secrets/index'
import { needlesOf, shortest, shortestElsewhere } from './knownForms'
import { isWordByte } from './redaction'
import { viewsOf } from './textViews'

export interface VaultValuesDeps {
  readonly database: Pick<Database, 'read'>
  readonly secrets: Pick<SecretItems, 'readFields' | 'summary' | 'writtenSince'>
}

/** How long the search may keep everything else waiting, in milliseconds. */
const longestSliceMs = 20
const filterBits = 22

/**
 * Which secrets of the whole vault may stand in a text, without opening any that do not. It keeps a keyed 32-bit mark of the first bytes of
 * every spelling of every hidden value; where a mark is met, the secret is opened and searched for. Marks are made anew after each lock.
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
   * The hidden values of every secret that may stand in one of the texts; the caller wipes them. Long work is done in slices.
   * @throws AppError locked, when the vault was locked meanwhile
   */
  async within(texts: readonly Buffer[]): Promise<OpenField[]> {
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
    return [...found].flatMap((id) => this.#hidden(id))
  }

  async #refresh(): Promise<void> {
    const { database, secrets } = this.#deps
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
    this.#upTo = written.upTo
  }

  /** Hidden values of a secret, in an overlap those before it too; none of one that is gone. */
  #hidden(id: string): OpenField[] {
    const { database, secrets } = this.#deps
    try {
      const { version, rotationPhase } = secrets.summary(database.read, id)
      const versions = rotationPhase === 'overlap' && version > 1 ? [version, version - 1] : [version]
      return versions.flatMap((number) =>
        secrets.readFields(database.read, id, number).filter((field) => {
          if (isHidden(field.type)) return true
          field.value.fill(0)
          return false
        }),
      )
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return []
      throw error
    }
  }

  #markAll(id: string, value: Buffer): void {
    if (value.length < shortestElsewhere) return
    for (const { bytes, kind } of needlesOf(value)) {
      const length = kind === 'token' ? shortestElsewhere : Math.min(bytes.length, shortest)
      if (length >= shortestElsewhere) this.#mark(this.#hash(bytes, 0, length), id)
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

  #hash(bytes: Buffer, at: number, length: number): number {
    const [first, second] = this.#keys
    const head = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
    const tail = length < shortest ? length : ((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0) | (1 << 16)
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
    for (let at = 0; at + shortestElsewhere <= bytes.length; at++) {
      if (at + shortest <= bytes.length) meet(this.#hash(bytes, at, shortest))
      if (!isWordByte(bytes[at - 1])) meet(this.#hash(bytes, at, shortestElsewhere))
      if ((at & 0x3fff) !== 0x3fff || performance.now() - sliceStart < longestSliceMs) continue
      await nextTurn()
      sliceStart = performance.now()
    }
  }
}
