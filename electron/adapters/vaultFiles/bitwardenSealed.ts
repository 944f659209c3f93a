import { createDecipheriv, createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { hashRaw } from '@node-rs/argon2'
import { z } from 'zod'
import { AppError } from '../../../shared/errors'
import { damaged } from './fields'

/** Number of Argon2id (RFC 9106, 3.1); the library's own name for it is not there at run time. */
const argon2id = 2

/** Bitwarden's own ranges (bitwarden.com/help/kdf-algorithms), so that a forged file cannot exhaust the machine. */
const kdf = z.discriminatedUnion('kdfType', [
  z.looseObject({ kdfType: z.literal(0), kdfIterations: z.int().min(1).max(2_000_000) }),
  z.looseObject({
    kdfType: z.literal(1),
    kdfIterations: z.int().min(1).max(10),
    /** MiB. */
    kdfMemory: z.int().min(1).max(1024),
    kdfParallelism: z.int().min(1).max(16),
  }),
])

/** A JSON export that was given a password of its own (bitwarden.com/help/encrypted-export). */
const sealedExport = z
  .looseObject({
    encrypted: z.literal(true),
    passwordProtected: z.literal(true),
    salt: z.string().min(1).max(200),
    /** Any text, sealed with the same keys: tells a wrong password from a damaged file. */
    encKeyValidation_DO_NOT_EDIT: z.string(),
    data: z.string(),
  })
  .and(kdf)
type SealedExport = z.infer<typeof sealedExport>

const encryptedAtAll = z.looseObject({ encrypted: z.literal(true), passwordProtected: z.literal(true).optional() })

async function masterKey(file: SealedExport, password: string): Promise<Buffer> {
  if (file.kdfType === 0) return promisify(pbkdf2)(password, file.salt, file.kdfIterations, 32, 'sha256')
  return hashRaw(password, {
    salt: createHash('sha256').update(file.salt).digest(),
    memoryCost: file.kdfMemory * 1024,
    timeCost: file.kdfIterations,
    parallelism: file.kdfParallelism,
    outputLen: 32,
    algorithm: argon2id,
  })
}

/** HKDF-Expand to one block of SHA-256 (RFC 5869, 2.3). */
function expand(key: Buffer, info: string): Buffer {
  return createHmac('sha256', key).update(`${info}\u0001`).digest()
}

/**
 * Opens Bitwarden's sealed string of type 2: AES-256-CBC with PKCS #7, then HMAC-SHA256 over nonce and ciphertext.
 * @returns null when it was not sealed with these keys
 */
function openSealed(text: string, keys: { readonly encryption: Buffer; readonly mac: Buffer }): string | null {
  const [, nonce, body, mac] = (/^2\.([^|]+)\|([^|]+)\|([^|]+)$/.exec(text) ?? []).map((part) => Buffer.from(part, 'base64'))
  if (nonce === undefined || body === undefined || mac === undefined) return null
  const expected = createHmac('sha256', keys.mac).update(nonce).update(body).digest()
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) return null
  const decipher = createDecipheriv('aes-256-cbc', keys.encryption, nonce)
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
}

/**
 * The text of the export inside one that is encrypted with a password.
 * @param json what the file holds
 * @returns undefined where it is not encrypted
 * @throws AppError invalid_input, also where the password is missing; forbidden when it is wrong
 */
export async function openBitwarden(json: unknown, password: string | undefined): Promise<string | undefined> {
  const found = encryptedAtAll.safeParse(json)
  if (!found.success) return undefined
  if (found.data.passwordProtected === undefined) {
    throw damaged('this Bitwarden export opens in its own account only. Export it again with a password, or without encryption.')
  }
  const file = sealedExport.safeParse(json)
  if (!file.success) throw damaged('the Bitwarden export is damaged, or asks for a key of a cost that is not accepted.')
  if (password === undefined) throw damaged('this Bitwarden export has a password. Give it and try again.')
  const key = await masterKey(file.data, password)
  const keys = { encryption: expand(key, 'enc'), mac: expand(key, 'mac') }
  try {
    if (openSealed(file.data.encKeyValidation_DO_NOT_EDIT, keys) === null) {
      throw new AppError('forbidden', 'Nothing was imported: the password of the Bitwarden export is wrong.')
    }
    const text = openSealed(file.data.data, keys)
    if (text === null) throw damaged('the Bitwarden export was changed or is damaged. Export it again.')
    return text
  } finally {
    for (const secret of [key, keys.encryption, keys.mac]) secret.fill(0)
  }
}
