import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decryptGcm, type EnvelopeContext, EnvelopeError, encryptGcm, envelopeOverhead, open, seal } from './envelope'

/** The figures of promise V3 in the long dose; a part of them in every run. */
const long = process.env.COUNTINGHOUSE_LONG_DOSE === '1'
const flippedRecords = long ? 1000 : 150
const encryptions = long ? 1_000_000 : 100_000

const key = randomBytes(32)
const place: EnvelopeContext = { vault: 'v1', record: 'r1', field: 'value', version: 1, schema: 'secret/1' }
const hex = (text: string) => Buffer.from(text, 'hex')

describe('official vectors', () => {
  const k = hex('feffe9928665731c6d6a8f9467308308'.repeat(2))
  const iv = hex('cafebabefacedbaddecaf888')
  const plaintext =
    'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255'
  const ciphertext =
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad'

  test.each([
    ['13', '00'.repeat(32), '00'.repeat(12), '', '', '', '530f8afbc74536b9a963b4f1c4cb738b'],
    [
      '14',
      '00'.repeat(32),
      '00'.repeat(12),
      '00'.repeat(16),
      '',
      'cea7403d4d606b6e074ec5d3baf39d18',
      'd0d1c8a799996bf0265b98b5d48ab919',
    ],
    ['15', k.toString('hex'), iv.toString('hex'), plaintext, '', ciphertext, 'b094dac5d93471bdec1a502270e3cc6c'],
    [
      '16',
      k.toString('hex'),
      iv.toString('hex'),
      plaintext.slice(0, 120),
      'feedfacedeadbeeffeedfacedeadbeefabaddad2',
      ciphertext.slice(0, 120),
      '76fc6ece0f4e1768cddf8853bb2d551b',
    ],
  ])('V3: AES-256-GCM, test case %s of the GCM specification (McGrew and Viega)', (_, keyHex, nonce, plain, aad, cipher, tag) => {
    const sealed = encryptGcm(hex(keyHex), hex(nonce), hex(plain), hex(aad))
    expect(sealed.ciphertext.toString('hex')).toBe(cipher)
    expect(sealed.tag.toString('hex')).toBe(tag)
    expect(decryptGcm(hex(keyHex), hex(nonce), hex(cipher), hex(tag), hex(aad)).toString('hex')).toBe(plain)
  })
})

test('what is sealed opens in its place', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.string(),
      fc.string(),
      fc.string(),
      fc.integer({ min: 1 }),
      (bytes, vault, record, field, version) => {
        const context = { vault, record, field, version, schema: 's' }
        const sealed = seal(key, bytes, context)
        expect(sealed.length).toBe(bytes.length + envelopeOverhead)
        expect(open(key, sealed, context).equals(bytes)).toBe(true)
      },
    ),
    { numRuns: 1000 },
  )
})

test('V3: a value of one place is refused in each of 10,000 others', () => {
  const part = fc.string({ maxLength: 6 })
  const context = fc.record({ vault: part, record: part, field: part, version: fc.integer({ min: 1, max: 3 }), schema: part })
  let swaps = 0
  fc.assert(
    fc.property(context, context, (from, to) => {
      fc.pre(JSON.stringify(Object.entries(from).sort()) !== JSON.stringify(Object.entries(to).sort()))
      swaps++
      expect(() => open(key, seal(key, Buffer.from('secret'), from), to)).toThrow(EnvelopeError)
    }),
    { numRuns: 10_000 },
  )
  expect(swaps).toBeGreaterThanOrEqual(10_000)
})

test.each([
  ['vault', { ...place, vault: 'v2' }],
  ['record', { ...place, record: 'r2' }],
  ['field', { ...place, field: 'other' }],
  ['version', { ...place, version: 2 }],
  ['schema', { ...place, schema: 'secret/2' }],
])('V3: another %s alone makes another place', (_, other) => {
  expect(() => open(key, seal(key, Buffer.from('secret'), place), other)).toThrow(EnvelopeError)
})

test('V3: moving a letter from one part of the place to its neighbour makes another place', () => {
  const sealed = seal(key, Buffer.from('secret'), { ...place, vault: 'ab', record: 'c' })
  expect(() => open(key, sealed, { ...place, vault: 'a', record: 'bc' })).toThrow(EnvelopeError)
  expect(() => open(key, sealed, { ...place, vault: '', record: 'abc' })).toThrow(EnvelopeError)
})

test(`V3: every flipped bit of ${flippedRecords} records is refused`, () => {
  let opened = 0
  let tried = 0
  for (let record = 0; record < flippedRecords; record++) {
    const context = { ...place, record: `r${record}` }
    const sealed = seal(key, randomBytes(record % 40), context)
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const at = bit >> 3
      const before = sealed[at] ?? 0
      sealed[at] = before ^ (1 << (bit & 7))
      tried++
      try {
        open(key, sealed, context)
        opened++
      } catch (error) {
        if (!(error instanceof EnvelopeError)) throw error
      }
      sealed[at] = before
    }
    expect(() => open(key, sealed, context)).not.toThrow()
  }
  expect(tried).toBeGreaterThan(flippedRecords * 300)
  expect(opened).toBe(0)
}, 60_000)

test('V3: tags of 0 to 15 and of 17 bytes are refused, also where the algorithm itself would take them', () => {
  const nonce = randomBytes(12)
  const { ciphertext, tag } = encryptGcm(key, nonce, Buffer.from('secret'), Buffer.alloc(0))
  for (let length = 0; length <= 15; length++) {
    expect(() => decryptGcm(key, nonce, ciphertext, tag.subarray(0, length), Buffer.alloc(0))).toThrow(EnvelopeError)
  }
  expect(() => decryptGcm(key, nonce, ciphertext, Buffer.concat([tag, Buffer.of(0)]), Buffer.alloc(0))).toThrow(EnvelopeError)
  expect(() => decryptGcm(key, nonce.subarray(1), ciphertext, tag, Buffer.alloc(0))).toThrow(EnvelopeError)
  expect(decryptGcm(key, nonce, ciphertext, tag, Buffer.alloc(0)).toString()).toBe('secret')
})

test('V3: a sealed value cut or lengthened anywhere is refused', () => {
  const sealed = seal(key, Buffer.from('secret'), place)
  for (let length = 0; length < sealed.length; length++) {
    expect(() => open(key, sealed.subarray(0, length), place)).toThrow(EnvelopeError)
    expect(() => open(key, sealed.subarray(sealed.length - length), place)).toThrow(EnvelopeError)
  }
  expect(() => open(key, Buffer.concat([sealed, Buffer.of(0)]), place)).toThrow(EnvelopeError)
})

test('another key is refused', () => {
  expect(() => open(randomBytes(32), seal(key, Buffer.from('secret'), place), place)).toThrow(EnvelopeError)
})

test.each([0, -1, 1.5, Number.NaN])('version %s is a mistake of the caller', (version) => {
  expect(() => seal(key, Buffer.of(1), { ...place, version })).toThrow(RangeError)
})

test(`V3: ${encryptions} encryptions use ${encryptions} nonces`, () => {
  const starts = new BigUint64Array(encryptions)
  const plaintext = Buffer.from('x')
  for (let i = 0; i < encryptions; i++) starts[i] = seal(key, plaintext, place).readBigUInt64BE(1)
  starts.sort()
  let repeated = 0
  for (let i = 1; i < encryptions; i++) if (starts[i] === starts[i - 1]) repeated++
  expect(repeated).toBe(0)
}, 120_000)
