import { setImmediate } from 'node:timers/promises'
import { fold, foldedWords } from '../../../shared/domain/fold'
import { AppError } from '../../../shared/errors'
import type { ReadDb } from '../db/index'
import { type DirectoryRow, readChanges } from './customers.repository'

export interface DirectoryEntry {
  readonly id: string
  /** Name without case and accents: what the list is sorted by, then by id. */
  readonly sortName: string
}

/** The sort key of a customer. */
export function directoryEntry(customer: { readonly id: string; readonly name: string }): DirectoryEntry {
  return { id: customer.id, sortName: fold(customer.name) }
}

interface Entry extends DirectoryEntry {
  readonly words: string
}

interface Shelf {
  /** Sorted by name, then id. */
  readonly entries: readonly Entry[]
  /** The last write that is in `entries`. */
  readonly changed: number
}

/** Customers opened in one go, at 20 to 40 microseconds each. */
const perRead = 100
/** Entries merged between two looks at the clock. */
const perLook = 2048
/** Longest stretch of work in milliseconds; then everything else has its turn. */
const stretch = 20
/** Turns of the event loop that a request takes from its connection to its answer, at most: accept, head, body, and one to spare. */
const turns = 4

/** Gives way when a stretch of work is over. */
type Pause = () => Promise<void>

function isBefore(a: DirectoryEntry, b: DirectoryEntry): boolean {
  return a.sortName < b.sortName || (a.sortName === b.sortName && a.id < b.id)
}

function compare(a: DirectoryEntry, b: DirectoryEntry): number {
  return isBefore(a, b) ? -1 : 1
}

async function merge(first: readonly Entry[], second: readonly Entry[], pause: Pause): Promise<Entry[]> {
  const merged: Entry[] = []
  let [i, j] = [0, 0]
  for (;;) {
    const [left, right] = [first[i], second[j]]
    if (left === undefined || right === undefined) return merged.concat(first.slice(i), second.slice(j))
    if (isBefore(right, left)) {
      merged.push(right)
      j += 1
    } else {
      merged.push(left)
      i += 1
    }
    if (merged.length % perLook === 0) await pause()
  }
}

/**
 * Names and e-mails of each business in memory, for sorting and searching what is stored only sealed. Built at the first use or before it
 * by `warm`, and read on from the last known write at each later use, so it cannot drift from the database; `clear()` forgets all of it.
 */
export class CustomerDirectory {
  readonly #elapsed: () => number
  #shelves = new Map<string, Promise<Shelf>>()
  #generation = 0

  /** @param elapsed milliseconds of a monotonic clock */
  constructor(elapsed: () => number = () => performance.now()) {
    this.#elapsed = elapsed
  }

  /**
   * Builds what the first lists and searches of these businesses would wait for, one business after the other, in stretches of some 20 ms
   * between which everything else has its turn. Ends early when the directory is cleared meanwhile.
   */
  async warm(db: ReadDb, businessIds: readonly string[]): Promise<void> {
    const generation = this.#generation
    for (const businessId of businessIds) {
      try {
        await this.#shelf(db, businessId)
      } catch (error) {
        if (generation === this.#generation) throw error
      }
      if (generation !== this.#generation) return
    }
  }

  /** Forgets everything; a build under way ends as `locked`. */
  clear(): void {
    this.#shelves = new Map()
    this.#generation += 1
  }

  /**
   * Customers whose name or e-mail holds every word of the query, in order of name (without case and accents), then id.
   * @param after the last entry of the page before
   */
  async page(
    db: ReadDb,
    businessId: string,
    request: { readonly query: string; readonly after: DirectoryEntry | null; readonly limit: number },
  ): Promise<DirectoryEntry[]> {
    const { entries } = await this.#shelf(db, businessId)
    const found: DirectoryEntry[] = []
    const matches = matcher(request.query)
    for (let index = request.after === null ? 0 : firstAfter(entries, request.after); index < entries.length; index++) {
      const entry = entries[index]
      if (entry === undefined || found.length >= request.limit) break
      if (matches(entry)) found.push(entry)
    }
    return found
  }

  /** Ids of all customers whose name or e-mail holds every word of the query. */
  async search(db: ReadDb, businessId: string, query: string): Promise<ReadonlySet<string>> {
    const { entries } = await this.#shelf(db, businessId)
    const matches = matcher(query)
    return new Set(entries.filter(matches).map((entry) => entry.id))
  }

  #shelf(db: ReadDb, businessId: string): Promise<Shelf> {
    const before = this.#shelves.get(businessId) ?? Promise.resolve({ entries: [], changed: 0 })
    const current = before.then((shelf) => this.#readOn(db, businessId, shelf))
    this.#shelves.set(businessId, current)
    current.catch(() => {
      if (this.#shelves.get(businessId) === current) this.#shelves.delete(businessId)
    })
    return current
  }

  async #readOn(db: ReadDb, businessId: string, shelf: Shelf): Promise<Shelf> {
    const pause = this.#pauses()
    const sorting = new Sorting(pause)
    let { changed } = shelf
    for (;;) {
      const rows = readChanges(db, businessId, changed, perRead)
      changed = rows.at(-1)?.changed ?? changed
      await sorting.add(rows)
      if (rows.length < perRead) return { entries: await sorting.into(shelf.entries), changed }
      await pause()
    }
  }

  /** Stretches of work that begin now. Their pause ends as `locked` when the directory was cleared. */
  #pauses(): Pause {
    const generation = this.#generation
    let end = this.#elapsed() + stretch
    return async () => {
      if (this.#elapsed() < end) return
      for (let turn = 0; turn < turns; turn++) await setImmediate()
      if (generation !== this.#generation) {
        throw new AppError(
          'locked',
          'The vault was locked meanwhile, so the customers could not be read. Unlock it and try again.',
        )
      }
      end = this.#elapsed() + stretch
    }
  }
}

/** Entries sorted while they arrive, as a merge sort that never does much in one go. */
class Sorting {
  readonly #pause: Pause
  /** Sorted runs, each at least as long as the next. */
  readonly #runs: Entry[][] = []
  /** The newest entry of each customer: one written again while this was under way came twice. */
  readonly #newest = new Map<string, Entry>()

  constructor(pause: Pause) {
    this.#pause = pause
  }

  async add(rows: readonly DirectoryRow[]): Promise<void> {
    const entries = rows.map(({ id, name, email }) => ({
      ...directoryEntry({ id, name }),
      words: `${fold(name)}\n${fold(email)}`,
    }))
    for (const entry of entries) this.#newest.set(entry.id, entry)
    let run = entries.sort(compare)
    for (let last = this.#runs.at(-1); last !== undefined && last.length <= run.length; last = this.#runs.at(-1)) {
      run = await merge(last, run, this.#pause)
      this.#runs.pop()
    }
    this.#runs.push(run)
  }

  /** The entries of before with the newer ones in their places. */
  async into(before: readonly Entry[]): Promise<readonly Entry[]> {
    if (this.#newest.size === 0) return before
    const kept = before.filter((entry) => !this.#newest.has(entry.id))
    let added: Entry[] = []
    for (const run of this.#runs.toReversed()) added = await merge(run, added, this.#pause)
    await this.#pause()
    const isPlain = added.length === this.#newest.size
    return merge(kept, isPlain ? added : added.filter((entry) => this.#newest.get(entry.id) === entry), this.#pause)
  }
}

function matcher(query: string): (entry: Entry) => boolean {
  const words = foldedWords(query)
  return (entry) => words.every((word) => entry.words.includes(word))
}

function firstAfter(entries: readonly Entry[], after: DirectoryEntry): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    const entry = entries[middle]
    if (entry !== undefined && !isBefore(after, entry)) low = middle + 1
    else high = middle
  }
  return low
}
