import { describe, expect, it } from 'vitest'
import { fromBase32, readOtpauth } from './otpauth'

const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('latin1'))

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

describe('readOtpauth', () => {
  it('reads an address with its settings', () => {
    const read = readOtpauth('otpauth://totp/Registrar:me?secret=MZXW6YTBOI&issuer=Registrar&algorithm=SHA256&digits=8&period=60')
    expect(read).toMatchObject({ hash: 'SHA-256', digits: 8, period: 60 })
    expect(text(read?.key ?? null)).toBe('foobar')
    expect(readOtpauth('OTPAUTH://totp/x?secret=MZXW%36YTBOI&issuer=A%26B+C&algorithm=sha512#frag')?.hash).toBe('SHA-512')
  })

  it('takes a bare setup key as most apps show it', () => {
    expect(readOtpauth(' mzxw 6ytb oi ')).toMatchObject({ hash: 'SHA-1', digits: 6, period: 30 })
  })

  it.each([
    'otpauth://hotp/x?secret=MZXW6YTBOI&counter=1',
    'otpauth://totp/x',
    'otpauth://totp/x?secret=MZXW6YTBOI&digits=20',
    'otpauth://totp/x?secret=MZXW6YTBOI&algorithm=MD5',
    'otpauth://totp/x?secret=%ZZ',
    'https://example.com',
    'not a key!',
    '',
  ])('refuses %j', (typed) => expect(readOtpauth(typed)).toBeNull())
})
