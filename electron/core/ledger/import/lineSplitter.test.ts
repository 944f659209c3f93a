import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadLine } from './importLine'
import { LineSplitter, longestLine } from './lineSplitter'

function split(bytes: Uint8Array, cuts: readonly number[]): (string | BadLine)[] {
  const splitter = new LineSplitter()
  const lines: (string | BadLine)[] = []
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  let start = 0
  for (const place of [...places, bytes.length]) {
    lines.push(...splitter.push(bytes.subarray(start, place)))
    start = place
  }
  return [...lines, ...splitter.end()]
}

describe('the splitter', () => {
  it('gives the same lines wherever the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\r', ' ') }), { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 10 }),
        fc.boolean(),
        (lines, cuts, endsWithBreak) => {
          const text = lines.join('\n') + (endsWithBreak ? '\n' : '')
          const expected = text.split('\n')
          if (expected.at(-1) === '') expected.pop()
          expect(split(Buffer.from(text), cuts)).toEqual(expected)
        },
      ),
    )
  })

  it('drops a byte order mark, at the start only', () => {
    expect(split(Buffer.from('\uFEFFa\n\uFEFFb'), [2])).toEqual(['a', '\uFEFFb'])
  })

  it('puts a line that is no UTF-8 in its place', () => {
    const bytes = Buffer.concat([Buffer.from('one\n'), Buffer.from([0x61, 0xff]), Buffer.from('\nthree\n')])
    const [first, second, third] = split(bytes, [])
    expect([first, third]).toEqual(['one', 'three'])
    expect(second).toBeInstanceOf(BadLine)
    expect(second).toMatchObject({ message: 'is not valid UTF-8', code: 'invalid_input' })
  })

  it('takes lines of exactly 1 MiB, and no longer ones', () => {
    const longest = Buffer.alloc(longestLine, 'a')
    const lengths = (lines: (string | BadLine)[]) => lines.map((line) => (typeof line === 'string' ? line.length : line.code))
    expect(lengths(split(Buffer.concat([longest, Buffer.from('\nb\n')]), []))).toEqual([longestLine, 1])
    expect(lengths(split(longest, [10, 70_000]))).toEqual([longestLine])
    expect(lengths(split(Buffer.concat([longest, Buffer.from('a\nb\n')]), []))).toEqual(['too_large', 1])
    const splitter = new LineSplitter()
    expect(splitter.push(longest)).toEqual([])
    expect(lengths(splitter.push(Buffer.from('a')))).toEqual(['too_large'])
  })

  it('has nothing to give for an empty stream', () => {
    expect(split(new Uint8Array(), [])).toEqual([])
  })
})
