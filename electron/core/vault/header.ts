import { createHmac, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type DurableStep, writeDurably } from '../db'
import { hasOrphanDatabase, headerFileName } from './creation'
import { hkdf, saltLength } from './keyDerivation'
import { VaultError } from './vaultError'

const format = 1

/** Base64 in its one canonical spelling, of `length` bytes. */
function bytes(length: number) {
  return z.string().refine((text) => {
    const decoded = Buffer.from(text, 'base64')
    return decoded.length === length && decoded.toString('base64') === text
  })
}

const keyLength = 32
const sealedKey = bytes(1 + 12 + keyLength + 16)

const kdf = z.strictObject({
  algorithm: z.literal('argon2id'),
  version: z.literal(19),
  memoryKiB: z.int(),
  iterations: z.int(),
  parallelism: z.int(),
  salt: bytes(saltLength),
})

const headerBody = z.strictObject({
  format: z.literal(format),
  vaultId: z.string().regex(/^[0-9a-f]{32}$/),
  world: z.enum(['live', 'practice']),
  createdAt: z.int().nonnegative(),
  wraps: z.tuple([z.strictObject({ kind: z.literal('passphrase'), kdf, sealed: sealedKey })]),
  keys: z.strictObject({ database: sealedKey, records: sealedKey, audit: sealedKey, tokens: sealedKey, digests: sealedKey }),
  auditPublicKey: bytes(32),
})

const header = z.strictObject({ ...headerBody.shape, tag: bytes(32) })

export type HeaderBody = z.infer<typeof headerBody>
export type Header = z.infer<typeof header>

/** Names of the independent keys that the master key wraps. */
export const keyNames = ['database', 'records', 'audit', 'tokens', 'digests'] as const
export type KeyName = (typeof keyNames)[number]

/** One spelling per header: parsing fixes the order of the members, so equal headers have equal bytes. */
function encode(value: HeaderBody | Header): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`, 'utf8')
}

/**
 * The header's authentication tag: HMAC-SHA-256 over its bytes without the tag, under a key drawn from the master key by HKDF.
 * @param master 32 bytes
 */
function tagOf(body: HeaderBody, master: Uint8Array): Buffer {
  const key = hkdf(master, Buffer.alloc(0), Buffer.from('countinghouse.header/1'), keyLength)
  const tag = createHmac('sha256', key).update(encode(body)).digest()
  key.fill(0)
  return tag
}

/** Adds the tag that only a holder of the master key can make. */
export function authenticate(untagged: HeaderBody, master: Uint8Array): Header {
  const body = headerBody.strip().parse(untagged)
  return header.parse({ ...body, tag: tagOf(body, master).toString('base64') })
}

/** @throws VaultError 'wrong-passphrase' when any member differs from what was authenticated */
export function verifyTag(found: Header, master: Uint8Array): void {
  const { tag, ...body } = header.parse(found)
  if (!timingSafeEqual(Buffer.from(tag, 'base64'), tagOf(body, master))) throw new VaultError('wrong-passphrase')
}

const anyFormat = z.looseObject({ format: z.int() })

/**
 * Reads a header's bytes strictly: unknown or missing members, another spelling, or a byte too many are damage.
 * Nothing in it is authenticated yet: `verifyTag` does that once the master key is known.
 * @throws VaultError 'newer' | 'damaged'
 */
export function parseHeader(text: Uint8Array): Header {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text))
  } catch {
    throw new VaultError('damaged')
  }
  const found = anyFormat.safeParse(value)
  if (found.success && found.data.format > format) throw new VaultError('newer')
  const parsed = header.safeParse(value)
  if (!parsed.success || !encode(parsed.data).equals(text)) throw new VaultError('damaged')
  return parsed.data
}

/** A header of this format is about 2 KiB; anything far larger is not one and is not read into memory. */
const mostBytes = 64 * 1024

/** @throws VaultError 'missing' | 'newer' | 'damaged' */
export function readHeader(dir: string): Header {
  const file = join(dir, headerFileName)
  if (!existsSync(file)) {
    throw hasOrphanDatabase(dir)
      ? new VaultError(
          'damaged',
          'The vault header is missing, its database is here. Nothing was changed. Restore vault.header from a backup.',
        )
      : new VaultError('missing')
  }
  let text: Buffer
  try {
    text = readFileSync(file)
  } catch {
    throw new VaultError(
      'damaged',
      'The vault header cannot be read. Nothing was changed. Check the permissions of the data folder.',
    )
  }
  if (text.length > mostBytes) throw new VaultError('damaged')
  return parseHeader(text)
}

/** Replaces the header; after a power cut at any instant the old or the new one stands there. */
export function writeHeader(dir: string, value: Header, reached?: (step: DurableStep) => void): void {
  writeDurably(join(dir, headerFileName), encode(value), reached)
}
