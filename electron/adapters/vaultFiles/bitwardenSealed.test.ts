import { createCipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { hashRawSync } from '@node-rs/argon2'
import { expect, test } from 'vitest'
import { foreignVaultReader } from './index'

/** Sealed as Bitwarden seals an export with a password (its whitepaper; RFC 5869 for the two keys). */
function sealed(
  text: string,
  password: string,
  kdf: { readonly kdfType: number } & Record<string, number>,
): Record<string, unknown> {
  const salt = 'Oy0xcgVRzxQ+9NpB5GLehw=='
  const master =
    kdf.kdfType === 0
      ? pbkdf2Sync(password, salt, kdf.kdfIterations ?? 0, 32, 'sha256')
      : hashRawSync(password, {
          salt: createHash('sha256').update(salt).digest(),
          memoryCost: (kdf.kdfMemory ?? 0) * 1024,
          timeCost: kdf.kdfIterations ?? 0,
          parallelism: kdf.kdfParallelism ?? 0,
          outputLen: 32,
          algorithm: 2,
        })
  const [encryption, mac] = ['enc', 'mac'].map((info) => createHmac('sha256', master).update(`${info}\u0001`).digest()) as [
    Buffer,
    Buffer,
  ]
  const seal = (plain: string) => {
    const nonce = Buffer.alloc(16, 7)
    const cipher = createCipheriv('aes-256-cbc', encryption, nonce)
    const body = Buffer.concat([cipher.update(plain), cipher.final()])
    const tag = createHmac('sha256', mac).update(nonce).update(body).digest()
    return `2.${[nonce, body, tag].map((part) => part.toString('base64')).join('|')}`
  }
  return { encrypted: true, passwordProtected: true, salt, ...kdf, encKeyValidation_DO_NOT_EDIT: seal('any'), data: seal(text) }
}

test.each([
  { kdfType: 0, kdfIterations: 5000 },
  { kdfType: 1, kdfIterations: 2, kdfMemory: 16, kdfParallelism: 2 },
])('an export with a password opens with it alone: $kdfType', async (kdf) => {
  const file = sealed(
    JSON.stringify({ items: [{ type: 1, name: 'Registrar', login: { password: 'pw' } }] }),
    'harbour at nine',
    kdf,
  )
  const reading = (more: object, password?: string) =>
    foreignVaultReader.read('bitwarden', Buffer.from(JSON.stringify({ ...file, ...more })), password)
  expect((await reading({}, 'harbour at nine')).items[0]?.fields).toEqual([{ name: 'password', type: 'hidden', value: 'pw' }])
  await expect(reading({})).rejects.toThrow('has a password')
  await expect(reading({}, 'harbour at ten')).rejects.toMatchObject({ code: 'forbidden' })
  const data = String(file.data).replace(/\|(.)/, (_, first: string) => `|${first === 'A' ? 'B' : 'A'}`)
  await expect(reading({ data }, 'harbour at nine')).rejects.toThrow('was changed or is damaged')
  await expect(reading({ data: 'nothing' }, 'harbour at nine')).rejects.toThrow('was changed or is damaged')
  await expect(reading({ kdfIterations: 10_000_000 }, 'harbour at nine')).rejects.toThrow('cost that is not accepted')
})
