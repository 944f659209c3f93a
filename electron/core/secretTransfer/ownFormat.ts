import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { fieldType, rotateEveryDays, secretKind } from '../../../shared/contract/secrets'
import { isModestJson } from '../../../shared/domain/jsonSize'
import { AppError } from '../../../shared/errors'
import type { ForeignVault } from '../ports/foreignVault'
import { deriveKey, EnvelopeError, floorCost, type KdfCost, open, saltLength, seal, VaultError } from '../vault/index'

const plainFormat = 'countinghouse secrets 1'
const sealedFormat = 'countinghouse sealed secrets 1'

const plainFile = z.strictObject({
  format: z.literal(plainFormat),
  items: z.array(
    z.strictObject({
      kind: secretKind,
      title: z.string(),
      tags: z.array(z.string()),
      sensitive: z.boolean(),
      rotateEveryDays: rotateEveryDays.nullable(),
      fields: z.array(z.strictObject({ name: z.string(), type: fieldType, value: z.string() })),
      files: z.array(z.strictObject({ name: z.string(), mediaType: z.string(), base64: z.base64() })),
    }),
  ),
})

const sealedFile = z.strictObject({
  format: z.literal(sealedFormat),
  kdf: z.strictObject({
    algorithm: z.literal('argon2id'),
    version: z.literal(19),
    memoryKiB: z.int(),
    iterations: z.int(),
    parallelism: z.int(),
    salt: z.base64(),
  }),
  /** AES-256-GCM: nonce, ciphertext, tag. */
  sealed: z.base64(),
})

const place = { vault: 'export', record: 'secrets', field: 'items', version: 1, schema: 'secret-export/1' } as const

/** An item with all that an export keeps of it. */
export type PlainItem = z.infer<typeof plainFile>['items'][number]

/** The items as JSON in the open. Whoever holds the buffer wipes it. */
export function writePlain(items: readonly PlainItem[]): Buffer {
  return Buffer.from(`${JSON.stringify({ format: plainFormat, items }, null, 2)}\n`)
}

/**
 * Seals an export under a passphrase of its own: Argon2id (RFC 9106), then AES-256-GCM. Only what `writePlain` gives is in it.
 * @param cost at least the floor of promise V1
 */
export async function sealExport(plain: Uint8Array, passphrase: string, cost: KdfCost = floorCost): Promise<Buffer> {
  const salt = randomBytes(saltLength)
  const key = await deriveKey(passphrase, salt, cost)
  try {
    const { memoryKiB, iterations, parallelism } = cost
    const kdf = { algorithm: 'argon2id', version: 19, memoryKiB, iterations, parallelism, salt: salt.toString('base64') }
    return Buffer.from(
      `${JSON.stringify({ format: sealedFormat, kdf, sealed: seal(key, plain, place).toString('base64') }, null, 2)}\n`,
    )
  } finally {
    key.fill(0)
  }
}

/** Reads an export of this app, sealed or in the open. @throws AppError invalid_input; forbidden when the passphrase is wrong */
export async function readOwnExport(content: Buffer, password: string | undefined): Promise<ForeignVault> {
  const json = parse(content)
  const sealed = sealedFile.safeParse(json)
  const inner = sealed.success ? parse(await openSealed(sealed.data, password)) : json
  const plain = plainFile.safeParse(inner)
  if (!plain.success) {
    throw new AppError('invalid_input', 'Nothing was imported: the file is no export of Countinghouse, or it was changed.')
  }
  const items = plain.data.items.map(({ files, ...item }) => ({
    ...item,
    attachments: files.map(({ name, mediaType, base64 }) => ({ name, mediaType, content: Buffer.from(base64, 'base64') })),
  }))
  return { items, left: [] }
}

async function openSealed({ kdf, sealed }: z.infer<typeof sealedFile>, password: string | undefined): Promise<Buffer> {
  if (password === undefined)
    throw new AppError(
      'invalid_input',
      'Nothing was imported: this export is encrypted. Give the passphrase that it was made with.',
    )
  try {
    const key = await deriveKey(password, Buffer.from(kdf.salt, 'base64'), kdf)
    try {
      return open(key, Buffer.from(sealed, 'base64'), place)
    } finally {
      key.fill(0)
    }
  } catch (error) {
    if (error instanceof EnvelopeError)
      throw new AppError('forbidden', 'Nothing was imported: the passphrase of the export is wrong, or the file was changed.')
    if (error instanceof VaultError)
      throw new AppError('invalid_input', 'Nothing was imported: the export asks for a key of a cost that is not accepted.')
    throw error
  }
}

function parse(content: Buffer): unknown {
  const text = content.toString('utf8')
  if (!isModestJson(text)) throw new AppError('invalid_input', 'Nothing was imported: the file holds more than any export does.')
  try {
    return JSON.parse(text)
  } catch {
    throw new AppError('invalid_input', 'Nothing was imported: the file is no whole JSON. Export it again.')
  }
}
