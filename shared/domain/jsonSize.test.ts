import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isModestJson, jsonSize } from './jsonSize'

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}
function count(value: unknown): number {
  return typeof value !== 'object' || value === null
    ? 1
    : Object.values(value).reduce<number>((sum, item) => sum + count(item), 1)
}

describe('the size of a JSON text', () => {
  it('is told without parsing it: exactly how deep, and at least how many values', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, spread) => {
        const { depth, values } = jsonSize(JSON.stringify(value, null, spread ? 2 : 0))
        expect(depth).toBe(depthOf(value))
        expect(values).toBeGreaterThanOrEqual(count(value))
        expect(values).toBeLessThanOrEqual(2 * count(value))
      }),
    )
  })

  it('is modest up to 64 levels and two million values', () => {
    expect(isModestJson('['.repeat(64) + ']'.repeat(64))).toBe(true)
    expect(isModestJson('['.repeat(65) + ']'.repeat(65))).toBe(false)
    expect(isModestJson(`[${'1,'.repeat(1_999_998)}1]`)).toBe(true)
    expect(isModestJson(`[${'{},'.repeat(1_000_000)}1]`)).toBe(false)
    expect(isModestJson(JSON.stringify('[,{'.repeat(1_000_000)))).toBe(true)
  })
})
