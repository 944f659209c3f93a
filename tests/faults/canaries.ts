import { randomBytes } from 'node:crypto'
import { asText, type Patterns } from './memorySearch'

/** Values of secrets that stand nowhere else: `<head>-<number>-<tail>`, with ends that all of one run share. */
export interface Canaries {
  readonly head: string
  readonly tail: string
  readonly values: readonly string[]
  /** Each of them. */
  readonly patterns: Patterns
  /** Either end of any: an allocator overwrites the beginning of what it frees. */
  readonly ends: Patterns
}

/** @param count 1 to 100 */
export function newCanaries(count: number): Canaries {
  const [head, tail] = [`canary${randomBytes(6).toString('hex')}`, randomBytes(6).toString('hex')]
  const values = Array.from({ length: count }, (_, number) => `${head}-${String(number).padStart(2, '0')}-${tail}`)
  const patterns = new Map(values.map((value, number) => [`canary ${number}`, asText(value)]))
  return { head, tail, values, patterns, ends: new Map([['an end of a canary', [head, tail].flatMap(asText)]]) }
}
