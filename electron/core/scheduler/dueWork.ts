/** The clock may jump and the machine may sleep, so due work is looked for at least this often. Milliseconds. */
export const longestTimer = 60_000
/** How long work rests when not even its failure could be recorded (a full disk). Milliseconds. */
export const restAfterDefect = 1000

export interface DueWorkOptions {
  /**
   * Begins what is due.
   * @returns milliseconds after which more may be due
   */
  look(): number
  /** What is due could not be read; it is looked for again after a rest. */
  notRead(error: unknown): void
}

/** Paces work that stands in a table: looks when it is woken and when more is due, and knows what is under way. */
export class DueWork {
  readonly #options: DueWorkOptions
  readonly #underWay = new Map<string, Promise<void>>()
  #timer: NodeJS.Timeout | null = null
  #wake: NodeJS.Immediate | null = null
  #state: 'idle' | 'running' | 'stopping' | 'stopped' = 'idle'

  constructor(options: DueWorkOptions) {
    this.#options = options
  }

  /** Nothing more may be begun. */
  get isEnding(): boolean {
    return this.#state === 'stopping' || this.#state === 'stopped'
  }

  /** What comes back from now on is dropped. */
  get hasEnded(): boolean {
    return this.#state === 'stopped'
  }

  /** Pieces of work under way. */
  get size(): number {
    return this.#underWay.size
  }

  has(key: string): boolean {
    return this.#underWay.has(key)
  }

  /** Begins to look by itself. */
  start(): void {
    if (this.#state !== 'idle') return
    this.#state = 'running'
    this.wake()
  }

  /** Looks soon; cheap, and many calls are one look. */
  wake(): void {
    if (this.#state !== 'running' || this.#wake !== null) return
    this.#wake = setImmediate(() => {
      this.#wake = null
      this.#pump()
    })
    this.#wake.unref()
  }

  /** Counts work as under way until it ends, and looks again then. @param done must not reject */
  add(key: string, done: Promise<void>): void {
    const ended = done.finally(() => {
      this.#underWay.delete(key)
      this.wake()
    })
    this.#underWay.set(key, ended)
  }

  /** Resolves when one of the pieces under way has ended. */
  async oneEnded(): Promise<void> {
    await Promise.race(this.#underWay.values())
  }

  /** Resolves when all that are under way now have ended. */
  async allEnded(): Promise<void> {
    await Promise.all(this.#underWay.values())
  }

  /**
   * Begins nothing more and waits for what is under way, at most `patience` milliseconds; what comes back later is dropped.
   * @param patience milliseconds
   */
  async stop(patience = 3000): Promise<void> {
    if (this.#state === 'stopped') return
    this.#state = 'stopping'
    if (this.#timer) clearTimeout(this.#timer)
    if (this.#wake) clearImmediate(this.#wake)
    let bound: NodeJS.Timeout | undefined
    const timeout = new Promise<void>((resolve) => {
      bound = setTimeout(resolve, patience)
    })
    await Promise.race([this.allEnded(), timeout])
    clearTimeout(bound)
    this.#state = 'stopped'
  }

  #pump(): void {
    if (this.#state !== 'running') return
    let wait: number
    try {
      wait = this.#options.look()
    } catch (error) {
      this.#options.notRead(error)
      wait = restAfterDefect
    }
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#pump(), Math.max(1, Math.min(wait, longestTimer)))
    this.#timer.unref()
  }
}
