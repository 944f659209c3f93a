import { webcrypto } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { generatePassword, type PasswordRecipe, passwordBits, randomBelow } from './passwordGenerator'

const random = (count: number) => webcrypto.getRandomValues(new Uint32Array(count))
const all: PasswordRecipe = {
  kind: 'characters',
  length: 20,
  lower: true,
  upper: true,
  digits: true,
  signs: true,
  legible: false,
}

/** A source that answers the given words in turn. */
function scripted(...words: number[]) {
  return (count: number) => Uint32Array.from(words.splice(0, count))
}

describe('randomBelow', () => {
  it('draws again what would make small numbers likelier', () => {
    // 2^32 = 3 * 1_431_655_765 + 1: the last word alone is unfair.
    expect(randomBelow(3, scripted(4_294_967_295, 5))).toBe(2)
    expect(randomBelow(3, scripted(4_294_967_294))).toBe(2)
  })

  it('reaches every number about equally often', () => {
    const counts = new Map<number, number>()
    for (let i = 0; i < 6000; i++) {
      const drawn = randomBelow(6, random)
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5])
    for (const count of counts.values()) expect(count).toBeGreaterThan(700)
  })
})

describe('generatePassword', () => {
  it('has the length asked for and something of every chosen set', () => {
    for (let i = 0; i < 200; i++) {
      const password = generatePassword({ ...all, length: 8 }, random)
      expect(password).toHaveLength(8)
      expect(password).toMatch(/[a-z]/)
      expect(password).toMatch(/[A-Z]/)
      expect(password).toMatch(/\d/)
      expect(password).toMatch(/[^A-Za-z0-9]/)
    }
  })

  it('holds nothing that looks like something else when it must be legible', () => {
    const many = Array.from({ length: 100 }, () => generatePassword({ ...all, legible: true }, random)).join('')
    expect(many).not.toMatch(/[0Oo1lI|]/)
  })

  it('falls back to small letters where no set is chosen', () => {
    const none = { ...all, lower: false, upper: false, digits: false, signs: false }
    expect(generatePassword(none, random)).toMatch(/^[a-z]{20}$/)
    expect(passwordBits(none)).toBe(94)
  })

  it('speaks in groups of three syllables', () => {
    expect(generatePassword({ kind: 'spoken', groups: 4 }, random)).toMatch(
      /^([bdfghjklmnprstvz][aeiou]){3}(-([b-z][aeiou]){3}){3}$/,
    )
  })

  it('makes a PIN of digits', () => {
    expect(generatePassword({ kind: 'pin', length: 6 }, random)).toMatch(/^\d{6}$/)
  })

  it('never repeats itself', () => {
    expect(new Set(Array.from({ length: 500 }, () => generatePassword(all, random))).size).toBe(500)
  })
})

describe('passwordBits', () => {
  it('is the logarithm of the number of passwords', () => {
    expect(passwordBits(all)).toBe(Math.floor(20 * Math.log2(26 + 26 + 10 + 17)))
    expect(passwordBits({ kind: 'spoken', groups: 4 })).toBe(75)
    expect(passwordBits({ kind: 'pin', length: 6 })).toBe(19)
  })
})
