import { HOTP, Secret } from 'otpauth'
import { readOtpauth } from '../../../shared/domain/otpauth'
import { AppError } from '../../../shared/errors'

/**
 * The code that a generator shows at an instant (RFC 6238, section 4). The caller wipes it.
 * @param otpauth what the field holds: an `otpauth://totp/` address or a setup key
 * @param at UTC epoch milliseconds
 * @throws AppError invalid_input where it holds neither
 */
export function currentCode(otpauth: Uint8Array, at: number): Buffer {
  const generator = readOtpauth(Buffer.from(otpauth).toString('utf8'))
  if (generator === null) {
    throw new AppError(
      'invalid_input',
      'Nothing was copied: this field holds no key of a code generator. Edit it and paste the setup key again.',
    )
  }
  const { key, hash, digits, period } = generator
  const counter = Math.floor(at / 1000 / period)
  try {
    return Buffer.from(HOTP.generate({ secret: new Secret({ buffer: key.buffer }), algorithm: hash, digits, counter }), 'latin1')
  } finally {
    key.fill(0)
  }
}
