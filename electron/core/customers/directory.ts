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

/** Customers opened in one go, at 20 to 40 microseconds each; between two goes everything else has its turn. */
const slice = 400

function isBefore(a: DirectoryEntry, b: DirectoryEntry): boolean {
  return a.sortName < b.sortName || (a.sortName === b.sortName && a.id < b.id)
}

function compare(a: DirectoryEntry, b: DirectoryEntry): number {
  return isBefore(a, b) ? -1 : 1
}

function merge(kept: readonly Entry[], added: readonly Entry[]): Entry[] {
  const merged: Entry[] = []
  let next = 0
  for (const entry of kept) {
    for (let candidate = added[next]; candidate !== undefined && isBefore(candidate, entry); candidate = added[next]) {
      merged.push(candidate)
      next += 1
    }
    merged.push(entry)
  }
  return merged.concat(added.slice(next))
}

/**
 * Names and e-mails of each business in memory, for sorting and searching what is stored only sealed. Built at the first use and read on
 * from the last known write at each later one, so it cannot drift from the database; `clear()` forgets all of it.
 */
export class CustomerDirectory {
  #shelves = new Map<string, Promise<Shelf>>()
  #generation = 0

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
    const generation = this.#generation
    const sorting = new Sorting()
    let { changed } = shelf
    for (;;) {
      const rows = readChanges(db, businessId, changed, slice)
      changed = rows.at(-1)?.changed ?? changed
      sorting.add(rows)
      if (rows.length < slice) return { entries: sorting.into(shelf.entries), changed }
      await setImmediate()
      if (generation !== this.#generation) {
        throw new AppError(
          'locked',
          'The vault was locked meanwhile, so the customers could not be read. Unlock it and try again.',
        )
      }
    }
  }
}

/** Entries sorted while they arrive, as a merge sort that never does much in one go. */
class Sorting {
  /** Sorted runs, each at least as long as the next. */
  readonly #runs: Entry[][] = []
  /** The newest entry of each customer: one written again while this was under way came twice. */
  readonly #newest = new Map<string, Entry>()

  add(rows: readonly DirectoryRow[]): void {
    const entries = rows.map(({ id, name, email }) => ({
      ...directoryEntry({ id, name }),
      words: `${fold(name)}\n${fold(email)}`,
    }))
    for (const entry of entries) this.#newest.set(entry.id, entry)
    let run = entries.sort(compare)
    for (let last = this.#runs.at(-1); last !== undefined && last.length <= run.length; last = this.#runs.at(-1)) {
      run = merge(last, run)
      this.#runs.pop()
    }
    this.#runs.push(run)
  }

  /** The entries of before with the newer ones in their places. */
  into(before: readonly Entry[]): readonly Entry[] {
    if (this.#newest.size === 0) return before
    const kept = before.filter((entry) => !this.#newest.has(entry.id))
    const added = this.#runs.reduceRight((merged, run) => merge(run, merged), [])
    return merge(
      kept,
      added.filter((entry) => this.#newest.get(entry.id) === entry),
    )
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
