import { randomBytes, timingSafeEqual } from 'node:crypto'
import { HOTP, Secret, TOTP } from 'otpauth'

/** Bytes of a code generator's secret: 160 bits, as RFC 4226, section 4 recommends. */
export const codeSecretLength = 20

/** Seconds of a time step, and the algorithm that every authenticator app knows (RFC 6238, section 1.2). */
const period = 30
const digits = 6
const algorithm = 'SHA1'

/** Steps before and after the present one whose codes are taken (RFC 6238, section 5.2 asks for one at most). */
const tolerance = 1

const issuer = 'Countinghouse'

export const newCodeSecret = (): Buffer => randomBytes(codeSecretLength)

function secretOf(bytes: Uint8Array): Secret {
  const copy = new Uint8Array(bytes)
  return new Secret({ buffer: copy.buffer })
}

/** What an authenticator app reads from a QR code: `otpauth://totp/...` with the secret in base32. @param label of the generator, for people */
export function otpauthUri(secret: Uint8Array, label: string): string {
  return new TOTP({ issuer, label, algorithm, digits, period, secret: secretOf(secret) }).toString()
}

/** Number of the time step of an instant: steps of 30 s since the epoch (RFC 6238, section 4.2). @param now UTC epoch milliseconds */
export const stepAt = (now: number): number => Math.floor(now / 1000 / period)

/**
 * The time step that a code belongs to. A step that was taken before, or lies before one that was, gives nothing: each code works once
 * (RFC 6238, section 5.2; ASVS 5.0, 6.5.1).
 * @param code 6 digits
 * @param lastStep the last step that was taken, 0 for none
 * @param now UTC epoch milliseconds
 * @returns the step to be kept as taken; null when the code is wrong, too old or used
 */
export function matchCode(secret: Uint8Array, code: string, lastStep: number, now: number): number | null {
  const present = stepAt(now)
  const given = Buffer.from(code, 'utf8')
  const key = secretOf(secret)
  let found: number | null = null
  for (let step = present - tolerance; step <= present + tolerance; step++) {
    const expected = Buffer.from(HOTP.generate({ secret: key, algorithm, digits, counter: step }), 'utf8')
    const matches = expected.length === given.length && timingSafeEqual(expected, given)
    if (matches && step > lastStep && found === null) found = step
  }
  return found
}
