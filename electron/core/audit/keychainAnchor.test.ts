import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openReader } from '../db'
import { type KeyStore, noKeyStore } from '../ports/keyStore'
import { AnchorDamaged, AnchorRefused } from './anchors'
import { lastHead } from './audit.repository'
import { HeadSigner } from './headSigner'
import { keychainHead, openKeychainAnchor } from './keychainAnchor'
import { openTestAudit, type TestAudit } from './testing'
import { proveExtension } from './tree'
import { verifyTail } from './verifyAudit'

let t: TestAudit
let kept: Map<string, Buffer>
let fails: boolean
let store: KeyStore
beforeEach(() => {
  t = openTestAudit()
  kept = new Map()
  fails = false
  store = {
    available: async () => ({ ok: true }),
    get: async (name) => kept.get(name) ?? null,
    set: async (name, value) => {
      if (fails) throw new Error('The keychain is locked')
      kept.set(name, Buffer.from(value))
    },
    delete: async (name) => void kept.delete(name),
  }
})
afterEach(() => t.database.cleanup())

async function openAnchor() {
  const anchor = await openKeychainAnchor(store, 'v1', t.publicKey)
  if (anchor === null) throw new Error('There is no keychain')
  return anchor
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 5))

/** Adds rows and signs them into the keychain. */
async function live(rows: number): Promise<void> {
  const anchor = await openAnchor()
  t.append(rows)
  const { privateKey } = t
  new HeadSigner({ privateKey, anchors: [anchor], onProblem() {} }).signNow(t.database.db, Date.now())
  await settle()
}

test('V4: every older copy of the database is noticed against the keychain alone, and the newest is not suspected', async () => {
  const { db, file, dir, key } = t.database
  const sizes: string[] = []
  for (let n = 0; n < 20; n++) {
    await live(3)
    db.checkpoint()
    const copy = join(dir, `copy${n}.db`)
    copyFileSync(file, copy)
    sizes.push(copy)
  }
  const anchors = [await openAnchor()]
  const check = (copy: string) => {
    const reader = openReader({ file: copy, key })
    try {
      return verifyTail({ db: reader.read, publicKey: t.publicKey, anchors })
    } finally {
      reader.close()
    }
  }
  expect(check(sizes.at(-1) ?? '').ok).toBe(true)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: sizes.length - 2 }), (n) => {
      expect(check(sizes[n] ?? '').firstBad).toMatchObject({ seq: (n + 1) * 3 + 1 })
    }),
    { numRuns: 500 },
  )
})

test('V4: a smaller or another head is refused; what could not be written is made up for by the next', async () => {
  await live(3)
  const anchor = await openAnchor()
  const older = anchor.read()
  fails = true
  await live(3)
  fails = false
  expect((await openAnchor()).read()?.size).toBe(3)
  await live(3)
  expect((await openAnchor()).read()?.size).toBe(9)
  const newest = await openAnchor()
  if (older === null) throw new Error('Nothing was kept')
  expect(() => newest.write(older, [])).toThrow(AnchorRefused)
  const head = lastHead(t.database.db.read)
  if (head === undefined) throw new Error('Nothing is signed')
  expect(() => anchor.write({ ...head, root: Buffer.alloc(32) }, proveExtension(t.database.db.read, 3, head.size))).toThrow(
    AnchorRefused,
  )
})

test('what is no head of this vault is damage; begun anew it is kept beside; without a keychain there is no anchor', async () => {
  await live(3)
  const anchor = await openAnchor()
  anchor.startAnew()
  await settle()
  expect([...kept.keys()]).toEqual(['audit.v1.until-3'])
  expect([anchor.read(), anchor.history()]).toEqual([null, []])
  kept.set(keychainHead('v1'), Buffer.from('scrap'))
  const damaged = await openAnchor()
  expect(() => damaged.read()).toThrow(AnchorDamaged)
  expect(await openKeychainAnchor(noKeyStore('None.'), 'v1', t.publicKey)).toBeNull()
})
