import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Actor, Dispatcher } from '../dispatch/index'
import { openTestDispatch, type TestDispatch } from '../dispatch/testing'
import type { Notice } from '../ports/notifier'
import { quietMs, WaitingApprovals } from './waitingApprovals'

let t: TestDispatch
let businessId: string
let helper: Actor
let notices: Notice[]
beforeEach(async () => {
  t = openTestDispatch()
  businessId = await t.business()
  helper = await t.token(['rates:write'])
  await t.call('policies.set', { procedure: 'rates.set', decision: 'ask' })
  notices = []
})
afterEach(() => t.cleanup())

const watch = () =>
  new WaitingApprovals({
    database: t.test.db,
    clock: { now: () => t.now },
    notifier: { notify: (notice) => void notices.push(notice) },
  })

let day = 10
async function ask(of = businessId): Promise<string> {
  day += 1
  const input = { businessId: of, base: 'EUR', quote: 'USD', on: `2026-01-${day}`, rate: '1.08' }
  const outcome = await t.call('rates.set', input, helper)
  if (outcome.status !== 'awaitingApproval') throw new Error('It did not wait')
  return outcome.approvalId
}

describe('the owner is told', () => {
  test('of what a helper asked for, once, with the way to its card and nothing of what it is about', async () => {
    const waiting = watch()
    const id = await ask()
    waiting.tell()
    t.now += quietMs
    waiting.tell()
    expect(notices).toEqual([
      {
        title: 'An approval waits for you',
        body: 'A helper asked for something that your rules leave to you. It is not done until you say so.',
        route: `/approvals?approval=${id}`,
        businessId,
      },
    ])
  })

  test('of many things in one notification, and of no more than one in its time', async () => {
    const waiting = watch()
    const first = await ask()
    waiting.tell()
    const second = await ask()
    waiting.tell()
    await ask()
    t.now += quietMs - 1
    waiting.tell()
    expect(notices.map(({ route }) => route)).toEqual([`/approvals?approval=${first}`])
    t.now += 1
    waiting.sweep()
    expect(notices.slice(1)).toMatchObject([{ title: '2 approvals wait for you', route: `/approvals?approval=${second}` }])
  })

  test('not of what was decided, or asked again, before there was time to tell', async () => {
    const waiting = watch()
    await ask()
    waiting.tell()
    const decided = await ask()
    const card = (await t.call('approvals.list', { status: 'pending' })).items.find(({ id }) => id === decided)
    await t.call('approvals.decide', { approvalId: decided, digest: card?.digest ?? '', decision: 'deny' })
    t.now += quietMs
    waiting.tell()
    expect(notices).toHaveLength(1)
  })

  test('not of what waited already when the vault was opened', async () => {
    await ask()
    const waiting = watch()
    waiting.tell()
    expect(notices).toEqual([])
  })

  test('not of what they asked for in the window themselves', async () => {
    const waiting = watch()
    const input = { businessId, base: 'EUR', quote: 'USD', on: '2026-02-01', rate: '1.08' }
    const outcome = await new Dispatcher(t.deps).call('rates.set', input, { actor: t.owner, door: 'window' })
    expect(outcome.status).toBe('awaitingApproval')
    waiting.tell()
    expect(notices).toEqual([])
  })

  test('of no business where the thing belongs to none', async () => {
    await t.call('policies.set', { procedure: 'businesses.create', decision: 'ask' })
    const waiting = watch()
    await expect(t.business()).rejects.toThrow('It waits')
    waiting.tell()
    expect(notices).toHaveLength(1)
    expect(notices[0]).not.toHaveProperty('businessId')
  })
})

test('what nobody decided is denied by time at the next turn, and is no news', async () => {
  const waiting = watch()
  const id = await ask()
  t.now += 365 * 86_400_000
  expect(waiting.sweep()).toBe(1)
  expect(notices).toEqual([])
  expect((await t.call('approvals.list', { status: 'expired' })).items).toMatchObject([{ id }])
  expect(waiting.sweep()).toBe(0)
})
