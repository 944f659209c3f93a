import { createHash } from 'node:crypto'
import { type ReadDb, sql } from '../../electron/core/db/index'

/** Columns that move by themselves: when a token was last used, when a provider was last asked. */
const restless = new Set(['last_used_at', 'last_sync_at', 'complete_since', 'cursor_at'])

/** Tables that a refused call may write to. */
export const recordTables: ReadonlySet<string> = new Set(['request', 'audit_row', 'audit_node', 'audit_head', 'audit_subject'])

/** @param withShadows also the tables in which the full-text index keeps its segments as it likes */
export function tableNames(db: ReadDb, withShadows = false): string[] {
  return db
    .all<{ name: string; type: string }>(
      sql`SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )
    .filter(({ type }) => withShadows || type !== 'shadow')
    .map((row) => row.name)
}

/** A digest of the rows of each table, for telling which of them a call has changed. */
export function digestTables(db: ReadDb, leaveOut: ReadonlySet<string> = recordTables): Record<string, string> {
  return Object.fromEntries(
    tableNames(db)
      .filter((name) => !leaveOut.has(name))
      .map((name) => [name, digestRows(rowsOf(db, name))]),
  )
}

/** Every stored value of every table as text, for finding what must not be there. */
export function dumpTables(db: ReadDb, names = tableNames(db, true)): string {
  return names.flatMap((name) => rowsOf(db, name).map((row) => `${name}: ${textOf(row)}`)).join('\n')
}

export function countRows(db: ReadDb, table: string): number {
  return db.get<{ n: number }>({ text: `SELECT count(*) AS n FROM "${table}"`, values: [] })?.n ?? 0
}

/** Rises when another connection commits; so a call that left it alone has written nothing at all. */
export function dataVersion(db: ReadDb): number {
  return db.get<{ data_version: number }>(sql`PRAGMA data_version`)?.data_version ?? 0
}

function rowsOf(db: ReadDb, table: string): Record<string, unknown>[] {
  return db.all<Record<string, unknown>>({ text: `SELECT * FROM "${table}"`, values: [] })
}

function textOf(row: Record<string, unknown>): string {
  return Object.entries(row)
    .filter(([column]) => !restless.has(column))
    .map(([column, value]) => `${column}=${value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)}`)
    .join(' ')
}

function digestRows(rows: readonly Record<string, unknown>[]): string {
  const hash = createHash('sha256')
  for (const row of rows) hash.update(textOf(row)).update('\n')
  return `${rows.length} rows, ${hash.digest('hex')}`
}
