import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contract, type ProcedureName } from '../../shared/contract/index'
import { errorOf, type LiveApp, openLiveApp, ownerToken, passphrase } from '../../tests/support/liveApp'
import { type RawAnswer, rawRequest, sendRaw } from '../../tests/support/rawHttp'
import { dataVersion } from '../../tests/support/tables'

let live: LiveApp
let port: number

beforeAll(async () => {
  live = await openLiveApp()
  port = Number(new URL(live.url).port)
})
afterAll(() => live.close())

const owner = ['Authorization', `Bearer ${ownerToken}`] as const
const json = ['Content-Type', 'application/json'] as const
const host = () => ['Host', `127.0.0.1:${port}`] as const
const apiNames = (Object.keys(contract) as ProcedureName[]).filter((name) => contract[name].doors !== 'window')
const pathOf = (name: string) => `/api/v1/${name.replace('.', '/')}`

describe('what a request may be', () => {
  const ask = (
    body: string | Uint8Array,
    headers: readonly (readonly [string, string])[] = [json],
    path = '/api/v1/vault/status',
  ) =>
    sendRaw(
      port,
      rawRequest({ path, headers: [host(), owner, ['Content-Length', String(Buffer.byteLength(body))], ...headers] }),
      body,
    )
  const codeOf = ({ body }: RawAnswer) => (JSON.parse(body) as { error: { code: string } }).error.code

  test('W5: a body that is empty, malformed, no object, too deep or not UTF-8 is 400; of another type 415; too large 413', async () => {
    const nested = (depth: number) => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`
    const bad = [
      '',
      ' ',
      '{',
      '{}}',
      'null',
      '[]',
      '[{}]',
      '1',
      '"x"',
      'true',
      '{"a":1,}',
      "{'a':1}",
      'NaN',

      '{"a":\u0000}',
    ]
    for (const body of [...bad, nested(65), nested(60_000)]) {
      const answer = await ask(body)
      expect([body.slice(0, 20), answer.status, codeOf(answer)]).toEqual([body.slice(0, 20), 400, 'invalid_input'])
    }
    expect((await ask(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).status).toBe(400)
    expect(codeOf(await ask(nested(64)))).toBe('invalid_input')
    expect(JSON.parse((await ask(nested(64))).body).error.message).toContain('does not have the field a')
    expect(JSON.parse((await ask(nested(65))).body).error.message).toContain('nested deeper than 64')

    const chunked = ['Transfer-Encoding', 'chunked'] as const
    const sendNothing = (...headers: (readonly [string, string])[]) =>
      rawRequest({ path: '/api/v1/vault/status', headers: [host(), owner, ...headers] })
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'nonsense', null]) {
      const typed = type === null ? [] : [['Content-Type', type] as const]
      const empty = [
        await ask('', typed),
        await sendRaw(port, sendNothing(...typed)),
        ...(type === 'nonsense' ? [] : [await sendRaw(port, sendNothing(...typed, chunked), '0\r\n\r\n')]),
      ]
      for (const answer of empty) expect([type, answer.status, codeOf(answer)]).toEqual([type, 400, 'invalid_input'])
    }

    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'application/json5',
      'text/json',
      'application/x-ndjson',
      'nonsense',
    ]) {
      const answer = await ask('{}', [['Content-Type', type]])
      expect([type, answer.status]).toEqual([type, 415])
    }
    expect((await ask('{}', [])).status).toBe(415)
    expect((await ask('{}', [['Content-Type', 'application/json; charset=utf-8']])).status).toBe(200)
    expect((await ask('{}', [json, ['Content-Encoding', 'gzip']])).status).toBe(415)

    const mebibyte = 1024 * 1024
    const padded = (length: number) => `{"query":"${'x'.repeat(length - 12)}"}`
    expect((await ask(padded(mebibyte + 1))).status).toBe(413)
    expect((await ask(padded(mebibyte))).status).toBe(400)
    const chunk = `${mebibyte.toString(16)}\r\n${'x'.repeat(mebibyte)}\r\n`
    const head = rawRequest({ path: '/api/v1/vault/status', headers: [host(), owner, json, ['Transfer-Encoding', 'chunked']] })
    expect((await sendRaw(port, head, chunk, '1\r\nx\r\n0\r\n\r\n')).status).toBe(413)
    const huge = await sendRaw(port, rawRequest({ path: '/', headers: [host(), owner, ['X-Pad', 'p'.repeat(17_000)]] }))
    expect([huge.status, codeOf(huge)]).toEqual([413, 'too_large'])
  })

  test('W5: of a corpus of smuggled requests none gets through', async () => {
    const inner = `POST /api/v1/businesses/create HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${ownerToken}\r\nContent-Type: application/json\r\nContent-Length: 83\r\n\r\n{"name":"Smuggled","currency":"USD","country":"US","timeZone":"America/New_York"}  `
    const start = `POST /api/v1/vault/status HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${ownerToken}\r\nContent-Type: application/json\r\n`
    const corpus = {
      'length and chunked': `${start}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
      'chunked and length': `${start}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n${inner}`,
      'two lengths': `${start}Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}${inner}`,
      'two equal lengths': `${start}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}${inner}`,
      'a list of lengths': `${start}Content-Length: 2, 2\r\n\r\n{}${inner}`,
      'a signed length': `${start}Content-Length: +2\r\n\r\n{}${inner}`,
      'a hexadecimal length': `${start}Content-Length: 0x2\r\n\r\n{}${inner}`,
      'a negative length': `${start}Content-Length: -1\r\n\r\n{}${inner}`,
      'a length too large': `${start}Content-Length: 99999999999999999999\r\n\r\n{}${inner}`,
      'an unknown coding': `${start}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${inner}`,
      'identity coding': `${start}Transfer-Encoding: identity\r\n\r\n{}${inner}`,
      'chunked twice': `${start}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${inner}`,
      'bare line feeds': `${start.replaceAll('\r\n', '\n')}Content-Length: 2\n\n{}${inner}`,
      'a bare line feed in the headers': `${start}X-A: b\nContent-Length: 2\r\n\r\n{}${inner}`,
      'a bare carriage return': `${start}X-A: b\rContent-Length: 2\r\n\r\n{}${inner}`,
      'a space before the colon': `${start}Content-Length : 2\r\n\r\n{}${inner}`,
      'a folded header': `${start}Content-Length:\r\n 2\r\n\r\n{}${inner}`,
      'a NUL in a header': `${start}X-A: b\u0000c\r\nContent-Length: 2\r\n\r\n{}${inner}`,
      'a bad chunk size': `${start}Transfer-Encoding: chunked\r\n\r\n-1\r\n${inner}`,
      'a chunk without its end': `${start}Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx0\r\n\r\n${inner}`,
      'a chunk size with a line feed': `${start}Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n${inner}`,
      'an unknown version': `${start.replace('HTTP/1.1', 'HTTP/9.9')}Content-Length: 2\r\n\r\n{}${inner}`,
      'a space in the address': `${start.replace('/vault/status', '/vault/status HTTP/1.1 x')}Content-Length: 2\r\n\r\n{}${inner}`,
    }
    const before = dataVersion(live.db)
    for (const [name, bytes] of Object.entries(corpus)) {
      const answer = await sendRaw(port, bytes)
      expect([name, answer.statuses.filter((status) => status < 400)]).toEqual([name, []])
      expect([name, answer.statuses.length <= 1]).toEqual([name, true])
    }
    expect(dataVersion(live.db)).toBe(before)
    expect((await live.call('businesses.list', {})).items).toEqual([])
  })

  test('W6: nothing but POST reaches a procedure, and GET changes nothing', async () => {
    const before = dataVersion(live.db)
    for (const name of apiNames) {
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const headers = [host(), owner, json]
        const answer = await sendRaw(
          port,
          rawRequest({ method, path: pathOf(name), headers, body: method === 'GET' ? '' : '{}' }),
        )
        const streamed = method === 'GET' && (name === 'ledger.export' || name === 'audit.export')
        expect([method, name, answer.status]).toEqual([method, name, streamed ? 400 : 404])
      }
    }
    expect(dataVersion(live.db)).toBe(before)
  })

  test('what only the window may do does not exist here', async () => {
    for (const name of Object.keys(contract) as ProcedureName[]) {
      if (contract[name].doors === 'all') continue
      const answer = await live.send(name, {})
      expect([name, answer.status, errorOf(answer).code]).toEqual([name, 404, 'not_found'])
    }
  })
})

describe('a locked vault', () => {
  test('opens only its status, its unlocking and the pause; afterwards everything works again', async () => {
    await live.run('vault.lock', {})
    const open: readonly string[] = ['vault.status', 'vault.unlock', 'safety.pause', 'safety.status']
    for (const name of apiNames) {
      if (open.includes(name)) continue
      const answer = await live.send(name, {})
      expect([name, answer.status, errorOf(answer).code]).toEqual([name, 423, 'locked'])
      expect((await live.send(name, {}, null)).status).toBe(401)
    }
    const get = (path: string) => sendRaw(port, rawRequest({ method: 'GET', path, headers: [host(), owner] }))
    for (const path of ['/api/v1/openapi.json', '/api/v1/ledger/export?businessId=biz_1&format=csv', '/nothing']) {
      expect([path, (await get(path)).status]).toEqual([path, 423])
    }
    expect(await live.run('safety.pause', {})).toMatchObject({ paused: true })
    expect(await live.call('safety.status', {})).toMatchObject({ paused: true })
    expect(await live.call('vault.status', {})).toMatchObject({ state: 'locked' })
    const wrong = await live.send('vault.unlock', { passphrase: 'not the passphrase' })
    expect([wrong.status, errorOf(wrong).code]).toEqual([403, 'forbidden'])
    expect(await live.call('vault.status', {})).toMatchObject({ state: 'locked' })
    expect(await live.run('vault.unlock', { passphrase })).toMatchObject({ state: 'unlocked' })
    expect(await live.run('safety.resume', {})).toMatchObject({ paused: false })
    expect((await live.call('businesses.list', {})).items).toEqual([])
  })

  test('says on /health only its status, whether it is locked, and its version', async () => {
    const health = async () => {
      const answer = await fetch(`${live.url}/health`)
      return { status: answer.status, body: (await answer.json()) as unknown }
    }
    expect(await health()).toEqual({ status: 200, body: { status: 'ok', locked: false, version: live.app.version } })
    live.app.lock()
    expect(await health()).toEqual({ status: 200, body: { status: 'ok', locked: true, version: live.app.version } })
    await live.app.unlock({ passphrase }, 'api')
  })
})
