import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type BrokerDesk, openBrokerDesk } from '../../../tests/support/brokerDesk'
import { sql } from '../db/index'
import type { Actor } from '../dispatch/index'

let desk: BrokerDesk
let secretId: string
beforeEach(async () => {
  desk = await openBrokerDesk()
  secretId = await desk.secret()
})
afterEach(() => desk.close())

const auditRows = () =>
  desk.t.test.db.read
    .all<{ outcome: string; details: string }>(
      sql`SELECT outcome, details FROM audit_row WHERE procedure = 'broker.call' ORDER BY seq`,
    )
    .map(({ details, ...row }) => ({ ...row, details: JSON.parse(details) as Record<string, unknown> }))
const failing = (code: string, message: RegExp = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })

describe('a call under way is cut off', () => {
  /** Starts a call that the far side never answers; resolves once it is there. */
  async function hanging(actor?: Actor, more: Parameters<BrokerDesk['call']>[0] = {}) {
    const arrived = new Promise<void>((resolve) => {
      desk.answer = () => resolve()
    })
    const call = desk.call({ timeoutMs: 60_000, ...more }, actor)
    call.catch(() => undefined)
    await arrived
    expect(desk.broker.callsUnderWay).toBe(1)
    return { call }
  }

  test('V12: when its grant is revoked', async () => {
    const { token, id } = await desk.grant(secretId)
    const { call } = await hanging(desk.helper(token))
    await desk.run('grants.revoke', { grantId: id })
    await expect(call).rejects.toEqual(failing('forbidden', /cut off.*revoked/))
    expect(auditRows().at(-1)).toMatchObject({ outcome: 'failed:forbidden', details: { sent: true } })
    expect(desk.broker.callsUnderWay).toBe(0)
  })

  test('when its grant ends by itself, by the next sweep; the last use does not end itself', async () => {
    const { token } = await desk.grant(secretId, { expiresInHours: 1, maxUses: 1 })
    const { call } = await hanging(desk.helper(token))
    expect(desk.sweep()).toBe(1)
    desk.t.now += 3_600_000
    const second = await desk.secret()
    const { token: next } = await desk.grant(second, { expiresInHours: 1 })
    const other = new Promise<void>((resolve) => {
      desk.answer = () => resolve()
    })
    const otherCall = desk.call({ timeoutMs: 60_000 }, desk.helper(next))
    otherCall.catch(() => undefined)
    await other
    desk.t.now += 3_600_000
    expect(desk.sweep()).toBe(1)
    await expect(otherCall).rejects.toEqual(failing('forbidden', /expired/))
    expect(desk.broker.callsUnderWay).toBe(1)
    desk.broker.cutOff()
    await expect(call).rejects.toEqual(failing('locked'))
  })

  test('when the token that made it, or that gave its grant, is revoked', async () => {
    const script = await desk.t.token(['broker:write', 'vault:reveal', 'secrets:read', 'grants:write'])
    const { call } = await hanging(script, { secretId })
    await desk.t.call('tokens.revoke', { tokenId: script.id })
    await expect(call).rejects.toEqual(failing('forbidden', /token of the caller/))
    const giver = await desk.t.token(['broker:write', 'vault:reveal', 'secrets:read', 'grants:write'])
    const { token } = await desk.grant(secretId, {}, giver)
    const { call: given } = await hanging(desk.helper(token))
    await desk.t.call('tokens.revoke', { tokenId: giver.id })
    await expect(given).rejects.toEqual(failing('forbidden', /revoked/))
    expect(() => desk.helper(token)).toThrow('opens nothing')
  })

  test('when everything is paused; while it is, calls are refused and counted', async () => {
    const { call } = await hanging(undefined, { secretId })
    await desk.run('safety.pause', {})
    await expect(call).rejects.toEqual(failing('paused', /may have received it/))
    const sent = desk.server.requests.length
    await expect(desk.call({ secretId })).rejects.toEqual(failing('paused'))
    await expect(desk.call({ secretId })).rejects.toEqual(failing('paused'))
    expect((await desk.t.call('safety.status', {})).held.brokerCallsRefused).toBe(3)
    expect(desk.server.requests).toHaveLength(sent)
    await desk.run('safety.resume', {})
    desk.answer = (_request, response) => response.end('back')
    expect((await desk.call({ secretId })).body).toBe('back')
  })

  test('when the vault locks or the app closes; while it is locked none begins', async () => {
    const { call } = await hanging(undefined, { secretId })
    desk.broker.cutOff()
    await expect(call).rejects.toEqual(failing('locked'))
    const { call: closing } = await hanging(undefined, { secretId })
    desk.broker.stop()
    await expect(closing).rejects.toEqual(failing('unavailable', /closing/))
    desk.t.locked = true
    await expect(desk.call({ secretId })).rejects.toEqual(failing('locked'))
  })

  test('and more than 64 at once are refused, of one caller more than 32: nobody shuts the others out', async () => {
    desk.answer = () => undefined
    const many = (actor: Actor) => Array.from({ length: 32 }, () => desk.call({ secretId, timeoutMs: 60_000 }, actor))
    const { token } = await desk.grant(secretId)
    const helper = desk.helper(token)
    const calls = many(helper)
    await expect(desk.call({}, helper)).rejects.toEqual(failing('rate_limited', /of yours/))
    const script = await desk.t.token(['broker:write'])
    await expect(desk.call({ grantToken: token }, script)).rejects.toEqual(failing('rate_limited', /of yours/))
    calls.push(...many(desk.t.owner))
    const seer = await desk.t.token(['broker:write', 'vault:reveal'])
    await expect(desk.call({ secretId }, seer)).rejects.toEqual(failing('rate_limited', /too many calls are/))
    desk.broker.cutOff()
    const ended = await Promise.allSettled(calls)
    expect(ended.every(({ status }) => status === 'rejected')).toBe(true)
    expect(desk.broker.callsUnderWay).toBe(0)
  })
})
