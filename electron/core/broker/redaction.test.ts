import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Redactor, redacted } from './redaction'

const known = (...values: string[]) => values.map((value) => ({ value: Buffer.from(value), putIn: true }))

async function clean(text: string | Buffer, values: readonly string[], shown?: number): Promise<string> {
  const redactor = new Redactor(known(...values))
  const { bytes } = await redactor.redact(Buffer.from(text), shown)
  return bytes.toString('utf8')
}

/** How far sides write a text, each by a function that is not this project's. */
const spellings: Readonly<Record<string, (value: string) => string>> = {
  'as it is': (value) => value,
  base64: (value) => Buffer.from(value).toString('base64'),
  base64url: (value) => Buffer.from(value).toString('base64url'),
  'hex, lower case': (value) => Buffer.from(value).toString('hex'),
  'hex, upper case': (value) => Buffer.from(value).toString('hex').toUpperCase(),
  'percent-encoded': (value) => encodeURIComponent(value),
  'percent-encoded in lower case': (value) => encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase()),
  'percent-encoded whole': (value) => [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  'form-encoded': (value) => new URLSearchParams({ v: value }).toString().slice(2),
  'in JSON': (value) => JSON.stringify(value).slice(1, -1),
  'in JSON with slashes escaped': (value) => JSON.stringify(value).slice(1, -1).replaceAll('/', '\\/'),
  'in JSON in ASCII': (value) =>
    JSON.stringify(value)
      .slice(1, -1)
      .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'in JSON all escaped': (value) =>
    value
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  'in HTML': (value) =>
    value.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c] ?? c),
  'in HTML by numbers': (value) => [...value].map((c) => `&#x${c.codePointAt(0)?.toString(16)};`).join(''),
  'JSON in JSON': (value) => JSON.stringify(JSON.stringify(value)).slice(3, -3),
  'base64 in JSON with slashes escaped': (value) => Buffer.from(value).toString('base64').replaceAll('/', '\\/'),
  'percent-encoded base64': (value) => encodeURIComponent(Buffer.from(value).toString('base64')),
  'base64 in lines': (value) => Buffer.from(value).toString('base64').replace(/.{5}/g, '$&\r\n'),
  'base64 in lines, in JSON': (value) =>
    JSON.stringify(Buffer.from(value).toString('base64').replace(/.{7}/g, '$&\n')).slice(1, -1).replaceAll('/', '\\/'),
  'taken for Latin-1': (value) => Buffer.from(value).toString('latin1'),
  'taken for Latin-1, in JSON in ASCII': (value) =>
    JSON.stringify(Buffer.from(value).toString('latin1'))
      .slice(1, -1)
      .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
}

/** Values as people and providers have them: any Unicode text, and the alphabets of keys. */
const value = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 6, maxLength: 40 }),
    fc.string({ unit: 'binary', minLength: 6, maxLength: 20 }),
    fc.stringMatching(/^[A-Za-z0-9+/=_.-]{6,60}$/),
    fc.stringMatching(/^["\\<>&'%+ /]{6,12}$/),
  )
  .filter((text) => text.isWellFormed() && Buffer.from(text).length >= 6 && !redacted.includes(text) && !text.includes('['))
const around = fc.stringMatching(/^[ a-z{}:,.]{0,30}$/)

describe('V14: known values are taken out of what comes back', () => {
  test.each(Object.keys(spellings))('%s', async (name) => {
    const spell = spellings[name] as (text: string) => string
    await fc.assert(
      fc.asyncProperty(value, around, around, async (secret, before, after) => {
        fc.pre(!before.includes(secret) && !after.includes(secret))
        const text = await clean(`${before} ${spell(secret)} ${after}`, [secret])
        expect(text).toContain(redacted)
        expect(text).not.toContain(spell(secret))
        expect(text.startsWith(`${before} `) && text.endsWith(` ${after}`)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('within base64 of a longer text, at each alignment, all but a character at either end', async () => {
    const key = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/)
    await fc.assert(
      fc.asyncProperty(key, around, around, async (secret, before, after) => {
        for (const encoding of ['base64', 'base64url'] as const) {
          const text = await clean(Buffer.from(`${before}${secret}${after}`).toString(encoding), [secret])
          expect(text).toContain(redacted)
          const left = text.split(redacted).map((part) => Buffer.from(part, 'base64').toString('latin1'))
          expect(left.join('\n')).not.toContain(secret.slice(1, -1))
          const coded = Buffer.from(secret).toString(encoding).replaceAll('=', '')
          expect(text).not.toContain(coded)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('of several values that overlap, nothing is left of any', async () => {
    expect(await clean('xabcdefghijkx', ['abcdefg', 'defghijk'])).toBe(`x${redacted}x`)
    expect(await clean('abababababab', ['ababab'])).toBe(redacted)
    expect(await clean('abcdefabcdef', ['abcdef'])).toBe(redacted + redacted)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[ab]{6,9}$/), { minLength: 1, maxLength: 4 }),
        fc.stringMatching(/^[ab]{0,40}$/),
        async (values, text) => {
          const left = await clean(text, values)
          for (const secret of values) expect(left).not.toContain(secret)
          expect(left.split(redacted).join('').length).toBeLessThanOrEqual(text.length)
          if (values.every((secret) => !text.includes(secret))) expect(left).toBe(text)
        },
      ),
    )
  })

  test('a text that holds none of them stays as it is, byte for byte', async () => {
    const redactor = new Redactor(known('sk_test_1234567890', 'correct horse battery'))
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const { bytes: left, count } = await redactor.redact(Buffer.from(bytes))
        expect([Buffer.from(left).equals(Buffer.from(bytes)), count]).toEqual([true, 0])
      }),
    )
  })

  test('a short value only where it stands alone, and never in another spelling', async () => {
    expect(await clean('{"pin":"1234","sum":912345,"at":"1234-x"}', ['1234'])).toBe(
      `{"pin":"${redacted}","sum":912345,"at":"${redacted}-x"}`,
    )
    expect(await clean('pin=1234&x=%31%32%33%34', ['1234'])).toBe(`pin=${redacted}&x=${redacted}`)
    expect(await clean(Buffer.from('1234').toString('hex'), ['1234'])).toBe('31323334')
  })

  test('a value that was not put in is taken out unless it can be found by trying', async () => {
    const sought = async (value: string) => {
      const redactor = new Redactor([{ value: Buffer.from(value), putIn: false, other: 'sec_b' }])
      const { bytes, count } = await redactor.redact(Buffer.from(`is ${value}.`))
      expect(redactor.others).toEqual(count === 0 ? [] : ['sec_b'])
      return bytes.toString() === `is ${redacted}.`
    }
    for (const few of ['7', '4711', '20261121', '123456789012', 'password', 'Abc123']) expect(await sought(few)).toBe(false)
    for (const many of ['4242424242424242', 'passwords', 'Abc1234', 'pä§$ß', 'sk_test_1']) expect(await sought(many)).toBe(true)
    const short = new Redactor([{ value: Buffer.from('9'), putIn: true }])
    expect((await short.redact(Buffer.from('8 9 99'))).bytes.toString()).toBe(`8 ${redacted} 99`)
  })

  test('what lies across the end of what is shown, whole and not by its beginning', async () => {
    const secret = 'sk_test_51Habcdefghijkl'
    for (let length = 1; length < secret.length; length++) {
      const text = `{"key":"${secret}"}`
      expect(await clean(text, [secret], 8 + length)).toBe(`{"key":"${redacted}`)
      expect(await clean(`{"key":"${secret.slice(0, length)}`, [secret])).toBe(`{"key":"${secret.slice(0, length)}`)
      expect(await clean(text.replace('l"', 'L"'), [secret], 8 + length)).toBe(`{"key":"${secret.slice(0, length)}`)
    }
    const beyond = new Redactor([{ value: Buffer.from(secret), putIn: false, other: 'sec_b' }])
    expect([(await beyond.redact(Buffer.from(`shown ${secret}`), 5)).count, beyond.others]).toEqual([0, []])
  })

  test('in Latin-1', async () => {
    const redactor = new Redactor(known('schlüssel-für-ä'))
    const { bytes } = await redactor.redact(Buffer.from('key schlüssel-für-ä end', 'latin1'))
    expect(bytes.toString('latin1')).toBe(`key ${redacted} end`)
  })

  test('each long line of a key of several lines', async () => {
    const pem = `-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END KEY-----`
    const text = await clean(`${pem.replaceAll('\n', '\r\n  ')}`, [pem])
    expect(text).not.toContain('MIIEvQ')
    expect(text).not.toContain('BKcwgg')
    expect(await clean(JSON.stringify({ pem }), [pem])).toBe(`{"pem":"${redacted}"}`)
  })

  test('in UTF-16', async () => {
    const redactor = new Redactor(known('sk_test_abc'))
    const little = Buffer.from('key sk_test_abc end', 'utf16le')
    const { bytes } = await redactor.redact(little)
    expect(bytes.includes(Buffer.from('sk_test', 'utf16le'))).toBe(false)
    const { bytes: big } = await redactor.redact(Buffer.from(little).swap16())
    expect(big.includes(Buffer.from('sk_test', 'utf16le').swap16())).toBe(false)
  })

  test('a hostile answer of half a megabyte costs linear time, not the square of it', async () => {
    const redactor = new Redactor(known('a'.repeat(10_000), `${'a'.repeat(10_000)}b`, `b${'a'.repeat(10_000)}`))
    const { bytes, count } = await redactor.redact(Buffer.alloc(512 * 1024, 'a'))
    expect([bytes.toString(), count]).toEqual([redacted, 1])
    const escaped = await redactor.redact(Buffer.from('%61'.repeat(170_000)))
    expect(escaped.bytes.toString()).toBe(redacted)
  })

  test('what it held is overwritten when it is wiped, and the given buffers are left alone', async () => {
    const given = Buffer.from('sk_test_abcdefgh')
    const redactor = new Redactor([{ value: given, putIn: true }])
    expect((await redactor.redact(Buffer.from('sk_test_abcdefgh'))).count).toBe(1)
    redactor.wipe()
    expect(given.toString()).toBe('sk_test_abcdefgh')
    expect((await redactor.redact(Buffer.from('sk_test_abcdefgh'))).count).toBe(0)
  })
})
