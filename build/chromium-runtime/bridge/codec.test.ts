import { describe, expect, it } from 'vitest'
import { createCodec } from './codec.ts'

const codec = createCodec()
const roundTrip = (value: unknown) => codec.decode(codec.encode(value))

describe('codec', () => {
  const values: [string, unknown][] = [
    ['null', null],
    ['undefined', undefined],
    ['text with surrogates', 'a\u2028\u{1f600}\0'],
    ['negative zero', -0],
    ['infinities and NaN', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]],
    ['a big integer', 2n ** 70n],
    ['a date', new Date('2026-03-29T01:30:00Z')],
    ['an invalid date', new Date(Number.NaN)],
    ['a regular expression', /a\/b/giu],
    ['a map of maps', new Map<unknown, unknown>([[{ key: 1 }, new Map([[1, 'one']])]])],
    ['a set', new Set([1, 'two', undefined])],
    ['bytes', new Uint8Array([0, 1, 255])],
    ['big integers in an array', new BigInt64Array([1n, -1n])],
    ['an array buffer', new Uint16Array([1, 2]).buffer],
    ['nested records', { list: [1, { deep: [undefined, null] }], empty: {} }],
    ['an object with the key of the format', { $: 'u', v: [{ $: 1 }] }],
    ['text that looks like the format', '{"$":"u"}'],
    ['a __proto__ key', JSON.parse('{"__proto__": {"polluted": true}}')],
  ]
  it.each(values)('carries %s', (_name, value) => {
    expect(roundTrip(value)).toStrictEqual(value)
  })

  it('carries 100,000 bytes', () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251)
    expect(roundTrip(bytes)).toStrictEqual(bytes)
  })

  it('carries a part of a buffer as a part of that buffer', () => {
    const { buffer } = new Uint8Array([1, 2, 3, 4])
    const copy = roundTrip([new Uint8Array(buffer, 1, 2), new DataView(buffer, 2)]) as [Uint8Array, DataView]
    expect([...copy[0]]).toEqual([2, 3])
    expect(copy[1].getUint8(0)).toBe(3)
    expect(copy[1].buffer).toBe(copy[0].buffer)
  })

  it('keeps shared and cyclic references', () => {
    const shared = { name: 'shared' }
    const cyclic: Record<string, unknown> = { first: shared, second: shared }
    cyclic.self = cyclic
    const copy = roundTrip(cyclic) as Record<string, unknown>
    expect(copy.self).toBe(copy)
    expect(copy.first).toBe(copy.second)
  })

  it('keeps the kind, message and stack of errors, and drops what else they carry', () => {
    const copy = roundTrip(Object.assign(new RangeError('too far'), { secret: 1 })) as RangeError & { secret?: number }
    expect(copy).toBeInstanceOf(RangeError)
    expect(copy.message).toBe('too far')
    expect(copy.stack).toContain('codec.test')
    expect(copy.secret).toBeUndefined()
  })

  it('copies what an instance of a class owns, without its prototype', () => {
    class Point {
      x = 1
      #y = 2
      sum() {
        return this.x + this.#y
      }
    }
    expect(roundTrip(new Point())).toStrictEqual({ x: 1 })
  })

  const refused: [string, unknown][] = [
    ['a function', () => {}],
    ['a function inside', { list: [() => {}] }],
    ['a symbol', Symbol('x')],
    ['a promise', Promise.resolve()],
    ['a weak map', new WeakMap()],
  ]
  it.each(refused)('refuses %s', (_name, value) => {
    expect(() => codec.encode(value)).toThrow('An object could not be cloned.')
  })

  it('refuses more than 1000 levels', () => {
    let deep: unknown = 1
    for (let level = 0; level < 1001; level += 1) deep = [deep]
    expect(() => codec.encode(deep)).toThrow('An object could not be cloned.')
    expect(() => codec.encode((deep as unknown[])[0])).not.toThrow()
  })

  it('lets functions travel as tokens', () => {
    const text = codec.encode({ run: roundTrip }, (value) => (value === roundTrip ? 'f7' : undefined))
    expect(codec.decode(text, (token) => `token ${token}`)).toEqual({ run: 'token f7' })
  })
})
