import { HOTP, Secret, TOTP, URI } from 'otpauth'
import { describe, expect, test } from 'vitest'
import { codeSecretLength, matchCode, newCodeSecret, otpauthUri, stepAt } from './oneTimeCode'

/** Key of RFC 6238, appendix B: the ASCII digits, as long as the hash's output. */
const ascii = (length: number) => Secret.fromLatin1('1234567890'.repeat(7).slice(0, length))
const rfcSecret = Buffer.from('12345678901234567890')

describe('V10: official vectors', () => {
  test.each([
    [59, '94287082', '46119246', '90693936'],
    [1_111_111_109, '07081804', '68084774', '25091201'],
    [1_111_111_111, '14050471', '67062674', '99943326'],
    [1_234_567_890, '89005924', '91819424', '93441116'],
    [2_000_000_000, '69279037', '90698825', '38618901'],
    [20_000_000_000, '65353130', '77737706', '47863826'],
  ])('V10: RFC 6238, appendix B, at %i s with SHA-1, SHA-256 and SHA-512', (seconds, sha1, sha256, sha512) => {
    const code = (algorithm: string, length: number) =>
      TOTP.generate({ secret: ascii(length), algorithm, digits: 8, period: 30, timestamp: seconds * 1000 })
    expect([code('SHA1', 20), code('SHA256', 32), code('SHA512', 64)]).toEqual([sha1, sha256, sha512])
    expect(matchCode(rfcSecret, sha1.slice(2), 0, seconds * 1000)).toBe(Math.floor(seconds / 30))
  })

  const hotp = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489']
  test.each(hotp.map((code, counter) => [counter, code] as const))(
    'V10: RFC 4226, appendix D, count %i is %s',
    (counter, code) => {
      expect(HOTP.generate({ secret: ascii(20), counter, digits: 6 })).toBe(code)
      if (counter > 0) expect(matchCode(rfcSecret, code, 0, counter * 30_000)).toBe(counter)
    },
  )
})

const codeAt = (secret: Buffer, step: number) =>
  HOTP.generate({ secret: Secret.fromHex(secret.toString('hex')), counter: step, digits: 6 })

test('V10: a code is taken one step early or late, not two', () => {
  const secret = newCodeSecret()
  const now = 1_800_000_015_000
  const present = stepAt(now)
  const taken = [-2, -1, 0, 1, 2].map((offset) => matchCode(secret, codeAt(secret, present + offset), 0, now))
  expect(taken).toEqual([null, present - 1, present, present + 1, null])
})

test('V10: a step that was taken, and any before it, gives nothing more', () => {
  const secret = newCodeSecret()
  const now = 1_800_000_000_000
  const present = stepAt(now)
  expect(matchCode(secret, codeAt(secret, present), present - 1, now)).toBe(present)
  expect(matchCode(secret, codeAt(secret, present), present, now)).toBeNull()
  expect(matchCode(secret, codeAt(secret, present - 1), present, now)).toBeNull()
  expect(matchCode(secret, codeAt(secret, present + 1), present, now)).toBe(present + 1)
})

test.each(['', '12345', '1234567', 'abcdef', '１２３４５６'])('"%s" is no code', (code) => {
  expect(matchCode(newCodeSecret(), code, 0, 1_800_000_000_000)).toBeNull()
})

test('what the QR code holds gives an authenticator app the same codes', () => {
  const secret = newCodeSecret()
  expect(secret).toHaveLength(codeSecretLength)
  const uri = otpauthUri(secret, 'Studio & Co')
  expect(uri).toMatch(/^otpauth:\/\/totp\/Countinghouse:Studio%20%26%20Co\?/)
  const app = URI.parse(uri) as TOTP
  const now = 1_800_000_000_000
  expect(matchCode(secret, app.generate({ timestamp: now }), 0, now)).toBe(stepAt(now))
})
