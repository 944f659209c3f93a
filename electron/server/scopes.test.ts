import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contract, type ProcedureName, procedureOf } from '../../shared/contract/index'
import { type Scope, scopes } from '../../shared/contract/procedure'
import { errorOf, type LiveApp, openLiveApp, passphrase } from '../../tests/support/liveApp'
import { parsableInputs } from '../../tests/support/parsableInputs'
import { dataVersion, digestTables, dumpTables } from '../../tests/support/tables'
import { sql } from '../core/db/index'

let live: LiveApp
const withOnly = new Map<Scope, string>()
const withAllBut = new Map<Scope, string>()

beforeAll(async () => {
  live = await openLiveApp('practice')
  for (const scope of scopes) {
    withOnly.set(scope, await newToken([scope]))
    withAllBut.set(scope, await newToken(scopes.filter((other) => other !== scope)))
  }
})
afterAll(() => live.close())

async function newToken(wanted: readonly Scope[], expiresInHours = 1): Promise<string> {
  return (await live.run('tokens.create', { name: 'A script', scopes: [...wanted], expiresInHours })).token
}

/** What no token may do, whatever its scopes. */
const ownersAlone: ReadonlySet<ProcedureName> = new Set(['audit.acknowledgeRestore'])
const names = (Object.keys(contract) as ProcedureName[]).filter((name) => contract[name].doors !== 'window')

test('V12: every scope of the list is needed by some procedure, and every procedure needs one of the list', () => {
  expect(new Set(Object.values(contract).map(({ scope }) => scope))).toEqual(new Set(scopes))
})

describe('V12: of the matrix of procedures and scopes', () => {
  test.each(names.filter((name) => name !== 'ledger.import'))(
    '%s opens with its own scope alone, and not with all the others',
    async (name) => {
      const { scope, kind } = procedureOf(name)
      const before = digestTables(live.db)
      const version = dataVersion(live.db)
      const refused = await live.send(name, parsableInputs[name], withAllBut.get(scope))
      expect([refused.status, errorOf(refused)]).toEqual([
        403,
        { code: 'forbidden', message: `Nothing was done: this needs the scope ${scope}, which this caller does not have.` },
      ])
      expect(digestTables(live.db)).toEqual(before)
      const record = live.db.get<{ procedure: string; outcome: string }>(
        sql`SELECT procedure, outcome FROM audit_row ORDER BY seq DESC LIMIT 1`,
      )
      if (kind === 'command') expect(record).toEqual({ procedure: name, outcome: 'forbidden' })
      else if (dataVersion(live.db) !== version) expect(record?.procedure).not.toBe(name)

      const allowed = await live.send(name, parsableInputs[name], withOnly.get(scope))
      if (ownersAlone.has(name)) expect(errorOf(allowed).message).toContain('only the owner')
      else if (allowed.status >= 400)
        expect(errorOf(allowed).message).not.toMatch(/^Nothing was done: (this needs the scope|send the header|this token is)/)
      if (name === 'vault.lock') await live.run('vault.unlock', { passphrase })
      if (name === 'safety.pause') await live.run('safety.resume', {})
    },
  )

  test('the streamed doors need the scopes of their procedures', async () => {
    const stream = (method: string, path: string, token: string | undefined) =>
      fetch(`${live.url}/api/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(method === 'POST' ? { 'content-type': 'application/x-ndjson' } : {}) },
        ...(method === 'POST' ? { body: '{}\n' } : {}),
      }).then(({ status }) => status)
    const exporting = 'ledger/export?businessId=biz_x&format=csv'
    expect(await stream('GET', exporting, withAllBut.get('ledger:read'))).toBe(403)
    expect(await stream('GET', exporting, withOnly.get('ledger:read'))).toBe(404)
    expect(await stream('GET', 'audit/export?format=csv', withAllBut.get('audit:read'))).toBe(403)
    expect(await stream('GET', 'audit/export?format=csv&businessId=biz_x', withOnly.get('audit:read'))).toBe(404)
    expect(await stream('GET', 'audit/export?format=csv', withOnly.get('audit:read'))).toBe(200)
    const importing = 'ledger/import?businessId=biz_x'
    expect(await stream('POST', importing, withAllBut.get('ledger:write'))).toBe(403)
    expect(await stream('POST', importing, withOnly.get('ledger:write'))).toBe(404)
  })
})

describe('V12: a token at the door', () => {
  test('is refused from the request after its revocation on, and is in no table, in no form', async () => {
    const made = await live.run('tokens.create', { name: 'A script', scopes: ['businesses:read'], expiresInHours: 1 })
    expect((await live.send('businesses.list', {}, made.token)).status).toBe(200)
    expect((await live.call('tokens.list', {})).items.find(({ id }) => id === made.id)?.lastUsedAt).toBeGreaterThan(0)
    const dump = dumpTables(live.db)
    for (const token of [made.token, ...withOnly.values(), ...withAllBut.values()]) {
      expect(dump).not.toContain(token.slice(4))
      expect(dump).not.toContain(Buffer.from(token.slice(4), 'base64url').toString('latin1'))
    }
    await live.run('tokens.revoke', { tokenId: made.id })
    const refused = await live.send('businesses.list', {}, made.token)
    expect([refused.status, errorOf(refused).code]).toEqual([401, 'unauthenticated'])
  })

  test('of the ready line is kept nowhere and dies with the process; stored ones outlive a restart', async () => {
    const token = await newToken(['businesses:read'])
    await live.restart()
    expect((await live.send('businesses.list', {}, token)).status).toBe(200)
    expect(dumpTables(live.db)).not.toContain('oooooooooooooooo')
    expect((await live.send('businesses.list', {}, `${token}x`)).status).toBe(401)
  })
})
