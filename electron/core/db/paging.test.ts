import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { AppError } from '../../../shared/errors'
import { decodeCursor, encodeCursor, pageOfRows } from './paging'

const key = z.tuple([z.string(), z.int()])

describe('cursors', () => {
  it('give back what went in, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), (text, number) => {
        const values = [text.toWellFormed(), Object.is(number, -0) ? 0 : number] as [string, number]
        expect(decodeCursor(encodeCursor(values), key)).toEqual(values)
        expect(encodeCursor(values)).toMatch(/^[A-Za-z0-9_-]+$/)
      }),
    )
  })

  it.each([
    ['not base64', '%%%'],
    ['not JSON', Buffer.from('nonsense').toString('base64url')],
    ['another list', encodeCursor([1, 'a'])],
    ['too many values', encodeCursor(['a', 1, 2])],
    ['no array', Buffer.from('{"a":1}').toString('base64url')],
  ])('refuse a cursor that is %s', (_name, cursor) => {
    expect(() => decodeCursor(cursor, key)).toThrow(AppError)
    expect(() => decodeCursor(cursor, key)).toThrow(/does not belong to this list/)
  })
})

describe('pages', () => {
  const page = (rows: number[], limit: number) =>
    pageOfRows(
      rows,
      limit,
      (row) => [row],
      (row) => `#${row}`,
    )

  it('have a cursor of the last row shown when one row too many was read', () => {
    expect(page([1, 2, 3], 2)).toEqual({ items: ['#1', '#2'], nextCursor: encodeCursor([2]) })
  })

  it('end without a cursor', () => {
    expect(page([1, 2], 2)).toEqual({ items: ['#1', '#2'], nextCursor: null })
    expect(page([], 2)).toEqual({ items: [], nextCursor: null })
  })
})
