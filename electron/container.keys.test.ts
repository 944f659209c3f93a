import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TOTP, URI } from 'otpauth'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BridgeEvent } from '../shared/contract/bridge'
import type { Input, ProcedureName, Reply } from '../shared/contract/index'
import { type App, openApp } from './container'
import { sealedTargets, VaultSecurityDesk } from './container.keys'
import { sql } from './core/db/index'
import { openTestDatabase } from './core/db/testing'
import type { Actor } from './core/dispatch/index'
import type { KeyStore } from './core/ports/keyStore'
import { floorCost, openVaultFolder, type Proof, sealerOf } from './core/vault/index'

const passphrase = 'seven quiet herons over the mill pond'
const silent = { debug() {}, info() {}, warn() {}, error() {}, close() {} }

/** A keychain that outlives the app, as the system's does. */
class Keychain implements KeyStore {
  readonly entries = new Map<string, Buffer>()
  problem: string | null = null
  fails = false

  /** How many keys it holds, beside the newest head of the audit log. */
  get keys(): number {
    return [...this.entries.keys()].filter((name) => !name.startsWith('audit.')).length
  }

  available = async () => (this.problem === null ? { ok: true as const } : { ok: false as const, problem: this.problem })
  get = async (name: string) => {
    const kept = this.entries.get(name)
    return kept === undefined ? null : Buffer.from(kept)
  }
  set = async (name: string, value: Uint8Array) => {
    if (this.fails) throw new Error('the keychain was locked meanwhile')
    this.entries.set(name, Buffer.from(value))
  }
  delete = async (name: string) => void this.entries.delete(name)
}

let dataDir: string
let app: App
let keychain: Keychain
let heard: BridgeEvent[]

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'countinghouse-keys-'))
  keychain = new Keychain()
  heard = []
  await start()
})
afterEach(async () => {
  await app.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function start(proof: Proof = { passphrase }): Promise<void> {
  app = await openApp({
    ...{
      dataDir,
      world: 'live',
      proof,
      door: 'window',
      webhookPort: 0,
      keyStore: keychain,
      passkeyProblem: null,
      kdf: floorCost,
    },
    createLogger: () => silent,
    notifier: { notify() {} },
    publish: (event) => heard.push(event),
    onPracticeProgress() {},
  })
}

async function restart(proof: Proof = { passphrase }): Promise<void> {
  await app.close()
  await start(proof)
}

type Door = 'window' | 'api'
async function call<N extends ProcedureName>(name: N, input: Input<N>, door: Door = 'window', actor: Actor = app.owner) {
  const reply = (await app.dispatcher.call(name, input, { actor, door })) as { status?: string; value?: unknown }
  return (reply.status === 'done' ? reply.value : reply) as Reply<N> extends infer R
    ? R extends { status: 'done'; value: infer Value }
      ? Value
      : R extends { status: string }
        ? never
        : R
    : never
}
const security = () => call('vault.security', {})
const lock = () => call('vault.lock', {})
const code = (error: string) => expect.objectContaining({ code: error })
const state = async () => (await call('vault.status', {})).state

async function codeGenerator(): Promise<{ id: string; now: () => string }> {
  const { factor, otpauthUri } = await call('vault.addFactor', { kind: 'totp', passphrase, label: 'Phone' })
  const generator = URI.parse(otpauthUri ?? '') as TOTP
  return { id: factor.id, now: () => generator.generate() }
}

describe('what opens the vault', () => {
  test('V8: the kit is shown once, tried in a drill, opens the vault, and is worthless once revoked', async () => {
    const made = await call('vault.createRecoveryKit', { passphrase })
    expect(made).toMatchObject({ factor: { kind: 'kit', confirmedAt: null, lastUsedAt: null } })
    const typo = made.code.replace(/^./, (first) => (first === '7' ? '8' : '7'))
    await expect(call('vault.testRecoveryKit', { code: typo })).rejects.toThrow('mistyped')
    const other = await call('vault.createRecoveryKit', { passphrase })
    expect(await call('vault.testRecoveryKit', { code: made.code })).toEqual({ ok: false, factor: null })
    const drill = await call('vault.testRecoveryKit', { code: other.code.toLowerCase() })
    expect(drill).toMatchObject({ ok: true, factor: { id: other.factor.id } })
    expect(drill.factor?.confirmedAt).toBeGreaterThan(0)

    await lock()
    await expect(call('vault.unlock', { kitCode: made.code })).rejects.toThrow(code('forbidden'))
    await call('vault.unlock', { kitCode: other.code }, 'api')
    const { factors } = await security()
    expect(factors.map(({ kind }) => kind)).toEqual(['passphrase', 'kit'])
    expect(factors[1]?.lastUsedAt).toBeGreaterThan(0)
    expect((await call('vault.revokeRecoveryKit', {})).factors).toHaveLength(1)
    await expect(call('vault.revokeRecoveryKit', {})).rejects.toThrow(code('not_found'))
    await lock()
    await expect(call('vault.unlock', { kitCode: other.code })).rejects.toThrow(code('forbidden'))
  })

  test('V8: an app started anew opens with the kit alone', async () => {
    const { code: kitCode, factor } = await call('vault.createRecoveryKit', { passphrase })
    await restart({ kitCode })
    expect(await state()).toBe('unlocked')
    expect((await security()).factors.find(({ id }) => id === factor.id)?.lastUsedAt).toBeGreaterThan(0)
  })

  test('the keychain opens it at this screen alone, and only while it holds the key', async () => {
    const { factor } = await call('vault.addFactor', { kind: 'keychain', passphrase })
    expect(factor).toMatchObject({ kind: 'keychain', label: 'This machine’s keychain' })
    await lock()
    await expect(call('vault.unlock', { keychain: true }, 'api')).rejects.toThrow('own screen')
    await call('vault.unlock', { keychain: true })
    expect(await state()).toBe('unlocked')
    await call('vault.removeFactor', { factorId: factor.id, passphrase })
    expect(keychain.keys).toBe(0)
    await lock()
    await expect(call('vault.unlock', { keychain: true })).rejects.toThrow('holds no key')
  })

  test('E7: a keychain that cannot be used, or fails, leaves nothing behind', async () => {
    keychain.problem = 'This desktop offers no keychain.'
    expect((await security()).keychainProblem).toBe('This desktop offers no keychain.')
    await expect(call('vault.addFactor', { kind: 'keychain', passphrase })).rejects.toThrow('Nothing was changed')
    keychain.problem = null
    keychain.fails = true
    await expect(call('vault.addFactor', { kind: 'keychain', passphrase })).rejects.toThrow('locked meanwhile')
    const { factors, keychainProblem } = await security()
    expect([factors.length, keychainProblem, keychain.keys]).toEqual([1, null, 0])
  })

  test('a passkey opens it with what its authenticator gives', async () => {
    const passkey = { credentialId: 'credential-1', prf: randomBytes(32).toString('base64') }
    const { factor } = await call('vault.addFactor', { kind: 'passkey', passphrase, label: 'Blue key', passkey })
    expect(factor).toMatchObject({ kind: 'passkey', label: 'Blue key' })
    await lock()
    const wrong = { ...passkey, prf: randomBytes(32).toString('base64') }
    await expect(call('vault.unlock', { passkey: wrong })).rejects.toThrow(code('forbidden'))
    const long = { ...passkey, prf: randomBytes(33).toString('base64') }
    await expect(call('vault.unlock', { passkey: long })).rejects.toThrow('32 bytes')
    await call('vault.unlock', { passkey }, 'api')
    expect(await state()).toBe('unlocked')
    await expect(call('vault.addFactor', { kind: 'keychain', passphrase, passkey })).rejects.toThrow(code('invalid_input'))
    await expect(call('vault.addFactor', { kind: 'passkey', passphrase })).rejects.toThrow(code('invalid_input'))
  })

  test('exactly one proof is taken', async () => {
    await lock()
    for (const input of [{}, { passphrase, kitCode: 'AAAA' }, { passphrase, keychain: true as const }])
      await expect(call('vault.unlock', input)).rejects.toThrow('exactly one')
    await call('vault.unlock', { passphrase })
  })

  test('a passphrase is changed for another one, in force at once', async () => {
    await expect(call('vault.changePassphrase', { current: passphrase, next: passphrase })).rejects.toThrow('same as the old')
    await call('vault.changePassphrase', { current: passphrase, next: 'copper meadow violin' })
    await lock()
    await expect(call('vault.unlock', { passphrase })).rejects.toThrow(code('forbidden'))
    await call('vault.unlock', { passphrase: 'copper meadow violin' })
  })

  test('locked while the passphrase is worked out, nothing is added', async () => {
    const added = call('vault.addFactor', { kind: 'totp', passphrase })
    await lock()
    await expect(added).rejects.toThrow(code('locked'))
    await call('vault.unlock', { passphrase })
    expect((await security()).factors).toHaveLength(1)
  })

  test('the passphrase stays, and what is not there is not removed', async () => {
    const { factors } = await security()
    const factorId = factors[0]?.id ?? ''
    await expect(call('vault.removeFactor', { factorId, passphrase })).rejects.toThrow('always stays')
    await expect(call('vault.removeFactor', { factorId: 'fac_none', passphrase })).rejects.toThrow(code('not_found'))
    await expect(call('vault.removeFactor', { factorId, passphrase: 'wrong words here' })).rejects.toThrow(code('forbidden'))
  })

  test('V7: a wrong passphrase counts wherever it is asked for; a mistyped kit does not', async () => {
    for (let i = 0; i < 6; i++) await expect(call('vault.testRecoveryKit', { code: 'ABCD' })).rejects.toThrow('mistyped')
    await expect(call('vault.stepUp', { passphrase: 'wrong' })).rejects.toThrow(code('forbidden'))
    await expect(call('vault.createRecoveryKit', { passphrase: 'wrong' })).rejects.toThrow(code('forbidden'))
    await expect(call('vault.addFactor', { kind: 'totp', passphrase: 'wrong' })).rejects.toThrow(code('forbidden'))
    await expect(call('vault.rotateKeys', { passphrase: 'wrong' })).rejects.toThrow(code('forbidden'))
    await expect(call('vault.removeFactor', { factorId: 'fac_x', passphrase: 'wrong' })).rejects.toThrow(code('forbidden'))
    await expect(call('vault.stepUp', { passphrase })).rejects.toThrow(code('rate_limited'))
    await call('vault.stepUp', { passphrase }, 'api')
  })
})

describe('proving again', () => {
  test('the passphrase is a step-up of five minutes, gone at lock', async () => {
    expect((await security()).stepUpUntil).toBeNull()
    const { until } = await call('vault.stepUp', { passphrase })
    expect((await security()).stepUpUntil).toBe(until)
    await lock()
    await call('vault.unlock', { passphrase })
    expect((await security()).stepUpUntil).toBeNull()
  })

  test('V10: a code is a step-up once its generator is confirmed; each works once, over a restart too', async () => {
    await expect(call('vault.stepUp', { code: '123456' })).rejects.toThrow('No code generator')
    const generator = await codeGenerator()
    await expect(call('vault.stepUp', { code: generator.now() })).rejects.toThrow('No code generator')
    const first = generator.now()
    await call('vault.confirmFactor', { factorId: generator.id, code: first })
    const [, factor] = (await security()).factors
    expect(factor).toMatchObject({
      kind: 'totp',
      label: 'Phone',
      confirmedAt: expect.any(Number),
      lastUsedAt: expect.any(Number),
    })
    await expect(call('vault.stepUp', { code: first })).rejects.toThrow('used before')
    await restart()
    await expect(call('vault.stepUp', { code: first })).rejects.toThrow('used before')
    await expect(call('vault.confirmFactor', { factorId: generator.id, code: first })).rejects.toThrow(code('conflict'))
    await call('vault.removeFactor', { factorId: generator.id, passphrase })
    await expect(call('vault.stepUp', { code: first })).rejects.toThrow('No code generator')
  })

  test('V10: the next code proves again; five wrong ones close that door alone', async () => {
    const made = await call('vault.addFactor', { kind: 'totp', passphrase })
    const generator = URI.parse(made.otpauthUri ?? '') as TOTP
    const at = (steps: number) => generator.generate({ timestamp: Date.now() + steps * 30_000 })
    await call('vault.confirmFactor', { factorId: made.factor.id, code: at(-1) })
    expect((await call('vault.stepUp', { code: at(1) })).until).toBeGreaterThan(Date.now())
    for (let i = 0; i < 5; i++) await expect(call('vault.stepUp', { code: at(-5) })).rejects.toThrow('not accepted')
    await expect(call('vault.stepUp', { code: at(1) })).rejects.toThrow(code('rate_limited'))
    await call('vault.stepUp', { passphrase })
  })

  test('one that was never confirmed makes room; a confirmed one is replaced by the next confirmed', async () => {
    const forgotten = await codeGenerator()
    const first = await codeGenerator()
    await expect(call('vault.confirmFactor', { factorId: forgotten.id, code: forgotten.now() })).rejects.toThrow(
      code('not_found'),
    )
    await call('vault.confirmFactor', { factorId: first.id, code: first.now() })
    const second = await codeGenerator()
    expect((await security()).factors).toHaveLength(3)
    await call('vault.confirmFactor', { factorId: second.id, code: second.now() })
    expect((await security()).factors.map(({ id }) => id).slice(1)).toEqual([second.id])
  })

  test('it is the owner’s alone, and takes exactly one proof', async () => {
    const script: Actor = { name: 'token:tok_x', scopes: app.owner.scopes }
    await expect(call('vault.stepUp', { passphrase }, 'api', script)).rejects.toThrow(code('forbidden'))
    await expect(call('vault.stepUp', {})).rejects.toThrow(code('invalid_input'))
    await expect(call('vault.stepUp', { passphrase, code: '123456' })).rejects.toThrow(code('invalid_input'))
  })
})

describe('while locked', () => {
  test('settings are kept over a restart, and the idle minutes are the app’s', async () => {
    expect(await security()).toMatchObject({ whileLocked: 'everything', idleMinutes: 5 })
    expect(await call('vault.configure', { whileLocked: 'watch_only' })).toMatchObject({
      whileLocked: 'watch_only',
      idleMinutes: 5,
    })
    await call('vault.configure', { idleMinutes: 12 })
    await restart()
    expect(await security()).toMatchObject({ whileLocked: 'watch_only', idleMinutes: 12 })
    expect(app.locking).toMatchObject({ whileLocked: 'watch_only', idleMinutes: 12 })
  })
})

test('what is sent waits while locked where the owner wants it so, and goes on at unlocking or with another setting', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countinghouse-desk-'))
  const vault = await openVaultFolder({
    ...{ dir: folder, world: 'live', proof: { passphrase }, door: 'window', now: () => 1000, kdf: floorCost },
  })
  let woken = 0
  const desk = new VaultSecurityDesk({
    ...{ vault, version: '1', keyStore: undefined, passkeyProblem: undefined, sealer: () => sealerOf(vault.session) },
    ...{ clock: { now: () => 1000 }, logger: silent, publish() {}, lock() {} },
    keyChangeHelp: {
      backUp: async () => 'bak_none',
      alone: (work) => work(),
      askForBackup: () => undefined,
      copyUnderKey: async () => undefined,
    },
    onMayWork: () => woken++,
  })
  desk.start()
  const handlers = desk.handlers()
  const context = {
    database: vault.database,
    actor: { name: 'owner' as const, scopes: new Set<never>() },
    now: 1000,
    door: 'api' as const,
  }
  const recorder = { note() {}, changed() {}, settle() {}, spendPermit() {}, body: null, signal: AbortSignal.abort() }
  const handler = handlers['vault.configure']
  const configure = (whileLocked: 'everything' | 'watch_only') =>
    'task' in handler ? handler.task({ ...context, ...recorder }, { whileLocked }) : null
  expect(await configure('watch_only')).toMatchObject({
    keychainProblem: 'This run of the app has no window, and so no keychain.',
    passkeyProblem: 'This run of the app has no window that could ask for a passkey.',
  })
  expect([desk.maySend, woken]).toEqual([true, 1])
  vault.session.lock()
  expect([desk.maySend, woken]).toEqual([false, 1])
  await vault.session.unlock({ passphrase }, 'window')
  expect([desk.maySend, woken]).toEqual([true, 2])
  await configure('everything')
  vault.session.lock()
  expect([desk.maySend, woken]).toEqual([true, 3])
  vault.close()
  rmSync(folder, { recursive: true })
})

describe('new keys', () => {
  test('V13: secrets, code generators and parked requests open afterwards; only the passphrase still opens the vault', async () => {
    const { id: secretId } = await call('secrets.create', {
      kind: 'note',
      title: 'Safe',
      fields: [{ name: 'combination', type: 'hidden', value: '12-34-56' }],
    })
    const generator = await codeGenerator()
    await call('vault.addFactor', { kind: 'keychain', passphrase })
    const { code: kitCode } = await call('vault.createRecoveryKit', { passphrase })
    await call('policies.set', { procedure: 'vault.configure', decision: 'ask' })
    await call('vault.configure', { idleMinutes: 21 }, 'api')
    const before = await security()
    const { records, keysChangedAt, backupId } = await call('vault.rotateKeys', { passphrase })
    expect(records).toBe(3)
    expect(keysChangedAt).toBeGreaterThan(before.keysChangedAt)
    expect((await security()).keysChanging).toBe(false)
    const { items: made } = await call('backups.list', {})
    expect(made).toMatchObject([{ id: backupId, cause: 'before_rotation', problem: null }])
    expect((await security()).factors.map(({ kind }) => kind)).toEqual(['passphrase', 'totp'])
    expect(keychain.keys).toBe(0)
    const ends = heard.flatMap((event) => (event.kind === 'vaultProgress' && event.done === event.total ? [event.step] : []))
    expect([...new Set(ends)]).toEqual(['backup', 'rotate', 'database'])
    await restart()
    expect(await call('secrets.reveal', { secretId, field: 'combination' })).toEqual({ value: '12-34-56' })
    await call('vault.confirmFactor', { factorId: generator.id, code: generator.now() })
    const { items } = await call('approvals.list', {})
    const [card] = items
    expect(card).toMatchObject({
      procedure: 'vault.configure',
      facts: { before: { idleMinutes: '5' }, after: { idleMinutes: '21' } },
    })
    await call('approvals.decide', { approvalId: card?.id ?? '', digest: card?.digest ?? '', decision: 'approve' })
    expect((await security()).idleMinutes).toBe(21)
    await lock()
    await expect(call('vault.unlock', { kitCode })).rejects.toThrow(code('forbidden'))
  })

  test('V13: every column that is sealed under the records key is known to a change of keys', () => {
    const t = openTestDatabase()
    /** Sealed under keys of their own: a person's, a version's, a file's. */
    const underOtherKeys = new Set([
      'customer_profile.sealed',
      'secret_field.sealed',
      'secret_attachment_chunk.sealed',
      'secret_grant_holder.sealed',
    ])
    const known = ['approval.sealed_input', 'code_generator.sealed', 'secret_attachment.sealed_key', 'secret_version.sealed_key']
    const sealed = t.db.read
      .all<{ name: string }>(
        sql`SELECT t.name || '.' || c.name AS name FROM sqlite_schema t, pragma_table_info(t.name) c
          WHERE t.type = 'table' AND c.name LIKE '%sealed%' ORDER BY 1`,
      )
      .map(({ name }) => name)
    expect(sealed.filter((name) => !underOtherKeys.has(name))).toEqual(known)
    expect(sealedTargets).toHaveLength(known.length)
    t.cleanup()
  })
})
