import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contract, type ProcedureName, procedureOf } from '../../shared/contract/index'
import { type Scope, scopes } from '../../shared/contract/procedure'
import { errorOf, type LiveApp, openLiveApp, passphrase, practiceKey } from '../../tests/support/liveApp'
import { parsableInputs } from '../../tests/support/parsableInputs'
import { digestTables } from '../../tests/support/tables'
import { sql } from '../core/db/index'

let live: LiveApp
let secretId: string
const withOnly = new Map<Scope, string>()

beforeAll(async () => {
  live = await openLiveApp('practice')
  for (const scope of scopes) {
    const made = await live.run('tokens.create', { name: 'A script', scopes: [scope], expiresInHours: 1 })
    withOnly.set(scope, made.token)
  }
  const fields = [{ name: 'key', type: 'hidden' as const, value: practiceKey }]
  secretId = (await live.run('secrets.create', { kind: 'api_key', title: 'Practice', fields })).id
})
afterAll(() => live.close())

const atDoor = (Object.keys(contract) as ProcedureName[]).filter(
  (name) => contract[name].doors !== 'window' && name !== 'ledger.import',
)

function grant(actions: ('use' | 'reveal')[], more: object = {}) {
  return live.run('grants.create', { holder: 'Grace', secretIds: [secretId], actions, hosts: ['api.stripe.com'], ...more })
}

const call = { method: 'GET', url: 'https://api.stripe.com/v1/balance', headers: { authorization: 'Bearer {{secret}}' } }

describe('V12: of the matrix of procedures and single scopes', () => {
  test.each(scopes)('a token with %s alone opens the procedures of that scope and no other', async (scope) => {
    const before = digestTables(live.db)
    const others = atDoor.filter((name) => procedureOf(name).scope !== scope)
    expect(others.length).toBeGreaterThan(atDoor.length / 2)
    const ended = others.map(async (name) => {
      const answer = await live.send(name, parsableInputs[name], withOnly.get(scope))
      return [name, answer.status, errorOf(answer).code]
    })
    expect(await Promise.all(ended)).toEqual(others.map((name) => [name, 403, 'forbidden']))
    expect(digestTables(live.db)).toEqual(before)
  })
})

describe('V12: a helper at the door', () => {
  const inputs: Readonly<Record<string, object>> = {
    ...parsableInputs,
    'secrets.list': {},
    'secrets.get': { secretId: '' },
    'secrets.reveal': { secretId: '', field: 'key' },
    'broker.call': call,
  }
  const inputOf = (name: string) => {
    const input = inputs[name] ?? {}
    return name.startsWith('secrets.') && 'secretId' in input ? { ...input, secretId } : input
  }

  test.each([
    [['use' as const], ['broker.call', 'secrets.get', 'secrets.list']],
    [['reveal' as const], ['secrets.get', 'secrets.list', 'secrets.reveal']],
    [
      ['use' as const, 'reveal' as const],
      ['broker.call', 'secrets.get', 'secrets.list', 'secrets.reveal'],
    ],
  ])('with a grant to %j opens %j and nothing else', async (actions, opened) => {
    const { token, id } = await grant(actions)
    const reached: string[] = []
    for (const name of atDoor) {
      const answer = await live.send(name, inputOf(name), token)
      if (answer.status === 200) reached.push(name)
      else expect([name, answer.status, errorOf(answer).code]).toEqual([name, 403, 'forbidden'])
    }
    expect(reached.sort()).toEqual(opened)
    const { actor } = live.db.get<{ actor: string }>(sql`SELECT actor FROM audit_row ORDER BY seq DESC LIMIT 1`) ?? { actor: '' }
    expect(actor).toBe(`helper:${id}`)
    for (const name of Object.keys(contract).filter((name) => contract[name as ProcedureName].doors === 'window')) {
      expect((await live.send(name, {}, token)).status).toBe(404)
    }
    for (const [method, path] of [
      ['GET', 'ledger/export?businessId=biz_x&format=csv'],
      ['POST', 'ledger/import?businessId=biz_x'],
      ['GET', 'audit/export?format=csv'],
    ] as const) {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(method === 'POST' ? { 'content-type': 'application/x-ndjson' } : {}),
      }
      const answer = await fetch(`${live.url}/api/v1/${path}`, {
        method,
        headers,
        ...(method === 'POST' ? { body: '{}\n' } : {}),
      })
      expect([path, answer.status]).toEqual([path, 403])
    }
  })

  test('uses the key at the practice provider without seeing it', async () => {
    const { token } = await grant(['use'])
    const before = (await live.call('practice.calls', { provider: 'stripe' })).items.length
    const answer = await live.send('broker.call', call, token)
    expect(answer).toMatchObject({ status: 200, body: { status: 'done', value: { status: 200, encoding: 'text' } } })
    expect(JSON.stringify(answer.body)).toContain('balance')
    expect(JSON.stringify(answer.body)).not.toContain(practiceKey)
    expect((await live.call('practice.calls', { provider: 'stripe' })).items.length).toBe(before + 1)
    const direct = await live.send('broker.call', { ...call, url: `${live.app.practiceOrigin}/v1/balance` }, token)
    expect(direct.status).toBe(200)
    const outside = await live.send('broker.call', { ...call, url: 'https://api.example.com/' }, token)
    expect([outside.status, errorOf(outside).code]).toEqual([409, 'wrong_world'])
  })

  test('of a practice world never sends a real key to the stand-in', async () => {
    const fields = [{ name: 'key', type: 'hidden' as const, value: 'sk_live_51abcdefghijklmnop' }]
    const { id } = await live.run('secrets.create', { kind: 'api_key', title: 'Real', fields })
    const before = (await live.call('practice.calls', { provider: 'stripe' })).items.length
    const answer = await live.send('broker.call', { ...call, secretId: id })
    expect([answer.status, errorOf(answer).code]).toEqual([409, 'wrong_world'])
    expect((await live.call('practice.calls', { provider: 'stripe' })).items.length).toBe(before)
  })

  test('is gone with the request after its revocation, at any door, and comes back with no restart', async () => {
    const { token, id } = await grant(['use'])
    await live.restart()
    expect((await live.send('secrets.list', {}, token)).status).toBe(200)
    await live.run('vault.lock', {})
    expect((await live.send('secrets.list', {}, token)).status).toBe(423)
    expect((await live.send('vault.unlock', { passphrase }, token)).status).toBe(403)
    await live.run('vault.unlock', { passphrase })
    await live.run('grants.revoke', { grantId: id })
    expect((await live.send('secrets.list', {}, token)).status).toBe(401)
    const script = (await live.run('tokens.create', { name: 'A script', scopes: ['broker:write'], expiresInHours: 1 })).token
    const lent = await live.send('broker.call', { ...call, grantToken: token }, script)
    expect([lent.status, errorOf(lent).code]).toEqual([403, 'forbidden'])
    expect((await live.send('secrets.list', {}, `${token}x`)).status).toBe(401)
  })
})
