import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Approval } from '../../../shared/contract/approvals'
import type { Input } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import { insertApproval } from '../approvals/index'
import { sql } from '../db/index'
import type { Actor } from './actor'
import { digestOf, parkedPlace } from './parking'
import { openTestDispatch, type TestDispatch } from './testing'

let t: TestDispatch
let businessId: string
/** A script that may ask, and one that may decide. */
let asker: Actor & { id: string }
let decider: Actor & { id: string }

beforeEach(async () => {
  t = openTestDispatch()
  businessId = await t.business()
  asker = await t.token(['rates:write', 'events:write', 'tokens:write'])
  decider = await t.token(['approvals:decide', 'tokens:write', 'rates:write'])
  await t.call('policies.set', { procedure: 'rates.set', decision: 'ask' })
})
afterEach(() => t.cleanup())

const rateInput = (rate = '1.08', on = '2026-01-10') => ({ businessId, base: 'EUR', quote: 'USD', on, rate })

async function ask(input: Input<'rates.set'> = rateInput(), by: Actor = asker): Promise<Approval> {
  const outcome = await t.call('rates.set', input, by)
  if (outcome.status !== 'awaitingApproval') throw new Error('It did not wait')
  return card(outcome.approvalId)
}

async function card(id: string): Promise<Approval> {
  const { items } = await t.call('approvals.list', { limit: 200 })
  const found = items.find((item) => item.id === id)
  if (found === undefined) throw new Error('There is no such card')
  return found
}

async function decide(
  { id, digest }: Pick<Approval, 'id' | 'digest'>,
  decision: 'approve' | 'deny' = 'approve',
  by: Actor = t.owner,
  more: { note?: string; requestId?: string } = {},
): Promise<Approval> {
  const outcome = await t.call('approvals.decide', { approvalId: id, digest, decision, ...more }, by)
  if (outcome.status !== 'done') throw new Error('A decision never waits')
  return outcome.value
}

const rates = () => t.test.db.read.all<{ on: string; rate: string }>(sql`SELECT on_date AS "on", rate FROM rate ORDER BY on_date`)
const auditRows = () =>
  t.test.db.read
    .all<{ actor: string; procedure: string; outcome: string; businessId: string | null; details: string }>(
      sql`SELECT actor, procedure, outcome, business_id AS businessId, details FROM audit_row ORDER BY seq`,
    )
    .map((row) => ({ ...row, details: JSON.parse(row.details) as Record<string, unknown> }))

/** What a crash after each commit would have left: the state of the one card, and the audit rows since now. */
function watchCommits(): () => string[] {
  const before = auditRows().length
  const seen: string[] = []
  t.test.db.afterCommit(() => {
    const status = t.test.db.read.get<{ status: string }>(sql`SELECT status FROM approval`)?.status
    seen.push(`${status}, ${auditRows().length - before} recorded`)
  })
  return () => [...new Set(seen)]
}

describe('an approved command', () => {
  test('runs once as its asker, in one commit with the decision and both audit rows', async () => {
    const asked = await ask()
    const rows = auditRows().length
    const seen = watchCommits()
    expect(await decide(asked, 'approve', t.owner, { note: 'Checked with the bank' })).toMatchObject({
      status: 'approved',
      note: 'Checked with the bank',
      decidedAt: t.now,
      problem: null,
    })
    expect(seen()).toEqual(['pending, 0 recorded', 'approved, 2 recorded'])
    expect(rates()).toHaveLength(1)
    expect(auditRows().slice(rows)).toMatchObject([
      {
        actor: asker.name,
        procedure: 'rates.set',
        outcome: 'done',
        businessId,
        details: { approvalId: asked.id, approvedBy: 'owner' },
      },
      {
        actor: 'owner',
        procedure: 'approvals.decide',
        outcome: 'done',
        businessId,
        details: { approvalId: asked.id, decision: 'approve', procedure: 'rates.set', status: 'approved' },
      },
    ])
    await expect(decide(asked)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('approved already') })
    await expect(decide(asked, 'deny')).rejects.toMatchObject({ code: 'conflict' })
    expect(rates()).toHaveLength(1)
    expect(t.published).toContainEqual(['approvals', 'audit', 'rates'])
  })

  test('a denial too is one commit with its audit row, and forgets what was asked', async () => {
    const asked = await ask()
    const seen = watchCommits()
    expect(await decide(asked, 'deny', decider)).toMatchObject({ status: 'denied', decidedAt: t.now })
    expect(seen()).toEqual(['pending, 0 recorded', 'denied, 1 recorded'])
    expect(auditRows().at(-1)).toMatchObject({ actor: decider.name, details: { decision: 'deny', status: 'denied' } })
    expect(rates()).toEqual([])
    expect(t.test.db.read.get(sql`SELECT sealed_input, decided_by FROM approval`)).toEqual({
      sealed_input: null,
      decided_by: decider.name,
    })
  })

  test('that cannot be carried out any more ends as failed, in words, and leaves nothing of itself', async () => {
    const asked = await ask()
    t.handle('rates.set', {
      facts: () => asked.facts,
      run: ({ db }) => {
        db.run(sql`UPDATE business SET name = 'half done'`)
        throw new AppError('conflict', 'Nothing was stored: the table is full.')
      },
    })
    expect(await decide(asked)).toMatchObject({ status: 'failed', problem: 'Nothing was stored: the table is full.' })
    expect(t.test.db.read.get(sql`SELECT count(*) AS n FROM business WHERE name = 'half done'`)).toEqual({ n: 0 })
    expect(auditRows().at(-1)).toMatchObject({ procedure: 'approvals.decide', details: { status: 'failed' } })
  })

  test.each(['facts', 'run'] as const)('whose %s fail by a defect decides nothing: the card stays', async (where) => {
    const asked = await ask()
    const fail = () => {
      throw new TypeError('a defect')
    }
    t.handle('rates.set', { facts: () => (where === 'facts' ? fail() : asked.facts), run: fail })
    await expect(decide(asked)).rejects.toThrow('a defect')
    expect(await card(asked.id)).toMatchObject({ status: 'pending' })
  })

  test('L6: a decision sent again under its requestId gives the same answer, and another body under it is refused', async () => {
    const asked = await ask()
    const first = await decide(asked, 'approve', t.owner, { requestId: 'decision-1' })
    t.restart()
    expect(await decide(asked, 'approve', t.owner, { requestId: 'decision-1' })).toEqual(first)
    await expect(decide(asked, 'deny', t.owner, { requestId: 'decision-1' })).rejects.toMatchObject({
      code: 'idempotency_conflict',
    })
    expect(rates()).toHaveLength(1)
  })
})

describe('who decides', () => {
  test('names the digest: with another one nothing is decided', async () => {
    const asked = await ask()
    const other = await ask(rateInput('1.09'))
    expect(other.digest).not.toBe(asked.digest)
    await expect(decide({ id: asked.id, digest: other.digest })).rejects.toMatchObject({ code: 'conflict' })
    await expect(decide({ id: asked.id, digest: 'f'.repeat(64) })).rejects.toMatchObject({ code: 'conflict' })
    await expect(decide({ id: 'app_unknown', digest: asked.digest })).rejects.toMatchObject({ code: 'not_found' })
    expect(await card(asked.id)).toMatchObject({ status: 'pending' })
    expect(rates()).toEqual([])
  })

  test('needs the right to decide', async () => {
    const asked = await ask()
    await expect(decide(asked, 'approve', asker)).rejects.toMatchObject({ code: 'forbidden' })
    expect(auditRows().at(-1)).toMatchObject({ actor: asker.name, procedure: 'approvals.decide', outcome: 'forbidden' })
    expect(await decide(asked, 'approve', decider)).toMatchObject({ status: 'approved' })
  })

  test('may not decide a request of their own, nor one asked with a token they made; only the owner may', async () => {
    const own = await ask(rateInput(), decider)
    await expect(decide(own, 'approve', decider)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(decide(own, 'deny', decider)).rejects.toMatchObject({ code: 'forbidden' })

    const child = await t.token(['rates:write', 'tokens:write'], decider)
    const grandchild = await t.token(['rates:write'], child)
    for (const by of [child, grandchild]) {
      const asked = await ask(rateInput('1.1', '2026-01-12'), by)
      await expect(decide(asked, 'approve', decider)).rejects.toMatchObject({ code: 'forbidden' })
      expect(await decide(asked)).toMatchObject({ status: 'approved' })
    }
    const byOwner = await ask(rateInput('1.2', '2026-01-13'), t.owner)
    expect(await decide(byOwner)).toMatchObject({ status: 'approved' })
    expect(await decide(own)).toMatchObject({ status: 'approved' })
  })
})

describe('a card goes stale, and never runs, when', () => {
  async function expectStale(asked: Approval, why: string): Promise<void> {
    const before = rates()
    expect(await decide(asked)).toMatchObject({ status: 'stale', problem: expect.stringContaining(why) })
    expect(rates()).toEqual(before)
    await expect(decide(asked)).rejects.toMatchObject({ code: 'conflict' })
    expect(auditRows().at(-1)?.outcome).toBe('failed:conflict')
  }

  test('the facts have moved', async () => {
    const [first, second] = [await ask(rateInput('1.08')), await ask(rateInput('1.09'))]
    expect(await decide(first)).toMatchObject({ status: 'approved' })
    await expectStale(second, 'has moved since it was asked')
  })

  test('what it names is gone', async () => {
    const asked = await ask()
    t.handle('rates.set', {
      facts: () => {
        throw new AppError('not_found', 'There is no such business.')
      },
      run: () => rateInput(),
    })
    await expectStale(asked, 'There is no such business.')
  })

  test.each(['refuse', 'ask'] as const)('the rule was replaced by another that says %s', async (decision) => {
    const asked = await ask()
    await t.call('policies.set', { procedure: 'rates.set', decision })
    await expectStale(asked, 'The rule has changed')
  })

  test('the business has got a rule of its own, which nobody has waived', async () => {
    const asked = await ask()
    await t.call('policies.set', { procedure: 'rates.set', decision: 'refuse', businessId })
    await expectStale(asked, 'The rule has changed')
  })

  test('the token that asked is revoked', async () => {
    const asked = await ask()
    await t.call('tokens.revoke', { tokenId: asker.id })
    await expectStale(asked, 'no longer has the right')
  })

  test('the token that asked has expired', async () => {
    const asked = await ask()
    t.now += 25 * 3_600_000
    await expectStale(asked, 'no longer has the right')
  })

  function insertAsked(more: { contractVersion?: number; procedure?: string; input?: unknown }): Approval {
    const { contractVersion = 1, procedure = 'rates.set', input = rateInput() } = more
    const facts = {
      businessId,
      what: 'Store a rate',
      amount: null,
      payee: null,
      about: null,
      before: {},
      after: {},
      undo: 'yes',
      why: '',
    } as const
    const sealer = t.deps.sealer()
    if (sealer === null) throw new Error('It is locked')
    const digest = 'a'.repeat(64)
    const policyIds = t.test.db.read
      .all<{ id: string }>(sql`SELECT id FROM policy WHERE procedure = 'rates.set'`)
      .map(({ id }) => id)
    const demands = { stepUp: false, coolingMinutes: 0, secondApprover: false, timeoutHours: 72 }
    const common = { businessId, askedBy: asker.name, door: 'api', policyIds, facts, digest, demands, plan: null, now: t.now }
    const sealedInput = sealer.seal(Buffer.from(JSON.stringify(input)), parkedPlace('app_made'))
    const bodyDigest = Buffer.alloc(32)
    t.test.db.write((w) => insertApproval(w, { id: 'app_made', procedure, contractVersion, sealedInput, bodyDigest, ...common }))
    return { id: 'app_made', digest } as Approval
  }

  test('the contract of the command was raised', async () => {
    await expectStale(insertAsked({ contractVersion: 2 }), 'has changed in this version')
  })
  test('the command is gone', async () => {
    await expectStale(insertAsked({ procedure: 'rates.forget' }), 'no longer exists')
  })
  test('the input no longer parses', async () => {
    await expectStale(insertAsked({ input: { ...rateInput(), rate: 1.08 } }), 'no longer has the form')
  })
  test('the sealed input was put in the place of another', async () => {
    const asked = await ask(rateInput('1.08'))
    const other = await ask(rateInput('9.99'))
    t.test.db.write((w) =>
      w.run(
        sql`UPDATE approval SET sealed_input = (SELECT sealed_input FROM approval WHERE id = ${other.id}) WHERE id = ${asked.id}`,
      ),
    )
    await expectStale(asked, 'can no longer be read')
  })
})

describe('without a rule', () => {
  test('facts that cannot be had are the command’s own affair, unless they are a defect', async () => {
    await t.call('policies.set', { procedure: 'rates.set', decision: 'allow' })
    t.test.db.write((w) => w.run(sql`UPDATE policy SET replaced_at = ${t.now} WHERE replaced_at IS NULL`))
    const facts = (error: Error) => () => {
      throw error
    }
    const run = () => ({ ...rateInput(), id: 'rate' }) as never
    t.handle('rates.set', { facts: facts(new AppError('conflict', 'Not now.')), run })
    expect(await t.call('rates.set', rateInput())).toMatchObject({ status: 'done' })
    expect(t.test.db.read.get(sql`SELECT 1 FROM command_fact WHERE procedure = 'rates.set'`)).toBeUndefined()
    t.handle('rates.set', { facts: facts(new TypeError('a defect')), run })
    await expect(t.call('rates.set', rateInput())).rejects.toThrow('a defect')
  })
})

describe('a rule', () => {
  test('that was taken away lets what waits be approved', async () => {
    const asked = await ask()
    await t.call('policies.set', { procedure: 'rates.set', decision: 'allow' })
    expect(await decide(asked)).toMatchObject({ status: 'approved' })
  })

  test('of a business stands in for the one of the vault, and asks only there', async () => {
    const other = await t.business('EUR')
    await t.call('policies.set', { procedure: 'rates.set', decision: 'allow', businessId: other })
    expect(await t.call('rates.set', { ...rateInput(), businessId: other }, asker)).toMatchObject({ status: 'done' })
    expect(await t.call('rates.set', rateInput(), asker)).toMatchObject({ status: 'awaitingApproval' })
  })

  test('makes nothing wait that could not be carried out anyway', async () => {
    await expect(t.call('rates.set', { ...rateInput(), businessId: 'biz_unknown' }, asker)).rejects.toMatchObject({
      code: 'not_found',
    })
    expect((await t.call('approvals.list', {})).items).toEqual([])
  })

  test('cannot make anything wait while the vault is locked: the request could not be sealed', async () => {
    t.locked = true
    await expect(t.call('rates.set', rateInput(), asker)).rejects.toMatchObject({ code: 'locked' })
    await expect(t.dispatcher.call('rates.set', rateInput(), { actor: t.owner, door: 'schedule' })).rejects.toMatchObject({
      code: 'locked',
    })
  })

  test('two vaults give the same request different digests, so a digest tells nobody what was asked', async () => {
    const asked = await ask()
    const { facts } = asked
    const parts = { name: 'rates.set', procedure: { contractVersion: 1 }, input: rateInput(), facts } as never
    expect(digestOf(Buffer.alloc(32, 1), parts)).not.toBe(digestOf(Buffer.alloc(32, 2), parts))
  })
})
