import type BetterSqlite3 from 'better-sqlite3'
import { asDatabaseError, DatabaseError } from './databaseError'
import { discardNext, type Exchange, exchangeFile } from './exchange'
import type { Sql, SqlValue } from './sql'

declare const readBrand: unique symbol
declare const writeBrand: unique symbol

/** A prepared statement of the connection's cache, for loops that run one text many times. */
export interface Statement<Row> {
  run(...values: SqlValue[]): { changes: number; lastId: number }
  get(...values: SqlValue[]): Row | undefined
  all(...values: SqlValue[]): Row[]
}

/** A connection that may only read. Rows come from our own STRICT tables, so `Row` is trusted, not parsed. */
export interface ReadDb {
  readonly [readBrand]: true
  get<Row>(query: Sql): Row | undefined
  all<Row>(query: Sql): Row[]
  iterate<Row>(query: Sql): IterableIterator<Row>
}

/** A connection inside a write transaction. Only `Database.write` hands one out. */
export interface WriteDb extends ReadDb {
  readonly [writeBrand]: true
  run(query: Sql): { changes: number; lastId: number }
  prepare<Row = unknown>(text: string): Statement<Row>
}

/**
 * A transaction that may stay open while the event loop turns, so that many short pieces of work share one commit. Every other write
 * commits it first; reads see what it did. Only for rows that no reader shows yet, such as those of an import that is not published.
 */
export interface HeldWrite {
  /**
   * Runs `fn`, which must be synchronous, in the transaction, which is begun when none is open. A throw rolls back all since the last commit.
   * @throws DatabaseError as `Database.write`, also for an earlier commit that failed while another write was about to begin
   */
  run<T>(fn: (w: WriteDb) => T): T
  /** Commits what is open. @throws DatabaseError as `run` */
  commit(): void
  /** Drops what is open. */
  rollback(): void
}

/** The one open database of a vault: one writer connection, synchronous. */
export interface Database {
  readonly file: string
  readonly read: ReadDb
  /**
   * Runs `fn` in one IMMEDIATE transaction and commits durably (synchronous=FULL) before returning its value.
   * `fn` must be synchronous: a returned promise is refused and rolled back. Any throw rolls everything back.
   * A `write` inside a `write` is refused: pass the `WriteDb` on, or use `savepoint`.
   * @throws DatabaseError when the disk is full, cannot be written or gives back damaged pages; nothing was written then.
   */
  write<T>(fn: (w: WriteDb) => T): T
  /** A transaction for many short pieces of work; see `HeldWrite`. */
  hold(): HeldWrite
  /** Runs `fn` inside a savepoint of the surrounding transaction; a throw undoes only its own writes. */
  savepoint<T>(w: WriteDb, fn: () => T): T
  /** True while writes are refused; see `still`. */
  readonly isStill: boolean
  /**
   * Runs `work` while nothing is written: whoever tries is refused with DatabaseError 'key-change', reads go on. `work` may put a copy
   * under another key, which it has laid at `nextFileOf(file)`, in the place of the database; one that is not used is removed.
   * @param work its `exchange` throws what kept it from happening, with the old file in use as before; DatabaseError 'not-in-place' when
   *   only the next opening can go on
   * @throws DatabaseError as `write`
   */
  still<T>(work: (exchange: (how: Exchange) => void) => Promise<T>): Promise<T>
  /** Called in every write transaction, just before its commit. */
  beforeCommit(check: (w: WriteDb) => void): void
  /** Called after every committed write transaction, and when a database that stood still can be written to again. */
  afterCommit(listener: () => void): void
  checkpoint(): void
  close(): void
}

/** Prepared statements kept per connection; a text with a varying number of values would otherwise fill memory without end. */
const keptStatements = 500

class Connection implements Pick<WriteDb, 'get' | 'all' | 'iterate' | 'run' | 'prepare'> {
  #driver: BetterSqlite3.Database
  readonly #statements = new Map<string, BetterSqlite3.Statement>()
  /** Whether a write transaction is open; asking the driver before every statement would cost more than a short statement. */
  #isWriting = false
  /** Why there is no connection any more. */
  #lost: DatabaseError | null = null

  constructor(driver: BetterSqlite3.Database) {
    this.#driver = driver
  }

  /** Goes on with another connection to what the first one was to. */
  use(driver: BetterSqlite3.Database): void {
    this.#statements.clear()
    this.#driver = driver
  }

  /** Says from now on why nothing can be read. */
  lose(why: DatabaseError): void {
    this.#lost = why
  }

  get isWriting(): boolean {
    return this.#isWriting
  }

  /** Marks what `fn` does as the inside of a write transaction. */
  writing<T>(fn: () => T): T {
    this.#isWriting = true
    try {
      return fn()
    } finally {
      this.#isWriting = false
    }
  }

  /** After a statement failed: the engine may have rolled the whole transaction back on its own, as it does on a full disk. */
  #failed(error: unknown): unknown {
    this.#isWriting &&= this.#driver.inTransaction
    return this.#lost ?? error
  }

  #statement(text: string): BetterSqlite3.Statement {
    const kept = this.#statements.get(text)
    if (kept) return kept
    const statement = this.#driver.prepare(text)
    this.#statements.set(text, statement)
    if (this.#statements.size > keptStatements) {
      const oldest = this.#statements.keys().next()
      if (!oldest.done) this.#statements.delete(oldest.value)
    }
    return statement
  }

  get<Row>(query: Sql): Row | undefined {
    try {
      return this.#statement(query.text).get(...query.values) as Row | undefined
    } catch (error) {
      throw asDatabaseError(this.#failed(error))
    }
  }

  all<Row>(query: Sql): Row[] {
    try {
      return this.#statement(query.text).all(...query.values) as Row[]
    } catch (error) {
      throw asDatabaseError(this.#failed(error))
    }
  }

  /** A fresh statement for each call: a cached one refuses to run again while its iterator is open. */
  *iterate<Row>(query: Sql): IterableIterator<Row> {
    try {
      yield* this.#driver.prepare(query.text).iterate(...query.values) as IterableIterator<Row>
    } catch (error) {
      throw asDatabaseError(this.#failed(error))
    }
  }

  run(query: Sql): { changes: number; lastId: number } {
    return this.#change(this.#statement(query.text), query.values)
  }

  /**
   * Writes only inside a transaction: a full disk makes the engine roll back on its own, and a caller that swallowed that error would
   * go on writing without one; so would one that kept a `WriteDb` for later.
   */
  #change(statement: BetterSqlite3.Statement, values: readonly SqlValue[]): { changes: number; lastId: number } {
    if (!this.#isWriting) throw new Error('There is no write transaction: it has ended or was rolled back')
    try {
      const result = statement.run(...values)
      return { changes: result.changes, lastId: Number(result.lastInsertRowid) }
    } catch (error) {
      throw this.#failed(error)
    }
  }

  prepare<Row>(text: string): Statement<Row> {
    const statement = this.#statement(text)
    return {
      run: (...values) => this.#change(statement, values),
      get: (...values) => this.#read(() => statement.get(...values)) as Row | undefined,
      all: (...values) => this.#read(() => statement.all(...values)) as Row[],
    }
  }

  #read<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      throw this.#failed(error)
    }
  }
}

/**
 * Wraps an opened and migrated driver connection.
 * The brands exist only in the type system; the same object serves both sides, and a `WriteDb` is handed out only inside `write`.
 */
export function wrapConnection(opened: BetterSqlite3.Database, file: string): Database {
  let driver = opened
  const connection = new Connection(driver)
  const read = connection as unknown as ReadDb
  const write = connection as unknown as WriteDb
  const checks: ((w: WriteDb) => void)[] = []
  const listeners: (() => void)[] = []
  let savepoints = 0

  const commit = <T>(fn: () => T): T => {
    try {
      return driver.transaction(fn).immediate() as T
    } catch (error) {
      throw asDatabaseError(error, { file })
    }
  }
  const runChecks = (): void => {
    for (const check of checks) check(write)
  }
  const tellListeners = (): void => {
    for (const listener of listeners) listener()
  }

  let isStill = false
  /** Why there is no connection any more. */
  let lost: DatabaseError | null = null
  const assertMayWrite = (): void => {
    if (lost !== null) throw lost
    if (isStill) throw new DatabaseError('key-change')
  }
  const exchange = (how: Exchange): void => {
    try {
      const { driver: next, failure } = exchangeFile(driver, file, how)
      driver = next
      connection.use(driver)
      if (failure !== undefined) throw asDatabaseError(failure, { file })
    } catch (error) {
      if (driver.open) throw error
      lost = new DatabaseError('not-in-place', { file })
      lost.cause = error
      connection.lose(lost)
      throw lost
    }
  }

  /** The held transaction that is open. */
  let held: { failure?: unknown } | null = null
  const dropHeld = (): void => {
    held = null
    if (driver.inTransaction) driver.exec('ROLLBACK')
  }
  /** Commits the held transaction before anything else is written. Its failure is its owner's, who asks for it. */
  const settleHeld = (): void => {
    if (connection.isWriting) throw new Error('A write transaction is already open on this connection')
    const settled = held
    if (settled === null) return
    try {
      connection.writing(runChecks)
      driver.exec('COMMIT')
      held = null
    } catch (error) {
      dropHeld()
      settled.failure = asDatabaseError(error, { file })
      return
    }
    tellListeners()
  }

  return {
    file,
    read,
    get isStill() {
      return isStill
    },
    async still(work) {
      assertMayWrite()
      settleHeld()
      try {
        driver.pragma('wal_checkpoint(TRUNCATE)')
      } catch (error) {
        throw asDatabaseError(error, { file })
      }
      isStill = true
      try {
        return await work(exchange)
      } finally {
        isStill = false
        if (lost === null) {
          discardNext(file)
          tellListeners()
        }
      }
    },
    write<T>(fn: (w: WriteDb) => T): T {
      assertMayWrite()
      settleHeld()
      const value = commit(() =>
        connection.writing(() => {
          const result = fn(write)
          runChecks()
          return result
        }),
      )
      tellListeners()
      return value
    },
    hold() {
      const own: { failure?: unknown } = {}
      const assertSound = (): void => {
        if (own.failure !== undefined) throw own.failure
      }
      return {
        run<T>(fn: (w: WriteDb) => T): T {
          assertSound()
          assertMayWrite()
          if (held !== own || connection.isWriting) settleHeld()
          try {
            if (held !== own) driver.exec('BEGIN IMMEDIATE')
            held = own
            const value = connection.writing(() => fn(write))
            if (value instanceof Promise) throw new TypeError('A write transaction cannot wait for a promise')
            if (!driver.inTransaction) throw new Error('The write transaction was rolled back')
            return value
          } catch (error) {
            dropHeld()
            throw asDatabaseError(error, { file })
          }
        },
        commit() {
          if (held === own) settleHeld()
          assertSound()
        },
        rollback() {
          if (held === own) dropHeld()
        },
      }
    },
    savepoint<T>(w: WriteDb, fn: () => T): T {
      const name = `s${++savepoints}`
      w.run({ text: `SAVEPOINT ${name}`, values: [] })
      try {
        const value = fn()
        w.run({ text: `RELEASE ${name}`, values: [] })
        return value
      } catch (error) {
        if (driver.inTransaction) {
          w.run({ text: `ROLLBACK TO ${name}`, values: [] })
          w.run({ text: `RELEASE ${name}`, values: [] })
        }
        throw error
      } finally {
        savepoints--
      }
    },
    beforeCommit: (check) => void checks.push(check),
    afterCommit: (listener) => void listeners.push(listener),
    checkpoint() {
      if (lost !== null) return
      settleHeld()
      driver.pragma('wal_checkpoint(TRUNCATE)')
    },
    close: () => driver.close(),
  }
}

/** Wraps a read-only driver connection. */
export function wrapReader(driver: BetterSqlite3.Database): { read: ReadDb; close(): void } {
  return { read: new Connection(driver) as unknown as ReadDb, close: () => void driver.close() }
}
