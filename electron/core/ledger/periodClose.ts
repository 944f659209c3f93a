import { addDays } from '../../../shared/domain/dates'
import { AppError } from '../../../shared/errors'
import { getBusiness, today } from '../businesses'
import { type ReadDb, sql, type WriteDb } from '../db'
import { bookOf } from './books'

/** The last closed day of a book; null when nothing is closed. */
export function closedThrough(r: ReadDb, bookId: number): string | null {
  const row = r.get<{ through: string | null }>(sql`SELECT max(through) AS through FROM period_close WHERE book_id = ${bookId}`)
  return row?.through ?? null
}

/** @throws AppError period_closed when the day is not after the last closed one */
export function assertOpen(through: string | null, on: string): void {
  if (through === null || on > through) return
  throw new AppError(
    'period_closed',
    `The books are closed through ${through}, so nothing was posted on ${on}. Choose a later day.`,
    { closedThrough: through },
  )
}

/** The day on which something of the day `on` can be posted: itself, or the first open day after a closed period. */
export function postingDate(r: ReadDb, businessId: string, on: string): string {
  const through = closedThrough(r, bookOf(r, businessId).id)
  return through === null || on > through ? on : addDays(through, 1)
}

/**
 * Closes the books through a day; from then on the database refuses entries on or before it, for ever. The day must have begun in the
 * business's time zone: closing the future would refuse work that is still to come.
 * @throws AppError conflict when that day is closed already; invalid_input when it lies in the future
 */
export function closePeriod(
  w: WriteDb,
  { businessId, through, now }: { businessId: string; through: string; now: number },
): void {
  const book = bookOf(w, businessId)
  const closed = closedThrough(w, book.id)
  if (closed !== null && through <= closed) {
    throw new AppError('conflict', `The books are closed through ${closed} already. Nothing was changed.`, {
      closedThrough: closed,
    })
  }
  const day = today(getBusiness(w, businessId), now)
  if (through > day) {
    throw new AppError(
      'invalid_input',
      `The books cannot be closed through ${through}, which is after today (${day}). Nothing was changed. Choose today or an earlier day.`,
    )
  }
  w.run(sql`INSERT INTO period_close (book_id, through, closed_at) VALUES (${book.id}, ${through}, ${now})`)
}
