import { type ReadDb, sql, type WriteDb } from '../../db'

export type EndStatus = 'cancelled' | 'failed'

/** Starts an import; the database refuses a second one of the same book. @returns its number */
export function insertImport(w: WriteDb, bookId: number, now: number): number {
  return w.run(sql`
    INSERT INTO import (book_id, status, first_entry, first_on, imported, skipped, started_at, tidied)
    VALUES (${bookId}, 'staging', (SELECT coalesce(max(id), 0) + 1 FROM journal_entry), '9999-12-31', 0, 0, ${now}, 0)`).lastId
}

export interface ImportCounts {
  readonly imported: number
  readonly skipped: number
}

/** Makes every row of an import visible, all at once. */
export function publishImport(w: WriteDb, importId: number, { imported, skipped }: ImportCounts, sha256: Uint8Array): void {
  w.run(sql`
    UPDATE import SET status = 'published', imported = ${imported}, skipped = ${skipped}, sha256 = ${sha256}
    WHERE id = ${importId}`)
}

/** Ends an import without publishing it; its rows stay invisible until they are swept. */
export function endImport(w: WriteDb, importId: number, status: EndStatus, problem: string): void {
  w.run(sql`UPDATE import SET status = ${status}, problem = ${problem} WHERE id = ${importId} AND status = 'staging'`)
}

/** Ends the imports that were running when the app stopped. */
export function endAbandoned(w: WriteDb, except: readonly number[]): void {
  w.run(sql`
    UPDATE import SET status = 'failed', problem = 'The app was stopped during the import.'
    WHERE status = 'staging' AND id NOT IN (SELECT value FROM json_each(${JSON.stringify(except)}))`)
}

export interface UntidyImport {
  readonly id: number
  readonly bookId: number
  readonly status: 'published' | EndStatus
  readonly firstEntry: number
}

/** An import that has ended and still has rows to sweep or sums to fold; the oldest. */
export function nextUntidy(r: ReadDb): UntidyImport | undefined {
  return r.get<UntidyImport>(sql`
    SELECT id, book_id AS bookId, status, first_entry AS firstEntry FROM import
    WHERE tidied = 0 AND status <> 'staging' ORDER BY id LIMIT 1`)
}

export function markTidied(w: WriteDb, importId: number): void {
  w.run(sql`UPDATE import SET tidied = 1 WHERE id = ${importId}`)
}
