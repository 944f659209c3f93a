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

const wrapLabel = {
  id: z.string().regex(/^fac_[0-9a-z]{26}$/),
  label: z.string().max(60),
  createdAt: z.int().nonnegative(),
  /** When a kit was tried in a drill; null before. */
  confirmedAt: z.int().nonnegative().nullable(),
}

const passphraseWrap = z.strictObject({ kind: z.literal('passphrase'), ...wrapLabel, kdf, sealed: sealedKey })

const randomWrap = { ...wrapLabel, salt: bytes(saltLength), sealed: sealedKey }
const factorWrap = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('kit'), ...randomWrap }),
  z.strictObject({ kind: z.literal('keychain'), ...randomWrap }),
  z.strictObject({ kind: z.literal('passkey'), ...randomWrap, credentialId: z.string().regex(/^[A-Za-z0-9_-]{8,1400}$/) }),
])

export type PassphraseWrap = z.infer<typeof passphraseWrap>
export type FactorWrap = z.infer<typeof factorWrap>

/** Wraps of one vault at most: a header stays small. */
export const mostFactors = 20

/** The passphrase always opens a vault; of kits and keychains there is one at most, of each credential one. */
const wraps = z
  .tuple([passphraseWrap], factorWrap)
  .refine((all) => all.length <= 1 + mostFactors && new Set(all.map(({ id }) => id)).size === all.length)
  .refine((all) => {
    const names = all.map((wrap) => (wrap.kind === 'passkey' ? `passkey ${wrap.credentialId}` : wrap.kind))
    return new Set(names).size === names.length
  })

const headerBody = z.strictObject({
  format: z.literal(format),
  vaultId: z.string().regex(/^[0-9a-f]{32}$/),
  world: z.enum(['live', 'practice']),
  createdAt: z.int().nonnegative(),
  /** When the master key was last changed. */
  keysChangedAt: z.int().nonnegative(),
  wraps,
  keys: z
    .strictObject({
      database: sealedKey,
      /** While the keys are being changed, the one of the database file as it is; `database` is then the one that it is to get. */
      previousDatabase: sealedKey.optional(),
      records: sealedKey,
      /** The records key before a change of keys, until every value is sealed under the new one. */
      previousRecords: sealedKey.optional(),
      audit: sealedKey,
      tokens: sealedKey,
      digests: sealedKey,
    })
    .refine((keys) => (keys.previousDatabase === undefined) === (keys.previousRecords === undefined)),
  auditPublicKey: bytes(32),
})

const header = z.strictObject({ ...headerBody.shape, tag: bytes(32) })

export type HeaderBody = z.infer<typeof headerBody>
export type Header = z.infer<typeof header>

/** Names of the independent keys that the master key wraps. */
export type KeyName = keyof HeaderBody['keys']

/** One spelling per header: parsing fixes the order of the members, so equal headers have equal bytes. */
function encode(value: HeaderBody | Header): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`, 'utf8')
}

/**
 * The key of the header's tag, drawn from the master key by HKDF; wipe it after use. It gives away nothing of the master key, so an
 * unlocked vault keeps it to drop a wrap without the passphrase.
 * @param master 32 bytes
 */
export function tagKeyOf(master: Uint8Array): Buffer {
  return hkdf(master, Buffer.alloc(0), Buffer.from('countinghouse.header/1'), keyLength)
}

/** The header's authentication tag: HMAC-SHA-256 over its bytes without the tag. */
function tagOf(body: HeaderBody, tagKey: Uint8Array): Buffer {
  return createHmac('sha256', tagKey).update(encode(body)).digest()
}

/** Adds the tag that only a holder of the master key, or of an unlocked vault, can make. */
export function authenticate(untagged: HeaderBody, tagKey: Uint8Array): Header {
  const body = headerBody.strip().parse(untagged)
  return header.parse({ ...body, tag: tagOf(body, tagKey).toString('base64') })
}

/** @throws VaultError 'wrong-passphrase' when any member differs from what was authenticated */
export function verifyTag(found: Header, tagKey: Uint8Array): void {
  const { tag, ...body } = header.parse(found)
  if (!timingSafeEqual(Buffer.from(tag, 'base64'), tagOf(body, tagKey))) throw new VaultError('wrong-passphrase')
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

/** A header of this format is 2 to 40 KiB; anything far larger is not one and is not read into memory. */
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
