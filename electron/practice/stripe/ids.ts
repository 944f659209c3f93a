import { randomBytes } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Random letters and digits; bytes above 247 are dropped so that each of the 62 is equally likely. */
function random62(length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62]
    }
  }
  return text
}

/** An id in Stripe's shape: `cus_` + 14, the others + 24. */
export function newId(prefix: string): string {
  return `${prefix}_${random62(prefix === 'cus' || prefix === 'req' ? 14 : 24)}`
}

/** 32 characters, about 190 bits: the unguessable part of a hosted page's address, or a signing secret. */
export function newSecret(prefix: string): string {
  return `${prefix}_${random62(32)}`
}
