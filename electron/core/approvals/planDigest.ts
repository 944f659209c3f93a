import { createHash } from 'node:crypto'

/** SHA-256, in hex, of the digests of a plan's pending steps in order, joined without anything between. */
export function planDigest(digests: readonly string[]): string {
  return createHash('sha256').update(digests.join('')).digest('hex')
}
