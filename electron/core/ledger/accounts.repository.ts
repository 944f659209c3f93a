import type { AccountType } from '../../../shared/domain/ids'
import { type ReadDb, sql, type WriteDb } from '../db'
import { andVisible, hiddenImports } from './books'
import { scalar } from './scalar'

export interface AccountRow {
  readonly id: number
  readonly name: string
  readonly type: AccountType
  readonly createdAt: number
}

const columns = sql`id, name, type, created_at AS createdAt`

/** An account by its full name; one that only a running import knows is not found. */
export function findAccount(r: ReadDb, bookId: number, name: string): AccountRow | undefined {
  const visible = andVisible(hiddenImports(r, bookId), sql`import_id`)
  return r.get<AccountRow>(sql`SELECT ${columns} FROM account WHERE book_id = ${bookId} AND name = ${name} ${visible}`)
}

/** Accounts by name, after `after`. */
export function listAccounts(r: ReadDb, bookId: number, after: string, limit: number): AccountRow[] {
  const visible = andVisible(hiddenImports(r, bookId), sql`import_id`)
  return r.all<AccountRow>(sql`
    SELECT ${columns} FROM account WHERE book_id = ${bookId} AND name > ${after} ${visible} ORDER BY name LIMIT ${limit}`)
}

export interface NewAccount {
  readonly bookId: number
  readonly name: string
  readonly type: AccountType
  readonly createdAt: number
  /** The running import that brings the account; it vanishes with the import. */
  readonly importId: number | null
}

/**
 * Adds an account, or takes over one that a running import brought, so that it stays when the import fails.
 * @returns its number
 */
export function putAccount(w: WriteDb, account: NewAccount): number {
  const { bookId, name, type, createdAt, importId } = account
  return scalar(
    w,
    sql`
    INSERT INTO account (book_id, name, type, created_at, import_id)
    VALUES (${bookId}, ${name}, ${type}, ${createdAt}, ${importId})
    ON CONFLICT (book_id, name) DO UPDATE SET import_id = NULL
    RETURNING id AS value`,
  )
}
