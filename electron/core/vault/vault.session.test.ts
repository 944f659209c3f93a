import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { headerFileName } from './creation'
import { floorCost } from './keyDerivation'
import { createThrottle, throttleFileName } from './throttle'
import { createVault, unlockVault, type VaultKeys } from './vault'
import { createSession, type Session, type VaultState } from './vault.session'

const passphrase = 'harbour lantern velvet'
const options = { world: 'live', kdf: floorCost, now: 1000, initialise: () => {} } as const
const kind = (kind: string) => expect.objectContaining({ kind })

let template: string
let dir: string
let uptime: number
let session: Session
let states: VaultState[]
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'countinghouse-session-'))
  await createVault(template, passphrase, options)
})
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'countinghouse-session-'))
  cpSync(template, dir, { recursive: true })
  uptime = 1_000_000
  session = start()
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))
afterAll(() => rmSync(template, { recursive: true, force: true }))

function start(): Session {
  const made = createSession(
    dir,
    createThrottle(join(dir, throttleFileName), () => uptime),
  )
  states = []
  made.onChange((state) => states.push(state))
  return made
}

const zero = Buffer.alloc(32)

test('a session begins sealed and gives no key', () => {
  expect(session.state).toBe('sealed')
  expect(() => session.coreKeys()).toThrow(kind('sealed'))
  expect(() => session.recordsKey()).toThrow(kind('sealed'))
  session.lock()
  expect(states).toEqual([])
})

test('unlocked, it gives every key', async () => {
  await session.unlock({ passphrase }, 'window')
  const keys = await unlockVault(dir, { passphrase })
  expect(session.state).toBe('unlocked')
  expect(session.recordsKey().equals(keys.records)).toBe(true)
  const { records: _, previousRecords: __, nextDatabase: _next, headerTag: ___, openedWith: ____, ...core } = keys
  expect(session.coreKeys()).toEqual(core)
  expect(states).toEqual(['unlocked'])
})

test('V5: locked, the records key is zeroed and gone; database, audit, tokens and digests stay', async () => {
  await session.unlock({ passphrase }, 'window')
  const records = session.recordsKey()
  const core = session.coreKeys()
  const before = ['database', 'audit', 'tokens', 'digests'].map((name) => Buffer.from(core[name as 'database']).toString('hex'))
  session.lock()
  session.lock()
  expect(session.state).toBe('locked')
  expect(records.equals(zero)).toBe(true)
  expect(() => session.recordsKey()).toThrow(kind('locked'))
  expect(() => session.recordsKey()).toThrow(expect.objectContaining({ code: 'locked' }))
  expect('records' in session.coreKeys()).toBe(false)
  expect(
    ['database', 'audit', 'tokens', 'digests'].map((name) => session.coreKeys()[name as 'database'].toString('hex')),
  ).toEqual(before)
  expect(states).toEqual(['unlocked', 'locked'])
})

test('after locking it unlocks again; holders of the core keys notice nothing', async () => {
  await session.unlock({ passphrase }, 'window')
  const core = session.coreKeys()
  session.lock()
  await session.unlock({ passphrase }, 'api')
  expect(session.coreKeys()).toBe(core)
  expect(core.database.equals(zero)).toBe(false)
  expect(session.recordsKey().equals(zero)).toBe(false)
  expect(states).toEqual(['unlocked', 'locked', 'unlocked'])
})

test('unlocking twice over is harmless', async () => {
  await session.unlock({ passphrase }, 'window')
  const first = session.recordsKey()
  await session.unlock({ passphrase }, 'window')
  expect(first.equals(zero)).toBe(true)
  expect(session.recordsKey().equals(zero)).toBe(false)
  expect(states).toEqual(['unlocked'])
})

test('V5: sealed, every key is zeroed', async () => {
  await session.unlock({ passphrase }, 'window')
  const all = [session.recordsKey(), ...Object.values(session.coreKeys()).filter((value) => Buffer.isBuffer(value))]
  const publicKey = session.coreKeys().publicKey
  session.seal()
  for (const key of all) if (key !== publicKey) expect(key.equals(zero)).toBe(true)
  expect(() => session.coreKeys()).toThrow(kind('sealed'))
  expect(states).toEqual(['unlocked', 'sealed'])
})

test('a lock or seal that comes while the passphrase is worked out wins', async () => {
  const sealed = session.unlock({ passphrase }, 'window')
  session.seal()
  await expect(sealed).rejects.toThrow(kind('sealed'))
  expect(session.state).toBe('sealed')
  await session.unlock({ passphrase }, 'window')
  const locked = session.unlock({ passphrase }, 'window')
  session.lock()
  await expect(locked).rejects.toThrow(kind('locked'))
  expect(session.state).toBe('locked')
})

test('V7: five wrong passphrases close the door, over a restart, also for the right one; another door stays open', async () => {
  for (let i = 0; i < 5; i++)
    await expect(session.unlock({ passphrase: 'wrong words here' }, 'api')).rejects.toThrow(kind('wrong-passphrase'))
  session = start()
  await expect(session.unlock({ passphrase }, 'api')).rejects.toThrow(expect.objectContaining({ code: 'rate_limited' }))
  await expect(session.unlock({ passphrase }, 'api')).rejects.toThrow('Wait 15 min')
  await session.unlock({ passphrase }, 'window')
  session.seal()
  uptime += 15 * 60_000
  await session.unlock({ passphrase }, 'api')
})

test('V7: guesses made all at once are each counted', async () => {
  const guesses = await Promise.allSettled(
    Array.from({ length: 12 }, () => session.unlock({ passphrase: 'wrong words here' }, 'api')),
  )
  const codes = guesses.map((guess) => (guess.status === 'rejected' ? guess.reason.code : 'opened'))
  expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(7)
  expect(codes.filter((code) => code === 'forbidden')).toHaveLength(5)
})

test('V7: the passphrase is changed through the same brake; a weak new one is no guess', async () => {
  await session.unlock({ passphrase }, 'window')
  const next = 'copper meadow violin'
  for (let i = 0; i < 6; i++)
    await expect(session.changePassphrase('wrong words here', 'short', 'window')).rejects.toThrow(kind('weak-passphrase'))
  for (let i = 0; i < 4; i++)
    await expect(session.changePassphrase('wrong words here', next, 'window')).rejects.toThrow(kind('wrong-passphrase'))
  await session.changePassphrase(passphrase, next, 'window')
  expect(session.state).toBe('unlocked')
  session.lock()
  await session.unlock({ passphrase: next }, 'window')
  for (let i = 0; i < 5; i++) await expect(session.changePassphrase('wrong words here', passphrase, 'window')).rejects.toThrow()
  await expect(session.changePassphrase(next, passphrase, 'window')).rejects.toThrow(
    expect.objectContaining({ code: 'rate_limited' }),
  )
})

test('a damaged or missing header is no wrong guess', async () => {
  const file = join(dir, headerFileName)
  const text = readFileSync(file)
  writeFileSync(file, text.subarray(1))
  for (let i = 0; i < 6; i++) await expect(session.unlock({ passphrase }, 'window')).rejects.toThrow(kind('damaged'))
  rmSync(file)
  await expect(session.unlock({ passphrase }, 'window')).rejects.toThrow(kind('missing'))
  writeFileSync(file, text)
  await session.unlock({ passphrase }, 'window')
})

test('the header of another vault put in place while locked is refused', async () => {
  await session.unlock({ passphrase }, 'window')
  session.lock()
  rmSync(join(dir, headerFileName))
  await createVault(dir, passphrase, options)
  await expect(session.unlock({ passphrase }, 'window')).rejects.toThrow('another vault')
  expect(session.state).toBe('locked')
})

test('the keys of a vault just created can be taken over', async () => {
  rmSync(join(dir, headerFileName))
  const created: VaultKeys = await createVault(dir, passphrase, options)
  session.adopt(created)
  expect(session.state).toBe('unlocked')
  expect(session.recordsKey().equals(created.records)).toBe(true)
})

test('a listener that left hears nothing more', async () => {
  const heard: VaultState[] = []
  const leave = session.onChange((state) => heard.push(state))
  await session.unlock({ passphrase }, 'window')
  leave()
  session.lock()
  expect(heard).toEqual(['unlocked'])
})
