import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { publicAddress, startTlsServer, type TlsServer, testCa } from '../../../tests/support/tlsServer'
import type { OutboundAnswer, OutboundRequest, OutboundTarget } from '../../core/ports/outboundHttp'
import { createOutboundHttps, type OutboundHttpsOptions } from './outboundHttps'

const target: OutboundTarget = { scheme: 'https', host: 'api.provider.test', port: 443 }
const plain: OutboundRequest = { method: 'GET', path: '/', headers: [], slots: [], body: null, maxBytes: 1000 }
const endless = new AbortController().signal

let server: TlsServer
let answer: Parameters<typeof startTlsServer>[0]
beforeAll(async () => {
  server = await startTlsServer((request, response) => answer(request, response))
})
beforeEach(() => {
  server.requests.length = 0
  server.dialled.length = 0
  answer = (_request, response) => response.end('hello')
})
afterAll(() => server.close())

function connecting(to: Partial<OutboundTarget> = {}, options: OutboundHttpsOptions = server.options, deadline = 5_000) {
  return createOutboundHttps(options).connect({ ...target, ...to }, { signal: endless, deadline })
}

async function sent(request: Partial<OutboundRequest> = {}, deadline = 5_000) {
  const connected = await connecting({}, server.options, deadline)
  if (!connected.ok) throw new Error(connected.why)
  return connected.connection.send({ ...plain, ...request })
}

async function answered(request: Partial<OutboundRequest> = {}): Promise<OutboundAnswer> {
  const result = await sent(request)
  if (!result.ok) throw new Error(result.why)
  return result.answer
}

describe('a call over https', () => {
  test('carries method, path, headers and body; the answer comes back as it was sent', async () => {
    answer = (_request, response) => response.writeHead(201, { 'X-Kept': 'Yes', 'Set-Cookie': ['a=1', 'b=2'] }).end('made')
    const body = Buffer.from('{"a":1}')
    const headers = [['Content-Type', 'application/json']] as const
    const { status, headers: got, body: text, truncated } = await answered({ method: 'POST', path: '/v1?x=1', headers, body })
    expect([status, text.toString(), truncated]).toEqual([201, 'made', false])
    expect(got).toContainEqual(['X-Kept', 'Yes'])
    expect(got.filter(([name]) => name === 'Set-Cookie')).toHaveLength(2)
    expect(server.requests).toEqual([
      {
        method: 'POST',
        url: '/v1?x=1',
        headers: {
          host: 'api.provider.test',
          connection: 'close',
          'accept-encoding': 'identity',
          'content-length': '7',
          'content-type': 'application/json',
        },
        body: '{"a":1}',
      },
    ])
  })

  test('puts the bytes of slots where their markers stand, in path and headers, and leaves the given buffers alone', async () => {
    const slots = [
      { marker: 'chslotaaaa', value: Buffer.from('first secret') },
      { marker: 'chslotbbbb', value: Buffer.from('second') },
    ]
    await answered({ path: '/?k=chslotbbbb', headers: [['Authorization', 'Bearer chslotaaaa']], slots })
    expect(server.requests[0]).toMatchObject({ url: '/?k=second', headers: { authorization: 'Bearer first secret' } })
    expect(slots.map(({ value }) => value.toString())).toEqual(['first secret', 'second'])
  })

  test('a body that holds the text of a marker is left as it is', async () => {
    const slots = [{ marker: 'chslotaaaa', value: Buffer.from('secret') }]
    await answered({ method: 'POST', headers: [['x', 'chslotaaaa']], slots, body: Buffer.from('chslotaaaa') })
    expect(server.requests[0]).toMatchObject({ headers: { x: 'secret' }, body: 'chslotaaaa' })
  })

  test.each([301, 302, 303, 307, 308])('a redirect (%i) is an answer like others; nobody follows it', async (status) => {
    answer = (_request, response) => response.writeHead(status, { location: 'https://127.0.0.1/inside' }).end()
    expect((await answered()).status).toBe(status)
    expect(server.requests).toHaveLength(1)
    expect(server.dialled).toEqual([publicAddress])
  })

  test('an answer is kept up to its limit', async () => {
    answer = (_request, response) => response.end('x'.repeat(1001))
    const { body, truncated } = await answered()
    expect([body.length, truncated]).toEqual([1000, true])
    answer = (_request, response) => response.end('x'.repeat(1000))
    expect((await answered()).truncated).toBe(false)
  })

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)(
    'a body that came as %s although it was not asked for is read, a bomb only to the limit',
    async (encoding, compress) => {
      answer = (_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(compress('hello there'))
      expect((await answered()).body.toString()).toBe('hello there')
      answer = (_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end(compress(Buffer.alloc(4_000_000, 'x')))
      const { body, truncated } = await answered()
      expect([body.length, truncated]).toEqual([1000, true])
    },
  )

  test('a body in an encoding that is unknown is left out, since it could not be searched', async () => {
    answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip, br' }).end('secret')
    expect(await answered()).toMatchObject({ status: 200, body: Buffer.alloc(0), truncated: true })
  })

  test('what is no HTTP, a broken body and a connection that ends are failures that say so', async () => {
    answer = (request) => request.socket.end('hello?\r\n\r\n')
    expect(await sent()).toEqual({ ok: false, why: 'no_http' })
    answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip')
    expect(await sent()).toEqual({ ok: false, why: 'no_http' })
    answer = (request) => request.socket.destroy()
    expect(await sent()).toEqual({ ok: false, why: 'connection' })
    answer = (request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('some')
      setTimeout(() => request.socket.destroy(), 20)
    }
    expect(await sent()).toEqual({ ok: false, why: 'connection' })
    answer = (request) => request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n')
    expect(await sent()).toEqual({ ok: false, why: 'no_http' })
  })

  test('an answer that does not come in time is cut off; so is one that drips', async () => {
    answer = () => undefined
    expect(await sent({}, 150)).toEqual({ ok: false, why: 'timeout' })
    answer = (_request, response) => {
      const drip = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(drip))
    }
    expect(await sent({}, 150)).toEqual({ ok: false, why: 'timeout' })
  })

  test('the signal cuts a call off with its reason, while connecting and while waiting', async () => {
    answer = () => controller.abort(new Error('revoked'))
    const controller = new AbortController()
    const connected = await createOutboundHttps(server.options).connect(target, { signal: controller.signal, deadline: 5_000 })
    if (!connected.ok) throw new Error(connected.why)
    await expect(connected.connection.send(plain)).rejects.toThrow('revoked')
    const lookup = () => new Promise<never>(() => undefined)
    const second = new AbortController()
    const waiting = createOutboundHttps({ ...server.options, lookup }).connect(target, { signal: second.signal, deadline: 5_000 })
    second.abort(new Error('paused'))
    await expect(waiting).rejects.toThrow('paused')
  })
})

describe('W9: a connection', () => {
  const refused = (why: string) => ({ ok: false, why })

  test('is made to a checked address, with the name in TLS and in Host; the name is resolved once', async () => {
    let asked = 0
    const lookup = async () => {
      asked += 1
      return asked === 1 ? [publicAddress, '93.184.216.35'] : ['127.0.0.1']
    }
    const connected = await connecting({}, { ...server.options, lookup })
    if (!connected.ok) throw new Error(connected.why)
    expect((await connected.connection.send(plain)).ok).toBe(true)
    expect([asked, server.dialled]).toEqual([1, [publicAddress, '93.184.216.35']])
  })

  test('is refused where one of several addresses is inside, and nothing is dialled', async () => {
    for (const inside of ['127.0.0.1', '10.0.0.1', '::1', '::ffff:93.184.216.34', 'fe80::1%lo', 'localhost', '']) {
      const lookup = async () => [publicAddress, inside]
      expect(await connecting({}, { ...server.options, lookup })).toEqual(refused('inside'))
    }
    expect(await connecting({}, { ...server.options, lookup: async () => [] })).toEqual(refused('unknown_host'))
    const failing = () => Promise.reject(new Error('ENOTFOUND'))
    expect(await connecting({}, { ...server.options, lookup: failing })).toEqual(refused('unknown_host'))
    expect(server.dialled).toEqual([])
  })

  test('needs a certificate of a trusted authority for the very name, whatever the environment says', async () => {
    expect(await connecting({ host: 'provider.example' })).toEqual(refused('certificate'))
    expect(await connecting({ host: 'a.b.provider.test' })).toEqual(refused('certificate'))
    const { ca: _, ...untrusting } = server.options
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    try {
      expect(await connecting({}, untrusting)).toEqual(refused('certificate'))
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    }
    expect(server.requests).toEqual([])
  })

  test('is not made through a proxy of the environment', async () => {
    let seen = 0
    const proxy = createServer(() => (seen += 1)).on('connect', () => (seen += 1))
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    Object.assign(process.env, { HTTPS_PROXY: url, https_proxy: url, HTTP_PROXY: url, ALL_PROXY: url })
    try {
      expect((await answered()).status).toBe(200)
    } finally {
      for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'ALL_PROXY']) delete process.env[name]
      proxy.close()
    }
    expect(seen).toBe(0)
  })

  test('that nobody takes, or takes too long, is refused', async () => {
    const dial = () => connect(1, '127.0.0.1')
    expect(await connecting({}, { ...server.options, dial })).toEqual(refused('unreachable'))
    const silent = createTcpServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const mute = () => connect((silent.address() as AddressInfo).port, '127.0.0.1')
    expect(await connecting({}, { ...server.options, dial: mute }, 150)).toEqual(refused('timeout'))
    silent.close()
  })

  test('over plain http is made to the exact origins of a practice world alone', async () => {
    const stand = createServer((request, response) => response.end(request.headers.host))
    await new Promise<void>((resolve) => stand.listen(0, '127.0.0.1', resolve))
    const { port } = stand.address() as AddressInfo
    const options = { localOrigins: () => [`http://127.0.0.1:${port}`] }
    const local = { scheme: 'http', host: '127.0.0.1', port } as const
    const connected = await connecting(local, options)
    if (!connected.ok) throw new Error(connected.why)
    const result = await connected.connection.send(plain)
    expect(result.ok && result.answer.body.toString()).toBe(`127.0.0.1:${port}`)
    expect(await connecting(local, {})).toEqual(refused('inside'))
    expect(await connecting({ ...local, port: port === 1 ? 2 : port - 1 }, options)).toEqual(refused('inside'))
    expect(await connecting({ ...local, host: 'localhost' }, options)).toEqual(refused('inside'))
    expect(
      await connecting({ ...local, scheme: 'https' }, { ...options, ca: testCa, lookup: async () => ['127.0.0.1'] }),
    ).toEqual(refused('inside'))
    stand.close()
  })
})
