import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { canonicalJson } from './canonicalJson'
import type { Hash, TreeHead } from './merkle'

/** A signed statement of how many rows there are and what they hash to. */
export interface SignedHead extends TreeHead {
  /** UTC epoch milliseconds of the signing. */
  readonly at: number
  /** Ed25519 over `headBytes`, 64 bytes. */
  readonly signature: Uint8Array
}

/** What is signed: canonical JSON that names its own purpose, so that the signature can stand for nothing else. */
function headBytes(head: Omit<SignedHead, 'signature'>): Buffer {
  const root = Buffer.from(head.root).toString('hex')
  return Buffer.from(canonicalJson({ at: head.at, root, size: head.size, type: 'countinghouse audit head 1' }))
}

export function signHead(size: number, root: Hash, at: number, privateKey: KeyObject): SignedHead {
  return { size, root, at, signature: sign(null, headBytes({ size, root, at }), privateKey) }
}

export function verifyHead(head: SignedHead, publicKey: KeyObject): boolean {
  return verify(null, headBytes(head), publicKey, head.signature)
}

/** DER in front of the 32 bytes of an Ed25519 private key (PKCS #8) and public key (SubjectPublicKeyInfo), RFC 8410. */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex')

/** The signing key of a 32-byte seed. The seed stays the caller's, to be wiped. */
export function signingKey(seed: Uint8Array): KeyObject {
  if (seed.length !== 32) throw new RangeError('An Ed25519 seed has 32 bytes')
  const der = Buffer.concat([privatePrefix, seed])
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  } finally {
    der.fill(0)
  }
}

/** The public half of a signing key, or the key of 32 raw bytes as header, kit and anchors hold them. */
export function verifyingKey(from: KeyObject | Uint8Array): KeyObject {
  if (!(from instanceof Uint8Array)) return createPublicKey(from)
  if (from.length !== 32) throw new RangeError('An Ed25519 public key has 32 bytes')
  return createPublicKey({ key: Buffer.concat([publicPrefix, from]), format: 'der', type: 'spki' })
}

/** The 32 raw bytes of a public key. */
export function publicKeyBytes(publicKey: KeyObject): Uint8Array {
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(publicPrefix.length)
}
