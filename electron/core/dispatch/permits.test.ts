import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import { sql } from '../db/index'
import { type GovernanceBed, openGovernanceBed } from '../policies/testing'
import type { Actor } from './actor'
import type { CommandFacts } from './handler'

let t: GovernanceBed
/** What was shown, in order. */
let shown: string[]
/** The version of the items. */
let version: string

beforeEach(async () => {
  t = await openGovernanceBed()
  shown = []
  version = '1'
  t.handle('secrets.reveal', {
    facts: (_, { secretId }) => factsOf(secretId),
    run: (_, { secretId }) => {
      shown.push(secretId)
      return { value: 'hunter2' }
    },
  })
  await t.call('policies.setPreset', { presetId: 'reveal_sensitive', on: true })
})
afterEach(() => t.cleanup())

const factsOf = (secretId: string): CommandFacts => ({
  businessId: t.businessId,
  what: 'Show a value',
  amount: null,
  payee: null,
  before: { version },
  after: {},
  undo: 'no',
  sensitive: secretId !== 'sec_plain',
})
const reveal = (secretId = 'sec_a', by: Actor = t.owner, requestId?: string) =>
  t.call('secrets.reveal', { secretId, field: 'password', ...(requestId === undefined ? {} : { requestId }) }, by)

async function ask(secretId?: string, by?: Actor) {
  const outcome = await reveal(secretId, by)
  if (outcome.status !== 'awaitingApproval') throw new Error('It did not wait')
  return t.card(outcome.approvalId)
}

describe('a command whose answer is a secret', () => {
  test('waits as one card however often it is asked; approved, its asker does it once, within a quarter of an hour', async () => {
    const asked = await ask()
    expect(asked.facts.why).toBe(
      'Your rule: on a sensitive item asks. Its answer is a secret: once approved, whoever asked can do it one time within 15 minutes.',
    )
    expect(JSON.stringify(asked)).not.toContain('sensitive"')
    expect((await ask()).id).toBe(asked.id)
    expect(await t.decide(asked)).toMatchObject({ status: 'approved' })
    expect(shown).toEqual([])
    expect(await reveal()).toEqual({ status: 'done', value: { value: 'hunter2' } })
    const row = t.test.db.read.get<{ details: string }>(
      sql`SELECT details FROM audit_row WHERE procedure = 'secrets.reveal' AND outcome = 'done'`,
    )
    expect(JSON.parse(row?.details ?? '{}')).toMatchObject({ approvalId: asked.id, approvedBy: 'owner' })
    expect((await reveal()).status).toBe('awaitingApproval')
    expect(shown).toEqual(['sec_a'])
  })

  test('sent again under one requestId it is answered anew, since no answer of it is kept', async () => {
    const first = await reveal('sec_a', t.owner, 'show-1')
    expect(await reveal('sec_a', t.owner, 'show-1')).toEqual(first)
    const [asked] = await t.pending()
    if (asked === undefined) throw new Error('There is no card')
    await t.decide(asked)
    expect(await reveal('sec_a', t.owner, 'show-1')).toMatchObject({ status: 'done' })
    await expect(reveal('sec_a', t.owner, 'show-1')).rejects.toMatchObject({ code: 'conflict' })
  })

  test('is permitted to its asker alone, for exactly what was asked, for its time', async () => {
    const [one, other] = [await t.token(['vault:reveal']), await t.token(['vault:reveal'])]
    await t.decide(await ask('sec_a', one))
    expect((await reveal('sec_a', other)).status).toBe('awaitingApproval')
    expect((await reveal('sec_b', one)).status).toBe('awaitingApproval')
    t.now += 15 * 60_000
    expect((await reveal('sec_a', one)).status).toBe('awaitingApproval')
    expect(shown).toEqual([])
  })

  test('denied it is not shown, and an item that is not sensitive is shown at once', async () => {
    await t.decide(await ask(), 'deny')
    expect((await reveal()).status).toBe('awaitingApproval')
    expect(await reveal('sec_plain')).toMatchObject({ status: 'done' })
    expect(shown).toEqual(['sec_plain'])
  })

  test('is permitted for what was shown: what has moved since waits anew', async () => {
    const first = await ask()
    await t.decide(first)
    version = '2'
    const second = await ask()
    expect([second.id === first.id, second.facts.before]).toEqual([false, { version: '2' }])
    expect(shown).toEqual([])
    await t.decide(second)
    expect(await reveal()).toMatchObject({ status: 'done' })
  })

  test('waits by any rule that asks, such as over tokens', async () => {
    await t.rule({ procedure: 'tokens.create', decision: 'ask', when: { actors: ['tokens'] } })
    const script = await t.token(['tokens:write', 'rates:read'])
    const make = () => t.call('tokens.create', { name: 'Another', scopes: ['rates:read'], expiresInHours: 1 }, script)
    expect(await make()).toMatchObject({ status: 'awaitingApproval' })
    const [asked] = await t.pending()
    if (asked === undefined) throw new Error('There is no card')
    expect(asked.facts).toMatchObject({ after: { scopes: 'rates:read', hours: '1' } })
    await t.decide(asked)
    expect(await make()).toMatchObject({ status: 'done' })
    expect(await make()).toMatchObject({ status: 'awaitingApproval' })
  })

  test('its permit waives only the rules that asked', async () => {
    await t.decide(await ask())
    await t.rule({ procedure: 'secrets.reveal', decision: 'ask', when: { sensitive: true, actors: ['owner'] } })
    expect((await reveal()).status).toBe('awaitingApproval')
    expect(shown).toEqual([])
  })

  test('a permit is used once, whatever is written to the database', async () => {
    await t.decide(await ask())
    await reveal()
    expect(() => t.test.db.write((w) => w.run(sql`UPDATE approval SET permit_used_at = NULL`))).toThrow('a permit is used once')
  })

  describe.each(['short', 'long'] as const)('that is %s', (length) => {
    const facts = () => factsOf('sec_a')
    const usedAt = () =>
      t.test.db.read.get<{ at: number | null }>(sql`SELECT permit_used_at AS at FROM approval WHERE permit_until IS NOT NULL`)?.at
    const handle = (show: () => { value: string }) =>
      t.handle('secrets.reveal', length === 'short' ? { facts, run: show } : { facts, task: async () => show() })

    test('and fails leaves its permit unused', async () => {
      await t.decide(await ask())
      handle(() => {
        throw new AppError('step_up_required', 'Prove that it is you.')
      })
      await expect(reveal()).rejects.toMatchObject({ code: 'step_up_required' })
      expect(usedAt()).toBeNull()
      handle(() => ({ value: 'hunter2' }))
      expect(await reveal()).toMatchObject({ status: 'done' })
      expect(usedAt()).toBe(t.now)
    })

    test('and asked for twice at once is answered once', async () => {
      await t.decide(await ask())
      handle(() => ({ value: 'hunter2' }))
      const [first, second] = await Promise.allSettled([reveal(), reveal()])
      expect(first).toMatchObject({ status: 'fulfilled', value: { status: 'done' } })
      expect(second).toMatchObject(
        length === 'short'
          ? { status: 'fulfilled', value: { status: 'awaitingApproval' } }
          : { status: 'rejected', reason: { code: 'conflict', message: expect.stringContaining('was done once already') } },
      )
    })
  })
})
