import { describe, expect, it } from 'vitest'
import type { CodeGenerator } from '../../../../shared/domain/otpauth'
import { codeAt } from './codeAt'

const seed = (length: number) => new Uint8Array(Array.from({ length }, (_, place) => 0x30 + ((place + 1) % 10)))

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
