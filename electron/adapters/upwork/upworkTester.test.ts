import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createUpworkTester } from './upworkTester'

interface Call {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Upwork as far as credentials go: GraphQL behind a bearer token, and the token endpoint of RFC 6749. */
const token = 'oauth2v2_good'
const client = { id: '1a2b3c', secret: '9f8e7d' }
let server: Server
let origin: string
let calls: Call[]
/** What the server answers instead of what it knows; null to hang. */
let instead: { status: number; body: string; headers?: Record<string, string> } | null | undefined

function known({ path, headers, body }: Call): { status: number; body: unknown } {
  if (path === '/graphql') {
    if (headers.authorization !== `Bearer ${token}`) return { status: 401, body: { message: 'Authentication failed' } }
    const { query } = JSON.parse(body) as { query: string }
    return /^query \{ user \{ id \} \}$/.test(query)
      ? { status: 200, body: { data: { user: { id: '424' } } } }
      : { status: 200, body: { errors: [{ message: 'Unknown query' }] } }
  }
  const form = new URLSearchParams(body)
  if (form.get('client_id') !== client.id || form.get('client_secret') !== client.secret)
    return { status: 401, body: { error: 'invalid_client' } }
  return form.get('grant_type') === 'client_credentials'
    ? { status: 200, body: { access_token: 'fresh', token_type: 'Bearer', expires_in: 86_400 } }
    : { status: 400, body: { error: 'unsupported_grant_type' } }
}

beforeEach(async () => {
  calls = []
  instead = undefined
  server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (piece: string) => {
      body += piece
    })
    request.on('end', () => {
      const call = { path: request.url ?? '', headers: request.headers, body }
      calls.push(call)
      if (instead === null) return
      const { status, body: answer } = instead ?? { ...known(call), body: JSON.stringify(known(call).body) }
      response.writeHead(status, { 'content-type': 'application/json', ...instead?.headers }).end(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(
  () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    }),
)

const tester = () => createUpworkTester({ graphqlUrl: `${origin}/graphql`, tokenUrl: `${origin}/token`, timeout: 500 })
const tryIt = (fields: Record<string, string>) =>
  tester().test(new Map(Object.entries(fields).map(([name, value]) => [name, Buffer.from(value)])), { businessId: null })

test('an access token is tried by asking who it belongs to, which changes nothing', async () => {
  expect(await tryIt({ accesstoken: token, organizationid: '77', clientid: client.id })).toEqual({
    ok: true,
    message: 'Upwork takes it.',
  })
  expect(calls).toMatchObject([
    { path: '/graphql', headers: { 'x-upwork-api-tenantid': '77', authorization: `Bearer ${token}` } },
  ])
  expect(await tryIt({ accesstoken: 'oauth2v2_bad' })).toMatchObject({
    ok: false,
    message: expect.stringContaining('does not take the access token'),
  })
})

test('a client id and secret without a token are tried by the client credentials grant', async () => {
  expect(await tryIt({ clientid: client.id, clientsecret: client.secret })).toMatchObject({ ok: true })
  expect(await tryIt({ clientid: client.id, clientsecret: 'wrong' })).toMatchObject({
    ok: false,
    message: expect.stringContaining('does not take the client id'),
  })
  expect(calls.map(({ path }) => path)).toEqual(['/token', '/token'])
})

test('nothing is sent where there is nothing to try, or where a value could not be one of Upwork’s', async () => {
  for (const fields of [{}, { clientid: client.id }, { refreshtoken: 'r' }]) {
    expect(await tryIt(fields)).toMatchObject({ ok: false, message: expect.stringContaining('nothing to try') })
  }
  for (const accesstoken of ['a b', 'a\r\nX-Injected: 1', 'ä']) {
    expect(await tryIt({ accesstoken })).toMatchObject({ ok: false, message: expect.stringContaining('Nothing was sent') })
  }
  expect(calls).toEqual([])
})

test.each<[string, typeof instead, string]>([
  [
    'errors with status 200',
    { status: 200, body: '{"errors":[{"message":"scope"}],"data":{"user":null}}' },
    'refused to say who',
  ],
  ['nobody', { status: 200, body: '{"data":{"user":null}}' }, 'knows nobody'],
  ['no right', { status: 403, body: '{}' }, 'may not read anything'],
  ['too many calls', { status: 429, body: '{}' }, 'asks to wait'],
  ['a failure', { status: 502, body: 'Bad gateway' }, 'could not be reached'],
  ['no JSON', { status: 200, body: '<html>' }, 'does not understand'],
  [
    'a reply that is far too long',
    { status: 200, body: JSON.stringify({ data: { user: { id: 'x'.repeat(300_000) } } }) },
    'does not understand',
  ],
  ['another place', { status: 302, body: '', headers: { location: 'https://elsewhere.example/' } }, 'does not understand'],
  ['nothing at all', null, 'could not be reached'],
])('an answer of %s is said in words without the token', async (_, answer, words) => {
  instead = answer
  const said = await tryIt({ accesstoken: token })
  expect(said).toEqual({ ok: false, message: expect.stringContaining(words) })
  expect(said.message).not.toContain(token)
  expect(calls).toHaveLength(1)
})

test.each([
  ['{"error":"unauthorized_client"}', 'only for a person'],
  ['{"error":"invalid_request"}', 'does not take the client id'],
])('a token endpoint that answers %s is understood', async (body, words) => {
  instead = { status: 400, body }
  expect(await tryIt({ clientid: 'a', clientsecret: 'b' })).toMatchObject({ ok: false, message: expect.stringContaining(words) })
})

test('a server that is not there could not be reached', async () => {
  const gone = createUpworkTester({ graphqlUrl: 'http://127.0.0.1:1/graphql' })
  expect(await gone.test(new Map([['accesstoken', Buffer.from('a')]]), { businessId: null })).toMatchObject({
    ok: false,
    message: expect.stringContaining('could not be reached'),
  })
  expect(createUpworkTester().host).toBe('api.upwork.com')
})
