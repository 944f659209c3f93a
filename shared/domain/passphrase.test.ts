import fc from 'fast-check'
import { expect, test } from 'vitest'
import { passphraseStrength } from './passphrase'

test.each([
  ['', 'shorter'],
  ['abc', 'shorter'],
  ['1234567', 'shorter'],
  ['ééééééé', 'shorter'],
  ['aaaaaaaaaaaaaaaaaaaa', 'repeats'],
  ['abababababababab', 'repeats'],
  ['abcabcabcabcabc', 'repeats'],
  ['112233112233', 'repeats'],
  ['1212121212', 'repeats'],
  ['password', 'first'],
  ['Password1', 'first'],
  ['P@ssw0rd!', 'first'],
  ['passwordpassword', 'first'],
  ['Passwort2026!', 'first'],
  ['letmein123', 'first'],
  ['qwerty123456', 'first'],
  ['iloveyou2', 'first'],
  ['1234Sunshine', 'first'],
  ['countinghouse', 'first'],
  ['12345678', 'row'],
  ['123456789012345', 'row'],
  ['87654321', 'row'],
  ['abcdefghijklmnop', 'row'],
  ['qwertyuiop', 'first'],
  ['1qaz2wsx3edc', 'first'],
  ['asdfghjkl', 'first'],
  ['poiuytrewq', 'row'],
])('V1: "%s" is refused: %s', (passphrase, reason) => {
  const strength = passphraseStrength(passphrase)
  expect(strength).toMatchObject({ acceptable: false, score: 0 })
  expect(strength.advice[0]).toContain(reason)
  expect(strength.advice[1]).toContain('15 characters')
})

test.each([
  ['hunterlane', 2],
  ['tr4vel7!', 1],
  ['harbour lantern', 3],
  ['harbour lantern velvet', 4],
  ['moss-cabin-nickel-orbit-plume', 4],
  ['пароль для мастерской', 4],
  ['正確な馬の電池のホチキスを使う', 3],
])('"%s" is accepted with score %i', (passphrase, score) => {
  const strength = passphraseStrength(passphrase)
  expect(strength.acceptable).toBe(true)
  expect(strength.score).toBe(score)
})

test('V1: fewer than 15 characters are taken with the advice to use more', () => {
  const strength = passphraseStrength('velvet otter')
  expect(strength.acceptable).toBe(true)
  expect(strength.advice.join(' ')).toContain('at least 15 characters')
  expect(passphraseStrength('velvet otter sails').advice).toEqual([])
})

test('rows and repetitions count little and are named', () => {
  expect(passphraseStrength('otter12345678')).toMatchObject({ acceptable: true, score: 1 })
  expect(passphraseStrength('velvet otter 12345678').advice.join(' ')).toContain('rows of neighbouring')
  expect(passphraseStrength('otter otter otter ').advice.join(' ')).toContain('repeating')
  expect(passphraseStrength('829174650318').advice.join(' ')).toContain('digits alone')
})

test('the spelling in Unicode does not change the judgement', () => {
  expect(passphraseStrength('cafe\u0301 velours')).toEqual(passphraseStrength('café velours'))
})

test('any string is judged without a throw, and what is refused scores 0', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (passphrase) => {
      const { acceptable, score, advice } = passphraseStrength(passphrase)
      expect(score === 0).toBe(!acceptable)
      expect(acceptable || advice.length > 0).toBe(true)
      expect([...passphrase.normalize('NFKC')].length >= 8 || !acceptable).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
