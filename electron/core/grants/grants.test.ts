import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type BrokerDesk, canary, openBrokerDesk } from '../../../tests/support/brokerDesk'
import { dumpTables } from '../../../tests/support/tables'
import { sql } from '../db/index'

let desk: BrokerDesk
let secretId: string
beforeEach(async () => {
  desk = await openBrokerDesk()
  secretId = await desk.secret()
})
afterEach(() => desk.close())

const hour = 3_600_000
const day = 24 * hour
const failing = (code: string, message: RegExp = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })
const found = async (id: string) => (await desk.t.call('grants.list', {})).items.find((grant) => grant.id === id)
const opens = (token: string) => desk.access.actorOfToken(desk.t.test.db.read, token) !== null

describe('a grant', () => {
  test('V12: its token has 256 random bits, is shown once and stored only as a keyed hash', async () => {
    const made = await desk.grant(secretId, { requestId: 'make-1' } as never)
    expect(made.token).toMatch(/^chg_[A-Za-z0-9_-]{43}$/)
    expect(opens(made.token)).toBe(true)
    const dump = dumpTables(desk.t.test.db.read)
    const secret = made.token.slice(4)
    for (const form of [
      secret,
      Buffer.from(secret, 'base64url').toString('latin1'),
      Buffer.from(secret, 'base64url').toString('hex'),
    ]) {
      expect(dump).not.toContain(form)
    }
    expect(dump).not.toContain('Grace')
    expect(JSON.stringify((await desk.t.call('grants.list', {})).items)).not.toContain(secret)
    await expect(desk.grant(secretId, { requestId: 'make-1' } as never)).rejects.toEqual(failing('conflict', /held a secret/))
    for (const other of [`${made.token}x`, made.token.slice(0, -1), `cht_${secret}`, secret, 'chg_', ''])
      expect(opens(other)).toBe(false)
    const tokens = await Promise.all(Array.from({ length: 20 }, () => desk.grant(secretId)))
    expect(new Set(tokens.map(({ token }) => token)).size).toBe(20)
  })

  test('says what it was given, with the defaults of what was left out', async () => {
    const { token: _, ...made } = await desk.grant(secretId)
    expect(made).toEqual({
      id: expect.stringMatching(/^gra_/),
      businessId: null,
      holder: 'Grace',
      secretIds: [secretId],
      actions: ['use'],
      hosts: ['api.provider.test'],
      methods: [],
      paths: [],
      hours: null,
      weekdays: [],
      maxUses: null,
      uses: 0,
      createdAt: desk.t.now,
      expiresAt: desk.t.now + day,
      engagementEndsOn: null,
      lastUsedAt: null,
      revokedAt: null,
      revokedFor: null,
    })
    expect(await found(made.id)).toEqual(made)
  })

  test('is refused where it makes no sense, and nothing is kept', async () => {
    const businessId = await desk.t.business()
    const other = await desk.t.business()
    const theirs = await desk.secret(other)
    const mine = await desk.secret(businessId)
    for (const [more, code] of [
      [{ hosts: [] }, 'invalid_input'],
      [{ hours: { from: '09:00', to: '09:00' } }, 'invalid_input'],
      [{ engagementEndsOn: '2026-01-14' }, 'invalid_input'],
      [{ expiresInHours: 2161 }, 'invalid_input'],
      [{ secretIds: ['sec_unknown'] }, 'not_found'],
      [{ secretIds: [mine, theirs] }, 'invalid_input'],
      [{ secretIds: [mine, secretId] }, 'invalid_input'],
      [{ secretIds: [mine], businessId: other }, 'not_found'],
      [{ businessId }, 'not_found'],
      [{ businessId: 'biz_unknown' }, 'not_found'],
    ] as const) {
      await expect(desk.grant(secretId, more as never)).rejects.toEqual(failing(code))
    }
    expect((await desk.grant(mine, { businessId })).businessId).toBe(businessId)
    expect((await desk.grant(theirs)).businessId).toBe(other)
    expect((await desk.t.call('grants.list', { businessId })).items).toHaveLength(1)
    expect((await desk.t.call('grants.list', { secretId: theirs })).items).toHaveLength(1)
    await expect(desk.t.call('grants.list', { secretId: 'sec_unknown' })).rejects.toEqual(failing('not_found'))
    expect((await desk.t.call('grants.list', {})).items).toHaveLength(2)
  })

  test('passes on no more than its giver has, and ends with the giver’s token', async () => {
    const giver = await desk.t.token(['grants:write', 'secrets:read', 'broker:write', 'vault:reveal'])
    const given = await desk.grant(secretId, { expiresInHours: 2160 }, giver)
    expect(given.expiresAt).toBe(desk.t.now + day)
    const blind = await desk.t.token(['grants:write', 'secrets:read', 'broker:write'])
    await expect(desk.grant(secretId, { actions: ['reveal'] }, blind)).rejects.toEqual(failing('forbidden', /vault:reveal/))
    await expect(desk.grant(secretId, {}, blind)).rejects.toEqual(failing('forbidden', /sent to themselves/))
    const poor = await desk.t.token(['grants:write'])
    await expect(desk.grant(secretId, {}, poor)).rejects.toEqual(failing('forbidden', /secrets:read/))
    expect(opens(given.token)).toBe(true)
    await desk.t.call('tokens.revoke', { tokenId: giver.id })
    expect(opens(given.token)).toBe(false)
    expect(await found(given.id)).toMatchObject({ revokedFor: 'owner', revokedAt: desk.t.now })
    const radius = await desk.t.call('grants.blastRadius', { tokenId: giver.id })
    expect(radius.reachableCount).toBe(1)
  })
})

describe('V12: a grant ends by itself', () => {
  test('at the instant, without anything having swept, and shows when and why', async () => {
    const businessId = await desk.t.business()
    const mine = await desk.secret(businessId)
    const [short, engaged, long, once] = [
      await desk.grant(mine, { expiresInHours: 1 }),
      await desk.grant(mine, { expiresInHours: 2160, engagementEndsOn: '2026-01-16' }),
      await desk.grant(mine, { expiresInHours: 2160 }),
      await desk.grant(mine, { expiresInHours: 2160, maxUses: 1 }),
    ]
    await desk.call({}, desk.helper(once.token))
    expect(opens(once.token)).toBe(false)
    const endOfEngagement = Date.UTC(2026, 0, 17, 5)
    for (const [grant, at, why] of [
      [short, desk.t.now + hour, 'expired'],
      [engaged, endOfEngagement, 'engagement_ended'],
      [long, desk.t.now + 30 * day, 'unused'],
    ] as const) {
      desk.t.now = at - 1
      expect(opens(grant.token)).toBe(true)
      expect(await found(grant.id)).toMatchObject({ revokedAt: null })
      desk.t.now = at
      expect(opens(grant.token)).toBe(false)
      expect(await found(grant.id)).toMatchObject({ revokedAt: at, revokedFor: why })
    }
    const listed = await desk.t.call('grants.list', {})
    expect((await desk.t.call('grants.list', { active: true })).items).toEqual([])
    expect(desk.sweep()).toBe(4)
    expect(desk.sweep()).toBe(0)
    expect(await desk.t.call('grants.list', {})).toEqual(listed)
    const swept = desk.t.test.db.read.all<{ details: string }>(
      sql`SELECT details FROM audit_row WHERE actor = 'schedule:grants' AND procedure = 'grants.revoke' ORDER BY seq`,
    )
    expect(swept.map(({ details }) => (JSON.parse(details) as { why: string }).why).sort()).toEqual([
      'engagement_ended',
      'expired',
      'unused',
      'used_up',
    ])
  })

  test('when all of its secrets are put away, and not while one is left', async () => {
    const other = await desk.secret()
    const { token, id } = await desk.grant([secretId, other])
    const bin = async (of: string) => desk.run('secrets.delete', { secretId: of, version: 1 })
    const before = await desk.t.call('secrets.get', { secretId })
    expect(before.dependants).toEqual([{ kind: 'grant', id, label: 'Grace' }])
    await bin(secretId)
    expect(opens(token)).toBe(true)
    await expect(desk.call({ secretId }, desk.helper(token))).rejects.toEqual(failing('not_found'))
    await bin(other)
    expect(opens(token)).toBe(false)
    expect(await found(id)).toMatchObject({ revokedFor: 'secret_gone' })
    await desk.run('secrets.undelete', { secretId })
    expect(opens(token)).toBe(false)
  })

  test('when it is revoked, for good and once', async () => {
    const { token, id } = await desk.grant(secretId)
    const helper = desk.helper(token)
    const revoked = await desk.run('grants.revoke', { grantId: id })
    expect(revoked).toMatchObject({ revokedAt: desk.t.now, revokedFor: 'owner' })
    expect(opens(token)).toBe(false)
    await expect(desk.call({}, helper)).rejects.toEqual(failing('forbidden'))
    expect((await desk.t.call('secrets.list', {}, helper)).items).toEqual([])
    desk.t.now += hour
    expect(await desk.run('grants.revoke', { grantId: id })).toEqual(revoked)
    await expect(desk.run('grants.revoke', { grantId: 'gra_unknown' })).rejects.toEqual(failing('not_found'))
    expect((await desk.t.call('secrets.get', { secretId })).dependants).toEqual([])
  })
})

describe('V12: a helper', () => {
  test('sees the secrets of its grant and no others, and nobody else’s grants', async () => {
    const other = await desk.secret()
    await desk.grant(secretId, { holder: 'Somebody else' })
    const helper = desk.helper((await desk.grant(secretId, { actions: ['use', 'reveal'] })).token)
    expect((await desk.t.call('secrets.list', {}, helper)).items.map(({ id }) => id)).toEqual([secretId])
    expect((await desk.t.call('secrets.list', { query: 'provider' }, helper)).items).toHaveLength(1)
    const shown = await desk.t.call('secrets.get', { secretId }, helper)
    expect(shown.dependants).toEqual([])
    expect(JSON.stringify(shown)).not.toContain(canary)
    await expect(desk.t.call('secrets.get', { secretId: other }, helper)).rejects.toEqual(failing('not_found'))
    await expect(desk.t.call('secrets.reveal', { secretId: other, field: 'key' }, helper)).rejects.toEqual(failing('forbidden'))
    await expect(desk.call({ secretId: other }, helper)).rejects.toEqual(failing('forbidden'))
    expect((await desk.t.call('secrets.list', {})).items).toHaveLength(2)
  })

  test('has the scopes of its actions, and of what they open only what a grant is for', async () => {
    const using = desk.helper((await desk.grant(secretId)).token)
    const seeing = desk.helper((await desk.grant(secretId, { actions: ['reveal'], hosts: [] })).token)
    expect([...using.scopes].sort()).toEqual(['broker:write', 'secrets:read'])
    expect([...seeing.scopes].sort()).toEqual(['secrets:read', 'vault:reveal'])
    expect((await desk.run('secrets.reveal', { secretId, field: 'key' }, seeing)).value).toBe(canary)
    await expect(desk.run('secrets.reveal', { secretId, field: 'key' }, using)).rejects.toEqual(failing('forbidden'))
    await expect(desk.call({}, seeing)).rejects.toEqual(failing('forbidden'))
    const mayReveal = (actor: { name: typeof using.name }) =>
      desk.access.mayReveal(desk.t.test.db.read, actor, secretId, desk.t.now)
    const others = [{ name: 'assistant' }, { name: 'schedule:x' }, { name: 'helper:gra_unknown' }] as const
    expect([using, seeing, desk.t.owner, ...others].map(mayReveal)).toEqual([false, true, true, false, false, false])
    for (const helper of [using, seeing]) {
      await expect(desk.t.call('secrets.usage', { secretId }, helper)).rejects.toEqual(failing('forbidden', /does not reach/))
      await expect(desk.t.call('secrets.tags', {}, helper)).rejects.toEqual(failing('forbidden', /does not reach/))
      await expect(desk.t.call('secrets.export', { format: 'plain' }, helper)).rejects.toEqual(failing('forbidden'))
      await expect(desk.grant(secretId, {}, helper)).rejects.toEqual(failing('forbidden', /grants:write/))
    }
  })

  test('uses its grant up by seeing as by using, and only within its hours', async () => {
    const limits = { actions: ['use' as const, 'reveal' as const], maxUses: 2, weekdays: [4] }
    const { token, id } = await desk.grant(secretId, limits)
    const helper = desk.helper(token)
    const reveal = () => desk.run('secrets.reveal', { secretId, field: 'key' }, helper)
    await reveal()
    expect(await found(id)).toMatchObject({ uses: 1, lastUsedAt: desk.t.now })
    desk.t.now += day
    await expect(reveal()).rejects.toEqual(failing('forbidden'))
    desk.t.now -= day
    await desk.call({}, helper)
    await expect(reveal()).rejects.toEqual(failing('forbidden'))
    expect(desk.server.requests).toHaveLength(1)
  })
})

describe('the blast radius', () => {
  test('names what was seen, used and within reach, and what was changed since', async () => {
    const [used, reachable] = [await desk.secret(), await desk.secret()]
    const { token, id } = await desk.grant([secretId, used, reachable], { actions: ['use', 'reveal'] })
    const helper = desk.helper(token)
    await desk.run('secrets.reveal', { secretId, field: 'key' }, helper)
    desk.t.now += 1000
    await desk.call({ secretId }, helper)
    await desk.call({ secretId: used }, helper)
    await desk.call({ secretId: used, headers: { a: '{{secret.key}}', b: '{{secret.password}}' } }, helper)
    const radius = await desk.t.call('grants.blastRadius', { grantId: id })
    const hosts = ['api.provider.test']
    expect(radius).toEqual({
      actor: `helper:${id}`,
      secrets: [
        {
          secretId,
          title: 'Provider',
          kind: 'login',
          reach: 'revealed',
          times: 2,
          lastAt: desk.t.now,
          hosts,
          rotatedSince: false,
        },
        {
          secretId: used,
          title: 'Provider',
          kind: 'login',
          reach: 'used',
          times: 2,
          lastAt: desk.t.now,
          hosts,
          rotatedSince: false,
        },
        {
          secretId: reachable,
          title: 'Provider',
          kind: 'login',
          reach: 'reachable',
          times: 0,
          lastAt: null,
          hosts: [],
          rotatedSince: false,
        },
      ],
      reachableCount: 1,
    })
    desk.t.now += 1000
    const fields = [
      { name: 'user', type: 'text' as const },
      { name: 'key', type: 'hidden' as const, value: 'another' },
      { name: 'password', type: 'hidden' as const },
    ]
    await desk.run('secrets.update', { secretId, version: 1, fields })
    const { secrets } = await desk.t.call('grants.blastRadius', { grantId: id })
    expect(secrets.map(({ rotatedSince }) => rotatedSince)).toEqual([true, false, false])
    expect(await desk.run('grants.rotateAll', { grantId: id })).toEqual({ secretIds: [used] })
    const due = await desk.t.call('secrets.list', { dueWithinDays: 0 })
    expect(due.items.map((item) => [item.id, item.dueAt])).toEqual([[used, desk.t.now]])
  })

  test('of a token holds what was done with tokens and grants made with it', async () => {
    const parent = await desk.t.token(['tokens:write', 'grants:write', 'secrets:read', 'broker:write', 'vault:reveal'])
    const child = await desk.t.token(['vault:reveal'], parent)
    const { token } = await desk.grant(secretId, {}, parent)
    const [other, third] = [await desk.secret(), await desk.secret()]
    await desk.run('secrets.reveal', { secretId: other, field: 'key' }, child)
    await desk.call({}, desk.helper(token))
    const radius = await desk.t.call('grants.blastRadius', { tokenId: parent.id })
    expect(radius.secrets.map((item) => [item.secretId, item.reach])).toEqual([
      [other, 'revealed'],
      [secretId, 'used'],
      [third, 'reachable'],
    ])
    expect(await desk.run('grants.rotateAll', { tokenId: parent.id })).toEqual({ secretIds: [other, secretId] })
    const narrow = await desk.t.token(['rates:read'])
    expect(await desk.t.call('grants.blastRadius', { tokenId: narrow.id })).toEqual({
      actor: narrow.name,
      secrets: [],
      reachableCount: 0,
    })
  })

  test('is of one grant or one token that exists', async () => {
    await expect(desk.t.call('grants.blastRadius', {})).rejects.toEqual(failing('invalid_input'))
    await expect(desk.t.call('grants.blastRadius', { grantId: 'gra_x', tokenId: 'tok_x' })).rejects.toEqual(
      failing('invalid_input'),
    )
    await expect(desk.t.call('grants.blastRadius', { grantId: 'gra_x' })).rejects.toEqual(failing('not_found'))
    await expect(desk.t.call('grants.blastRadius', { tokenId: 'tok_x' })).rejects.toEqual(failing('not_found'))
  })
})

test('grants are listed newest first, page by page, the active ones without gaps between those that ended', async () => {
  const ids: string[] = []
  for (let n = 0; n < 12; n++) {
    const { id } = await desk.grant(secretId, { expiresInHours: n % 3 === 0 ? 1 : 48 })
    ids.unshift(id)
    desk.t.now += 1
  }
  desk.t.now += hour
  const pages = async (active?: boolean) => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const input = { limit: 3, ...(cursor === undefined ? {} : { cursor }), ...(active === undefined ? {} : { active }) }
      const page = await desk.t.call('grants.list', input)
      expect(page.items.length).toBeLessThanOrEqual(3)
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    return seen
  }
  expect(await pages()).toEqual(ids)
  const ended = ids.filter((_, n) => (11 - n) % 3 === 0)
  expect(await pages(true)).toEqual(ids.filter((id) => !ended.includes(id)))
  expect(await pages(false)).toEqual(ended)
  await expect(desk.t.call('grants.list', { cursor: 'WyJhIl0' })).rejects.toEqual(failing('invalid_input'))
})

test('the database itself keeps grants as they were given', async () => {
  const businessId = await desk.t.business()
  const theirs = await desk.secret(businessId)
  const { id } = await desk.grant(secretId, { maxUses: 1 })
  const { db } = desk.t.test
  const refused = (text: string, message: RegExp) =>
    expect(() => db.write((w) => w.run({ text, values: [] })), text).toThrow(message)
  const where = `WHERE id = '${id}'`
  for (const change of [
    `hosts = '["evil.example"]'`,
    `expires_at = expires_at + 1`,
    `ends_at = 0`,
    `max_uses = 9`,
    `mac = randomblob(32)`,
    `actions = '["reveal"]'`,
  ]) {
    refused(`UPDATE secret_grant SET ${change} ${where}`, /limits of a grant do not change/)
  }
  refused(`UPDATE secret_grant SET uses = uses + 2, last_used_at = 1 ${where}`, /rise one by one/)
  refused(`UPDATE secret_grant SET uses = 1, last_used_at = ends_at ${where}`, /has ended is not used/)
  refused(`DELETE FROM secret_grant ${where}`, /grants are kept|FOREIGN KEY/)
  refused(`DELETE FROM secret_grant_item WHERE grant_id = '${id}'`, /items of a grant do not change/)
  refused(`INSERT INTO secret_grant_item VALUES ('${id}', '${theirs}', NULL)`, /its own business/)
  refused(`INSERT INTO secret_grant_item VALUES ('${id}', '${theirs}', '${businessId}')`, /its own business/)
  await desk.run('grants.revoke', { grantId: id })
  refused(`UPDATE secret_grant SET revoked_at = NULL, revoked_for = NULL ${where}`, /stays revoked/)
  refused(`UPDATE secret_grant SET uses = 1, last_used_at = 1 ${where}`, /has ended is not used/)
})

test('a holder can be forgotten; what they did stays', async () => {
  const { id } = await desk.grant(secretId)
  desk.t.test.db.write((w) => w.run(sql`DELETE FROM secret_grant_holder WHERE grant_id = ${id}`))
  expect(await found(id)).toMatchObject({ holder: 'Forgotten holder' })
})
