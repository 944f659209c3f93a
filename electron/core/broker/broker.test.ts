import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type BrokerDesk, canary, openBrokerDesk, password } from '../../../tests/support/brokerDesk'
import { dumpTables } from '../../../tests/support/tables'
import { createOutboundHttps } from '../../adapters/https/index'
import { sql } from '../db/index'

let desk: BrokerDesk
let secretId: string
beforeEach(async () => {
  desk = await openBrokerDesk()
  secretId = await desk.secret()
})
afterEach(() => desk.close())

const last = () => desk.server.requests.at(-1)
const auditRows = () =>
  desk.t.test.db.read
    .all<{ actor: string; outcome: string; details: string }>(
      sql`SELECT actor, outcome, details FROM audit_row WHERE procedure = 'broker.call' ORDER BY seq`,
    )
    .map(({ details, ...row }) => ({ ...row, details: JSON.parse(details) as Record<string, unknown> }))
const failing = (code: string, message: RegExp = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })

/** Every spelling in which a value could hide in a text. */
function spellingsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  const json = JSON.stringify(value).slice(1, -1)
  return [value, json, bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex'), encodeURIComponent(value)]
}

describe('V14: a call through the broker', () => {
  test('puts the value in and takes it out of everything that comes back', async () => {
    desk.answer = (request, response) => {
      const { authorization = '' } = request.headers
      response.writeHead(200, { 'content-type': 'application/json', 'x-echo': authorization, 'set-cookie': 'session=1' })
      response.end(JSON.stringify({ authorization, coded: Buffer.from(authorization).toString('base64'), password }))
    }
    const answer = await desk.call({ secretId })
    expect(last()).toMatchObject({ method: 'GET', url: '/v1/me', headers: { authorization: `Bearer ${canary}` } })
    const text = JSON.stringify(answer)
    for (const value of [canary, password]) for (const spelling of spellingsOf(value)) expect(text).not.toContain(spelling)
    expect(answer).toMatchObject({ status: 200, encoding: 'text', redactions: 4, truncated: false })
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'x-echo': 'Bearer [redacted]' })
    expect(Object.keys(answer.headers)).not.toContain('set-cookie')
  })

  test('fills queries, forms, JSON and Basic credentials each in the way of its place', async () => {
    const at = { secretId, method: 'POST' as const, headers: {} }
    await desk.call({ ...at, url: 'https://api.provider.test/?p={{secret.password}}&u={{secret.user}}', body: 'x' })
    expect(new URL(last()?.url ?? '', 'https://x').searchParams.get('p')).toBe(password)
    await desk.call({
      ...at,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: '{"p":"{{secret.password}}"}',
    })
    expect(JSON.parse(last()?.body ?? '')).toEqual({ p: password })
    await desk.call({
      ...at,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'a=1&p={{ secret.password }}',
    })
    expect(new URLSearchParams(last()?.body).get('p')).toBe(password)
    await desk.call({ ...at, body: 'raw {{secret.password}}' })
    expect(last()?.body).toBe(`raw ${password}`)
    desk.answer = (request, response) => response.end(request.headers.authorization)
    const basic = { Authorization: 'Basic {{secret.user}}:{{secret.key}}' }
    const { body } = await desk.call({ ...at, headers: basic, body: '' })
    const expected = `Basic ${Buffer.from(`ada@provider.test:${canary}`).toString('base64')}`
    expect([last()?.headers.authorization, body]).toEqual([expected, 'Basic [redacted]'])
  })

  test('refuses a field that is not there, is empty, makes codes, or would break a header', async () => {
    const fields = [
      { name: 'empty', type: 'hidden', value: '' },
      { name: 'lines', type: 'hidden', value: 'a\r\nX-Evil: 1' },
      { name: 'code', type: 'totp', value: 'JBSWY3DPEHPK3PXP' },
    ] as const
    const { id } = await desk.run('secrets.create', { kind: 'login', title: 'Odd', fields: [...fields] })
    const note = await desk.run('secrets.create', { kind: 'note', title: 'Note', fields: [] })
    const withHeader = (value: string, of = id) => desk.call({ secretId: of, headers: { 'x-key': value } })
    for (const field of ['nothing', 'empty', 'lines', 'code']) {
      await expect(withHeader(`{{secret.${field}}}`)).rejects.toEqual(failing('invalid_input', /^Nothing was sent/))
    }
    await expect(withHeader('{{secret}}', note.id)).rejects.toEqual(failing('invalid_input', /no hidden field/))
    await expect(desk.call({})).rejects.toEqual(failing('invalid_input', /secretId/))
    await expect(desk.call({ secretId: 'sec_unknown' })).rejects.toEqual(failing('not_found'))
    expect(desk.server.requests).toEqual([])
    const stored = desk.t.test.db.read.all(sql`SELECT 1 FROM secret_use WHERE action = 'used'`)
    expect(stored).toEqual([])
  })

  test('gives binary answers as base64, long ones cut off, redirects as they are', async () => {
    desk.answer = (_request, response) => response.end(Buffer.from([0xff, 0xfe, 0x00]))
    expect(await desk.call({ secretId })).toMatchObject({ body: '//4A', encoding: 'base64' })
    desk.answer = (_request, response) => response.end(`${'é'.repeat(262_144)}tail`)
    const long = await desk.call({ secretId })
    expect([long.truncated, long.encoding, Buffer.byteLength(long.body)]).toEqual([true, 'text', 524_288])
    desk.answer = (_request, response) => response.writeHead(302, { location: `https://127.0.0.1/?key=${canary}` }).end()
    const moved = await desk.call({ secretId })
    expect([moved.status, moved.headers.location]).toEqual([302, 'https://127.0.0.1/?key=[redacted]'])
  })

  test('leaves no value in any table, answer, error or defect', async () => {
    desk.answer = (request, response) => response.end(request.headers.authorization)
    const { token } = await desk.grant(secretId)
    const helper = desk.helper(token)
    const answers: unknown[] = [await desk.call({}, helper), await desk.call({ secretId, requestId: 'once' })]
    desk.answer = (request) => request.socket.destroy()
    answers.push(await desk.call({ secretId }).catch((error: unknown) => error))
    answers.push(await desk.call({ secretId, requestId: 'once' }).catch((error: unknown) => error))
    answers.push(await desk.call({ secretId, grantToken: `${token}x` }).catch((error: unknown) => error))
    const said = answers.map((answer) => (answer instanceof Error ? `${answer.message} ${answer.stack}` : JSON.stringify(answer)))
    const everything = `${dumpTables(desk.t.test.db.read)}\n${said.join('\n')}\n${JSON.stringify(desk.t.defects)}`
    expect(everything).toContain(secretId)
    for (const spelling of [canary, password, token.slice(4)].flatMap(spellingsOf)) expect(everything).not.toContain(spelling)
    expect(everything).not.toContain('Grace')
  })
})

describe('V11: nothing leaves before it is written down', () => {
  test('the use is recorded, with the row that proves it, before the request is there', async () => {
    const seen: unknown[] = []
    desk.answer = (_request, response) => {
      seen.push(
        auditRows(),
        desk.t.test.db.read.all(sql`SELECT actor, action, host, field, outcome FROM secret_use WHERE action = 'used'`),
      )
      response.end()
    }
    await desk.call({ secretId })
    const details = { secretId, host: 'api.provider.test', method: 'GET' }
    expect(seen).toEqual([
      [{ actor: 'owner', outcome: 'sent', details }],
      [{ actor: 'owner', action: 'used', host: 'api.provider.test', field: 'key', outcome: 'done' }],
    ])
    expect(auditRows().at(-1)).toMatchObject({
      actor: 'owner',
      outcome: 'done',
      details: { ...details, sent: true, fields: ['key'], status: 200, redactions: 0 },
    })
    const { items } = await desk.t.call('secrets.usage', { secretId })
    expect(items[0]).toMatchObject({ action: 'used', host: 'api.provider.test', procedure: 'broker.call' })
    expect((await desk.t.call('secrets.get', { secretId })).lastUsedAt).toBe(desk.t.now)
  })

  test.each([
    ['the audit log', `CREATE TRIGGER full BEFORE INSERT ON audit_row BEGIN SELECT RAISE(ABORT, 'disk full'); END`],
    ['the uses', `CREATE TRIGGER full BEFORE INSERT ON secret_use BEGIN SELECT RAISE(ABORT, 'disk full'); END`],
    ['the grants', `CREATE TRIGGER full BEFORE UPDATE ON secret_grant BEGIN SELECT RAISE(ABORT, 'disk full'); END`],
  ])('where %s cannot be written, nothing is sent', async (_what, trigger) => {
    const { token, id } = await desk.grant(secretId)
    desk.t.test.db.write((w) => w.run({ text: trigger, values: [] }))
    await expect(desk.call({}, desk.helper(token))).rejects.toThrow()
    expect(desk.server.requests).toEqual([])
    expect(desk.t.test.db.read.get(sql`SELECT uses FROM secret_grant WHERE id = ${id}`)).toEqual({ uses: 0 })
  })

  test('a far side that nobody can be sure of is never sent a value, and nothing is counted', async () => {
    const { token, id } = await desk.grant(secretId, { hosts: ['*.provider.test', 'provider.example'] })
    const helper = desk.helper(token)
    const call = { url: 'https://provider.example/' }
    await expect(desk.call(call, helper)).rejects.toEqual(failing('unavailable', /no valid certificate/))
    expect(desk.server.requests).toEqual([])
    expect(desk.t.test.db.read.get(sql`SELECT uses FROM secret_grant WHERE id = ${id}`)).toEqual({ uses: 0 })
    expect(auditRows().map(({ outcome, details }) => [outcome, details.sent])).toEqual([['failed:unavailable', false]])
  })

  test('what was sent and failed says that it may have arrived; its use stays counted', async () => {
    desk.answer = (request) => request.socket.destroy()
    const { token, id } = await desk.grant(secretId)
    await expect(desk.call({}, desk.helper(token))).rejects.toEqual(failing('unavailable', /may have acted on it.*Look there/))
    expect(desk.t.test.db.read.get(sql`SELECT uses FROM secret_grant WHERE id = ${id}`)).toEqual({ uses: 1 })
    expect(auditRows().map(({ outcome, details }) => [outcome, details.sent])).toEqual([
      ['sent', undefined],
      ['failed:unavailable', true],
    ])
  })

  test('a repeated requestId is not sent again; with another body it is refused', async () => {
    await desk.call({ secretId, requestId: 'r1' })
    await expect(desk.call({ secretId, requestId: 'r1' })).rejects.toEqual(failing('conflict', /held a secret/))
    await expect(desk.call({ secretId, requestId: 'r1', method: 'DELETE' })).rejects.toEqual(failing('idempotency_conflict'))
    expect(desk.server.requests).toHaveLength(1)
    const two = await Promise.allSettled([desk.call({ secretId, requestId: 'r2' }), desk.call({ secretId, requestId: 'r2' })])
    expect(two.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    expect(desk.server.requests).toHaveLength(2)
  })
})

describe('a call within a grant', () => {
  const of = (token: string) => desk.helper(token)

  test('by the bearer needs no name of a secret where there is one; otherwise it does', async () => {
    const other = await desk.secret()
    const one = await desk.grant(secretId)
    const two = await desk.grant([secretId, other])
    await desk.call({}, of(one.token))
    await expect(desk.call({}, of(two.token))).rejects.toEqual(failing('invalid_input', /several secrets/))
    await desk.call({ secretId: other }, of(two.token))
    await expect(desk.call({ secretId: other }, of(one.token))).rejects.toEqual(
      failing('forbidden', /does not cover that secret/),
    )
    expect(desk.server.requests).toHaveLength(2)
  })

  test('reaches its hosts, methods and paths and nothing else; nobody is even asked for their address', async () => {
    const { token } = await desk.grant(secretId, { methods: ['GET'], paths: ['/v1/*'] })
    const helper = of(token)
    expect((await desk.call({}, helper)).status).toBe(200)
    desk.server.dialled.length = 0
    for (const more of [
      { url: 'https://provider.test/v1/me' },
      { url: 'https://www.provider.test/v1/me' },
      { url: 'https://api.provider.test:8443/v1/me' },
      { url: 'https://api.provider.test/v2/me' },
      { url: 'https://api.provider.test/v1/..%2fme' },
      { method: 'POST' as const },
    ]) {
      await expect(desk.call(more, helper)).rejects.toEqual(failing('forbidden', /^Nothing was sent: /))
    }
    expect([desk.server.dialled, desk.server.requests.length]).toEqual([[], 1])
  })

  test('by its token in the input is the helper’s use, whoever called', async () => {
    const { token, id } = await desk.grant(secretId)
    const script = await desk.t.token(['broker:write'])
    await desk.call({ grantToken: token }, script)
    expect(auditRows().map(({ actor, details }) => [actor, details.grantId, details.by])).toEqual([
      [`helper:${id}`, id, script.name],
      [script.name, id, undefined],
    ])
    await expect(desk.call({ grantToken: token, url: 'https://provider.test/' }, script)).rejects.toEqual(failing('forbidden'))
    await expect(desk.call({ grantToken: 'chg_unknown' }, script)).rejects.toEqual(failing('forbidden', /unknown/))
    const radius = await desk.t.call('grants.blastRadius', { grantId: id })
    expect(radius.secrets).toMatchObject([{ secretId, reach: 'used', times: 1, hosts: ['api.provider.test'] }])
  })

  test('of ten at once, as many go as there are uses left', async () => {
    const { token, id } = await desk.grant(secretId, { maxUses: 3 })
    const helper = of(token)
    const ended = await Promise.allSettled(Array.from({ length: 10 }, () => desk.call({}, helper)))
    const refused = ended.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(refused).toHaveLength(7)
    for (const error of refused) expect(error).toEqual(failing('forbidden', /used up/))
    expect(desk.server.requests).toHaveLength(3)
    expect(() => of(token)).toThrow('opens nothing')
    expect((await desk.t.call('grants.list', {})).items.find((grant) => grant.id === id)).toMatchObject({
      uses: 3,
      revokedFor: 'used_up',
    })
  })

  test('ends at the instant, also when time passes while the far side is being reached', async () => {
    const { token } = await desk.grant(secretId, { expiresInHours: 1 })
    const helper = of(token)
    desk.t.now += 3_600_000 - 1
    await desk.call({}, helper)
    desk.t.now += 1
    await expect(desk.call({}, helper)).rejects.toEqual(failing('forbidden', /expired/))
    const slow = await openBrokerDesk((server) =>
      createOutboundHttps({
        ...server.options,
        lookup: (host) => {
          slow.t.now += 3_600_000
          return server.options.lookup(host)
        },
      }),
    )
    const mine = await slow.secret()
    const short = await slow.grant(mine, { expiresInHours: 1 })
    await expect(slow.call({}, slow.helper(short.token))).rejects.toEqual(failing('forbidden', /expired/))
    expect(slow.server.requests).toEqual([])
    await slow.close()
  })

  test('keeps the hours of the business’s own clock, through daylight saving', async () => {
    const businessId = await desk.t.business()
    const mine = await desk.secret(businessId)
    desk.t.now = Date.UTC(2026, 2, 6, 14, 30)
    const limits = { hours: { from: '09:00', to: '17:00' }, weekdays: [1, 2, 3, 4, 5], expiresInHours: 2160 }
    const helper = of((await desk.grant(mine, limits)).token)
    const allowed = async (at: number) => {
      desk.t.now = at
      return desk.call({}, helper).then(
        () => true,
        (error: unknown) => {
          expect(error).toEqual(failing('forbidden', /hour or weekday/))
          return false
        },
      )
    }
    expect(await allowed(Date.UTC(2026, 2, 6, 14, 0))).toBe(true)
    expect(await allowed(Date.UTC(2026, 2, 6, 13, 59))).toBe(false)
    expect(await allowed(Date.UTC(2026, 2, 9, 13, 0))).toBe(true)
    expect(await allowed(Date.UTC(2026, 2, 9, 12, 59))).toBe(false)
    expect(await allowed(Date.UTC(2026, 2, 9, 20, 59))).toBe(true)
    expect(await allowed(Date.UTC(2026, 2, 9, 21, 0))).toBe(false)
    expect(await allowed(Date.UTC(2026, 2, 14, 15, 0))).toBe(false)
  })

  test('keeps known values of its other items out of the answer too', async () => {
    const { id: other } = await desk.run('secrets.create', {
      kind: 'api_key',
      title: 'Other',
      fields: [{ name: 'key', type: 'hidden', value: 'another-key-of-theirs' }],
    })
    desk.answer = (_request, response) => response.end(`{"keys":["another-key-of-theirs","${canary}"]}`)
    const { token } = await desk.grant([secretId, other])
    const { body, redactions } = await desk.call({ secretId }, of(token))
    expect([body, redactions]).toEqual(['{"keys":["[redacted]","[redacted]"]}', 2])
  })
})

describe('in a practice world', () => {
  test('a call reaches the stand-in under the provider’s own name; a real key never does', async () => {
    const origin = 'http://127.0.0.1:4242'
    desk.practice = new Map([['api.stripe.com', origin]])
    const { token } = await desk.grant(secretId, { hosts: ['api.stripe.com'] })
    const helper = desk.helper(token)
    for (const url of ['https://api.stripe.com/v1/balance', `${origin}/v1/balance`]) {
      await expect(desk.call({ url }, helper)).rejects.toEqual(failing('forbidden', /not of the public internet/))
    }
    await expect(desk.call({ secretId })).rejects.toEqual(failing('wrong_world'))
  })
})
