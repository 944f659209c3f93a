import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { asOrdinaryUser } from '../db/testing'
import { headerFileName } from './creation'
import { authenticate, type HeaderBody, parseHeader, readHeader, verifyTag, writeHeader } from './header'
import { VaultError } from './vaultError'

const b64 = (length: number) => randomBytes(length).toString('base64')
const tagKey = randomBytes(32)
const body: HeaderBody = {
  format: 1,
  vaultId: randomBytes(16).toString('hex'),
  world: 'live',
  createdAt: 1_767_225_600_000,
  keysChangedAt: 1_767_225_600_000,
  wraps: [
    {
      kind: 'passphrase',
      id: `fac_${'0'.repeat(25)}1`,
      label: 'Passphrase',
      createdAt: 1_767_225_600_000,
      confirmedAt: null,
      kdf: { algorithm: 'argon2id', version: 19, memoryKiB: 65_536, iterations: 3, parallelism: 4, salt: b64(16) },
      sealed: b64(61),
    },
  ],
  keys: { database: b64(61), records: b64(61), audit: b64(61), tokens: b64(61), digests: b64(61) },
  auditPublicKey: b64(32),
}

let dir: string
let text: Buffer
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'countinghouse-header-'))
  writeHeader(dir, authenticate(body, tagKey))
  text = readFileSync(join(dir, headerFileName))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const kind = (kind: string) => expect.objectContaining({ kind })
const rewrite = (change: (value: Record<string, unknown>) => void): Buffer => {
  const value = JSON.parse(text.toString())
  change(value)
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
}

test('a header reads back as it was written, for the owner alone', () => {
  const header = readHeader(dir)
  expect(header).toMatchObject(body)
  expect(() => verifyTag(header, tagKey)).not.toThrow()
  expect(statSync(join(dir, headerFileName)).mode & 0o777).toBe(0o600)
})

test('the tag needs the master key', () => {
  expect(() => verifyTag(readHeader(dir), randomBytes(32))).toThrow(kind('wrong-passphrase'))
})

test('V3: every bit of the header counts: a flipped one is refused by the parser or by the tag', () => {
  let parsed = 0
  for (let bit = 0; bit < text.length * 8; bit++) {
    const changed = Buffer.from(text)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(() => {
      const header = parseHeader(changed)
      parsed++
      verifyTag(header, tagKey)
    }).toThrow(VaultError)
  }
  expect(parsed).toBeGreaterThan(500)
})

test('V3: values in each other’s place are refused by the tag', () => {
  const { tag, ...rest } = readHeader(dir)
  const swapped = { ...rest, keys: { ...rest.keys, database: rest.keys.records, records: rest.keys.database } }
  expect(() => verifyTag({ ...swapped, tag }, tagKey)).toThrow(kind('wrong-passphrase'))
})

test.each([0, 1, 100, -1, -2, -40])('a header cut at %i is damaged', (at) => {
  expect(() => parseHeader(text.subarray(0, at < 0 ? text.length + at : at))).toThrow(kind('damaged'))
})

test.each([
  ['a byte too many', () => Buffer.concat([text, Buffer.from('\n')])],
  ['another spelling', () => Buffer.from(JSON.stringify(JSON.parse(text.toString())))],
  ['a byte order mark', () => Buffer.concat([Buffer.from('\uFEFF'), text])],
  ['bytes that are no UTF-8', () => Buffer.concat([Buffer.of(0xff), text])],
  ['an unknown member', () => rewrite((value) => Object.assign(value, { extra: 1 }))],
  ['a missing member', () => rewrite((value) => Reflect.deleteProperty(value, 'auditPublicKey'))],
  ['another world', () => rewrite((value) => Object.assign(value, { world: 'both' }))],
  ['two wraps', () => rewrite((value) => Object.assign(value, { wraps: [...body.wraps, ...body.wraps] }))],
  ['no wraps', () => rewrite((value) => Object.assign(value, { wraps: [] }))],
  ['a key too short', () => rewrite((value) => Object.assign(value, { auditPublicKey: b64(31) }))],
  ['format zero', () => rewrite((value) => Object.assign(value, { format: 0 }))],
  ['half a format', () => rewrite((value) => Object.assign(value, { format: 1.5 }))],
  ['a list', () => Buffer.from('[]\n')],
  ['null', () => Buffer.from('null\n')],
])('%s is damage', (_, bytes) => {
  expect(() => parseHeader(bytes())).toThrow(kind('damaged'))
})

test('a key spelled with loose base64 bits is damage', () => {
  const loose = body.auditPublicKey.replace(/(.)=$/, (_, last: string) => `${String.fromCharCode(last.charCodeAt(0) + 1)}=`)
  expect(() => parseHeader(rewrite((value) => Object.assign(value, { auditPublicKey: loose })))).toThrow(kind('damaged'))
})

test('a newer format is told apart, whatever else it holds', () => {
  expect(() => parseHeader(Buffer.from('{"format":2,"other":true}'))).toThrow(kind('newer'))
  expect(() => parseHeader(rewrite((value) => Object.assign(value, { format: 7 })))).toThrow(kind('newer'))
})

test('a missing header is told apart; with a database beside it, it is a loss', () => {
  rmSync(join(dir, headerFileName))
  expect(() => readHeader(dir)).toThrow(kind('missing'))
  writeFileSync(join(dir, 'countinghouse.db'), 'x')
  expect(() => readHeader(dir)).toThrow(kind('damaged'))
  expect(() => readHeader(dir)).toThrow('header is missing')
})

test('a header that cannot be read, or is far too long, is told without its path', () => {
  const file = join(dir, headerFileName)
  chmodSync(file, 0o000)
  chmodSync(dir, 0o755)
  expect(() => asOrdinaryUser(() => readHeader(dir))).toThrow('permissions')
  chmodSync(file, 0o600)
  writeFileSync(file, Buffer.alloc(100_000, 0x20))
  expect(() => readHeader(dir)).toThrow(kind('damaged'))
})
