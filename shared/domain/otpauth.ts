import { z } from 'zod'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const hashes = { SHA1: 'SHA-1', SHA256: 'SHA-256', SHA512: 'SHA-512' } as const

/** How the codes of a generator are made (RFC 6238). */
export interface CodeGenerator {
  readonly key: Uint8Array<ArrayBuffer>
  readonly hash: (typeof hashes)[keyof typeof hashes]
  readonly digits: number
  /** Seconds that a code is good for. */
  readonly period: number
}

/** The bytes of a base32 text (RFC 4648 section 6), spaces, dashes and padding ignored; null where it is none. */
export function fromBase32(text: string): Uint8Array<ArrayBuffer> | null {
  const bare = text.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase()
  if (bare === '') return null
  const bytes = new Uint8Array(Math.floor((bare.length * 5) / 8))
  let bits = 0
  let held = 0
  let at = 0
  for (const sign of bare) {
    const value = alphabet.indexOf(sign)
    if (value < 0) return null
    held = ((held << 5) | value) & 0xffff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (held >> bits) & 0xff
    }
  }
  return bytes.length === 0 ? null : bytes
}

const settings = z.object({
  algorithm: z.enum(['SHA1', 'SHA256', 'SHA512']).default('SHA1'),
  digits: z.coerce.number().int().min(6).max(8).default(6),
  period: z.coerce.number().int().min(5).max(300).default(30),
})

/** What an address says after its question mark, the first of each name; null where it cannot be read. */
function settingsOf(address: string): ReadonlyMap<string, string> | null {
  const query = address.split('#', 1)[0]?.split('?')[1] ?? ''
  const found = new Map<string, string>()
  try {
    for (const part of query.split('&')) {
      const [name = '', ...value] = part.split('=').map((text) => decodeURIComponent(text.replaceAll('+', ' ')))
      if (!found.has(name)) found.set(name, value.join('='))
    }
  } catch {
    return null
  }
  return found
}

/** Reads an `otpauth://totp/` address or a bare setup key; null where it is neither. */
export function readOtpauth(text: string): CodeGenerator | null {
  const typed = text.trim()
  const address = /^otpauth:\/\/totp\//i.test(typed) ? settingsOf(typed) : null
  if (address === null && typed.includes(':')) return null
  const key = fromBase32(address === null ? typed : (address.get('secret') ?? ''))
  const parsed = settings.safeParse({
    algorithm: address?.get('algorithm')?.toUpperCase(),
    digits: address?.get('digits'),
    period: address?.get('period'),
  })
  if (key === null || !parsed.success) return null
  const { algorithm, digits, period } = parsed.data
  return { key, hash: hashes[algorithm], digits, period }
}
