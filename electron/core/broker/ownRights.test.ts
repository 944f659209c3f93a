import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type BrokerDesk, canary, openBrokerDesk } from '../../../tests/support/brokerDesk'
import { sql } from '../db/index'

let desk: BrokerDesk
let secretId: string
beforeEach(async () => {
  desk = await openBrokerDesk()
  secretId = await desk.secret()
})
afterEach(() => desk.close())

const failing = (code: string, message: RegExp = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })

const hidden = (value: string) => ({ name: 'key', type: 'hidden' as const, value })
const keep = async (value: string, more: { sensitive?: boolean } = {}) =>
  (await desk.run('secrets.create', { kind: 'api_key', title: 'Another', fields: [hidden(value)], ...more })).id

describe('V12: who names the host could have the value sent to themselves', () => {
  test('so without a grant a call takes the right to see the value', async () => {
    const script = await desk.t.token(['broker:write'])
    await expect(desk.call({ secretId }, script)).rejects.toEqual(failing('forbidden', /within a grant alone/))
    const { token } = await desk.grant(secretId)
    expect((await desk.call({ grantToken: token }, script)).status).toBe(200)
    const seer = await desk.t.token(['broker:write', 'vault:reveal'])
    expect((await desk.call({ secretId }, seer)).status).toBe(200)
    const radius = await desk.t.call('grants.blastRadius', { tokenId: script.id })
    expect([radius.secrets, radius.reachableCount]).toEqual([[], 0])
  })

  test('a sensitive item asks for step-up, when it is called with and when it is given away', async () => {
    const sensitive = await keep('a value of weight', { sensitive: true })
    const refused = failing('step_up_required')
    await expect(desk.call({ secretId: sensitive })).rejects.toEqual(refused)
    await expect(desk.grant(sensitive)).rejects.toEqual(refused)
    await expect(desk.grant([secretId, sensitive])).rejects.toEqual(refused)
    const seer = await desk.t.token(['broker:write', 'vault:reveal', 'grants:write', 'secrets:read'])
    await expect(desk.call({ secretId: sensitive }, seer)).rejects.toEqual(refused)
    await expect(desk.grant(sensitive, {}, seer)).rejects.toEqual(refused)
    expect([desk.server.requests, (await desk.t.call('grants.list', {})).items]).toEqual([[], []])
    desk.t.provedUntil = desk.t.now + 60_000
    const { token } = await desk.grant(sensitive)
    expect((await desk.call({ secretId: sensitive })).status).toBe(200)
    desk.t.provedUntil = 0
    expect((await desk.call({}, desk.helper(token))).status).toBe(200)
  })
})

describe('V14: an answer tells nothing of secrets that the caller may not see', () => {
  test('a list of every PIN comes back whole', async () => {
    await keep('4711')
    desk.answer = (_request, response) => response.end(desk.server.requests.at(-1)?.body)
    const { token } = await desk.grant(secretId)
    const body = Array.from({ length: 10_000 }, (_, n) => String(n).padStart(4, '0')).join(' ')
    const answer = await desk.call({ method: 'POST', body }, desk.helper(token))
    expect([answer.body, answer.redactions]).toEqual([body, 0])
  })

  test('where an answer is cut off, nobody finds a secret sign by sign', async () => {
    const other = 'sk_live_51AbCdEfGhIjKl'
    await keep(other)
    const { token } = await desk.grant(secretId)
    const helper = desk.helper(token)
    for (let length = 4; length <= other.length; length++) {
      const guess = other.slice(0, length)
      desk.answer = (_request, response) => response.end(`${'x'.repeat(524_288 - length)}${guess}${'y'.repeat(400_000)}`)
      const { body, truncated } = await desk.call({}, helper)
      expect([body.endsWith(guess), truncated]).toEqual([length < other.length, true])
    }
    desk.answer = (_request, response) => response.end(`${'x'.repeat(524_280)}${other}`)
    expect((await desk.call({}, helper)).body.slice(-12)).toBe('xx[redacted]')
  })

  test('what was taken out of other items stands in the log by their ids', async () => {
    const other = await keep('another-key-of-theirs')
    desk.answer = (_request, response) => response.end(`another-key-of-theirs ${canary}`)
    await desk.call({ secretId })
    const row = desk.t.test.db.read.get<{ details: string }>(
      sql`SELECT details FROM audit_row WHERE procedure = 'broker.call' ORDER BY seq DESC LIMIT 1`,
    )
    expect(JSON.parse(row?.details ?? '{}')).toMatchObject({ redactions: 2, otherSecrets: [other] })
  })

  test('a header that a server took for other characters comes back without the value', async () => {
    desk.answer = (request, response) => response.end(JSON.stringify(request.headers))
    const { body } = await desk.call({ secretId, headers: { 'x-key': '{{secret.password}}' } })
    expect(JSON.parse(body)['x-key']).toBe('[redacted]')
  })
})

describe('rules over calls', () => {
  test('of a business hold for the item of a grant, also where the call leaves its name out', async () => {
    const businessId = await desk.t.business()
    const mine = await desk.secret(businessId)
    const { token } = await desk.grant(mine)
    const when = { actors: ['helpers' as const] }
    await desk.t.call('policies.set', { procedure: 'broker.call', decision: 'refuse', businessId, when })
    for (const more of [{}, { secretId: mine }]) {
      await expect(desk.call(more, desk.helper(token))).rejects.toEqual(failing('refused_by_policy'))
    }
    const script = await desk.t.token(['broker:write'])
    expect((await desk.call({ grantToken: (await desk.grant(secretId)).token }, script)).status).toBe(200)
    expect(desk.server.requests).toHaveLength(1)
  })

  test('let a call that waited go once, though it is sent twice at once', async () => {
    const businessId = await desk.t.business()
    const script = await desk.t.token(['broker:write'])
    const { token: grantToken } = await desk.grant(await desk.secret(businessId))
    await desk.t.call('policies.set', { procedure: 'broker.call', decision: 'ask', businessId })
    await expect(desk.call({ grantToken }, script)).rejects.toThrow('awaitingApproval')
    const [card] = (await desk.t.call('approvals.list', { status: 'pending' })).items
    expect(card?.facts).toMatchObject({ businessId, after: { method: 'GET', host: 'api.provider.test', path: '/v1/me' } })
    const { id: approvalId, digest } = card ?? { id: '', digest: '' }
    expect(await desk.run('approvals.decide', { approvalId, digest, decision: 'approve' })).toMatchObject({ status: 'approved' })
    const ended = await Promise.allSettled([desk.call({ grantToken }, script), desk.call({ grantToken }, script)])
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(desk.server.requests).toHaveLength(1)
  })
})
