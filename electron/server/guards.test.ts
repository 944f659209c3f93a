import { expect, test } from 'vitest'
import { jsonDepthLimit } from '../../shared/domain/jsonSize'
import { AppError } from '../../shared/errors'
import { Authenticator, badTokensPerMinute } from './authenticator'
import { assertLocalCaller, bearerOf, parseJsonBody } from './guards'

const port = 8123
function verdict(headers: Record<string, string>): string {
  try {
    assertLocalCaller(headers, port)
    return 'ok'
  } catch (error) {
    return error instanceof AppError ? error.code : 'other'
  }
}

const ours = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, `LOCALHOST:${port}`]
const foreignHosts = [
  '',
  'evil.example',
  `evil.example:${port}`,
  '127.0.0.1',
  'localhost',
  '127.0.0.1:80',
  `127.0.0.1:${port}.evil.example`,
  `0.0.0.0:${port}`,
  `127.1:${port}`,
  `user@127.0.0.1:${port}`,
  `127.0.0.1:${port}/`,
  `localhost.:${port}`,
  `2130706433:${port}`,
]
const foreignOrigins = [
  'null',
  'https://evil.example',
  `https://127.0.0.1:${port}`,
  'http://127.0.0.1',
  `http://evil.example:${port}`,
  'file://',
  'app://countinghouse',
  `http://127.0.0.1:${port}.evil.example`,
  `HTTP://127.0.0.1:${port}`,
]

test('W6: only an exact Host, no foreign Origin and no cross-site fetch pass', () => {
  let passed = 0
  let refused = 0
  for (const host of [...ours, ...foreignHosts]) {
    for (const origin of [undefined, `http://127.0.0.1:${port}`, `http://localhost:${port}`, ...foreignOrigins]) {
      for (const site of [undefined, 'none', 'same-origin', 'same-site', 'cross-site', 'made-up']) {
        const headers = {
          ...(host === '' ? {} : { host }),
          ...(origin === undefined ? {} : { origin }),
          ...(site === undefined ? {} : { 'sec-fetch-site': site }),
        }
        const good =
          ours.includes(host) &&
          (origin === undefined || !foreignOrigins.includes(origin)) &&
          (site === undefined || site === 'none' || site === 'same-origin')
        const result = verdict(headers)
        if (good) {
          expect(result, JSON.stringify(headers)).toBe('ok')
          passed++
        } else {
          expect(result, JSON.stringify(headers)).toBe(ours.includes(host) ? 'forbidden' : 'misdirected')
          refused++
        }
      }
    }
  }
  expect(passed).toBe(4 * 3 * 3)
  expect(refused).toBeGreaterThan(1000)
})

test('a bearer token is read only from a well-formed Authorization header', () => {
  expect(bearerOf({ authorization: 'Bearer abc.DEF-1_2' })).toBe('abc.DEF-1_2')
  for (const authorization of [
    '',
    'abc',
    'Basic abc',
    'Bearer',
    'Bearer ',
    'bearer abc',
    'Bearer a b',
    `Bearer ${'x'.repeat(600)}`,
    'Bearer a\nb',
  ]) {
    expect(bearerOf({ authorization }), authorization.slice(0, 20)).toBeNull()
  }
  expect(bearerOf({})).toBeNull()
})

test('W5: a body that is empty, not UTF-8, not JSON or nested too deep is refused with words', () => {
  const nested = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth))
  expect(parseJsonBody(nested(jsonDepthLimit))).toBeTruthy()
  const bad = [
    Buffer.alloc(0),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('{'),
    Buffer.from('nope'),
    nested(jsonDepthLimit + 1),
    nested(100_000),
  ]
  for (const body of bad) expect(() => parseJsonBody(body)).toThrow(AppError)
  expect(parseJsonBody(Buffer.from('{"a":"[[[[\\"[["}'))).toEqual({ a: '[[[["[[' })
  expect(() => parseJsonBody(Buffer.from('{"b":{"__proto__":{"a":1}}}'))).toThrow('there is no field __proto__')
})

test('W10: wrong tokens are counted per minute, missing ones are not, and a right one passes in the middle of a flood', () => {
  let now = 1_000_000
  const owner = { name: 'owner', scopes: new Set<never>() } as const
  const helper = { name: 'token:tok_1', scopes: new Set<never>() } as const
  const door = new Authenticator({
    ownerToken: 'the-owner',
    owner,
    find: (token) => (token === 'scoped' ? helper : null),
    clock: { now: () => now },
  })
  for (let i = 0; i < 50; i++) expect(door.authenticate(null).kind).toBe('missing')
  for (let i = 0; i < badTokensPerMinute; i++) expect(door.authenticate(`wrong-${i}`).kind).toBe('wrong')
  expect(door.authenticate('wrong')).toEqual({ kind: 'throttled', first: true })
  expect(door.authenticate('wrong')).toEqual({ kind: 'throttled', first: false })
  expect(door.authenticate('the-owner')).toEqual({ kind: 'actor', actor: owner })
  expect(door.authenticate('scoped')).toEqual({ kind: 'actor', actor: helper })
  now += 60_000
  expect(door.authenticate('wrong').kind).toBe('wrong')
})
