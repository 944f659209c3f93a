import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { formatKitCode, kitLength, newKit, parseKitCode } from './kitCode'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const bare = (code: string) => code.replaceAll('-', '')

test('V8: a kit has 160 random bits, written in eight groups of four and two that find mistakes', () => {
  const kits = Array.from({ length: 1000 }, () => newKit())
  expect(new Set(kits.map((kit) => kit.toString('hex'))).size).toBe(1000)
  for (const kit of kits) {
    const code = formatKitCode(kit)
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{2}$/)
    expect(parseKitCode(code)).toEqual(kit)
  }
})

test.each([
  ['00'.repeat(20), '0000-0000-0000-0000-0000-0000-0000-0000-00'],
  ['ff'.repeat(20), 'ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-AK'],
  [`${'00'.repeat(19)}01`, '0000-0000-0000-0000-0000-0000-0000-0001-01'],
  [`${'00'.repeat(18)}03fd`, '0000-0000-0000-0000-0000-0000-0000-00ZX-00'],
])('%s is %s', (hex, code) => {
  expect(formatKitCode(Buffer.from(hex, 'hex'))).toBe(code)
  expect(parseKitCode(code).toString('hex')).toBe(hex)
})

test('it is read in small letters, without hyphens, with spaces, with O for 0 and I or L for 1', () => {
  const kit = Buffer.from(`${'00'.repeat(18)}0421`, 'hex')
  const code = formatKitCode(kit)
  expect(code).toContain('0111')
  for (const typed of [
    code.toLowerCase(),
    bare(code),
    ` ${code.replaceAll('-', ' ')}\n`,
    code.replaceAll('0', 'o').replaceAll('1', 'l'),
  ])
    expect(parseKitCode(typed)).toEqual(kit)
  expect(parseKitCode(code.replaceAll('1', 'I'))).toEqual(kit)
})

test('every single wrong symbol and every two swapped neighbours are mistyped, not another code', () => {
  const code = bare(formatKitCode(newKit()))
  let tried = 0
  for (let at = 0; at < code.length; at++) {
    for (const symbol of alphabet) {
      if (symbol === code[at]) continue
      expect(() => parseKitCode(code.slice(0, at) + symbol + code.slice(at + 1))).toThrow('mistyped')
      tried++
    }
    const swapped = code.slice(0, at) + (code[at + 1] ?? '') + (code[at] ?? '') + code.slice(at + 2)
    if (swapped !== code && at + 1 < code.length) expect(() => parseKitCode(swapped)).toThrow('mistyped')
  }
  expect(tried).toBe(34 * 31)
})

test.each(['', 'ABCD', `${'0'.repeat(33)}`, '0'.repeat(35), `U${'0'.repeat(33)}`, `${'0'.repeat(33)}*`, 'é'.repeat(34)])(
  '"%s" is mistyped, and the words say what to look at',
  (text) => {
    expect(() => parseKitCode(text)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
    expect(() => parseKitCode(text)).toThrow('Nothing was tried')
  },
)

test('symbols at random are another code in one of a thousand tries at most', () => {
  let taken = 0
  for (let i = 0; i < 5000; i++) {
    const text = Array.from({ length: 34 }, () => alphabet[randomInt(32)]).join('')
    try {
      parseKitCode(text)
      taken++
    } catch {}
  }
  expect(taken).toBeLessThan(30)
})

test('anything but 20 bytes is no kit', () => {
  expect(() => formatKitCode(Buffer.alloc(kitLength - 1))).toThrow(RangeError)
})
