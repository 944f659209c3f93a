import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvField, csvLine, pieces } from './csv'

describe('CSV', () => {
  it('quotes commas, quotes and line breaks', () => {
    expect(csvLine(['a', 'b,c', 'say "hi"', 'two\nlines'])).toBe('a,"b,c","say ""hi""","two\nlines"\r\n')
  })

  it.each(['=1+1', '+49 30', '@here', '-cmd', '\tx', '\rx'])('makes %j inert in a spreadsheet', (text) => {
    expect(csvField(text).replace(/^"/, '')).toMatch(/^'/)
  })

  it.each(['-12.50', '12.50', '0'])('leaves the number %s a number', (text) => {
    expect(csvField(text)).toBe(text)
  })

  it('cuts text without loss and without breaking a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 20 }), (text, size) => {
        const parts = pieces(text, size)
        expect(parts.join('')).toBe(text)
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(size)
          expect(part.isWellFormed()).toBe(text.isWellFormed())
        }
      }),
    )
  })
})
