import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Where a sealed value belongs. It is authenticated with the value, so a ciphertext opens only in its own place (promise V3). */
export interface EnvelopeContext {
  readonly vault: string
  /** Id of the row or object that holds the value. */
  readonly record: string
  readonly field: string
  /** Version of the value, from 1. */
  readonly version: number
  /** What the plaintext is made of, e.g. 'secret/1'. */
  readonly schema: string
}

/** A sealed value that was changed, cut, moved from its place, or sealed under another key. */
export class EnvelopeError extends Error {
  constructor() {
    super('The sealed value was changed, moved from its place or sealed under another key')
    this.name = 'EnvelopeError'
  }
}

const format = 1
const nonceLength = 12
const tagLength = 16

/** Bytes that sealing adds to a plaintext: format, nonce, tag. */
export const envelopeOverhead = 1 + nonceLength + tagLength

/** Length of each part (32 bits, big endian) before the part, so that no two contexts share an encoding. */
function encodeContext(context: EnvelopeContext): Buffer {
  if (!Number.isSafeInteger(context.version) || context.version < 1)
    throw new RangeError('An envelope version is an integer from 1')
  const parts = [
    'countinghouse.envelope',
    String(format),
    context.vault,
    context.record,
    context.field,
    String(context.version),
    context.schema,
  ]
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part, 'utf8')
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
}

/**
 * AES-256-GCM with a 128-bit tag (NIST SP 800-38D), the bare algorithm.
 * @param key 32 bytes
 * @param nonce 12 bytes, never used twice with the same key
 */
export function encryptGcm(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array,
): { ciphertext: Buffer; tag: Buffer } {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  cipher.setAAD(aad)
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return { ciphertext, tag: cipher.getAuthTag() }
}

/**
 * Opens what `encryptGcm` made. Node takes tags of 4 bytes unless told otherwise; here any length but 16 is refused.
 * @throws EnvelopeError
 */
export function decryptGcm(key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array, tag: Uint8Array, aad: Uint8Array): Buffer {
  if (tag.length !== tagLength || nonce.length !== nonceLength) throw new EnvelopeError()
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  decipher.setAAD(aad)
  decipher.setAuthTag(tag)
  const first = decipher.update(ciphertext)
  try {
    return Buffer.concat([first, decipher.final()])
  } catch {
    throw new EnvelopeError()
  } finally {
    first.fill(0)
  }
}

/**
 * Seals a value for one place: format byte, 96-bit random nonce, ciphertext, 128-bit tag.
 * @param key 32 bytes
 */
export function seal(key: Uint8Array, plaintext: Uint8Array, context: EnvelopeContext): Buffer {
  const nonce = randomBytes(nonceLength)
  const { ciphertext, tag } = encryptGcm(key, nonce, plaintext, encodeContext(context))
  return Buffer.concat([Buffer.of(format), nonce, ciphertext, tag])
}

/**
 * Opens a sealed value in its place.
 * @throws EnvelopeError when any bit of it, its place or the key differs
 */
export function open(key: Uint8Array, sealed: Uint8Array, context: EnvelopeContext): Buffer {
  if (sealed.length < envelopeOverhead || sealed[0] !== format) throw new EnvelopeError()
  return decryptGcm(
    key,
    sealed.subarray(1, 1 + nonceLength),
    sealed.subarray(1 + nonceLength, sealed.length - tagLength),
    sealed.subarray(sealed.length - tagLength),
    encodeContext(context),
  )
}
