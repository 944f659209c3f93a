import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { verifyAudit, verifyingKey } from '../audit/index'
import { sql } from '../db'
import { booksAgree, summariseBooks } from '../ledger/index'
import { createThrottle } from '../vault/index'
import { openRestored } from './restoreTesting'
import { readRestoreMark, removeRestoreMark, restore, sweepRestores } from './restoring'
import { meddling, openTestVault, passphrase, type TestVault } from './testing'

let t: TestVault
let backupId: string
let file: string
beforeEach(async () => {
  t = await openTestVault()
  t.work(20)
  const { backup } = await t.backups.run('owner')
  backupId = backup.id
  file = join(t.dir, 'backups', backup.fileName)
}, 60_000)
afterEach(() => t.cleanup())

const options = () => ({ backups: t.backups, throttle: createThrottle(join(t.dir, 'unlock.throttle')) })
const doRestore = (proof: { passphrase: string } | { kitCode: string } = { passphrase }) =>
  restore(options(), backupId, proof, 'api')

/** Every file of the running vault but the throttle of the passphrase and the shared memory of readers, with a hash of its bytes. */
function fingerprint(dir: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(dir, name)).isFile() && !/^unlock\.throttle|-shm$/.test(name))
      .sort()
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(dir, name)))
          .digest('hex'),
      ]),
  )
}

describe('L10, V8: a restored profile', () => {
  test('opens with the passphrase of then and holds every item, the same balances and the same log; the running vault is untouched', async () => {
    const before = fingerprint(t.dir)
    const balances = summariseBooks(t.database.read)
    const roots = t.database.read.all(sql`SELECT size, root FROM audit_head ORDER BY size`)
    t.work(3)
    const later = fingerprint(t.dir)
    const restored = await doRestore()
    expect(restored).toEqual({
      profile: expect.stringMatching(/^restored-2026-03-10-[0-9a-z]{4}$/),
      secrets: 1,
      entries: 20,
      auditRows: 20,
    })
    expect(fingerprint(t.dir)).toEqual(later)
    expect(Object.keys(before)).toEqual(Object.keys(later))
    expect(readdirSync(t.home).sort()).toEqual(['data', restored.profile])
    const dir = join(t.home, restored.profile)
    expect(statSync(dir).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).mode & 0o777, name).toBe(0o600)
    const copy = await openRestored(dir, passphrase)
    try {
      expect(summariseBooks(copy.read)).toEqual(balances)
      expect(booksAgree(copy.read)).toBe(true)
      expect(copy.read.all(sql`SELECT size, root FROM audit_head ORDER BY size`)).toEqual(roots)
      const publicKey = verifyingKey(t.keys.publicKey)
      expect(await verifyAudit({ db: copy.read, publicKey, anchors: [] })).toMatchObject({ ok: true, rows: 20 })
      const sealed = (r: typeof copy.read) => r.get(sql`SELECT sealed FROM secret_field WHERE secret_id = 'sec_1'`)
      expect(sealed(copy.read)).toEqual(sealed(t.database.read))
    } finally {
      copy.close()
    }
    expect(readRestoreMark(dir)).toEqual({ backupId, createdAt: t.now, restoredAt: t.now })
    removeRestoreMark(dir)
    expect(readRestoreMark(dir)).toBeNull()
    expect(readRestoreMark(t.dir)).toBeNull()
  })

  test('is not made with a wrong passphrase or a kit that the vault did not have, which count toward the throttle', async () => {
    await expect(doRestore({ passphrase: 'not the one of then' })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(doRestore({ kitCode: 'ABCD' })).rejects.toMatchObject({ code: 'forbidden' })
    expect(readdirSync(t.home)).toEqual(['data'])
    for (let n = 0; n < 3; n++) await expect(doRestore({ passphrase: `wrong ${n}` })).rejects.toThrow()
    await expect(doRestore()).rejects.toMatchObject({ code: 'rate_limited' })
    expect(readdirSync(t.home)).toEqual(['data'])
  })

  test('is finished before it has its name', async () => {
    let seen: string[] = []
    const finish = (folder: string) => {
      seen = readdirSync(t.home)
      writeFileSync(join(folder, 'extra'), '')
    }
    const { profile } = await restore({ ...options(), finish }, backupId, { passphrase }, 'api')
    expect(seen).not.toContain(profile)
    expect(existsSync(join(t.home, profile, 'extra'))).toBe(true)
  })

  test('leaves nothing when it ends half way, and what a killed one left is swept, nothing else', async () => {
    const workbench = meddling((name) => {
      if (name === 'examine') throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    })
    const failing = t.open({ workbench })
    await expect(restore({ ...options(), backups: failing }, backupId, { passphrase }, 'api')).rejects.toMatchObject({
      kind: 'no-space',
    })
    expect(readdirSync(t.home)).toEqual(['data'])
    const ours = `.restored-2026-03-10-ab12.${t.keys.vaultId.slice(0, 8)}.partial`
    const others = ['.restored-2026-03-10-ab12.00000000.partial', 'restored-2026-03-10-ab12', '.restored-notes.partial']
    for (const name of [ours, ...others]) mkdirSync(join(t.home, name))
    sweepRestores(t.dir, t.keys.vaultId)
    expect(readdirSync(t.home).sort()).toEqual(['data', ...others].sort())
  })
})

/** Numbers of one seed, as a linear congruential generator gives them (Numerical Recipes, 7.1). */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe('V9: 1,000 random corruptions', () => {
  const corruptions: Record<string, (bytes: Buffer, random: (below: number) => number) => Buffer> = {
    'flips a bit': (bytes, random) => {
      const at = random(bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
      return bytes
    },
    'flips a bit of the beginning': (bytes, random) => {
      const at = random(4096)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
      return bytes
    },
    'cuts the end off': (bytes, random) => bytes.subarray(0, random(bytes.length)),
    'swaps two blocks': (bytes, random) => {
      const blocks = Math.floor(bytes.length / 512)
      const [a, b] = [random(blocks), random(blocks)]
      const [first, second] = [
        Buffer.from(bytes.subarray(a * 512, a * 512 + 512)),
        Buffer.from(bytes.subarray(b * 512, b * 512 + 512)),
      ]
      second.copy(bytes, a * 512)
      first.copy(bytes, b * 512)
      return bytes
    },
    'writes garbage over a part': (bytes, random) => {
      const at = random(bytes.length)
      for (let n = at; n < Math.min(bytes.length, at + 1 + random(5000)); n++) bytes[n] = random(256)
      return bytes
    },
    'adds garbage': (bytes, random) => Buffer.concat([bytes, Buffer.alloc(1 + random(5000), random(256))]),
    'takes a piece out': (bytes, random) => {
      const at = random(bytes.length)
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(5000))])
    },
    'leaves zeros': (bytes, random) => {
      const at = random(bytes.length - 4096)
      bytes.fill(0, at, at + 4096)
      return bytes
    },
    'is another file': (bytes, random) => Buffer.alloc(random(bytes.length), random(256)),
    'is empty': () => Buffer.alloc(0),
  }

  test('are all noticed, and not one restores anything', async () => {
    const seed = Number(process.env.BACKUP_SEED ?? Date.now() % 2 ** 31)
    const random = randomOf(seed)
    const whole = readFileSync(file)
    const kinds = Object.entries(corruptions)
    let tried = 0
    for (let n = 0; tried < 1000; n++) {
      const [kind, corrupt] = kinds[n % kinds.length] ?? ['', () => whole]
      const bytes = corrupt(Buffer.from(whole), random)
      if (bytes.equals(whole)) continue
      tried += 1
      writeFileSync(file, bytes)
      const what = `${kind}, number ${n} of BACKUP_SEED=${seed}`
      await expect(doRestore(), what).rejects.toMatchObject({ details: { backup: expect.stringMatching(/^(damaged|newer)$/) } })
      expect(readdirSync(t.home), what).toEqual(['data'])
    }
    expect(tried).toBe(1000)
    writeFileSync(file, whole)
    await expect(doRestore()).resolves.toMatchObject({ entries: 20 })
  }, 120_000)

  test('with hashes made to fit are noticed by the tag, and a database made to fit by the cipher', async () => {
    const whole = readFileSync(file)
    const at = 160 + whole.readUInt32BE(12) + whole.readUInt32BE(16)
    const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
    const random = randomOf(7)
    const tag = whole.subarray(128, 160)
    for (let n = 0; n < 20; n++) {
      const bytes = Buffer.from(whole)
      const place = at + random(bytes.length - at)
      bytes[place] = (bytes[place] ?? 0) ^ (1 << random(8))
      sha(bytes.subarray(at)).copy(bytes, 96)
      writeFileSync(file, bytes)
      t.database.write((w) => w.run(sql`UPDATE backup SET tag = ${tag}`))
      await expect(doRestore()).rejects.toMatchObject({ details: { backup: 'damaged' } })
      expect(readdirSync(t.home)).toEqual(['data'])
    }
  }, 60_000)
})
