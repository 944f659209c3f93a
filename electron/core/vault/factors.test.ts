import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { DurableStep } from '../db'
import { headerFileName } from './creation'
import { addFactor, confirmKit, readFactors, removeFactor, verifyPassphrase } from './factors'
import { authenticate, mostFactors, readHeader, writeHeader } from './header'
import { beginKeyChange, finishKeyChange, isKeyChangeOpen } from './keyChange'
import { floorCost } from './keyDerivation'
import { formatKitCode, newKit } from './kitCode'
import type { RandomProof } from './proof'
import { changePassphrase, createVault, openingsOf, unlockVault, type VaultKeys } from './vault'

const passphrase = 'harbour lantern velvet'
const kind = (kind: string) => expect.objectContaining({ kind })
const names = ['database', 'records', 'audit', 'tokens', 'digests', 'headerTag'] as const
const secretsOf = (opened: VaultKeys) => names.map((name) => opened[name].toString('hex'))
const steps: readonly DurableStep[] = ['begin', 'created', 'written', 'flushed', 'checked', 'renamed', 'done']

let template: string
let dir: string
let keys: VaultKeys
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'countinghouse-factors-'))
  keys = await createVault(template, passphrase, { world: 'live', kdf: floorCost, now: 1000, initialise: () => {} })
})
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'countinghouse-factors-'))
  cpSync(template, dir, { recursive: true })
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))
afterAll(() => rmSync(template, { recursive: true, force: true }))

const headerFile = () => join(dir, headerFileName)
const kit = (): { kitCode: string } => ({ kitCode: formatKitCode(newKit()) })
const passkey = (credentialId = 'credential-1') => ({ passkey: { credentialId, prf: randomBytes(32) } })
const keychain = () => ({ keychainKey: randomBytes(32) })
const add = (proof: RandomProof, label = 'One', reached?: (step: DurableStep) => void) =>
  addFactor(dir, passphrase, proof, { label, now: 2000, ...(reached ? { reached } : {}) })
const cutAt = (at: DurableStep) => (step: DurableStep) => {
  if (step === at) throw new Error('power cut')
}
const opensWith = async (proof: Parameters<typeof unlockVault>[1]): Promise<boolean> =>
  unlockVault(dir, proof).then(
    (opened) => {
      expect(secretsOf(opened)).toEqual(secretsOf(keys))
      return true
    },
    () => false,
  )

describe('opening', () => {
  test.each([
    ['a recovery kit', 'kit', kit],
    ['a passkey', 'passkey', passkey],
    ['a keychain', 'keychain', keychain],
  ] as const)(
    'V8: %s opens the vault with the same keys, beside the passphrase, and says which it was',
    async (_, name, make) => {
      const proof = make()
      const wrap = await add(proof, 'Mine')
      expect(wrap).toEqual({ id: wrap.id, kind: name, label: 'Mine', createdAt: 2000, confirmedAt: null })
      const opened = await unlockVault(dir, proof)
      expect(secretsOf(opened)).toEqual(secretsOf(keys))
      expect(opened.openedWith).toBe(wrap.id)
      expect((await unlockVault(dir, { passphrase })).openedWith).toBe(keys.openedWith)
      expect(readFactors(dir, keys.headerTag).wraps).toMatchObject([{ kind: 'passphrase', id: keys.openedWith }, wrap])
    },
  )

  test('V8: a kit of another vault, a typing mistake and a vault without a kit are three different answers', async () => {
    await expect(unlockVault(dir, kit())).rejects.toThrow(kind('no-such-factor'))
    const mine = kit()
    await add(mine)
    await expect(unlockVault(dir, kit())).rejects.toThrow(kind('wrong-proof'))
    const typo = mine.kitCode.replace(/^./, (first) => (first === '7' ? '8' : '7'))
    await expect(unlockVault(dir, { kitCode: typo })).rejects.toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  test('V7: another key of the keychain, another authenticator or another credential opens nothing', async () => {
    const [mine, stored] = [passkey(), keychain()]
    await add(mine)
    await add(stored)
    await expect(unlockVault(dir, keychain())).rejects.toThrow(kind('wrong-proof'))
    await expect(unlockVault(dir, passkey())).rejects.toThrow(kind('wrong-proof'))
    await expect(unlockVault(dir, { passkey: { ...mine.passkey, credentialId: 'credential-2' } })).rejects.toThrow(
      kind('no-such-factor'),
    )
  })

  test('V3: wraps of two vaults in each other’s place, or their kinds exchanged, open nothing', async () => {
    const [mine, stored] = [kit(), keychain()]
    await add(mine)
    await add(stored)
    const before = readFileSync(headerFile(), 'utf8')
    const header = JSON.parse(before)
    const [, first, second] = header.wraps
    const write = (wraps: unknown) => writeFileSync(headerFile(), `${JSON.stringify({ ...header, wraps }, null, 2)}\n`)
    write([header.wraps[0], { ...first, sealed: second.sealed, salt: second.salt }, second])
    expect(await opensWith(mine)).toBe(false)
    write([header.wraps[0], { ...first, label: 'Another' }, second])
    expect(await opensWith(mine)).toBe(false)
    expect(await opensWith({ passphrase })).toBe(false)
    writeFileSync(headerFile(), before)
    expect(await opensWith(mine)).toBe(true)
  })

  test('a passphrase changed later leaves the others as they are', async () => {
    const mine = kit()
    await add(mine)
    await changePassphrase(dir, passphrase, 'copper meadow violin')
    expect(await opensWith(mine)).toBe(true)
  })

  test('before anything is proved the header says what opens it; without a header, nothing', async () => {
    expect(openingsOf(dir)).toEqual({ kit: false, keychain: false, passkeys: [] })
    for (const proof of [kit(), keychain(), passkey('credential-1'), passkey('credential-2')]) await add(proof)
    expect(openingsOf(dir)).toEqual({ kit: true, keychain: true, passkeys: ['credential-1', 'credential-2'] })
    rmSync(headerFile())
    expect(openingsOf(dir)).toEqual({ kit: false, keychain: false, passkeys: [] })
  })
})

describe('adding and removing', () => {
  test('V8: a new kit, a new keychain key and the same credential take the place of the old ones; another credential does not', async () => {
    for (const make of [kit, keychain, passkey]) {
      const [old, fresh] = [make(), make()]
      await add(old)
      await add(fresh)
      expect([await opensWith(old), await opensWith(fresh)]).toEqual([false, true])
    }
    await add(passkey('credential-2'))
    expect(readFactors(dir, keys.headerTag).wraps.map((wrap) => wrap.kind)).toEqual([
      'passphrase',
      'kit',
      'keychain',
      'passkey',
      'passkey',
    ])
  })

  test('adding takes the passphrase; a wrong one changes nothing', async () => {
    const before = readFileSync(headerFile())
    const made = { label: 'Mine', now: 2000 }
    await expect(addFactor(dir, 'not the passphrase', kit(), made)).rejects.toThrow(kind('wrong-passphrase'))
    await expect(verifyPassphrase(dir, 'not the passphrase')).rejects.toThrow(kind('wrong-passphrase'))
    await verifyPassphrase(dir, passphrase)
    expect(readFileSync(headerFile()).equals(before)).toBe(true)
  })

  test('a vault has a bounded number of factors', async () => {
    const header = readHeader(dir)
    const wrap = (i: number) => ({
      ...{ kind: 'passkey' as const, id: `fac_${String(i).padStart(26, '0')}`, label: '', createdAt: 0, confirmedAt: null },
      ...{
        salt: randomBytes(16).toString('base64'),
        sealed: randomBytes(61).toString('base64'),
        credentialId: `credential-${i}`,
      },
    })
    const factors = Array.from({ length: mostFactors }, (_, i) => wrap(i))
    writeHeader(dir, authenticate({ ...header, wraps: [header.wraps[0], ...factors] }, keys.headerTag))
    const before = readFileSync(headerFile())
    await expect(add(kit())).rejects.toThrow(kind('too-many-factors'))
    expect(readFileSync(headerFile()).equals(before)).toBe(true)
    await add(passkey('credential-3'))
  })

  test('V8: a revoked kit opens nothing; the others stay; what is not there is not removed', async () => {
    const [mine, stored] = [kit(), keychain()]
    const wrap = await add(mine)
    await add(stored)
    expect(removeFactor(dir, keys.headerTag, (one) => one.kind === 'kit')).toEqual(wrap)
    expect([await opensWith(mine), await opensWith(stored), await opensWith({ passphrase })]).toEqual([false, true, true])
    expect(removeFactor(dir, keys.headerTag, (one) => one.kind === 'kit')).toBeNull()
    expect(removeFactor(dir, keys.headerTag, (one) => one.kind === 'passphrase')).toBeNull()
  })

  test('V8: a drill notes when the kit worked, and nothing when it did not', async () => {
    const mine = kit()
    await expect(confirmKit(dir, mine.kitCode, 3000)).rejects.toThrow(kind('no-such-factor'))
    const wrap = await add(mine)
    await add(keychain())
    const before = readFileSync(headerFile())
    expect(await confirmKit(dir, kit().kitCode, 3000)).toBeNull()
    expect(readFileSync(headerFile()).equals(before)).toBe(true)
    await expect(confirmKit(dir, 'ABCD', 3000)).rejects.toThrow('mistyped')
    expect(await confirmKit(dir, mine.kitCode, 3000)).toEqual({ ...wrap, confirmedAt: 3000 })
    expect(readFactors(dir, keys.headerTag).wraps[1]).toEqual({ ...wrap, confirmedAt: 3000 })
    expect(await opensWith(mine)).toBe(true)
  })

  test('a header that was changed meanwhile is damage to whoever holds the vault open', () => {
    const header = JSON.parse(readFileSync(headerFile(), 'utf8'))
    writeFileSync(headerFile(), `${JSON.stringify({ ...header, createdAt: 1001 }, null, 2)}\n`)
    expect(() => readFactors(dir, keys.headerTag)).toThrow(kind('damaged'))
    expect(() => removeFactor(dir, keys.headerTag, () => true)).toThrow(kind('damaged'))
  })
})

describe.each(steps)('a power cut at "%s"', (at) => {
  const isNew = at === 'renamed' || at === 'done'

  test('V2: of adding: the vault opens with the passphrase, and with the new factor or not at all with it', async () => {
    const mine = kit()
    await expect(add(mine, 'One', cutAt(at))).rejects.toThrow('power cut')
    expect([await opensWith({ passphrase }), await opensWith(mine)]).toEqual([true, isNew])
  })

  test('V2: of removing and of a drill', async () => {
    const mine = kit()
    await add(mine)
    await expect(confirmKit(dir, mine.kitCode, 3000, cutAt(at))).rejects.toThrow('power cut')
    expect(readFactors(dir, keys.headerTag).wraps[1]?.confirmedAt).toBe(isNew ? 3000 : null)
    expect(() => removeFactor(dir, keys.headerTag, () => true, cutAt(at))).toThrow('power cut')
    expect([await opensWith({ passphrase }), await opensWith(mine)]).toEqual([true, !isNew])
  })

  test('V13: of the beginning and of the end of a change of keys', async () => {
    const mine = kit()
    await add(mine)
    await expect(beginKeyChange(dir, passphrase, { now: 4000, reached: cutAt(at) })).rejects.toThrow('power cut')
    const opened = await unlockVault(dir, { passphrase })
    expect(opened.previousRecords?.equals(keys.records) ?? null).toBe(isNew ? true : null)
    expect(opened.records.equals(keys.records)).toBe(!isNew)
    expect(await opensWith(mine)).toBe(!isNew)
    const changed = isNew ? opened : await beginKeyChange(dir, passphrase, { now: 4000 })
    expect(() => finishKeyChange(dir, changed.headerTag, cutAt(at))).toThrow('power cut')
    const after = await unlockVault(dir, { passphrase })
    expect(after.records.equals(changed.records)).toBe(true)
    expect([after.previousRecords === null, after.nextDatabase === null]).toEqual([isNew, isNew])
    expect(after.database.equals(isNew ? (changed.nextDatabase ?? keys.database) : keys.database)).toBe(true)
    expect(isKeyChangeOpen(dir)).toBe(!isNew)
  })
})

describe('a change of keys', () => {
  test('V13: master, records and database key are new, the others keep their values, and only the passphrase opens', async () => {
    const proofs = [kit(), keychain(), passkey()]
    for (const proof of proofs) await add(proof)
    const before = readFileSync(headerFile(), 'utf8')
    const changed = await beginKeyChange(dir, passphrase, { now: 4000 })
    expect(changed.previousRecords).toEqual(keys.records)
    for (const name of ['database', 'audit', 'tokens', 'digests'] as const) expect(changed[name]).toEqual(keys[name])
    for (const name of ['records', 'headerTag'] as const) expect(changed[name].equals(keys[name])).toBe(false)
    for (const proof of proofs) await expect(unlockVault(dir, proof)).rejects.toThrow(kind('no-such-factor'))
    expect(readFactors(dir, changed.headerTag)).toMatchObject({ wraps: [{ kind: 'passphrase' }], keysChangedAt: 4000 })
    finishKeyChange(dir, changed.headerTag)
    const opened = await unlockVault(dir, { passphrase })
    expect(secretsOf(opened)).toEqual(secretsOf({ ...changed, database: changed.nextDatabase ?? changed.database }))
    expect(opened.database.equals(keys.database)).toBe(false)
    expect([opened.previousRecords, opened.nextDatabase]).toEqual([null, null])
    const after = readFileSync(headerFile(), 'utf8')
    expect(after).not.toContain('previous')
    expect(JSON.parse(after).keys.database).not.toBe(JSON.parse(before).keys.database)
  })

  test('V13: a second one waits until the first is through; a wrong passphrase begins none', async () => {
    await expect(beginKeyChange(dir, 'not the passphrase', { now: 4000 })).rejects.toThrow(kind('wrong-passphrase'))
    await beginKeyChange(dir, passphrase, { now: 4000 })
    await expect(beginKeyChange(dir, passphrase, { now: 5000 })).rejects.toThrow(kind('keys-changing'))
  })
})

test('V3: an authenticated header whose keys do not open is damaged', async () => {
  const header = readHeader(dir)
  const { audit, tokens } = header.keys
  writeHeader(dir, authenticate({ ...header, keys: { ...header.keys, audit: tokens, tokens: audit } }, keys.headerTag))
  await expect(unlockVault(dir, { passphrase })).rejects.toThrow(kind('damaged'))
})
