import { z } from 'zod'
import { BackupError } from './backupError'

const hash = z.string().regex(/^[0-9a-f]{64}$/)

const manifest = z.strictObject({
  format: z.literal(1),
  vaultId: z.string().regex(/^[0-9a-f]{32}$/),
  world: z.enum(['live', 'practice']),
  /** UTC epoch milliseconds. */
  createdAt: z.int().nonnegative(),
  cause: z.enum(['schedule', 'owner', 'before_rotation']),
  appVersion: z.string().max(60),
  /** Version of the database's schema. */
  schema: z.int().positive(),
  secrets: z.int().nonnegative(),
  entries: z.int().nonnegative(),
  auditRows: z.int().nonnegative(),
  /** Hash of the last audit row, which binds all before it; empty when there is none. */
  auditHash: z.union([hash, z.literal('')]),
  /** SHA-256 over every kept balance. */
  balances: hash,
})

/** What a backup says of itself: numbers that a restore must come to again. It holds no name and no secret. */
export type Manifest = z.infer<typeof manifest>

export function encodeManifest(value: Manifest): Buffer {
  return Buffer.from(`${JSON.stringify(manifest.parse(value), null, 2)}\n`)
}

/** Reads what `encodeManifest` wrote, in that one spelling. @throws BackupError 'damaged' */
export function decodeManifest(bytes: Buffer): Manifest {
  try {
    const parsed = manifest.parse(JSON.parse(bytes.toString('utf8')))
    if (encodeManifest(parsed).equals(bytes)) return parsed
  } catch {
    throw new BackupError('damaged')
  }
  throw new BackupError('damaged')
}
