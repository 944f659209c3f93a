import { afterEach, beforeEach, expect, test } from 'vitest'
import { scopes } from '../../../shared/contract/procedure'
import { dumpTables } from '../../../tests/support/tables'
import { sql } from '../db/index'
import type { Actor } from '../dispatch/index'
import { openTestDispatch, type TestDispatch } from '../dispatch/testing'
import { findToken, findTokenByMac, tokenMac, touchToken } from './index'

let t: TestDispatch
beforeEach(() => {
  t = openTestDispatch()
})
afterEach(() => t.cleanup())

const hour = 3_600_000
const input = { name: 'A script', scopes: ['rates:read'] as const, expiresInHours: 1 }

async function create(more: Partial<Parameters<typeof t.call<'tokens.create'>>[1]> = {}, by?: Actor) {
  const outcome = await t.call('tokens.create', { ...input, scopes: [...input.scopes], ...more }, by)
  if (outcome.status !== 'done') throw new Error('It waits')
  return outcome.value
}
const inForce = (id: string) => t.deps.actors.resolve(`token:${id}`) !== null

test('V12: a token has 256 random bits behind a prefix, is shown once and stored only as a keyed hash', async () => {
  const made = await create({ requestId: 'make-1' })
  expect(made.token).toMatch(/^cht_[A-Za-z0-9_-]{43}$/)
  expect(Buffer.from(made.token.slice(4), 'base64url')).toHaveLength(32)
  expect(made).toMatchObject({ createdAt: t.now, expiresAt: t.now + hour, lastUsedAt: null, revokedAt: null })
  const secret = made.token.slice(4)
  const dump = dumpTables(t.test.db.read)
  expect(dump).toContain(made.id)
  for (const form of [secret, Buffer.from(secret, 'base64url').toString('latin1'), Buffer.from(secret).toString('hex')]) {
    expect(dump).not.toContain(form)
  }
  expect(JSON.stringify((await t.call('tokens.list', {})).items)).not.toContain(secret)
  expect(tokenMac(Buffer.alloc(32, 1), made.token)).not.toEqual(tokenMac(Buffer.alloc(32, 2), made.token))
  await expect(create({ requestId: 'make-1' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('held a secret and was not kept'),
  })
  const others = await Promise.all(Array.from({ length: 50 }, () => create()))
  expect(new Set(others.map(({ token }) => token)).size).toBe(50)
})

test('V12: nobody gives a scope they do not have, and the right to decide is the owner’s alone to give', async () => {
  const script = await t.token(['tokens:write', 'rates:read', 'approvals:decide'])
  expect((await create({ scopes: ['rates:read', 'tokens:write', 'rates:read'] }, script)).scopes).toEqual([
    'rates:read',
    'tokens:write',
  ])
  for (const scope of scopes) {
    if (scope === 'tokens:write' || scope === 'rates:read') continue
    await expect(create({ scopes: ['rates:read', scope] }, script)).rejects.toMatchObject({ code: 'forbidden' })
  }
  expect(await t.call('tokens.list', {})).toMatchObject({ items: { length: 2 } })
  expect((await create({ scopes: [...scopes] })).scopes).toEqual([...scopes])
})

test('V12: a token lives until its hour and not a millisecond longer, nor longer than the one it was made with', async () => {
  const { id } = await create()
  const parent = await t.token(['tokens:write', 'rates:read'])
  t.now += hour - 1
  expect(inForce(id)).toBe(true)
  t.now += 1
  expect(inForce(id)).toBe(false)
  const child = await create({ expiresInHours: 2160 }, parent)
  expect(child.expiresAt).toBe(findToken(t.test.db.read, parent.id)?.expiresAt)
  await expect(create({ expiresInHours: 2161 })).rejects.toMatchObject({ code: 'invalid_input' })
})

test('V12: revoking takes effect at once, for ever, and for every token made with it', async () => {
  const parent = await t.token(['tokens:write', 'rates:read'])
  const child = await t.token(['tokens:write', 'rates:read'], parent)
  const grandchild = await t.token(['rates:read'], child)
  const sibling = await t.token(['rates:read'])
  const revoke = (tokenId: string) => t.call('tokens.revoke', { tokenId })
  expect(await revoke(child.id)).toMatchObject({ status: 'done', value: { id: child.id, revokedAt: t.now } })
  expect([parent, child, grandchild, sibling].map(({ id }) => inForce(id))).toEqual([true, false, false, true])
  const first = t.now
  t.now += 1000
  expect(await revoke(child.id)).toMatchObject({ value: { revokedAt: first } })
  await revoke(parent.id)
  expect(findToken(t.test.db.read, child.id)?.revokedAt).toBe(first)
  expect(inForce(parent.id)).toBe(false)
  expect(() => t.test.db.write((w) => w.run(sql`UPDATE token SET revoked_at = NULL`))).toThrow('stays revoked')
  await expect(revoke('tok_unknown')).rejects.toMatchObject({ code: 'not_found' })
})

test('a token is found by its hash, listed newest first, and remembers when it was last used', async () => {
  const made = []
  for (let i = 0; i < 3; i++) {
    t.now += 1000
    made.push(await create({ name: `Script ${i}` }))
  }
  const page = await t.call('tokens.list', { limit: 2 })
  expect(page.items.map(({ name }) => name)).toEqual(['Script 2', 'Script 1'])
  const rest = await t.call('tokens.list', { limit: 2, cursor: page.nextCursor ?? '' })
  expect(rest).toMatchObject({ items: [{ name: 'Script 0' }], nextCursor: null })
  expect(findTokenByMac(t.test.db.read, tokenMac(Buffer.alloc(32), 'cht_unknown'))).toBeUndefined()
  const id = made[0]?.id ?? ''
  t.test.db.write((w) => touchToken(w, id, t.now + 5))
  expect(findToken(t.test.db.read, id)?.lastUsedAt).toBe(t.now + 5)
})

test('a card that asks to revoke says which token, and goes stale when it was revoked meanwhile', async () => {
  await t.call('policies.set', { procedure: 'tokens.revoke', decision: 'ask' })
  const { id } = await create({ name: 'Backup script' })
  const ask = async () => {
    const outcome = await t.call('tokens.revoke', { tokenId: id })
    const { items } = await t.call('approvals.list', { status: 'pending' })
    return items.find((item) => outcome.status === 'awaitingApproval' && item.id === outcome.approvalId)
  }
  const [first, second] = [await ask(), await ask()]
  expect(first?.facts).toMatchObject({
    what: 'Revoke the access token Backup script and every token made with it',
    before: { token: 'Backup script', scopes: 'rates:read', revoked: 'no' },
    after: { revoked: 'yes' },
    undo: 'no',
  })
  const decide = (card: typeof first) =>
    t.call('approvals.decide', { approvalId: card?.id ?? '', digest: card?.digest ?? '', decision: 'approve' })
  expect(await decide(first)).toMatchObject({ value: { status: 'approved' } })
  expect(inForce(id)).toBe(false)
  expect(await decide(second)).toMatchObject({ value: { status: 'stale' } })
  await expect(t.call('tokens.revoke', { tokenId: 'tok_unknown' })).rejects.toMatchObject({ code: 'not_found' })
})
