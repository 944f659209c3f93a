import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKeychain, type KeychainOptions, type Safe } from './keychain'

let dir: string
let file: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'countinghouse-keychain-'))
  file = join(dir, 'keychain.json')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** Encrypts under a key of its own, as one user's session at one machine does. */
class Profile implements Safe {
  backend: ReturnType<NonNullable<Safe['getSelectedStorageBackend']>> = 'gnome_libsecret'
  isOpen = true
  shouldReEncrypt = false
  encryptions = 0
  readonly #key = randomBytes(32)

  getSelectedStorageBackend = () => this.backend
  isAsyncEncryptionAvailable = async () => this.isOpen
  encryptStringAsync = async (text: string) => {
    this.encryptions++
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  }
  decryptStringAsync = async (sealed: Buffer) => {
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, 12), { authTagLength: 16 })
    decipher.setAuthTag(sealed.subarray(-16))
    const result = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('utf8')
    return { result, shouldReEncrypt: this.shouldReEncrypt }
  }
}

const keychain = (safe: Safe, platform: KeychainOptions['platform'] = 'linux', at = file) =>
  createKeychain({ safe, file: at, platform })
const value = randomBytes(32)

test('what is kept comes back, after a restart too, and lies encrypted in a file for its owner alone', async () => {
  const profile = new Profile()
  await keychain(profile).set('vault.a', value)
  expect(await keychain(profile).get('vault.a')).toEqual(value)
  expect(await keychain(profile).get('vault.b')).toBeNull()
  expect(readFileSync(file, 'utf8')).not.toContain(value.toString('base64').slice(0, 12))
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('V7: files copied to another profile open nothing, 100 times out of 100', async () => {
  await keychain(new Profile()).set('vault.a', value)
  const copy = join(dir, 'copy.json')
  copyFileSync(file, copy)
  let refused = 0
  for (let i = 0; i < 100; i++) if ((await keychain(new Profile(), 'linux', copy).get('vault.a')) === null) refused++
  expect(refused).toBe(100)
})

test.each([
  ['basic_text', 'a file that any program can read'],
  ['unknown', 'could not be found out'],
] as const)('E7: where the backend is %s nothing is kept, and the reason is a sentence', async (backend, words) => {
  const profile = new Profile()
  profile.backend = backend
  const store = keychain(profile)
  expect(await store.available()).toMatchObject({ ok: false, problem: expect.stringContaining(words) })
  await expect(store.set('vault.a', value)).rejects.toMatchObject({ code: 'unavailable' })
  await expect(store.get('vault.a')).rejects.toThrow(words)
  expect([existsSync(file), profile.encryptions]).toEqual([false, 0])
})

test('E7: a backend that nobody names is unknown; on other systems there is nothing to name', async () => {
  const { getSelectedStorageBackend: _, ...unnamed } = new Profile()
  expect(await keychain(unnamed).available()).toMatchObject({ ok: false })
  expect(await keychain(unnamed, 'darwin').available()).toEqual({ ok: true })
})

test('a locked keychain keeps nothing and gives nothing', async () => {
  const profile = new Profile()
  await keychain(profile, 'win32').set('vault.a', value)
  profile.isOpen = false
  expect(await keychain(profile, 'win32').available()).toMatchObject({ ok: false })
  await expect(keychain(profile, 'win32').get('vault.a')).rejects.toThrow('cannot be used now')
})

test('a key that the system has renewed encrypts anew', async () => {
  const profile = new Profile()
  await keychain(profile).set('vault.a', value)
  const before = readFileSync(file)
  profile.shouldReEncrypt = true
  expect(await keychain(profile).get('vault.a')).toEqual(value)
  expect(readFileSync(file).equals(before)).toBe(false)
})

test('deleting forgets one entry, and the file with the last', async () => {
  const store = keychain(new Profile())
  await store.set('vault.a', value)
  await store.set('vault.b', value)
  await store.delete('vault.a')
  expect([await store.get('vault.a'), await store.get('vault.b')]).toEqual([null, value])
  await store.delete('vault.c')
  await store.delete('vault.b')
  expect(existsSync(file)).toBe(false)
})

test('a damaged file counts as none', async () => {
  const store = keychain(new Profile())
  writeFileSync(file, '{"vault.a":')
  expect(await store.get('vault.a')).toBeNull()
  await store.set('vault.a', value)
  expect(await store.get('vault.a')).toEqual(value)
})
