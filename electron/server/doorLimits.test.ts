import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { AppError } from '../../shared/errors'
import { rawRequest, sendRaw } from '../../tests/support/rawHttp'
import { type ApiDoor, type ApiDoorDeps, openApiDoor } from './apiDoor'
import { Authenticator } from './authenticator'
import { bodyLimit } from './guards'
import { createServer } from './listen'
import { openWebhookDoor, type WebhookDelivery } from './webhookDoor'

const logged: unknown[] = []
const logger = { debug() {}, info() {}, warn() {}, error: (details: object) => void logged.push(details) }
const token = 'the-owner'
const doors: { close(): Promise<void> }[] = []
const sockets: Socket[] = []

afterEach(async () => {
  logged.length = 0
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(doors.splice(0).map((door) => door.close()))
})

async function openDoor(more: Partial<ApiDoorDeps>): Promise<ApiDoor> {
  const owner = { name: 'owner', scopes: new Set<never>() } as const
  const door = await openApiDoor(
    {
      authenticator: new Authenticator({ ownerToken: token, owner, find: () => null, clock: { now: () => 0 } }),
      call: async () => ({ answered: true }),
      exports: {},
      openApi: () => ({}),
      health: () => ({ status: 'ok', locked: false, version: '0' }),
      onTokenFlood() {},
      logger,
      ...more,
    },
    0,
  )
  doors.push(door)
  return door
}

const headers = (port: number, ...more: (readonly [string, string])[]) => [
  ['Host', `127.0.0.1:${port}`] as const,
  ['Authorization', `Bearer ${token}`] as const,
  ['Content-Type', 'application/json'] as const,
  ...more,
]
const post = (port: number, body = '{}') => rawRequest({ path: '/api/v1/vault/status', headers: headers(port), body })

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  sockets.push(socket)
  await once(socket, 'connect')
  return socket
}

test('W5: a body that does not arrive in time is refused and the connection closed', async () => {
  let called = false
  const { port } = await openDoor({
    arrivalMs: 30,
    call: async () => {
      called = true
    },
  })
  const request = rawRequest({ path: '/api/v1/vault/status', headers: headers(port, ['Content-Length', '5000']) })
  const answer = await sendRaw(port, request, '{"a":')
  expect(answer.status).toBe(400)
  expect(answer.body).toContain('took too long to arrive')
  expect(called).toBe(false)
})

test('W5: who sends too much may send it to the end, hears why and is answered again on the same connection', async () => {
  const { port } = await openDoor({})
  const tooLarge = headers(port, ['Content-Length', String(4 * bodyLimit)])
  const first = rawRequest({ path: '/api/v1/vault/status', headers: tooLarge, keepAlive: true })
  const answer = await sendRaw(port, first, Buffer.alloc(4 * bodyLimit, 'x'), post(port))
  expect(answer.statuses).toEqual([413, 200])
})

test('W6: no answer is kept by a cache or taken for another type than it says', async () => {
  const { port } = await openDoor({})
  const webhooks = await openWebhookDoor({ ingest: async () => {}, logger }, 0)
  doors.push(webhooks)
  const unknown = rawRequest({ method: 'GET', path: '/', headers: [['Host', 'localhost']] })
  for (const { head } of [await sendRaw(port, post(port)), await sendRaw(webhooks.port, unknown)]) {
    expect(head).toContain('cache-control: no-store')
    expect(head).toContain('x-content-type-options: nosniff')
  }
})

test('W5: the limit is on what arrives: an answer that takes longer, or is read slowly, comes whole', async () => {
  const chunk = 'x'.repeat(64 * 1024)
  const { port } = await openDoor({
    arrivalMs: 20,
    call: async () => {
      await sleep(60)
      return { answered: true }
    },
    exports: {
      'ledger/export': () => ({
        fileName: 'journal.csv',
        mediaType: 'text/csv',
        chunks: Array.from({ length: 400 }, () => chunk),
      }),
    },
  })
  expect((await sendRaw(port, post(port))).body).toBe('{"answered":true}')

  const socket = await open(port)
  let bytes = 0
  socket.write(rawRequest({ method: 'GET', path: '/api/v1/ledger/export', headers: headers(port) }))
  await once(socket, 'readable')
  await sleep(60)
  socket.on('data', (data: Buffer) => {
    bytes += data.length
  })
  await once(socket, 'close')
  expect(bytes).toBeGreaterThan(400 * chunk.length)
})

test('W5: five hundred slow sockets keep nobody out', async () => {
  const { port } = await openDoor({})
  const slow = await Promise.all(Array.from({ length: 500 }, () => open(port)))
  for (const [index, socket] of slow.entries()) {
    socket.write(index % 2 === 0 ? 'POST /api/v1/vault/status HTTP/1.1\r\nX-A:' : post(port).slice(0, -1))
  }
  for (let i = 0; i < 20; i++) expect((await sendRaw(port, post(port))).status).toBe(200)
})

test('W5: the servers have the limits of the promise', () => {
  const door = createServer({ bodyLimit: 10, requestTimeout: 10_000, unroutable() {} })
  const { server } = door.fastify
  expect(server).toMatchObject({ headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 10_000 })
  expect(server).toMatchObject({ maxConnections: 1024, maxRequestsPerSocket: 1000 })
})

test('closing lets what is under way be answered, takes nothing new, and cuts off what does not end', async () => {
  const { promise: mayAnswer, resolve: letAnswer } = Promise.withResolvers<void>()
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  const door = await openDoor({
    call: async () => {
      arrive()
      await mayAnswer
      return { answered: true }
    },
  })
  const stuck = await open(door.port)
  stuck.write(post(door.port).slice(0, -1))
  const underWay = await open(door.port)
  let text = ''
  underWay.setEncoding('utf8').on('data', (data: string) => {
    text += data
  })
  const keptAlive = rawRequest({ path: '/api/v1/vault/status', headers: headers(door.port), body: '{}', keepAlive: true })
  underWay.write(keptAlive)
  await arrived
  const closed = door.close()
  underWay.write(keptAlive)
  letAnswer()
  await closed
  expect(text).toContain('{"answered":true}')
  expect(text.match(/HTTP\/1\.1 (\d+)/g)?.slice(1)).not.toContain('HTTP/1.1 200')
  await expect(open(door.port)).rejects.toThrow('ECONNREFUSED')
})

test('a failure nobody foresaw is logged and told without its words; an expected one is told as it is', async () => {
  const failures: unknown[] = [
    new Error('secret /var/lib/path at stack'),
    new TypeError('x is not a function'),
    'a string',
    null,
    new AppError('conflict', 'Nothing was done: look again.'),
  ]
  const { port } = await openDoor({
    call: async () => {
      throw failures.shift()
    },
  })
  for (let i = 0; i < 4; i++) {
    const answer = await sendRaw(port, post(port))
    expect(answer.status).toBe(503)
    expect(JSON.parse(answer.body)).toEqual({
      error: { code: 'internal', message: expect.stringMatching(/^Nothing is known to be lost/) },
    })
  }
  expect(logged).toHaveLength(4)
  const expected = await sendRaw(port, post(port))
  expect([expected.status, JSON.parse(expected.body)]).toEqual([
    409,
    { error: { code: 'conflict', message: 'Nothing was done: look again.' } },
  ])
})

test('a full disk, a read-only folder and a broken disk are told in words', async () => {
  const codes = ['SQLITE_FULL', 'SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_IOERR_WRITE']
  const waiting = [...codes]
  const { port } = await openDoor({
    call: async () => {
      throw Object.assign(new Error('engine words'), { code: waiting.shift() })
    },
  })
  for (const code of codes) {
    const answer = await sendRaw(port, post(port))
    expect([code, answer.status]).toEqual([code, 503])
    expect(answer.body).toMatch(/"unavailable".*Nothing was done: the (disk|data folder)/)
    expect(answer.head).toMatch(/retry-after: 5/i)
  }
})

test('how long to wait is told in the header too', async () => {
  const { port } = await openDoor({
    call: async () => {
      throw new AppError('rate_limited', 'Too many wrong passphrases.', { retryAfterSeconds: 840 })
    },
  })
  const answer = await sendRaw(port, post(port))
  expect(answer.status).toBe(429)
  expect(answer.head).toMatch(/retry-after: 840/i)
})

test('W8: the webhook door knows one path; what it hands on are the exact bytes and the signature', async () => {
  const deliveries: WebhookDelivery[] = []
  const door = await openWebhookDoor({ ingest: async (delivery) => void deliveries.push(delivery), logger }, 0)
  doors.push(door)
  const body = '{ "a" : "ü" }\n'
  const send = (path: string, method = 'POST', more: (readonly [string, string])[] = []) =>
    sendRaw(door.port, rawRequest({ method, path, headers: [['Host', 'tunnel.example'], ...more], body }))
  const signed = [
    ['Stripe-Signature', 't=1,v1=00'],
    ['Content-Type', 'application/json'],
  ] as const
  expect((await send('/webhooks/stripe/abc', 'POST', [...signed])).body).toBe('{"received":true}')
  expect((await send('/webhooks/stripe/abc')).status).toBe(200)
  expect(deliveries.map(({ rawBody, ...rest }) => ({ ...rest, rawBody: rawBody.toString('utf8') }))).toEqual([
    { provider: 'stripe', pathToken: 'abc', rawBody: body, signature: 't=1,v1=00' },
    { provider: 'stripe', pathToken: 'abc', rawBody: body, signature: undefined },
  ])
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    expect((await send('/webhooks/stripe/abc', method)).status).toBe(404)
  }
  for (const path of [
    '/',
    '/webhooks',
    '/webhooks/stripe',
    '/webhooks/stripe/',
    '/webhooks//abc',
    '/webhooks/stripe/a/b',
    '/%ff',
    `/webhooks/stripe/${'x'.repeat(600)}`,
  ]) {
    const answer = await send(path)
    expect([path, answer.status, answer.body]).toEqual([
      path,
      404,
      '{"error":{"code":"not_found","message":"There is nothing here."}}',
    ])
  }
  expect(deliveries).toHaveLength(2)
})
