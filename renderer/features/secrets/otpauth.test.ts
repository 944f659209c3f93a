import { describe, expect, it } from 'vitest'
import { type CodeGenerator, codeAt, fromBase32, readOtpauth } from './otpauth'

const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('latin1'))
const seed = (length: number) => new Uint8Array(Array.from({ length }, (_, place) => 0x30 + ((place + 1) % 10)))

describe('base32', () => {
  // RFC 4648 section 10.
  it.each([
    ['MY======', 'f'],
    ['MZXQ====', 'fo'],
    ['MZXW6===', 'foo'],
    ['MZXW6YQ=', 'foob'],
    ['MZXW6YTB', 'fooba'],
    ['MZXW6YTBOI======', 'foobar'],
    ['mzxw 6ytb-oi', 'foobar'],
  ])('reads %s', (encoded, plain) => expect(text(fromBase32(encoded))).toBe(plain))

  it.each(['', 'M', '0189', 'MZXW6YT!'])('refuses %j', (encoded) => expect(fromBase32(encoded)).toBeNull())
})

describe('codes', () => {
  // RFC 6238 appendix B: time in seconds, code of 8 digits, by hash.
  const rows = [
    [59, '94287082', '46119246', '90693936'],
    [1111111109, '07081804', '68084774', '25091201'],
    [1111111111, '14050471', '67062674', '99943326'],
    [1234567890, '89005924', '91819424', '93441116'],
    [2000000000, '69279037', '90698825', '38618901'],
    [20000000000, '65353130', '77737706', '47863826'],
  ] as const
  const of = (hash: CodeGenerator['hash'], length: number): CodeGenerator => ({ key: seed(length), hash, digits: 8, period: 30 })

  it.each(rows)('V10: are those of RFC 6238 at %i s', async (seconds, sha1, sha256, sha512) => {
    expect(await codeAt(of('SHA-1', 20), seconds * 1000)).toBe(sha1)
    expect(await codeAt(of('SHA-256', 32), seconds * 1000)).toBe(sha256)
    expect(await codeAt(of('SHA-512', 64), seconds * 1000)).toBe(sha512)
  })
})

describe('readOtpauth', () => {
  it('reads an address with its settings', () => {
    const read = readOtpauth('otpauth://totp/Registrar:me?secret=MZXW6YTBOI&issuer=Registrar&algorithm=SHA256&digits=8&period=60')
    expect(read).toMatchObject({ hash: 'SHA-256', digits: 8, period: 60 })
    expect(text(read?.key ?? null)).toBe('foobar')
  })

  it('takes a bare setup key as most apps show it', () => {
    expect(readOtpauth(' mzxw 6ytb oi ')).toMatchObject({ hash: 'SHA-1', digits: 6, period: 30 })
  })

  it.each([
    'otpauth://hotp/x?secret=MZXW6YTBOI&counter=1',
    'otpauth://totp/x',
    'otpauth://totp/x?secret=MZXW6YTBOI&digits=20',
    'otpauth://totp/x?secret=MZXW6YTBOI&algorithm=MD5',
    'https://example.com',
    'not a key!',
    '',
  ])('refuses %j', (typed) => expect(readOtpauth(typed)).toBeNull())
})
