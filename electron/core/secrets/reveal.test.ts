import type BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Database, sql } from '../db'
import { wrapConnection } from '../db/connection'
import { openDriver } from '../db/driver'
import type { Actor } from '../dispatch/actor'
import { Dispatcher } from '../dispatch/index'
import { field, openTestVault, type TestVault } from './testing'

let vault: TestVault
beforeEach(() => {
  vault = openTestVault()
})
afterEach(() => vault.cleanup())

const rows = () => vault.test.db.read.get<{ n: number }>(sql`SELECT count(*) AS n FROM audit_row WHERE outcome = 'done'`)?.n ?? 0
const lastRow = () =>
  vault.test.db.read.get<{ procedure: string; outcome: string; details: string }>(
    sql`SELECT procedure, outcome, details FROM audit_row ORDER BY seq DESC LIMIT 1`,
  )
const usesOf = async (secretId: string) => (await vault.call('secrets.usage', { secretId })).items
const helper: Actor = { name: 'helper:grt_1', scopes: new Set(['vault:reveal']) }

describe('a reveal', () => {
  test('of a sensitive item needs a fresh proof, which only the owner can give; refusals are in the log', async () => {
    const { id: secretId } = await vault.keep({ sensitive: true })
    const script = await vault.token(['vault:reveal'])
    const shown = { secretId, field: 'Password' }
    for (const actor of [vault.owner, script]) {
      await expect(vault.run('secrets.reveal', shown, actor)).rejects.toMatchObject({ code: 'step_up_required' })
      expect(lastRow()).toMatchObject({ procedure: 'secrets.reveal', outcome: 'failed:step_up_required' })
    }
    expect(JSON.parse(lastRow()?.details ?? '')).toMatchObject({ secretId, kind: 'login' })
    vault.provedUntil = vault.now + 1
    expect(await vault.run('secrets.reveal', shown)).toEqual({ value: 'correct horse' })
    await expect(vault.run('secrets.reveal', shown, script)).rejects.toMatchObject({ code: 'step_up_required' })
    vault.now += 1
    await expect(vault.run('secrets.reveal', shown)).rejects.toMatchObject({ code: 'step_up_required' })
    expect((await usesOf(secretId)).map(({ action }) => action)).toEqual(['revealed', 'created'])
  })

  test('by a helper needs a grant for this very item', async () => {
    const { id: secretId } = await vault.keep()
    const { id: another } = await vault.keep()
    vault.seenByHelpers.add(secretId)
    expect(await vault.run('secrets.reveal', { secretId, field: 'Password' }, helper)).toEqual({ value: 'correct horse' })
    await expect(vault.run('secrets.reveal', { secretId: another, field: 'Password' }, helper)).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect(lastRow()).toMatchObject({ outcome: 'failed:forbidden' })
  })

  test('names the field as it is written or nearly so; one that is not there is not found', async () => {
    const { id: secretId } = await vault.keep({ fields: [field('API key', 'abc'), field('Café', '日本', 'text')] })
    const value = (name: string) => vault.run('secrets.reveal', { secretId, field: name }).then((output) => output.value)
    expect([await value('API key'), await value('apiKey'), await value('api_key'), await value('café')]).toEqual([
      'abc',
      'abc',
      'abc',
      '日本',
    ])
    await expect(value('Password')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('is never stored with its request', async () => {
    const { id: secretId } = await vault.keep()
    const input = { secretId, field: 'Password', requestId: 'r-1' }
    await vault.run('secrets.reveal', input)
    await expect(vault.run('secrets.reveal', input)).rejects.toMatchObject({ code: 'conflict' })
    expect(vault.test.db.read.all(sql`SELECT outcome FROM request`)).toEqual([{ outcome: null }])
  })

  test('can be forbidden by a rule, whose facts name item, kind and mark, never the title', async () => {
    const { id: secretId } = await vault.keep({ title: 'Ada Brook', sensitive: true })
    await vault.call('policies.set', { procedure: 'secrets.reveal', decision: 'refuse' })
    await expect(vault.run('secrets.reveal', { secretId, field: 'Password' })).rejects.toMatchObject({
      code: 'refused_by_policy',
    })
    const handler = vault.deps.handlers.get('secrets.reveal') as { facts(db: unknown, input: unknown): object }
    const facts = handler.facts(vault.test.db.read, { secretId, field: 'Password' })
    expect(facts).toMatchObject({
      after: { secret: secretId, kind: 'login', sensitive: 'yes', field: 'Password' },
      before: { version: '1' },
    })
    expect(JSON.stringify(facts)).not.toMatch(/Brook/)
  })
})

/** The same database through another connection of our own, on which faults can be made. */
function faultyDispatcher(): { driver: BetterSqlite3.Database; database: Database; dispatcher: Dispatcher } {
  const driver = openDriver(vault.test.file, vault.test.key, 'existing')
  driver.pragma('busy_timeout=0')
  const database = wrapConnection(driver, vault.test.file)
  return { driver, database, dispatcher: new Dispatcher({ ...vault.deps, database }) }
}

const runsPerFault = 500

interface Fault {
  readonly make: (driver: BetterSqlite3.Database, other: BetterSqlite3.Database) => void
  readonly end: (driver: BetterSqlite3.Database, other: BetterSqlite3.Database) => void
}

const faults: Readonly<Record<string, Fault>> = {
  'a full disk': {
    make: (driver) => void driver.pragma(`max_page_count=${driver.pragma('page_count', { simple: true })}`),
    end: (driver) => void driver.pragma('max_page_count=1073741823'),
  },
  'a database that can only be read': {
    make: (driver) => void driver.pragma('query_only=1'),
    end: (driver) => void driver.pragma('query_only=0'),
  },
  'a locked table': {
    make: (_, other) => void other.exec('BEGIN IMMEDIATE'),
    end: (_, other) => void other.exec('ROLLBACK'),
  },
  'an audit row that the log refuses': {
    make: (driver) => void driver.exec(`CREATE TRIGGER no_audit BEFORE INSERT ON audit_row BEGIN SELECT RAISE(ABORT, 'no'); END`),
    end: (driver) => void driver.exec('DROP TRIGGER no_audit'),
  },
  'a use that cannot be recorded': {
    make: (driver) => void driver.exec(`CREATE TRIGGER no_use BEFORE INSERT ON secret_use BEGIN SELECT RAISE(ABORT, 'no'); END`),
    end: (driver) => void driver.exec('DROP TRIGGER no_use'),
  },
}

describe.each(Object.entries(faults))('V11: with %s', (name, fault) => {
  test(`${runsPerFault} attempts show no value, of a field, a copy or a file`, async () => {
    const { id: secretId } = await vault.keep()
    const file = { secretId, name: 'a.txt', mediaType: 'text/plain', base64: Buffer.from('correct horse').toString('base64') }
    const attachmentId = (await vault.run('secrets.attach', file)).attachments[0]?.id ?? ''
    const { driver, database, dispatcher } = faultyDispatcher()
    const other = openDriver(vault.test.file, vault.test.key, 'existing')
    const caller = { actor: vault.owner, door: 'window' } as const
    const issued = await dispatcher.call('secrets.copyTicket', { secretId, field: 'Password' }, caller)
    const ticket = issued.status === 'done' ? issued.value.ticket : ''
    if (name === 'a full disk') fillPages(database)
    const before = rows()
    fault.make(driver, other)
    const shown: unknown[] = []
    const attempt = async (call: () => unknown) => {
      try {
        shown.push(await call())
      } catch (error) {
        expect(String(error)).not.toMatch(/correct horse/)
      }
    }
    for (let run = 0; run < runsPerFault; run++) {
      await attempt(() => dispatcher.call('secrets.reveal', { secretId, field: 'Password' }, caller))
      await attempt(() => dispatcher.call('secrets.attachment', { attachmentId }, caller))
    }
    await attempt(() => vault.tickets.redeem(database, ticket, vault.now))
    fault.end(driver, other)
    expect(shown).toEqual([])
    expect(rows()).toBe(before)
    expect(await dispatcher.call('secrets.reveal', { secretId, field: 'Password' }, caller)).toMatchObject({
      value: { value: 'correct horse' },
    })
    expect(rows()).toBe(before + 1)
    other.close()
    driver.close()
  })
})

/** Makes every audit row need pages that the file does not have yet. */
function fillPages(database: Database): void {
  database.write((w) => {
    w.run(sql`CREATE TABLE filler (bytes BLOB NOT NULL) STRICT`)
    w.run(sql`CREATE TRIGGER audit_needs_room AFTER INSERT ON audit_row BEGIN INSERT INTO filler VALUES (zeroblob(100000)); END`)
  })
}

describe('a copy ticket', () => {
  const copy = (secretId: string, name = 'Password') => vault.inWindow('secrets.copyTicket', { secretId, field: name })
  const redeem = (ticket: string) => vault.tickets.redeem(vault.test.db, ticket, vault.now)

  test('is good once and for 10 seconds, and its use is recorded as copied', async () => {
    const { id: secretId } = await vault.keep()
    const { ticket, expiresAt } = await copy(secretId)
    expect(expiresAt).toBe(vault.now + 10_000)
    expect(Buffer.from(ticket, 'base64url').length).toBeGreaterThanOrEqual(24)
    expect((await usesOf(secretId)).map(({ action }) => action)).toEqual(['created'])
    vault.now += 9_999
    expect(redeem(ticket).toString()).toBe('correct horse')
    expect(() => redeem(ticket)).toThrow('expired')
    const [use] = await usesOf(secretId)
    expect(use).toMatchObject({
      action: 'copied',
      actor: 'owner',
      door: 'window',
      procedure: 'secrets.copy',
      field: 'Password',
      at: vault.now,
    })
    expect(lastRow()).toMatchObject({ procedure: 'secrets.copy', outcome: 'done' })

    const late = await copy(secretId)
    vault.now += 10_000
    expect(() => redeem(late.ticket)).toThrow('expired')
    expect(() => redeem('made up')).toThrow('expired')
    const locked = await copy(secretId)
    vault.tickets.clear()
    expect(() => redeem(locked.ticket)).toThrow('expired')
  })

  test('of a code generator copies its code of now, and never the secret that makes all codes', async () => {
    const setup = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    const { id: secretId } = await vault.keep({
      fields: [
        field('Code', `otpauth://totp/Registrar?secret=${setup}&digits=8`, 'totp'),
        field('Key', setup, 'totp'),
        field('Odd', 'no key!', 'totp'),
      ],
    })
    vault.now = 1_111_111_109_000
    expect(redeem((await copy(secretId, 'Code')).ticket).toString()).toBe('07081804')
    expect(redeem((await copy(secretId, 'Key')).ticket).toString()).toBe('081804')
    const before = (await usesOf(secretId)).length
    const odd = await copy(secretId, 'Odd')
    expect(() => redeem(odd.ticket)).toThrow('no key of a code generator')
    expect(await usesOf(secretId)).toHaveLength(before)
    expect(await vault.run('secrets.reveal', { secretId, field: 'Key' })).toEqual({ value: setup })
  })

  test('asks for step-up at any door, and dies with its item', async () => {
    const { id: secretId, version } = await vault.keep({ sensitive: true })
    await expect(vault.run('secrets.copyTicket', { secretId, field: 'Password' })).rejects.toMatchObject({
      code: 'step_up_required',
    })
    await expect(copy(secretId)).rejects.toMatchObject({ code: 'step_up_required' })
    vault.provedUntil = vault.now + 1000
    await expect(copy(secretId, 'Nothing')).rejects.toMatchObject({ code: 'not_found' })
    const { ticket } = await copy(secretId)
    await vault.run('secrets.delete', { secretId, version })
    expect(() => redeem(ticket)).toThrow('in the bin')
    expect((await usesOf(secretId)).map(({ action }) => action)).toEqual(['deleted', 'created'])
  })
})
