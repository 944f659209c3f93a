import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contract } from '../../shared/contract/index'
import { type LiveApp, openLiveApp, ownerToken } from '../../tests/support/liveApp'
import { pipeline, rawRequest, sendRaw } from '../../tests/support/rawHttp'
import { badTokensPerMinute } from './authenticator'

let live: LiveApp
let port: number
let narrowToken: string
let readerToken: string

beforeAll(async () => {
  live = await openLiveApp()
  port = Number(new URL(live.url).port)
  const make = (scopes: ('vault:read' | 'rates:read')[]) =>
    live.run('tokens.create', { name: scopes.join(), scopes, expiresInHours: 1 }).then((made) => made.token)
  narrowToken = await make(['rates:read'])
  readerToken = await make(['vault:read'])
})
afterAll(() => live.close())

const owner = ['Authorization', `Bearer ${ownerToken}`] as const
const json = ['Content-Type', 'application/json'] as const
const host = () => ['Host', `127.0.0.1:${port}`] as const
const pathOf = (name: string) => `/api/v1/${name.replace('.', '/')}`

/** A door of its own on the same app, with a counter of wrong tokens of its own. */
async function withOwnDoor<T>(use: (ownPort: number) => Promise<T>): Promise<T> {
  const door = await live.app.openApiDoor(0, ownerToken)
  try {
    return await use(door.port)
  } finally {
    await door.close()
  }
}

describe('who may come in', () => {
  test('W6: of every mix of Host, Origin, Sec-Fetch-Site, method and token only the listed ones get 200', async () => {
    await withOwnDoor(async (own) => {
      const hosts = [
        ...[`127.0.0.1:${own}`, `localhost:${own}`, `[::1]:${own}`, `LocalHost:${own}`].map((name) => [name, true] as const),
        ...[
          null,
          '',
          '127.0.0.1',
          'localhost',
          `127.0.0.1:${own + 1}`,
          `0.0.0.0:${own}`,
          `127.1:${own}`,
          `2130706433:${own}`,
          `0x7f.1:${own}`,
          `localhost.:${own}`,
          `evil.example:${own}`,
          `127.0.0.1:${own}.evil.example`,
          `user@127.0.0.1:${own}`,
          `127.0.0.1:${own}, evil.example`,
          `[::]:${own}`,
          `countinghouse.localhost:${own}`,
        ].map((name) => [name, false] as const),
      ]
      const origins = [
        ...[null, `http://127.0.0.1:${own}`, `http://localhost:${own}`, `http://[::1]:${own}`].map(
          (name) => [name, true] as const,
        ),
        ...[
          'null',
          'https://evil.example',
          `https://127.0.0.1:${own}`,
          'http://127.0.0.1',
          `http://127.0.0.1:${own}.evil.example`,
          'file://',
          'app://countinghouse',
          'chrome-extension://abcdefgh',
        ].map((name) => [name, false] as const),
      ]
      const sites = [
        [null, true],
        ['none', true],
        ['same-origin', true],
        ['same-site', false],
        ['cross-site', false],
      ] as const
      const methods = ['POST', 'GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
      const tokens = [
        [null, [401]],
        ['Bearer not-a-token-of-this-vault', [401, 429]],
        [`Bearer ${narrowToken}`, [403]],
        [`Bearer ${ownerToken}`, [200]],
      ] as const

      const cases: { request: string; wanted: readonly number[]; bodyless: boolean }[] = []
      for (const [hostName, ours] of hosts)
        for (const [origin, homely] of origins)
          for (const [site, near] of sites)
            for (const method of methods)
              for (const [token, answers] of tokens) {
                const headers = [
                  ...(hostName === null ? [] : [['Host', hostName] as const]),
                  ...(origin === null ? [] : [['Origin', origin] as const]),
                  ...(site === null ? [] : [['Sec-Fetch-Site', site] as const]),
                  ...(token === null ? [] : [['Authorization', token] as const]),
                  json,
                ]
                const routed = method === 'POST' || answers[0] === 401 ? answers : [404]
                const wanted = !ours ? [421] : !homely || !near ? [403] : routed
                const request = rawRequest({ method, path: '/api/v1/vault/status', headers, body: '{}', keepAlive: true })
                cases.push({ request, wanted, bodyless: method === 'HEAD' })
              }
      expect(cases).toHaveLength(20 * 12 * 5 * 7 * 4)

      let passed = 0
      const wrong: string[] = []
      for (let from = 0; from < cases.length; from += 500) {
        const batch = cases.slice(from, from + 500)
        const answers = await pipeline(own, batch)
        batch.forEach((one, index) => {
          const answer = answers[index]
          if (answer?.status === 200) passed += 1
          const good = answer !== undefined && one.wanted.includes(answer.status) && !/access-control/i.test(answer.head)
          if (!good) wrong.push(`${one.request} -> ${answer?.head}`)
        })
      }
      expect(wrong.slice(0, 3)).toEqual([])
      expect(passed).toBe(4 * 4 * 3)
    })
  })

  test('W6: two Host headers are refused whichever is ours', async () => {
    const ours = host()
    const evil = ['Host', 'evil.example'] as const
    for (const pair of [
      [ours, evil],
      [evil, ours],
      [ours, ours],
    ]) {
      const answer = await sendRaw(
        port,
        rawRequest({ path: '/api/v1/vault/status', headers: [...pair, owner, json], body: '{}' }),
      )
      expect(answer.status).toBe(421)
    }
  })

  test('W6: a token counts only in the Authorization header', async () => {
    const elsewhere = [
      { path: `/api/v1/vault/status?token=${ownerToken}&access_token=${ownerToken}`, headers: [] },
      { path: '/api/v1/vault/status', headers: [['Cookie', `token=${ownerToken}`]] },
      { path: '/api/v1/vault/status', headers: [['X-Api-Key', ownerToken]] },
      { path: '/api/v1/vault/status', headers: [['Proxy-Authorization', `Bearer ${ownerToken}`]] },
      { path: '/api/v1/vault/status', headers: [['Authorization', `Basic ${ownerToken}`]] },
    ] as const
    for (const { path, headers } of elsewhere) {
      const answer = await sendRaw(port, rawRequest({ path, headers: [host(), json, ...headers], body: '{}' }))
      expect([path, answer.status]).toEqual([path, 401])
    }
  })

  test('W7: without a token every path says 401, known or not, in words, and none of it counts as a wrong token', async () => {
    await withOwnDoor(async (own) => {
      const paths = [
        ...Object.keys(contract).map(pathOf),
        '/',
        '/api',
        '/api/v1',
        '/api/v1/openapi.json',
        '/api/v1/ledger/export?businessId=biz_1&format=csv',
        '/api/v2/vault/status',
        '/health/',
        '/health?x=1',
        '/HEALTH',
        '//health',
        '/..%2fhealth',
        '/api/v1/..%2f..%2fetc%2fpasswd',
        '/%ff',
        '/api/v1/%zz/status',
        '/api/v1/vault/%',
        `/api/v1/vault/${'x'.repeat(600)}`,
        `/${'y/'.repeat(300)}`,
        '/api/v1/vault/status;a=b',
        '/metrics',
        '/webhooks/stripe/abc',
        '/favicon.ico',
        `http://127.0.0.1:${own}/api/v1/vault/status`,
        '*',
      ]
      const local = ['Host', `127.0.0.1:${own}`] as const
      expect(await knock(own, 'wrong')).toBe(401)
      for (const path of paths) {
        for (const method of ['GET', 'POST', 'OPTIONS']) {
          const answer = await sendRaw(
            own,
            rawRequest({ method, path, headers: [local, json], body: method === 'POST' ? '{}' : '' }),
          )
          expect([method, path, answer.status], answer.body).toEqual([method, path, 401])
          expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'unauthenticated' } })
        }
      }
      const upgrade = [['Connection', 'Upgrade'] as const, ['Upgrade', 'websocket'] as const]
      expect((await sendRaw(own, rawRequest({ method: 'GET', path: '/', headers: [local, ...upgrade] }))).status).toBe(401)
      const expectation = [['Expect', 'something'] as const]
      expect((await sendRaw(own, rawRequest({ path: '/', headers: [local, ...expectation], body: '{}' }))).status).toBe(401)
      for (let i = 1; i < badTokensPerMinute; i++) expect(await knock(own, `wrong${i}`)).toBe(401)
      expect(await knock(own, 'wrong')).toBe(429)
    })
  })

  test('W10: a flood of wrong tokens is answered 429 and recorded once, and nobody else notices', async () => {
    const floods = () => live.call('audit.list', { procedure: 'api.authenticate' }).then(({ items }) => items.length)
    const before = await floods()
    await withOwnDoor(async (own) => {
      const flood = await Promise.all(Array.from({ length: 300 }, (_, i) => knock(own, `guess${i}`)))
      expect(flood.filter((status) => status === 401)).toHaveLength(badTokensPerMinute)
      expect(flood.filter((status) => status === 429)).toHaveLength(300 - badTokensPerMinute)
      const mixed = await Promise.all(
        Array.from({ length: 60 }, (_, i) => knock(own, [ownerToken, readerToken, `guess${i}`][i % 3] ?? '')),
      )
      expect(mixed.filter((_, i) => i % 3 !== 2).every((status) => status === 200)).toBe(true)
      const refused = await sendRaw(
        own,
        rawRequest({
          path: '/api/v1/vault/status',
          headers: [
            ['Host', `127.0.0.1:${own}`],
            ['Authorization', 'Bearer x'],
          ],
        }),
      )
      expect(refused.head).toMatch(/retry-after: 60/i)
    })
    expect(await floods()).toBe(before + 1)
  })

  async function knock(own: number, token: string): Promise<number> {
    const headers = [['Host', `127.0.0.1:${own}`] as const, ['Authorization', `Bearer ${token}`] as const, json]
    return (await sendRaw(own, rawRequest({ path: '/api/v1/vault/status', headers, body: '{}' }))).status
  }
})
