import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** DER around a 32-byte Ed25519 seed (RFC 8410, section 7) and around a public key (section 4). */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex')

function privateKey(seed: Uint8Array): KeyObject {
  const der = Buffer.concat([privatePrefix, seed])
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  } finally {
    der.fill(0)
  }
}

/** The 32-byte Ed25519 public key of a 32-byte seed (RFC 8032). */
export function auditPublicKey(seed: Uint8Array): Buffer {
  return createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' }).subarray(publicPrefix.length)
}

/** Signs with Ed25519 (RFC 8032). @returns 64 bytes */
export function signAudit(seed: Uint8Array, message: Uint8Array): Buffer {
  return sign(null, message, privateKey(seed))
}

/** Checks an Ed25519 signature; needs no secret. A malformed key or signature is simply not valid. */
export function verifyAudit(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  const key = createPublicKey({ key: Buffer.concat([publicPrefix, publicKey]), format: 'der', type: 'spki' })
  return verify(null, message, key, signature)
}
