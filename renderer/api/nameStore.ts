const settleMs = 40
/** About two screens of rows: older wishes belong to rows that are gone. */
const mostWaiting = 96

/**
 * Names by id for lists of any length: a row asks and gets what is known; what is missing is read once scrolling rests, newest first.
 * Cheaper by far than one cache observer for each cell.
 */
export class NameStore {
  static readonly #all = new Set<NameStore>()
  readonly #load: (id: string) => Promise<string>
  readonly #names = new Map<string, string>()
  readonly #listeners = new Set<() => void>()
  readonly #loading = new Set<string>()
  #stale = new Set<string>()
  #wanted: string[] = []
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param load reads one name; a rejection leaves the name unknown until it is asked for again */
  constructor(load: (id: string) => Promise<string>) {
    this.#load = load
    NameStore.#all.add(this)
  }

  /** Forgets every name of every store: the vault they came from is closed. */
  static forgetAll(): void {
    for (const store of NameStore.#all) {
      clearTimeout(store.#timer)
      store.#wanted = []
      store.#names.clear()
      store.#stale.clear()
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The name as far as it is known; asks for it when it is missing or may have changed. */
  get(id: string): string | undefined {
    const name = this.#names.get(id)
    if ((name === undefined || this.#stale.has(id)) && !this.#loading.has(id)) this.#want(id)
    return name
  }

  /** The name, read now when it is missing. Rejects as `load` does. */
  async read(id: string): Promise<string> {
    const known = this.#names.get(id)
    if (known !== undefined && !this.#stale.has(id)) return known
    const name = await this.#load(id)
    this.put(id, name)
    return name
  }

  put(id: string, name: string): void {
    this.#stale.delete(id)
    if (this.#names.get(id) === name) return
    this.#names.set(id, name)
    for (const listener of this.#listeners) listener()
  }

  /** Names may have changed: each is read again when it is next asked for. */
  invalidate(): void {
    this.#stale = new Set(this.#names.keys())
    for (const listener of this.#listeners) listener()
  }

  #want(id: string): void {
    if (this.#wanted.includes(id)) return
    this.#wanted.push(id)
    if (this.#wanted.length > mostWaiting) this.#wanted.shift()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#flush(), settleMs)
  }

  #flush(): void {
    const ids = this.#wanted.reverse()
    this.#wanted = []
    for (const id of ids) {
      this.#loading.add(id)
      this.#load(id)
        .then(
          (name) => this.put(id, name),
          () => undefined,
        )
        .finally(() => this.#loading.delete(id))
    }
  }
}
