import { z } from 'zod'
import { decodeCursor, defaultLimit, encodeCursor, type Page } from './paging'

const offsetCursor = z.tuple([z.int().min(0)])

/**
 * A page of a short list whose order changes as things are decided, so that no sort key stays put: the cursor is an offset.
 * @param read reads `limit` rows from `offset`
 */
export function offsetPage<T>(
  input: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
  read: (offset: number, limit: number) => T[],
): Page<T> {
  const [offset] = input.cursor === undefined ? [0] : decodeCursor(input.cursor, offsetCursor)
  const limit = input.limit ?? defaultLimit
  const items = read(offset, limit + 1)
  return { items: items.slice(0, limit), nextCursor: items.length > limit ? encodeCursor([offset + limit]) : null }
}
