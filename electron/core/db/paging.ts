import type { z } from 'zod'
import { AppError } from '../../../shared/errors'

/** Rows of a list when the caller names no limit. */
export const defaultLimit = 50

export type CursorValue = string | number

/** The sort key of the last row of a page as an opaque cursor: base64url of its JSON. */
export function encodeCursor(values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/** The refusal of a cursor that this list never gave out. */
export function cursorOfAnotherList(): AppError {
  return new AppError('invalid_input', 'The cursor does not belong to this list. Start again without a cursor.')
}

/**
 * Reads a cursor back.
 * @param schema tuple of the list's sort key
 * @throws AppError invalid_input when the text is no cursor of this list
 */
export function decodeCursor<T extends readonly CursorValue[]>(cursor: string, schema: z.ZodType<T>): T {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    value = undefined
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw cursorOfAnotherList()
}

export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/**
 * Makes a page of rows that were read with `LIMIT limit + 1`: the row too many only says that there is a next page.
 * @param keyOf the sort key of a row, as `decodeCursor` will read it
 * @param toItem what the caller of the list sees
 */
export function pageOfRows<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly CursorValue[],
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.length > limit ? rows.slice(0, limit) : rows
  const last = shown.at(-1)
  return {
    items: shown.map(toItem),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null,
  }
}
