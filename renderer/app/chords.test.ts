import { describe, expect, it } from 'vitest'
import { chordOf, Sequence, worksInFields } from './chords'

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
})

describe('chordOf', () => {
  it.each([
    [press('k', { ctrlKey: true }), 'mod+k'],
    [press('k', { metaKey: true }), 'mod+k'],
    [press('?', { shiftKey: true }), '?'],
    [press('/', { shiftKey: true }), '/'],
    [press('N', { shiftKey: true }), 'shift+n'],
    [press('ArrowLeft', { altKey: true }), 'alt+arrowleft'],
    [press('Enter', { ctrlKey: true }), 'mod+enter'],
    [press('1', { ctrlKey: true }), 'mod+1'],
  ])('writes %o as %s', (given, chord) => {
    expect(chordOf(given)).toBe(chord)
  })

  it('lets only modified keys act inside a field', () => {
    expect(worksInFields('mod+k')).toBe(true)
    expect(worksInFields('alt+arrowleft')).toBe(true)
    expect(worksInFields('n')).toBe(false)
    expect(worksInFields('g i')).toBe(false)
  })
})

describe('Sequence', () => {
  it('joins two presses that follow each other', () => {
    const sequence = new Sequence()
    expect(sequence.candidates('g', 0)).toEqual(['g'])
    expect(sequence.candidates('i', 900)).toEqual(['g i', 'i'])
  })

  it('does not join presses that lie apart, or one that was used', () => {
    const sequence = new Sequence()
    sequence.candidates('g', 0)
    expect(sequence.candidates('i', 901)).toEqual(['i'])
    sequence.clear()
    expect(sequence.candidates('p', 950)).toEqual(['p'])
  })
})
