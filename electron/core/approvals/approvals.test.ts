import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Approval } from '../../../shared/contract/approvals'
import type { Input } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import { sql } from '../db/index'
import type { Actor } from '../dispatch/index'
import { openTestDispatch, type TestDispatch } from '../dispatch/testing'
import { expireApprovals } from './approvals.repository'
import { failInterrupted } from './index'

let t: TestDispatch
let businessId: string
let asker: Actor

beforeEach(async () => {
  t = openTestDispatch()
  businessId = await t.business()
  asker = await t.token(['rates:write', 'events:write'])
  await t.call('policies.set', { procedure: 'rates.set', decision: 'ask' })
})
afterEach(() => t.cleanup())

const rateInput = (on = '2026-01-10', of = businessId) => ({ businessId: of, base: 'EUR', quote: 'USD', on, rate: '1.08' })

async function ask(input = rateInput()): Promise<Approval> {
  return waiting(await t.call('rates.set', input, asker))
}

async function waiting(outcome: { status: string; approvalId?: string }): Promise<Approval> {
  return card(outcome.approvalId ?? 'it did not wait')
}

const list = async (input: Input<'approvals.list'> = {}) => (await t.call('approvals.list', input)).items

async function card(id: string): Promise<Approval> {
  const found = (await list({ limit: 200 })).find((item) => item.id === id)
  if (found === undefined) throw new Error('There is no such card')
  return found
}

async function decide({ id, digest }: Approval, decision: 'approve' | 'deny' = 'approve'): Promise<Approval> {
  const outcome = await t.call('approvals.decide', { approvalId: id, digest, decision })
  if (outcome.status !== 'done') throw new Error('A decision never waits')
  return outcome.value
}

const lastAudit = () => {
  const row = t.test.db.read.get<{
    actor: string
    procedure: string
    outcome: string
    businessId: string | null
    details: string
  }>(sql`SELECT actor, procedure, outcome, business_id AS businessId, details FROM audit_row ORDER BY seq DESC LIMIT 1`)
  return { ...row, details: JSON.parse(row?.details ?? '{}') as Record<string, unknown> }
}

describe('time', () => {
  test('denies what nobody decided: at once in lists and decisions, and on record at the next turn', async () => {
    const asked = await ask()
    t.now = asked.expiresAt - 1
    expect(await card(asked.id)).toMatchObject({ status: 'pending' })
    expect(t.test.db.write((w) => expireApprovals(w, t.now))).toBe(0)
    t.now = asked.expiresAt
    expect((await t.call('approvals.list', { status: 'expired' })).items).toMatchObject([{ id: asked.id, status: 'expired' }])
    expect((await t.call('approvals.list', { status: 'pending' })).items).toEqual([])
    await expect(decide(asked)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('expired already') })
    expect(t.test.db.write((w) => expireApprovals(w, t.now))).toBe(1)
    expect(t.test.db.write((w) => expireApprovals(w, t.now))).toBe(0)
    expect(lastAudit()).toMatchObject({
      actor: 'schedule:approvals',
      procedure: 'approvals.expire',
      businessId,
      details: { approvalId: asked.id, procedure: 'rates.set' },
    })
    expect(t.test.db.read.all(sql`SELECT * FROM rate`)).toEqual([])
  })
})

describe('an approved long command', () => {
  const counts = { fetched: 1, applied: 1, gaps: 0 }

  async function askSync(): Promise<Approval> {
    await t.call('policies.set', { procedure: 'events.sync', decision: 'ask' })
    return waiting(await t.call('events.sync', { businessId }, asker))
  }

  test('runs after the decision is on record, and its end is recorded with it', async () => {
    let seen: string | undefined
    t.handle('events.sync', {
      task: async (context) => {
        seen = (await card(asked.id)).status
        context.note({ fetched: 1 })
        return counts
      },
    })
    const asked = await askSync()
    expect(await decide(asked)).toMatchObject({ status: 'approved', problem: null })
    expect(seen).toBe('approved')
    expect(lastAudit()).toMatchObject({
      actor: asker.name,
      procedure: 'events.sync',
      outcome: 'done',
      details: { fetched: 1, approvalId: asked.id, approvedBy: 'owner' },
    })
  })

  test.each([
    [new AppError('declined', 'The provider said no.'), 'The provider said no.'],
    [new TypeError('a defect'), 'It failed for a reason that the log names.'],
  ])('that fails (%s) ends as failed, in words', async (failure, words) => {
    t.handle('events.sync', { task: () => Promise.reject(failure) })
    const asked = await askSync()
    expect(await decide(asked)).toMatchObject({ status: 'failed', problem: words })
    expect(t.defects).toHaveLength(failure instanceof AppError ? 0 : 1)
  })

  test('that was cut off by the end of the app says so after the restart', async () => {
    const { promise: never } = Promise.withResolvers<typeof counts>()
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    t.handle('events.sync', {
      task: () => {
        begin()
        return never
      },
    })
    const asked = await askSync()
    void decide(asked)
    await begun
    await expect(decide(asked)).rejects.toMatchObject({ code: 'conflict' })
    t.restart()
    t.test.db.write((w) => failInterrupted(w, t.now))
    expect(await card(asked.id)).toMatchObject({
      status: 'failed',
      problem: 'The app stopped while this was running. Check whether it took effect, then ask again.',
    })
  })
})

describe('the list of cards', () => {
  test('tells what waits about one record', async () => {
    const none = await ask()
    const facts = (about: string) => ({ ...none.facts, about, what: `Store the rate ${about}` })
    t.handle('rates.set', { facts: (_, { on }) => facts(`rate_${on}`), run: () => undefined as never })
    const [first, second] = [await ask(rateInput('2026-01-11')), await ask(rateInput('2026-01-12'))]
    expect(none.facts.about).toBeNull()
    expect((await list({ status: 'pending', about: 'rate_2026-01-12' })).map(({ id }) => id)).toEqual([second.id])
    await decide(second, 'deny')
    expect(await list({ status: 'pending', about: 'rate_2026-01-12' })).toEqual([])
    expect((await list({ about: 'rate_2026-01-11' })).map(({ facts: shown }) => shown.about)).toEqual([first.facts.about])
  })

  test('shows what waits, oldest first, then what was decided, newest first; by business and by status; in pages', async () => {
    const other = await t.business('EUR')
    const cards: Approval[] = []
    for (const [index, of] of [businessId, other, businessId, businessId, other].entries()) {
      t.now += 1000
      cards.push(await ask(rateInput(`2026-01-1${index}`, of)))
    }
    const [a, b, c, d, e] = cards.map(({ id }) => id)
    await decide(cards[0] as Approval)
    t.now += 1000
    await decide(cards[2] as Approval, 'deny')
    const order = [b, d, e, c, a]
    expect((await list()).map(({ id }) => id)).toEqual(order)
    expect((await list({ status: 'pending' })).map(({ id }) => id)).toEqual([b, d, e])
    expect((await list({ status: 'denied' })).map(({ id }) => id)).toEqual([c])
    expect((await list({ businessId: other })).map(({ id }) => id)).toEqual([b, e])
    const paged: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof t.call<'approvals.list'>>> = await t.call('approvals.list', {
        limit: 2,
        ...(cursor === null ? {} : { cursor }),
      })
      paged.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(paged).toEqual(order)
    await expect(list({ businessId: 'biz_unknown' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(list({ cursor: 'WyJub3QiXQ' })).rejects.toMatchObject({ code: 'invalid_input' })
  })
})

describe('rules', () => {
  const rules = async (of?: string) =>
    (await t.call('policies.list', of === undefined ? {} : { businessId: of })).items.map(
      ({ procedure, decision, businessId, over }) => [
        procedure,
        decision,
        businessId === null ? 'vault' : 'business',
        over?.minor ?? null,
      ],
    )

  test('begin with the one over refunds above 10,000 USD; a new one stands in for the one before, which is kept', async () => {
    const other = await t.business('EUR')
    await t.call('policies.set', { procedure: 'rates.set', decision: 'refuse', businessId })
    await t.call('policies.set', { procedure: 'ledger.post', decision: 'ask', over: { minor: 5_000, currency: 'USD' } })
    await t.call('policies.set', { procedure: 'rates.set', decision: 'allow' })
    const all = [
      ['ledger.post', 'ask', 'vault', 5_000],
      ['payments.requestRefund', 'ask', 'vault', 1_000_000],
      ['rates.set', 'allow', 'vault', null],
      ['rates.set', 'refuse', 'business', null],
    ]
    expect(await rules()).toEqual(all)
    expect(await rules(businessId)).toEqual(all)
    expect(await rules(other)).toEqual(all.slice(0, 3))
    const kept = t.test.db.read.all(sql`SELECT decision FROM policy WHERE replaced_at IS NOT NULL`)
    expect(kept).toEqual([{ decision: 'ask' }])
    expect(lastAudit().details).toMatchObject({ procedure: 'rates.set', decision: 'allow' })
  })

  test.each([
    ['approvals.decide', 'ask', 'can wait for an approval'],
    ['vault.unlock', 'refuse', 'can wait for an approval'],
    ['ledger.trialBalance', 'ask', 'can wait for an approval'],
    ['toString', 'ask', 'can wait for an approval'],
    ['__proto__', 'ask', 'can wait for an approval'],
    ['vault.createRecoveryKit', 'ask', 'can wait for an approval'],
    ['secrets.import', 'ask', 'cannot wait for an approval'],
    ['policies.set', 'refuse', 'could never be taken back'],
  ] as const)('over %s that say %s are refused', async (procedure, decision, why) => {
    const before = await rules()
    await expect(t.call('policies.set', { procedure, decision })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(why),
    })
    expect(await rules()).toEqual(before)
  })

  test('of a business that does not exist are refused', async () => {
    const input = { procedure: 'rates.set', decision: 'ask', businessId: 'biz_unknown' } as const
    await expect(t.call('policies.set', input)).rejects.toMatchObject({ code: 'not_found' })
    await expect(rules('biz_unknown')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('can forbid what answers with a secret', async () => {
    await t.call('policies.set', { procedure: 'tokens.create', decision: 'refuse' })
    await expect(t.token(['rates:read'])).rejects.toMatchObject({ code: 'refused_by_policy' })
  })

  test('over changes of rules show on the card which rule would change, from what to what', async () => {
    await t.call('policies.set', { procedure: 'policies.set', decision: 'ask' })
    const over = { minor: 5_000, currency: 'USD' }
    const asked = await waiting(await t.call('policies.set', { procedure: 'payments.requestRefund', decision: 'refuse', over }))
    expect(asked.facts).toMatchObject({
      what: 'Set the rule of payments.requestRefund: refuse over USD 50.00',
      before: { rule: 'ask over USD 10,000.00' },
      after: { rule: 'refuse over USD 50.00' },
    })
    const unruled = await waiting(await t.call('policies.set', { procedure: 'ledger.post', decision: 'ask', businessId }))
    expect(unruled.facts).toMatchObject({ businessId, before: { rule: 'none' }, after: { rule: 'ask' } })
  })
})
