import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

/** DER around a 32-byte Ed25519 seed (RFC 8410, section 7), and before a public key (section 4). */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicPrefixLength = 12

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
  return createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' }).subarray(publicPrefixLength)
}
