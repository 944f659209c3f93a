import { describe, expect, it } from 'vitest'
import { bytesText } from './bytesText'

describe('bytesText', () => {
  it('uses decimal units with one digit after the point', () => {
    expect([0, 999, 1000, 12_345_678, 5e15].map(bytesText)).toEqual(['0 B', '999 B', '1.0 KB', '12.3 MB', '5000.0 TB'])
  })
})
