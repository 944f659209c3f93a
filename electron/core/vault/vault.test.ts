import { randomBytes } from 'node:crypto'
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { databaseFileName, openDatabase } from '../db'
import { asOrdinaryUser } from '../db/testing'
import { headerFileName, vaultExists } from './creation'
import { floorCost } from './keyDerivation'
import { createRecordCipher } from './recordCipher'
import { changePassphrase, createVault, readVaultInfo, unlockVault, type VaultKeys, wipe } from './vault'

const passphrase = 'harbour lantern velvet'
const kdf = floorCost
const names = ['database', 'records', 'audit', 'tokens', 'digests'] as const
const kind = (kind: string) => expect.objectContaining({ kind })
const options = { world: 'live', kdf, now: 1000, initialise: () => {} } as const

let template: string
let dir: string
let keys: VaultKeys
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'countinghouse-vault-'))
  keys = await createVault(template, passphrase, options)
})
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'countinghouse-vault-'))
  cpSync(template, dir, { recursive: true })
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))
afterAll(() => rmSync(template, { recursive: true, force: true }))

const headerFile = () => join(dir, headerFileName)
const secretsOf = (opened: VaultKeys) => names.map((name) => opened[name].toString('hex'))

function rewriteHeader(change: (value: ReturnType<typeof readJson>) => void) {
  const value = readJson()
  change(value)
  writeFileSync(headerFile(), `${JSON.stringify(value, null, 2)}\n`)
}

function readJson() {
  return JSON.parse(readFileSync(headerFile(), 'utf8')) as {
    vaultId: string
    world: string
    createdAt: number
    wraps: [{ sealed: string; kdf: { memoryKiB: number; iterations: number; parallelism: number; salt: string } }]
    keys: Record<string, string>
    auditPublicKey: string
    tag: string
  }
}

describe('creating and opening', () => {
  test('V2: the vault opens with its passphrase and gives the keys it was created with', async () => {
    const opened = await unlockVault(dir, { passphrase })
    expect(secretsOf(opened)).toEqual(secretsOf(keys))
    expect(opened).toMatchObject({ vaultId: keys.vaultId, world: 'live' })
    expect(opened.publicKey.equals(keys.publicKey)).toBe(true)
  })

  test('V2: every key is random and independent, and none of them stands in the folder', async () => {
    const other = mkdtempSync(join(tmpdir(), 'countinghouse-vault-'))
    const second = await createVault(other, passphrase, options)
    rmSync(other, { recursive: true })
    const all = [...secretsOf(keys), ...secretsOf(second)]
    expect(new Set(all).size).toBe(10)
    expect(second.vaultId).not.toBe(keys.vaultId)
    const text = readFileSync(headerFile(), 'utf8')
    for (const name of names) expect(text).not.toContain(keys[name].toString('base64').slice(0, 20))
    expect(text).not.toContain('harbour')
    expect(readdirSync(dir)).toEqual([headerFileName])
    expect(statSync(headerFile()).mode & 0o777).toBe(0o600)
  })

  test('what a vault says of itself before it is unlocked', () => {
    expect(readVaultInfo(dir)).toEqual({ vaultId: keys.vaultId, world: 'live', createdAt: 1000 })
  })

  test.each(['harbour lantern velvets', 'Harbour lantern velvet', ' harbour lantern velvet', ''])(
    '"%s" does not open it',
    async (wrong) => {
      await expect(unlockVault(dir, { passphrase: wrong })).rejects.toThrow(kind('wrong-passphrase'))
    },
  )

  test('creating over a vault is refused', async () => {
    const before = readFileSync(headerFile())
    await expect(createVault(dir, passphrase, options)).rejects.toThrow(kind('exists'))
    expect(readFileSync(headerFile()).equals(before)).toBe(true)
  })

  test('V1: a weak passphrase, or a cost outside the bounds, makes no vault', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'countinghouse-vault-'))
    await expect(createVault(empty, 'short', options)).rejects.toThrow('shorter than 8')
    await expect(createVault(empty, 'password123', options)).rejects.toThrow(kind('weak-passphrase'))
    await expect(createVault(empty, passphrase, { ...options, kdf: { ...kdf, iterations: 2 } })).rejects.toThrow(
      kind('refused-parameters'),
    )
    expect(readdirSync(empty)).toEqual([])
    rmSync(empty, { recursive: true })
  })

  test('wiping leaves zeroes', () => {
    const copy = Object.fromEntries(names.map((name) => [name, Buffer.from(keys[name])])) as Record<
      (typeof names)[number],
      Buffer
    >
    wipe({ ...keys, ...copy })
    for (const name of names) expect(copy[name].equals(Buffer.alloc(32))).toBe(true)
  })
})

describe('interrupted creation', () => {
  let empty: string
  beforeEach(() => {
    empty = mkdtempSync(join(tmpdir(), 'countinghouse-vault-'))
  })
  afterEach(() => rmSync(empty, { recursive: true, force: true }))

  const file = () => join(empty, databaseFileName)
  const createDatabase = (fresh: VaultKeys) =>
    openDatabase({ file: file(), key: fresh.database, create: true, now: () => 0 }).close()

  test('L3: stopped after the database, before the header: no vault stands there, and the next creation sweeps it', async () => {
    const stop = (fresh: VaultKeys) => {
      createDatabase(fresh)
      throw new Error('power cut')
    }
    await expect(createVault(empty, passphrase, { ...options, initialise: stop })).rejects.toThrow('power cut')
    expect(existsSync(file())).toBe(true)
    expect(vaultExists(empty)).toBe(false)
    await expect(unlockVault(empty, { passphrase })).rejects.toThrow(kind('missing'))
    const created = await createVault(empty, passphrase, { ...options, initialise: createDatabase })
    expect(readdirSync(empty).sort()).toEqual([databaseFileName, headerFileName])
    openDatabase({ file: file(), key: created.database, now: () => 0 }).close()
  })

  test('L3: stopped after the header, before the mark is gone: the vault stands, and unlocking removes the mark', async () => {
    await createVault(empty, passphrase, { ...options, initialise: createDatabase })
    writeFileSync(join(empty, 'vault.creating'), 'A vault is being created here.\n')
    expect(vaultExists(empty)).toBe(true)
    await unlockVault(empty, { passphrase })
    expect(readdirSync(empty).sort()).toEqual([databaseFileName, headerFileName])
  })

  test('a database whose header was lost is never replaced', async () => {
    await createVault(empty, passphrase, { ...options, initialise: createDatabase })
    const before = readFileSync(file())
    rmSync(join(empty, headerFileName))
    expect(vaultExists(empty)).toBe(true)
    await expect(createVault(empty, passphrase, options)).rejects.toThrow(kind('exists'))
    await expect(unlockVault(empty, { passphrase })).rejects.toThrow('header is missing')
    expect(readFileSync(file()).equals(before)).toBe(true)
  })

  test('L3: a folder that cannot be written: clear words, nothing left', async () => {
    chmodSync(empty, 0o555)
    if (process.geteuid?.() === 0) process.seteuid?.(65_534)
    const creation = createVault(empty, passphrase, options)
    await expect(creation.finally(() => process.getuid?.() === 0 && process.seteuid?.(0))).rejects.toThrow(kind('read-only'))
    chmodSync(empty, 0o700)
    expect(readdirSync(empty)).toEqual([])
  })
})

describe('tampering', () => {
  test('V1: 200 headers with a cost below the floor or over the cap are refused before the passphrase is used', async () => {
    let refused = 0
    for (let i = 1; i <= 200; i++) {
      cpSync(join(template, headerFileName), headerFile())
      rewriteHeader(({ wraps: [{ kdf }] }) => {
        if (i % 4 === 0) kdf.memoryKiB = 65_536 - i
        else if (i % 4 === 1) kdf.memoryKiB = 1_048_576 + i * 20_000_000
        else if (i % 4 === 2) kdf.iterations = i > 100 ? 10 + i : 2
        else kdf.parallelism = i > 100 ? 16 + i : 0
      })
      await expect(unlockVault(dir, { passphrase })).rejects.toThrow(kind('refused-parameters'))
      refused++
    }
    expect(refused).toBe(200)
  })

  const other = () => randomBytes(61).toString('base64')
  test.each<[string, (value: ReturnType<typeof readJson>) => void]>([
    ['the salt', ({ wraps: [wrap] }) => Object.assign(wrap.kdf, { salt: randomBytes(16).toString('base64') })],
    ['the passes', ({ wraps: [wrap] }) => Object.assign(wrap.kdf, { iterations: 4 })],
    ['the wrapped master key', ({ wraps: [wrap] }) => Object.assign(wrap, { sealed: other() })],
    ['the world', (value) => Object.assign(value, { world: 'practice' })],
    ['the date', (value) => Object.assign(value, { createdAt: 1001 })],
    ['the id', (value) => Object.assign(value, { vaultId: '0'.repeat(32) })],
    ['a wrapped key', ({ keys }) => Object.assign(keys, { records: other() })],
    ['two keys in each other’s place', ({ keys }) => Object.assign(keys, { audit: keys.tokens, tokens: keys.audit })],
    ['the public key of the audit log', (value) => Object.assign(value, { auditPublicKey: randomBytes(32).toString('base64') })],
    ['the tag', (value) => Object.assign(value, { tag: randomBytes(32).toString('base64') })],
  ])('V3: with %s changed the vault does not open, and both causes are named', async (_, change) => {
    rewriteHeader(change)
    const attempt = unlockVault(dir, { passphrase })
    await expect(attempt).rejects.toThrow(kind('wrong-passphrase'))
    await expect(attempt).rejects.toThrow(/passphrase is wrong, or the vault header was changed/)
  })

  test('V3: the wrap of another vault with the same passphrase does not open this one', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'countinghouse-vault-'))
    await createVault(elsewhere, passphrase, options)
    const foreign = JSON.parse(readFileSync(join(elsewhere, headerFileName), 'utf8'))
    rmSync(elsewhere, { recursive: true })
    rewriteHeader((value) => {
      value.wraps = foreign.wraps
    })
    await expect(unlockVault(dir, { passphrase })).rejects.toThrow(kind('wrong-passphrase'))
  })
})

describe('changing the passphrase', () => {
  const next = 'copper meadow violin'

  test('V2: one wrap and the tag change, every key stays', async () => {
    const before = readJson()
    await changePassphrase(dir, passphrase, next)
    const after = readJson()
    expect({ ...after, wraps: before.wraps, tag: before.tag }).toEqual(before)
    expect(after.wraps[0].kdf.salt).not.toBe(before.wraps[0].kdf.salt)
    expect(after.wraps[0].sealed).not.toBe(before.wraps[0].sealed)
    expect(secretsOf(await unlockVault(dir, { passphrase: next }))).toEqual(secretsOf(keys))
    await expect(unlockVault(dir, { passphrase })).rejects.toThrow(kind('wrong-passphrase'))
  })

  test('V2: with 10,000 record keys wrapped, none of them is touched, and all of them still open', async () => {
    const ring = (records: Buffer) => ({ recordsKey: () => records, previousRecordsKey: () => null })
    const places = Array.from({ length: 10_000 }, (_, i) => ({ record: `sec_${i}`, version: 1 }))
    const before = createRecordCipher(keys.vaultId, ring(keys.records))
    const stored = places.map((place) => {
      const { key, wrapped } = before.create(place)
      const value = key.seal('value', 'test/1', Buffer.from(place.record))
      key.wipe()
      return { place, wrapped, value }
    })
    await changePassphrase(dir, passphrase, next)
    const opened = await unlockVault(dir, { passphrase: next })
    const after = createRecordCipher(opened.vaultId, ring(opened.records))
    for (const { place, wrapped, value } of stored) {
      expect(after.unwrap(wrapped, place).open('value', 'test/1', value).toString()).toBe(place.record)
    }
  })

  test('V1: the cost can be raised with it', async () => {
    await changePassphrase(dir, passphrase, next, { kdf: { ...kdf, iterations: 4 } })
    expect(readJson().wraps[0].kdf.iterations).toBe(4)
    expect(secretsOf(await unlockVault(dir, { passphrase: next }))).toEqual(secretsOf(keys))
  })

  test('a wrong current passphrase, or a weak new one, changes nothing', async () => {
    const before = readFileSync(headerFile())
    await expect(changePassphrase(dir, 'not the passphrase', next)).rejects.toThrow(kind('wrong-passphrase'))
    await expect(changePassphrase(dir, passphrase, 'qwertyuiop')).rejects.toThrow(kind('weak-passphrase'))
    expect(readFileSync(headerFile()).equals(before)).toBe(true)
  })

  test.each(['begin', 'created', 'written', 'flushed', 'checked', 'renamed', 'done'] as const)(
    'V2: a power cut at "%s" leaves a vault that opens with the old or the new passphrase',
    async (at) => {
      const cut = changePassphrase(dir, passphrase, next, {
        reached: (step) => {
          if (step === at) throw new Error('power cut')
        },
      })
      await expect(cut).rejects.toThrow('power cut')
      const renamed = at === 'renamed' || at === 'done'
      expect(secretsOf(await unlockVault(dir, { passphrase: renamed ? next : passphrase }))).toEqual(secretsOf(keys))
      await expect(unlockVault(dir, { passphrase: renamed ? passphrase : next })).rejects.toThrow(kind('wrong-passphrase'))
    },
  )

  test('L3: a full disk leaves the old passphrase in force and says so', async () => {
    const full = changePassphrase(dir, passphrase, next, {
      reached: (step) => {
        if (step === 'created') throw Object.assign(new Error('full'), { code: 'ENOSPC' })
      },
    })
    await expect(full).rejects.toThrow(kind('no-space'))
    expect(secretsOf(await unlockVault(dir, { passphrase }))).toEqual(secretsOf(keys))
  })
})

test('a vault is readable by its owner alone', () => {
  chmodSync(dir, 0o755)
  expect(() => asOrdinaryUser(() => readVaultInfo(dir))).toThrow('permissions')
})
