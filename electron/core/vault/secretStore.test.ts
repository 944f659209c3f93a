import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sql } from '../db'
import { openTestDatabase, type TestDatabase } from '../db/testing'
import { EnvelopeError, open } from './envelope'
import { createSecretStore, type SecretStore } from './secretStore'
import { VaultError } from './vaultError'

let t: TestDatabase
let store: SecretStore
let key: Buffer
let time: number
beforeEach(() => {
  t = openTestDatabase()
  key = randomBytes(32)
  time = 1000
  store = createSecretStore(
    'vault-1',
    () => key,
    () => time,
  )
})
afterEach(() => t.cleanup())

const put = (value = 'rk_test_123', label = 'Stripe') =>
  t.db.write((w) => store.put(w, { businessId: null, kind: 'stripe.secretKey', label, value: Buffer.from(value) }))
const read = (id: string) => store.read(t.db.read, id).toString()
const sealedOf = (id: string) =>
  t.db.read.get<{ sealed: Buffer }>(sql`SELECT sealed FROM secret WHERE id = ${id}`)?.sealed ?? Buffer.alloc(0)

test('a secret is stored, listed without its value, read, replaced and removed', () => {
  const info = put()
  expect(info).toEqual({
    id: expect.stringMatching(/^sec_/),
    businessId: null,
    kind: 'stripe.secretKey',
    label: 'Stripe',
    version: 1,
    createdAt: 1000,
    updatedAt: 1000,
  })
  expect(read(info.id)).toBe('rk_test_123')
  time = 2000
  const changed = t.db.write((w) =>
    store.replace(w, info.id, { value: Buffer.from('rk_test_456'), version: 1, label: 'Stripe (new)' }),
  )
  expect(changed).toEqual({ ...info, label: 'Stripe (new)', version: 2, updatedAt: 2000 })
  expect(read(info.id)).toBe('rk_test_456')
  const kept = t.db.write((w) => store.replace(w, info.id, { value: Buffer.alloc(0), version: 2 }))
  expect(kept.label).toBe('Stripe (new)')
  expect(read(info.id)).toBe('')
  expect(store.list(t.db.read, null)).toEqual([kept])
  expect(store.list(t.db.read, 'biz_other')).toEqual([])
  t.db.write((w) => store.remove(w, info.id))
  expect(store.list(t.db.read, null)).toEqual([])
})

test('it is still there after a restart', () => {
  const { id } = put()
  t.reopen()
  expect(read(id)).toBe('rk_test_123')
})

test('V14: neither the row nor the file holds the value', () => {
  const value = 'sk_canary_0123456789abcdef'
  const { id } = put(value)
  expect(sealedOf(id).includes(value)).toBe(false)
  t.db.checkpoint()
  expect(readFileSync(t.file).includes(value)).toBe(false)
})

test('a missing secret, and a stale version, are told and change nothing', () => {
  const { id } = put()
  const missing = expect.objectContaining({ code: 'not_found' })
  expect(() => store.read(t.db.read, 'sec_none')).toThrow(missing)
  expect(() => store.info(t.db.read, 'sec_none')).toThrow(missing)
  expect(() => t.db.write((w) => store.remove(w, 'sec_none'))).toThrow(missing)
  expect(() => t.db.write((w) => store.replace(w, 'sec_none', { value: Buffer.alloc(1), version: 1 }))).toThrow(missing)
  expect(() => t.db.write((w) => store.replace(w, id, { value: Buffer.from('x'), version: 2 }))).toThrow(
    expect.objectContaining({ code: 'conflict' }),
  )
  expect(read(id)).toBe('rk_test_123')
})

test('locked: no secret is read or written', () => {
  const { id } = put()
  const locked = createSecretStore(
    'vault-1',
    () => {
      throw new VaultError('locked')
    },
    () => time,
  )
  expect(() => locked.read(t.db.read, id)).toThrow(expect.objectContaining({ code: 'locked' }))
  expect(() => t.db.write((w) => locked.replace(w, id, { value: Buffer.from('x'), version: 1 }))).toThrow('locked')
  expect(locked.info(t.db.read, id).version).toBe(1)
  expect(read(id)).toBe('rk_test_123')
})

test('V3: ciphertexts swapped between rows, versions and vaults are refused', () => {
  const ids = Array.from({ length: 60 }, (_, i) => put(`value ${i}`).id)
  const sealed = ids.map(sealedOf)
  let refused = 0
  t.db.write((w) => {
    ids.forEach((id, at) => {
      sealed.forEach((foreign, from) => {
        if (at === from) return
        w.run(sql`UPDATE secret SET sealed = ${foreign}, version = version + 1 WHERE id = ${id}`)
        expect(() => store.read(w, id)).toThrow(EnvelopeError)
        refused++
      })
    })
  })
  expect(refused).toBe(60 * 59)
  const { id } = put('first')
  const old = sealedOf(id)
  t.db.write((w) => store.replace(w, id, { value: Buffer.from('second'), version: 1 }))
  t.db.write((w) => w.run(sql`UPDATE secret SET sealed = ${old}, version = 3 WHERE id = ${id}`))
  expect(() => read(id)).toThrow(EnvelopeError)
  const other = createSecretStore(
    'vault-2',
    () => key,
    () => time,
  )
  const mine = put('mine')
  expect(() => other.read(t.db.read, mine.id)).toThrow(EnvelopeError)
})

test('V3: a flipped bit or a cut anywhere in a sealed secret is refused', () => {
  const { id } = put('value')
  const sealed = sealedOf(id)
  let version = 1
  const tryWith = (bytes: Buffer) => {
    t.db.write((w) => {
      w.run(sql`UPDATE secret SET sealed = ${bytes}, version = ${++version} WHERE id = ${id}`)
    })
    expect(() => read(id)).toThrow(EnvelopeError)
  }
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    tryWith(changed)
  }
  for (const length of [29, 60, 61, 62, sealed.length - 1]) tryWith(sealed.subarray(0, length))
})

test('V2: each version is sealed under a key of its own', () => {
  const keyOf = (id: string, version: number) =>
    open(key, sealedOf(id).subarray(0, 61), { vault: 'vault-1', record: id, field: 'key', version, schema: 'secret/1' }).toString(
      'hex',
    )
  const first = put('same')
  const second = put('same')
  const keys = [keyOf(first.id, 1), keyOf(second.id, 1)]
  t.db.write((w) => store.replace(w, first.id, { value: Buffer.from('same'), version: 1 }))
  keys.push(keyOf(first.id, 2))
  expect(new Set([...keys, key.toString('hex'), '00'.repeat(32)]).size).toBe(5)
})

test('the database refuses to change what a secret is, to skip a version, or to lead it to another business', () => {
  const { id } = put()
  const attempts = [
    sql`UPDATE secret SET id = 'sec_other', version = version + 1 WHERE id = ${id}`,
    sql`UPDATE secret SET kind = 'other', version = version + 1 WHERE id = ${id}`,
    sql`UPDATE secret SET created_at = 1, version = version + 1 WHERE id = ${id}`,
    sql`UPDATE secret SET label = 'x' WHERE id = ${id}`,
    sql`UPDATE secret SET version = version + 2 WHERE id = ${id}`,
    sql`UPDATE secret SET sealed = x'00', version = version + 1 WHERE id = ${id}`,
    sql`INSERT INTO secret (id, business_id, kind, label, version, sealed, created_at, updated_at)
      VALUES ('sec_x', 'biz_none', 'k', 'l', 1, zeroblob(100), 1, 1)`,
  ]
  for (const attempt of attempts) expect(() => t.db.write((w) => w.run(attempt))).toThrow(/constraint|identity/i)
  expect(read(id)).toBe('rk_test_123')
})
