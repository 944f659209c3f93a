import { describe, expect, test } from 'vitest'
import { argon2id, calibrate, checkCost, deriveKey, floorCost, hkdf, type KdfCost, nextCost } from './keyDerivation'
import { VaultError } from './vaultError'

const hex = (text: string) => Buffer.from(text, 'hex')
const refused = expect.objectContaining({ kind: 'refused-parameters' })

describe('official vectors', () => {
  // RFC 9106 and the reference program, as collected in pyca/cryptography. Its case 0 needs associated data, which the binding lacks.
  test.each([
    [1, '', '02'.repeat(16), 32, 3, 4, '0a34f1abde67086c82e785eaf17c68382259a264f4e61b91cd2763cb75ac189a'],
    [2, '01'.repeat(32), '02'.repeat(16), 32, 3, 4, '03aab965c12001c9d7d0d2de33192c0494b684bb148196d73c1df1acaf6d0c2e'],
    [
      3,
      '70617373776f7264',
      '7079636173616c74',
      131_072,
      1,
      2,
      'e9e42714a15947f6ce1fdabbb667dfc9fd1af7c473f021cc3402506bfa7750533f33aa44e3aebcf336680f4a2bdc371758574ad48470f05a9ee2ffd70c150b4c',
    ],
    [4, '70617373776f7264', '7079636173616c74', 50, 4, 4, 'e469b777841e543f'],
    [5, '70617373776f7264', '7079636173616c74', 8, 1, 1, '009c7809'],
  ])('V1: Argon2id (RFC 9106), case %i', async (_, password, salt, memoryKiB, iterations, parallelism, output) => {
    const key = await argon2id(hex(password), hex(salt), { memoryKiB, iterations, parallelism }, output.length / 2)
    expect(key.toString('hex')).toBe(output)
  })

  test.each([
    [
      1,
      '0b'.repeat(22),
      '000102030405060708090a0b0c',
      'f0f1f2f3f4f5f6f7f8f9',
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    ],
    [
      2,
      Buffer.from(Array.from({ length: 80 }, (_, i) => i)).toString('hex'),
      Buffer.from(Array.from({ length: 80 }, (_, i) => 0x60 + i)).toString('hex'),
      Buffer.from(Array.from({ length: 80 }, (_, i) => 0xb0 + i)).toString('hex'),
      'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
    ],
    [3, '0b'.repeat(22), '', '', '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8'],
  ])('HKDF with SHA-256 (RFC 5869), case %i', (_, ikm, salt, info, okm) => {
    expect(hkdf(hex(ikm), hex(salt), hex(info), okm.length / 2).toString('hex')).toBe(okm)
  })
})

describe('bounds', () => {
  const atFloor = { memoryKiB: 65_536, iterations: 3, parallelism: 1 }
  const atCap = { memoryKiB: 1_048_576, iterations: 10, parallelism: 16 }

  test('V1: the floor is 64 MiB and 3 passes, the cap 1 GiB and 10', () => {
    expect(floorCost).toMatchObject({ memoryKiB: 64 * 1024, iterations: 3 })
    expect(() => checkCost(atFloor)).not.toThrow()
    expect(() => checkCost(atCap)).not.toThrow()
  })

  test.each([
    [{ ...atFloor, memoryKiB: atFloor.memoryKiB - 1 }],
    [{ ...atFloor, iterations: 2 }],
    [{ ...atFloor, parallelism: 0 }],
    [{ ...atCap, memoryKiB: atCap.memoryKiB + 1 }],
    [{ ...atCap, iterations: 11 }],
    [{ ...atCap, parallelism: 17 }],
    [{ ...atFloor, iterations: 3.5 }],
    [{ ...atFloor, memoryKiB: Number.NaN }],
    [{ ...atFloor, memoryKiB: Number.POSITIVE_INFINITY }],
  ])('V1: %o is refused', (cost) => {
    expect(() => checkCost(cost)).toThrow(refused)
  })

  test('V1: 200 costs outside are refused before any memory is taken', async () => {
    const before = process.memoryUsage().rss
    for (let i = 0; i < 100; i++) {
      const over: KdfCost = { memoryKiB: 2 ** 32 - 1 - i, iterations: 3, parallelism: 4 }
      const under: KdfCost = { memoryKiB: 65_535 - i, iterations: 3, parallelism: 4 }
      await expect(deriveKey('words', Buffer.alloc(16), over)).rejects.toThrow(refused)
      await expect(deriveKey('words', Buffer.alloc(16), under)).rejects.toThrow(refused)
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
  })

  test('a salt of another length is refused', async () => {
    await expect(deriveKey('words', Buffer.alloc(15), floorCost)).rejects.toThrow(VaultError)
  })

  test('the same words in another Unicode spelling give the same key', async () => {
    const salt = Buffer.alloc(16, 7)
    const composed = await deriveKey('café Ångström', salt, floorCost)
    const decomposed = await deriveKey('cafe\u0301 A\u030angstro\u0308m', salt, floorCost)
    const other = await deriveKey('cafe Angstrom', salt, floorCost)
    expect(composed).toHaveLength(32)
    expect(decomposed.equals(composed)).toBe(true)
    expect(other.equals(composed)).toBe(false)
  })
})

describe('calibration', () => {
  const gib = 1024 ** 3
  /** A machine on which one pass over one MiB takes `msPerMiB`. */
  const machine = (msPerMiB: number) => async (cost: KdfCost) => (cost.memoryKiB / 1024) * cost.iterations * msPerMiB
  const time = (cost: KdfCost, msPerMiB: number) => (cost.memoryKiB / 1024) * cost.iterations * msPerMiB

  test('V1: it begins at 256 MiB with three passes and keeps that when it takes 0.5 to 1.0 s', async () => {
    expect(await calibrate(machine(0.9), 16 * gib)).toEqual({ memoryKiB: 262_144, iterations: 3, parallelism: 4 })
  })

  test.each([0.12, 0.2, 0.4, 0.5, 0.65, 1.0, 1.3, 1.5, 2, 3, 4, 5])(
    'V1: at %f ms a MiB it ends between 0.5 and 1.0 s',
    async (speed) => {
      const cost = await calibrate(machine(speed), 16 * gib)
      expect(() => checkCost(cost)).not.toThrow()
      expect(time(cost, speed)).toBeGreaterThanOrEqual(500)
      expect(time(cost, speed)).toBeLessThanOrEqual(1000)
    },
  )

  test('V1: a slow machine ends at the floor, a fast one at the cap, never beyond', async () => {
    expect(await calibrate(machine(100), 16 * gib)).toMatchObject({ memoryKiB: 65_536, iterations: 3 })
    const fast = await calibrate(machine(0.001), 64 * gib)
    expect(fast).toMatchObject({ memoryKiB: 1_048_576, iterations: 10 })
    expect(() => checkCost(fast)).not.toThrow()
  })

  test('no more than a quarter of the memory is taken, the floor excepted', async () => {
    expect((await calibrate(machine(0.9), gib / 2)).memoryKiB).toBe(131_072)
    expect((await calibrate(machine(0.001), 2 * gib)).memoryKiB).toBe(524_288)
    expect((await calibrate(machine(0.9), gib / 16)).memoryKiB).toBe(65_536)
  })

  test('a machine whose times jump about still gets an accepted cost after few measurements', async () => {
    let measurements = 0
    const cost = await calibrate(async () => (measurements++ % 2 === 0 ? 100 : 5000), 16 * gib)
    expect(measurements).toBeLessThanOrEqual(6)
    expect(() => checkCost(cost)).not.toThrow()
  })

  test('passes given too many are taken back before memory is', () => {
    expect(nextCost({ memoryKiB: 262_144, iterations: 8, parallelism: 4 }, 2000, 2 ** 20)).toMatchObject({
      memoryKiB: 262_144,
      iterations: 3,
    })
  })

  test('V1: on this machine it measures real derivations and ends within the bounds', async () => {
    const cost = await calibrate()
    expect(() => checkCost(cost)).not.toThrow()
    expect(cost.parallelism).toBe(4)
  }, 60_000)
})
