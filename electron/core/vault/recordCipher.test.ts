import { createDecipheriv, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { EnvelopeError } from './envelope'
import { createRecordCipher, recordKeyPlace } from './recordCipher'
import { openRecord } from './sealer'
import { VaultError } from './vaultError'

const key = randomBytes(32)
const ring = (recordsKey: Buffer, previous: Buffer | null = null) => ({
  recordsKey: () => recordsKey,
  previousRecordsKey: () => previous,
})
const cipher = createRecordCipher('vault', ring(key))

/** Every way to write down the envelope of a value with one bit of it turned. */
function* flipped(sealed: Buffer): Generator<Buffer> {
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const copy = Buffer.from(sealed)
    copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    yield copy
  }
}

test('V2: each version has a fresh key, and neither a key nor a nonce is ever used twice', () => {
  const seen = new Set<string>()
  for (let version = 1; version <= 2000; version++) {
    const { key: own, wrapped } = cipher.create({ record: 'sec_1', version })
    const plain = openRecord(ring(key), wrapped, { vault: 'vault', ...recordKeyPlace({ record: 'sec_1', version }) })
    const values = [own.seal('a', 's/1', Buffer.from('x')), own.seal('b', 's/1', Buffer.from('x'))]
    seen.add(plain.toString('hex'))
    for (const sealed of [wrapped, ...values]) seen.add(sealed.subarray(1, 13).toString('hex'))
    own.wipe()
  }
  expect(seen.size).toBe(2000 * 4)
})

test('V3: every bit of a sealed value turned is refused', () => {
  const { key: own } = cipher.create({ record: 'sec_1', version: 1 })
  const sealed = own.seal('Password', 's/1', Buffer.from('correct horse'))
  for (const bad of flipped(sealed)) expect(() => own.open('Password', 's/1', bad)).toThrow(EnvelopeError)
})

test('V3: every bit of a wrapped key turned is refused', () => {
  const { wrapped } = cipher.create({ record: 'sec_1', version: 1 })
  for (const bad of flipped(wrapped)) {
    expect(() => cipher.unwrap(bad, { record: 'sec_1', version: 1 })).toThrow(EnvelopeError)
  }
})

test('V3: tags of 4 to 15 bytes are refused, which the engine alone would take', () => {
  const { key: own, wrapped } = cipher.create({ record: 'sec_1', version: 1 })
  const sealed = own.seal('Password', 's/1', Buffer.from('correct horse'))
  for (let tag = 4; tag <= 15; tag++) {
    const cut = 16 - tag
    expect(() => own.open('Password', 's/1', sealed.subarray(0, sealed.length - cut))).toThrow(EnvelopeError)
    expect(() => cipher.unwrap(wrapped.subarray(0, wrapped.length - cut), { record: 'sec_1', version: 1 })).toThrow(EnvelopeError)
  }
  const bare = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13), { authTagLength: 4 })
  expect(() => bare.setAuthTag(sealed.subarray(-16, -12))).not.toThrow()
})

test('V3: a value opens in its own field, schema, version, record and vault alone', () => {
  const place = { record: 'sec_1', version: 1 }
  const { key: own, wrapped } = cipher.create(place)
  const sealed = own.seal('Password', 's/1', Buffer.from('correct horse'))
  const open = (other: typeof cipher, at: typeof place, field: string, schema: string) =>
    other.unwrap(wrapped, at).open(field, schema, sealed).toString()
  expect(open(cipher, place, 'Password', 's/1')).toBe('correct horse')
  const strangers: [typeof cipher, typeof place, string, string][] = [
    [cipher, place, 'password', 's/1'],
    [cipher, place, 'Password', 's/2'],
    [cipher, { ...place, version: 2 }, 'Password', 's/1'],
    [cipher, { ...place, record: 'sec_2' }, 'Password', 's/1'],
    [createRecordCipher('other', ring(key)), place, 'Password', 's/1'],
    [createRecordCipher('vault', ring(randomBytes(32))), place, 'Password', 's/1'],
  ]
  for (const stranger of strangers) expect(() => open(...stranger)).toThrow(EnvelopeError)
})

test('V13: while keys are changed, what stands under the previous one opens too, and new keys are wrapped under the new one', () => {
  const [before, after] = [randomBytes(32), randomBytes(32)]
  const place = { record: 'sec_1', version: 1 }
  const old = createRecordCipher('vault', ring(before)).create(place)
  const sealed = old.key.seal('Key', 's/1', Buffer.from('x'))
  const between = createRecordCipher('vault', ring(after, before))
  expect(between.unwrap(old.wrapped, place).open('Key', 's/1', sealed).toString()).toBe('x')
  const fresh = between.create(place)
  expect(() => createRecordCipher('vault', ring(after)).unwrap(fresh.wrapped, place)).not.toThrow()
  expect(() => createRecordCipher('vault', ring(before)).unwrap(fresh.wrapped, place)).toThrow(EnvelopeError)
})

test('a locked vault opens nothing', () => {
  const locked = createRecordCipher('vault', {
    recordsKey: () => {
      throw new VaultError('locked')
    },
    previousRecordsKey: () => {
      throw new VaultError('locked')
    },
  })
  expect(() => locked.create({ record: 'sec_1', version: 1 })).toThrow(VaultError)
  const { wrapped } = cipher.create({ record: 'sec_1', version: 1 })
  expect(() => locked.unwrap(wrapped, { record: 'sec_1', version: 1 })).toThrow(VaultError)
})
