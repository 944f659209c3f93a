import { closeSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { SCHEMA, SCHEMA_VERSION } from './schema'

export type Row = Record<string, string | number | null>
export type Bind = string | number | null

/** One connection with its prepared statements kept. */
export class Connection {
  readonly #db: Database.Database
  readonly #statements = new Map<string, Database.Statement<Bind[], Row>>()

  /**
   * Opens (and creates, mode 0600) the file in WAL mode.
   * `FULL`: a commit is on disk before it returns. `NORMAL`: it survives the end of the process, not a power cut.
   */
  constructor(file: string, synchronous: 'FULL' | 'NORMAL') {
    closeSync(openSync(file, 'a', 0o600))
    this.#db = new Database(file)
    this.#db.pragma('busy_timeout = 5000')
    this.#db.pragma('journal_mode = WAL')
    this.#db.pragma(`synchronous = ${synchronous}`)
    this.#db.pragma('foreign_keys = ON')
    this.#db.pragma('recursive_triggers = ON')
    this.#db.pragma('trusted_schema = OFF')
    const mode = [this.#db.pragma('journal_mode', { simple: true }), this.#db.pragma('synchronous', { simple: true })]
    if (mode[0] !== 'wal' || mode[1] !== (synchronous === 'FULL' ? 2 : 1)) {
      this.#db.close()
      throw new Error('The practice Stripe could not open its file in durable mode')
    }
  }

  migrate(): void {
    const version = this.#db.pragma('user_version', { simple: true })
    if (version === SCHEMA_VERSION) return
    if (version !== 0) {
      this.#db.close()
      throw new Error(`The practice Stripe's file has version ${String(version)}, which this app does not know`)
    }
    this.transaction(() => {
      this.#db.exec(SCHEMA)
      this.#db.pragma(`user_version = ${SCHEMA_VERSION}`)
    })
  }

  /** Runs `work` in one transaction (a savepoint inside another); a throw undoes its writes. */
  transaction<T>(work: () => T): T {
    const run = this.#db.transaction(work)
    return this.#db.inTransaction ? run() : run.immediate()
  }

  all(sql: string, ...binds: Bind[]): Row[] {
    return this.#statement(sql).all(...binds)
  }

  one(sql: string, ...binds: Bind[]): Row | undefined {
    return this.#statement(sql).get(...binds)
  }

  run(sql: string, ...binds: Bind[]): void {
    this.#statement(sql).run(...binds)
  }

  close(): void {
    this.#db.close()
  }

  #statement(sql: string): Database.Statement<Bind[], Row> {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const fresh = this.#db.prepare<Bind[], Row>(sql)
    this.#statements.set(sql, fresh)
    return fresh
  }
}
