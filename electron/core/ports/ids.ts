import { randomBytes } from 'node:crypto'

/** Prefixes name the kind of thing, so that an id in a log or a support mail explains itself. */
export type IdPrefix =
  | 'man'
  | 'biz'
  | 'cus'
  | 'inv'
  | 'pay'
  | 'ref'
  | 'app'
  | 'pol'
  | 'tok'
  | 'evt'
  | 'out'
  | 'sec'
  | 'imp'
  | 'sub'
  | 'int'
  | 'att'
  | 'pln'
  | 'pye'
  | 'anc'
  | 'bak'
  | 'fac'
  | 'gra'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

function base32(value: bigint, length: number): string {
  let text = ''
  for (let i = 0; i < length; i++) {
    text = (alphabet[Number(value & 31n)] ?? '') + text
    value >>= 5n
  }
  return text
}

let lastTime = 0
let lastRandom = 0n

/**
 * A new id: prefix, then 48 bits of time and 80 random bits in Crockford base32, as a ULID. Ids of one process sort in the order of
 * their making, also within a millisecond.
 * @param now UTC epoch milliseconds
 */
export function newId(prefix: IdPrefix, now: number): string {
  const time = Math.max(now, lastTime)
  lastRandom =
    time === lastTime && lastRandom < (1n << 80n) - 1n ? lastRandom + 1n : BigInt(`0x${randomBytes(10).toString('hex')}`)
  lastTime = time
  return `${prefix}_${base32(BigInt(time), 10)}${base32(lastRandom, 16)}`
}
