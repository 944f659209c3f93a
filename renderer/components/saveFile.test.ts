import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pieces } from './saveFile'

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
