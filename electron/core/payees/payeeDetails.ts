import { createHmac } from 'node:crypto'
import { canonicalJson } from '../audit/index'

/** Letters and digits that are not mistaken for one another when read out over the telephone (Crockford base32). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** One spelling of a detail: case, spaces and the separators people put into account numbers make no difference. */
function normalise(value: string): string {
  return value
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s.\-/]+/gu, '')
}

/**
 * Keyed digest over a payee's details, so that a change is noticed without the details being kept. Empty fields count as absent.
 * @param key the vault's key for digests
 * @param details field name to value, such as `{ iban: 'DE89 3704 ...' }`
 * @returns HMAC-SHA-256, 32 bytes
 */
export function payeeDetailsDigest(key: Uint8Array, details: Readonly<Record<string, string>>): Uint8Array {
  const stated = Object.entries(details).flatMap(([field, value]) => {
    const normal = normalise(value)
    return normal === '' ? [] : [[normalise(field), normal] as const]
  })
  return createHmac('sha256', key)
    .update('payee details/1\n')
    .update(canonicalJson(Object.fromEntries(stated)))
    .digest()
}

/** The first 40 bits of a digest as two groups of four characters, such as `7KQ2-9XAB`, to be compared over the telephone. */
export function payeeChecksum(digest: Uint8Array): string {
  let bits = 0n
  for (const byte of digest.subarray(0, 5)) bits = (bits << 8n) | BigInt(byte)
  let text = ''
  for (let shift = 35n; shift >= 0n; shift -= 5n) text += alphabet[Number((bits >> shift) & 31n)]
  return `${text.slice(0, 4)}-${text.slice(4)}`
}
