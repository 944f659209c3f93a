import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import { dumpTables } from '../../../tests/support/tables'
import { sql } from '../db/index'
import type { TaskContext } from './handler'
import { openTestDispatch, type TestDispatch } from './testing'

let t: TestDispatch
let businessId: string
beforeEach(async () => {
  t = openTestDispatch()
  businessId = await t.business()
})
afterEach(() => t.cleanup())

const entry = (requestId: string, minor = 100) => ({
  businessId,
  requestId,
  occurredOn: '2026-01-10',
  description: 'Paper',
  postings: [
    { account: 'assets:bank', amount: { minor: -minor, currency: 'USD' } },
    { account: 'expenses:office', amount: { minor, currency: 'USD' } },
  ],
})
const entries = () => t.test.db.read.get<{ n: number }>(sql`SELECT count(*) AS n FROM journal_entry`)?.n
const counts = { fetched: 1, applied: 0, gaps: 0 }

describe('a short command', () => {
  test('L6: 100 keys sent 50 times in parallel make 100 entries, each sender told the same', async () => {
    const sends = Array.from({ length: 100 * 50 }, (_, i) => t.call('ledger.post', entry(`key-${i % 100}`)))
    const outcomes = await Promise.all(sends)
    expect(entries()).toBe(100)
    const told = new Map<number, Set<string>>()
    for (const [i, outcome] of outcomes.entries()) {
      told.set(i % 100, (told.get(i % 100) ?? new Set()).add(JSON.stringify(outcome)))
    }
    expect([...told.values()].every((answers) => answers.size === 1)).toBe(true)
    expect(new Set([...told.values()].flatMap((answers) => [...answers])).size).toBe(100)
  })

  test('L6: the same key with another body is refused, whatever differs, and a key survives a restart', async () => {
    const first = await t.call('ledger.post', entry('key'))
    const others = [
      entry('key', 101),
      { ...entry('key'), description: 'Paper!' },
      { ...entry('key'), occurredOn: '2026-01-11' },
      { ...entry('key'), postings: [...entry('key').postings].reverse() },
    ]
    for (const restarted of [false, true]) {
      if (restarted) t.restart()
      for (const other of others) {
        await expect(t.call('ledger.post', other)).rejects.toMatchObject({ code: 'idempotency_conflict' })
      }
      expect(await t.call('ledger.post', entry('key'))).toEqual(first)
    }
    const { postings, ...rest } = entry('key')
    expect(await t.call('ledger.post', { postings, ...rest })).toEqual(first)
    expect(await t.call('ledger.post', { ...entry('key'), description: ' Paper ' })).toEqual(first)
    expect(entries()).toBe(1)
  })

  test('L6: a key belongs to one actor and one procedure', async () => {
    const script = await t.token(['ledger:write', 'rates:write'])
    const rate = { businessId, base: 'EUR', quote: 'USD', on: '2026-01-10', rate: '1.1', requestId: 'key' }
    await t.call('ledger.post', entry('key'))
    await t.call('ledger.post', entry('key', 5), script)
    expect(await t.call('rates.set', rate)).toMatchObject({ status: 'done' })
    expect(await t.call('rates.set', rate, script)).toMatchObject({ status: 'done' })
    expect(entries()).toBe(2)
  })

  test('L6: a refused request leaves its key free', async () => {
    const bad = { ...entry('key'), postings: entry('key').postings.map((posting) => ({ ...posting, account: 'assets:nowhere' })) }
    await expect(t.call('ledger.post', bad)).rejects.toBeInstanceOf(AppError)
    expect(await t.call('ledger.post', entry('key'))).toMatchObject({ status: 'done' })
    await t.call('policies.set', { procedure: 'ledger.post', decision: 'refuse' })
    await expect(t.call('ledger.post', entry('other'))).rejects.toMatchObject({ code: 'refused_by_policy' })
    await t.call('policies.set', { procedure: 'ledger.post', decision: 'allow' })
    expect(await t.call('ledger.post', entry('other'))).toMatchObject({ status: 'done' })
  })

  test('L6: a stored outcome can be neither changed nor forgotten', async () => {
    await t.call('ledger.post', entry('key'))
    const attack = (text: string) => () => t.test.db.write((w) => w.run({ text, values: [] }))
    expect(attack('DELETE FROM request')).toThrow('kept for ever')
    expect(attack(`UPDATE request SET outcome = '{}'`)).toThrow('stands')
    expect(attack('INSERT OR REPLACE INTO request SELECT * FROM request')).toThrow()
  })
})

describe('a long command', () => {
  const sync = (requestId: string, of: string | undefined = businessId) =>
    t.call('events.sync', of === undefined ? { requestId } : { requestId, businessId: of })

  test('L6: sent 50 times at once runs once; with another body meanwhile it is refused and nothing runs', async () => {
    let runs = 0
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
    t.handle('events.sync', {
      task: async () => {
        runs += 1
        await mayEnd
        return counts
      },
    })
    const sends = Array.from({ length: 50 }, () => sync('key'))
    const other = await t.business('EUR')
    await expect(sync('key', other)).rejects.toMatchObject({ code: 'idempotency_conflict' })
    end()
    expect(new Set((await Promise.all(sends)).map((outcome) => JSON.stringify(outcome))).size).toBe(1)
    expect(await sync('key')).toEqual({ status: 'done', value: counts })
    await expect(sync('key', other)).rejects.toMatchObject({ code: 'idempotency_conflict' })
    t.restart()
    expect(await sync('key')).toEqual({ status: 'done', value: counts })
    expect(runs).toBe(1)
  })

  test('L6: that failed may be tried again under the same key, and its failure is on record', async () => {
    const ends = [new AppError('declined', 'The provider said no.'), new TypeError('a defect'), null]
    t.handle('events.sync', {
      task: async (context) => {
        context.note({ attempt: 3 - ends.length })
        const failure = ends.shift()
        if (failure) throw failure
        return counts
      },
    })
    await expect(sync('key')).rejects.toMatchObject({ code: 'declined' })
    await expect(sync('key')).rejects.toThrow('a defect')
    expect(await sync('key')).toMatchObject({ status: 'done' })
    const rows = t.test.db.read.all<{ outcome: string; details: string }>(
      sql`SELECT outcome, details FROM audit_row WHERE procedure = 'events.sync' ORDER BY seq`,
    )
    expect(rows.map(({ outcome, details }) => [outcome, JSON.parse(details).attempt])).toEqual([
      ['failed:declined', 0],
      ['failed:internal', 1],
      ['done', 2],
    ])
  })

  test('that settles in its own transaction has its audit row and its outcome there, once', async () => {
    const settleIn = async (context: TaskContext, after: () => void) =>
      context.database.write((w) => {
        w.run(sql`UPDATE business SET name = 'synced' WHERE id = ${businessId}`)
        context.note({ pages: 2 })
        context.settle(w, counts)
        after()
        return counts
      })
    let fails = true
    t.handle('events.sync', {
      task: (context) =>
        settleIn(context, () => {
          if (fails) throw new AppError('unavailable', 'The disk is full.')
        }),
    })
    await expect(sync('key')).rejects.toMatchObject({ code: 'unavailable' })
    const state = () => ({
      name: t.test.db.read.get<{ name: string }>(sql`SELECT name FROM business`)?.name,
      audit: t.test.db.read.all<{ outcome: string }>(sql`SELECT outcome FROM audit_row WHERE procedure = 'events.sync'`),
      requests: t.test.db.read.get<{ n: number }>(sql`SELECT count(*) AS n FROM request`)?.n,
    })
    expect(state()).toEqual({ name: 'Mill Street Studio', audit: [{ outcome: 'failed:unavailable' }], requests: 0 })
    fails = false
    expect(await sync('key')).toEqual({ status: 'done', value: counts })
    expect(state()).toEqual({ name: 'synced', audit: [{ outcome: 'failed:unavailable' }, { outcome: 'done' }], requests: 1 })
    expect(await sync('key')).toEqual({ status: 'done', value: counts })
  })
})

describe('what is stored with a request', () => {
  const canary = { name: 'Kanarienvogel Zwitscher', email: 'tweet@kanarien.example' }
  const address = { line1: 'Vogelweg 77', city: 'Piepsheim' }
  const traces = /kanarien|zwitscher|tweet|vogelweg|piepsheim/i

  test('never holds personal data: a repeated request is answered from the customer as it stands', async () => {
    const input = { businessId, ...canary, address, requestId: 'key' }
    const first = await t.call('customers.create', input)
    expect(await t.call('customers.create', input)).toEqual(first)
    t.restart()
    expect(await t.call('customers.create', input)).toEqual(first)
    if (first.status !== 'done') throw new Error('It waits')
    const change = { customerId: first.value.id, name: 'Zwitscher & Sons', requestId: 'change' }
    expect(await t.call('customers.update', change)).toEqual(await t.call('customers.update', change))
    await t.call('policies.set', { procedure: 'customers.create', decision: 'ask' })
    await t.call('policies.set', { procedure: 'customers.update', decision: 'ask' })
    await t.call('customers.create', { ...input, requestId: 'parked' })
    await t.call('customers.update', { ...change, name: 'Zwitscher GmbH', requestId: 'parked' })
    await expect(t.call('customers.create', { ...input, name: 'Zwitscher Ltd' })).rejects.toMatchObject({
      code: 'idempotency_conflict',
    })
    const dump = dumpTables(t.test.db.read)
    expect(dump).toContain(first.value.id)
    expect(dump).not.toMatch(traces)
    expect(Buffer.from(dump, 'latin1').toString('utf8')).not.toMatch(traces)
    expect(JSON.stringify([await t.call('approvals.list', {}), t.defects])).not.toMatch(traces)
  })

  test('never holds a digest of a secret in its audit row: it could be guessed faster than the passphrase allows', async () => {
    t.handle('vault.unlock', { task: async () => ({ state: 'unlocked', world: 'live', version: '0' }) })
    const digests = async (passphrase: string) => {
      await t.call('vault.unlock', { passphrase })
      const row = t.test.db.read.get<{ details: string }>(
        sql`SELECT details FROM audit_row WHERE procedure = 'vault.unlock' ORDER BY seq DESC LIMIT 1`,
      )
      return (JSON.parse(row?.details ?? '{}') as { inputDigest: string }).inputDigest
    }
    expect(await digests('one passphrase')).toBe(await digests('another passphrase'))
  })
})
