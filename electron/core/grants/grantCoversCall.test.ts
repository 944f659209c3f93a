import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { httpMethods } from '../../../shared/contract/grants'
import {
  type CallLimits,
  grantCoversCall,
  grantCoversTime,
  hostMatches,
  isPlainPath,
  pathMatches,
  type WantedCall,
} from './grantCoversCall'

const limits: CallLimits = {
  actions: ['use'],
  secretIds: ['sec_a'],
  hosts: ['api.example.com'],
  methods: ['GET'],
  paths: ['/v1/*'],
}
const call: WantedCall = {
  secretId: 'sec_a',
  method: 'GET',
  host: 'api.example.com',
  port: 443,
  path: '/v1/charges',
  headers: ['accept'],
}

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/)
const host = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'))
const path = fc.array(fc.stringMatching(/^[A-Za-z0-9_~-]{1,8}$/), { maxLength: 4 }).map((segments) => `/${segments.join('/')}`)
const secretIds = ['sec_a', 'sec_b', 'sec_c']
const anyCall: fc.Arbitrary<WantedCall> = fc.record({
  secretId: fc.constantFrom(...secretIds),
  method: fc.constantFrom(...httpMethods),
  host,
  port: fc.constant(443),
  path,
  headers: fc.subarray(['accept', 'authorization', 'x-custom']),
})
/** Limits that cover the call, drawn around it. */
function limitsAround(wanted: WantedCall): fc.Arbitrary<CallLimits> {
  const below = `*.${wanted.host.split('.').slice(1).join('.')}`
  const prefix = `${wanted.path.slice(0, wanted.path.length >> 1)}*`
  return fc.record({
    actions: fc.constantFrom<CallLimits['actions']>(['use'], ['use', 'reveal']),
    secretIds: fc.subarray(secretIds).map((ids) => [...new Set([...ids, wanted.secretId])]),
    hosts: fc
      .tuple(fc.array(host, { maxLength: 2 }), fc.constantFrom(wanted.host, below))
      .map(([others, own]) => [...others, own]),
    methods: fc.subarray([...httpMethods]).map((some) => (some.length === 0 ? [] : [...some, wanted.method as 'GET'])),
    paths: fc.constantFrom([], [wanted.path], [prefix], ['/elsewhere', wanted.path]),
  })
}

describe('W9: a grant and a call', () => {
  test('every limit by itself keeps a call out that all others let through', () => {
    const around = anyCall.chain((wanted) => fc.tuple(fc.constant(wanted), limitsAround(wanted)))
    fc.assert(
      fc.property(around, ([wanted, given]) => {
        expect(grantCoversCall(given, wanted)).toBeNull()
        const other = httpMethods.find((method) => method !== wanted.method) ?? 'GET'
        const closed: CallLimits[] = [
          { ...given, actions: ['reveal'] },
          { ...given, secretIds: given.secretIds.filter((id) => id !== wanted.secretId) },
          { ...given, hosts: [] },
          { ...given, hosts: [`x${wanted.host}`, `*.x${wanted.host}`, `*.${wanted.host}`] },
          { ...given, methods: [other] },
          { ...given, paths: [`${wanted.path}x`, `${wanted.path}/y*`] },
        ]
        for (const less of closed) expect(grantCoversCall(less, wanted)).toMatch(/^this grant does not cover/)
        expect(grantCoversCall(given, { ...wanted, port: 8443 })).toBe('this grant covers port 443 alone')
        for (const wayOut of ['x-http-method-override', 'x-http-method', 'x-method-override', 'x-original-url', 'range']) {
          expect(grantCoversCall(given, { ...wanted, headers: [...wanted.headers, wayOut] })).toMatch(
            /could lead out of the grant$/,
          )
        }
      }),
      { numRuns: 2_000 },
    )
  })

  test('a suffix covers the hosts below it and nothing that only looks like them', () => {
    fc.assert(
      fc.property(host, label, (name, sub) => {
        expect(hostMatches(`*.${name}`, `${sub}.${name}`)).toBe(true)
        expect(hostMatches(`*.${name}`, `a.${sub}.${name}`)).toBe(true)
        expect(hostMatches(`*.${name}`, name)).toBe(false)
        expect(hostMatches(`*.${name}`, `${sub}${name}`)).toBe(false)
        expect(hostMatches(`*.${name}`, `${sub}.${name}.evil.example`)).toBe(false)
        expect(hostMatches(name, `${sub}.${name}`)).toBe(false)
      }),
    )
  })

  test('an exact path covers itself, a prefix what begins with it', () => {
    expect(pathMatches('/v1/charges', '/v1/charges')).toBe(true)
    expect(pathMatches('/v1/charges', '/v1/charges/ch_1')).toBe(false)
    expect(pathMatches('/v1/*', '/v1/charges/ch_1')).toBe(true)
    expect(pathMatches('/v1/*', '/v1')).toBe(false)
    expect(pathMatches('/v1/*', '/v10/charges')).toBe(false)
    expect(pathMatches('/*', '/')).toBe(true)
  })

  test.each([
    '/v1/../admin',
    '/v1/..%2fadmin',
    '/v1/%2e%2e/admin',
    '/v1/.%2E/admin',
    '/v1/..;/admin',
    '/v1//admin',
    '/v1/%5cadmin',
    '/v1/%252e%252e/admin',
    '/v1/.',
    '/v1/..',
    '/v1/a;b',
    '/v1\\..\\admin',
  ])('where paths are limited, %s is not plain enough', (odd) => {
    expect(isPlainPath(odd)).toBe(false)
    expect(grantCoversCall(limits, { ...call, path: odd })).toMatch(/encoded slashes/)
    expect(grantCoversCall({ ...limits, paths: [] }, { ...call, path: odd })).toBeNull()
  })

  test('plain paths stay plain', () => {
    fc.assert(fc.property(path, (plain) => isPlainPath(plain)))
    for (const plain of ['/v1/a.b', '/v1/...', '/v1/a%20b', '/', '/v1/~x', '/v1/a..b']) expect(isPlainPath(plain)).toBe(true)
  })
})

describe('a grant and the clock on the wall', () => {
  const at = (weekday: number, time: string) => ({ weekday, time })

  test('no hours and no weekdays: always', () => {
    expect(grantCoversTime({ hours: null, weekdays: [] }, at(7, '03:00'))).toBe(true)
  })

  test('hours hold their beginning and not their end', () => {
    const given = { hours: { from: '09:00', to: '17:30' }, weekdays: [] }
    expect(['08:59', '09:00', '17:29', '17:30'].map((time) => grantCoversTime(given, at(3, time)))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  test('hours that pass midnight belong to the day on which they began', () => {
    const night = { hours: { from: '22:00', to: '06:00' }, weekdays: [5, 7] }
    const covered = [at(5, '22:00'), at(6, '05:59'), at(7, '23:00'), at(1, '00:30')]
    const not = [at(5, '21:59'), at(5, '05:00'), at(6, '06:00'), at(6, '23:00'), at(7, '00:30'), at(1, '22:30')]
    expect(covered.map((moment) => grantCoversTime(night, moment))).toEqual([true, true, true, true])
    expect(not.map((moment) => grantCoversTime(night, moment))).toEqual([false, false, false, false, false, false])
  })

  test('over a whole week, hours cover exactly as many minutes as they are long on each of their days', () => {
    const minute = fc.integer({ min: 0, max: 1439 })
    const clock = (m: number) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`
    fc.assert(
      fc.property(minute, minute, fc.subarray([1, 2, 3, 4, 5, 6, 7]), (from, to, weekdays) => {
        fc.pre(from !== to)
        const given = { hours: { from: clock(from), to: clock(to) }, weekdays }
        let covered = 0
        for (let m = 0; m < 7 * 1440; m++) {
          if (grantCoversTime(given, at(Math.floor(m / 1440) + 1, clock(m % 1440)))) covered += 1
        }
        expect(covered).toBe(((to - from + 1440) % 1440) * (weekdays.length || 7))
      }),
      { numRuns: 25 },
    )
  })
})
