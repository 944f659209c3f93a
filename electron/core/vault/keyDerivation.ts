import { hkdfSync, randomBytes } from 'node:crypto'
import { totalmem } from 'node:os'
import { setImmediate as turn } from 'node:timers/promises'
import { hashRaw, parseOptions } from '@node-rs/argon2'
import { VaultError } from './vaultError'

/** Cost of one guess of the passphrase: Argon2id (RFC 9106), version 0x13. */
export interface KdfCost {
  readonly memoryKiB: number
  readonly iterations: number
  readonly parallelism: number
}

/** Least cost ever accepted (promise V1): 64 MiB, three passes. */
export const floorCost: KdfCost = { memoryKiB: 64 * 1024, iterations: 3, parallelism: 4 }

/** Where calibration begins (promise V1): 256 MiB, three passes, four lanes. */
const targetCost: KdfCost = { memoryKiB: 256 * 1024, iterations: 3, parallelism: 4 }

const cap: KdfCost = { memoryKiB: 1024 * 1024, iterations: 10, parallelism: 16 }

/** Bytes of salt: RFC 9106 recommends 16. */
export const saltLength = 16

const keyLength = 32
const target = { least: 500, most: 1000, middle: 750 } as const

/**
 * Refuses a cost outside the floor and the cap, before any memory is taken: a forged header must not weaken the passphrase or
 * exhaust the machine.
 * @throws VaultError 'refused-parameters'
 */
export function checkCost({ memoryKiB, iterations, parallelism }: KdfCost): void {
  const within = (value: number, least: number, most: number) => Number.isSafeInteger(value) && value >= least && value <= most
  const accepted =
    within(memoryKiB, floorCost.memoryKiB, cap.memoryKiB) &&
    within(iterations, floorCost.iterations, cap.iterations) &&
    within(parallelism, 1, cap.parallelism)
  if (!accepted) throw new VaultError('refused-parameters')
}

/**
 * The key of a passphrase: 32 bytes by Argon2id, worked out off the main thread.
 * The passphrase is normalised (Unicode NFKC), so the same words typed on another keyboard or system give the same key.
 * @param salt 16 bytes
 * @throws VaultError 'refused-parameters'
 */
export async function deriveKey(passphrase: string, salt: Uint8Array, cost: KdfCost): Promise<Buffer> {
  checkCost(cost)
  if (salt.length !== saltLength) throw new VaultError('refused-parameters')
  const text = passphrase.normalize('NFKC')
  // Memory of its own: the engine keeps small arrays among its objects, and copies them out for others to read.
  const words = Buffer.from(new ArrayBuffer(Buffer.byteLength(text)))
  words.write(text)
  try {
    return await argon2id(words, salt, cost, keyLength)
  } finally {
    words.fill(0)
    void overwriteCopies(words.length)
  }
}

/** What mimalloc gives to blocks of one size at a time, in bytes. */
const blockPage = 64 * 1024

/** Calls in a row: some milliseconds. */
const mostCalls = 200

/**
 * The library derives a key from a copy of the passphrase and frees it as it is (promise V5). Its allocator, mimalloc, uses the blocks of one
 * size in turn, so other texts of that size are given to it until they have lain in all of them.
 */
async function overwriteCopies(bytes: number): Promise<void> {
  const filler = ' '.repeat(Math.max(0, bytes - 1))
  for (let calls = Math.ceil((2 * blockPage) / Math.max(1, bytes)); calls > 0; calls -= mostCalls) {
    for (let i = 0; i < mostCalls; i++) {
      try {
        parseOptions(filler)
      } catch {
        // It reads the text, which is all that is wanted, and finds that it is no hash.
      }
    }
    await turn()
  }
}

/** Argon2id as in RFC 9106, without bounds of its own. */
export function argon2id(password: Uint8Array, salt: Uint8Array, cost: KdfCost, length: number): Promise<Buffer> {
  return hashRaw(password, {
    algorithm: 2,
    version: 1,
    memoryCost: cost.memoryKiB,
    timeCost: cost.iterations,
    parallelism: cost.parallelism,
    outputLen: length,
    salt,
  })
}

/** HKDF with SHA-256 (RFC 5869). */
export function hkdf(key: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, length))
}

/**
 * The next cost to try after one guess took `ms`, or null when `cost` is the one to keep.
 * Too slow gives up passes first and then memory, down to the floor; too fast adds passes first and then memory, up to the cap.
 */
export function nextCost(cost: KdfCost, ms: number, mostKiB: number): KdfCost | null {
  const factor = target.middle / Math.max(ms, 1)
  const toMemory = (kib: number) =>
    Math.min(Math.max(Math.floor(kib / 1024) * 1024, floorCost.memoryKiB), Math.max(mostKiB, floorCost.memoryKiB))
  if (ms > target.most) {
    if (cost.iterations > floorCost.iterations) {
      return {
        ...cost,
        iterations: Math.max(floorCost.iterations, Math.min(cost.iterations - 1, Math.floor(cost.iterations * factor))),
      }
    }
    const memoryKiB = toMemory(cost.memoryKiB * factor)
    return memoryKiB < cost.memoryKiB ? { ...cost, memoryKiB } : null
  }
  if (ms < target.least) {
    if (cost.iterations < cap.iterations) {
      return {
        ...cost,
        iterations: Math.min(cap.iterations, Math.max(cost.iterations + 1, Math.floor(cost.iterations * factor))),
      }
    }
    const memoryKiB = toMemory(cost.memoryKiB * factor)
    return memoryKiB > cost.memoryKiB ? { ...cost, memoryKiB } : null
  }
  return null
}

/** Milliseconds of one guess on this machine. */
async function measureOnce(cost: KdfCost): Promise<number> {
  const started = performance.now()
  const key = await argon2id(randomBytes(16), randomBytes(saltLength), cost, keyLength)
  key.fill(0)
  return performance.now() - started
}

/** Measurements of one calibration at most; each takes about a second. */
const mostRounds = 6

/**
 * Finds the cost at which one guess takes 0.5 to 1.0 s here (promise V1), from 256 MiB, never under the floor or over the cap,
 * and never over a quarter of the machine's memory (the floor excepted).
 * @param measure milliseconds of one derivation at a cost
 */
export async function calibrate(
  measure: (cost: KdfCost) => Promise<number> = measureOnce,
  memoryBytes = totalmem(),
): Promise<KdfCost> {
  const mostKiB = Math.min(cap.memoryKiB, Math.floor(memoryBytes / 4 / 1024))
  let cost: KdfCost = { ...targetCost, memoryKiB: Math.max(floorCost.memoryKiB, Math.min(targetCost.memoryKiB, mostKiB)) }
  for (let round = 1; round < mostRounds; round++) {
    const next = nextCost(cost, await measure(cost), mostKiB)
    if (!next) return cost
    cost = next
  }
  return cost
}
