import { expect, test } from 'vitest'
import { z } from 'zod'
import { AppError } from '../../../shared/errors'
import { inputError, wordsOf } from './inputError'
import { parseInput } from './parseInput'

const procedure = {
  input: z.strictObject({
    name: z.string().max(5),
    code: z.string().length(3).optional(),
    kind: z.enum(['a', 'b']).optional(),
    many: z.enum(Array.from({ length: 30 }, (_, i) => `v${i}`)).optional(),
    count: z.int().min(1).max(9).optional(),
    ratio: z.number().optional(),
    on: z.boolean().optional(),
    list: z
      .array(z.strictObject({ amount: z.int() }))
      .min(1)
      .max(2)
      .optional(),
    email: z.email().optional(),
    own: z.string().regex(/^x/, { error: 'must begin with x' }).optional(),
    either: z.union([z.string(), z.int()]).optional(),
  }),
} as never

function refusal(input: unknown): AppError {
  try {
    parseInput(procedure, input)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('It was not refused')
}

test.each([
  [{}, '"name" is missing'],
  [{ name: 1 }, '"name" must be text'],
  [{ name: 'abcdef' }, '"name" must have at most 5 characters'],
  [{ name: 'a', code: 'ab' }, '"code" must have exactly 3 characters'],
  [{ name: 'a', kind: 'c' }, '"kind" must be one of: a, b'],
  [{ name: 'a', many: 'c' }, '"many" is not one of the values it may have'],
  [{ name: 'a', count: 1.5 }, '"count" must be a whole number'],
  [{ name: 'a', count: 0 }, '"count" must be at least 1'],
  [{ name: 'a', count: 10 }, '"count" must be at most 9'],
  [{ name: 'a', ratio: '1' }, '"ratio" must be a number'],
  [{ name: 'a', on: 1 }, '"on" must be true or false'],
  [{ name: 'a', list: {} }, '"list" must be a list'],
  [{ name: 'a', list: [] }, '"list" must have at least 1 items'],
  [{ name: 'a', list: [{ amount: 1 }, 2] }, '"list[1]" must be an object'],
  [{ name: 'a', list: [{ amount: 'secret value' }] }, '"list[0].amount" must be a number'],
  [{ name: 'a', email: 'secret value' }, '"email" is not written in the form it must have'],
  [{ name: 'a', own: 'y' }, '"own" must begin with x'],
  [{ name: 'a', either: true }, '"either" is not valid'],
  [{ name: 'a', more: 1, most: 2 }, 'the request does not have the field more, most'],
  [[], 'the request must be an object'],
  [undefined, 'the request is missing'],
  ['text', 'the request must be an object'],
])('%j is refused with: %s', (input, words) => {
  const { code, message, details } = refusal(input)
  expect([code, message]).toEqual(['invalid_input', `Nothing was done: ${words}.`])
  expect(JSON.stringify(details)).not.toContain('secret')
})

test('half a surrogate pair is refused wherever it stands, whole ones are text', () => {
  expect(parseInput(procedure, { name: '🔑' })).toEqual({ name: '🔑' })
  for (const input of [{ name: 'a\ud83d' }, { name: 'a', list: [{ amount: 1 }], own: 'x\udd11' }]) {
    expect(refusal(input).message).toContain('half a surrogate pair')
  }
})

test('fields sent as undefined count as not sent, as on the wire', () => {
  expect(Object.keys(parseInput(procedure, { name: 'a', code: undefined, list: undefined }))).toEqual(['name'])
})

test('an error without issues still makes a sentence', () => {
  expect(inputError({ issues: [] } as never).message).toBe('Nothing was done: the request is not valid.')
  expect(wordsOf({ code: 'custom', input: 1 } as never)).toBe('is not valid')
})
