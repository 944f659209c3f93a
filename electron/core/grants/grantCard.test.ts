import { afterEach, beforeEach, expect, test } from 'vitest'
import { type BrokerDesk, openBrokerDesk } from '../../../tests/support/brokerDesk'

let desk: BrokerDesk
beforeEach(async () => {
  desk = await openBrokerDesk()
})
afterEach(() => desk.close())

async function sensitiveItem(): Promise<string> {
  const fields = [{ name: 'key', type: 'hidden' as const, value: 'of great weight' }]
  return (await desk.run('secrets.create', { kind: 'api_key', title: 'Root key', sensitive: true, fields })).id
}

async function cardOf(asked: Promise<unknown>) {
  await expect(asked).rejects.toThrow('awaitingApproval')
  const [card, ...others] = (await desk.t.call('approvals.list', { status: 'pending' })).items
  if (card === undefined || others.length > 0) throw new Error('There is not exactly one card')
  return card
}

test('a card says which items a helper gets and how far the access reaches, and not who it is', async () => {
  await desk.t.call('policies.set', { procedure: 'grants.create', decision: 'ask' })
  const ids = [await desk.secret(), await desk.secret()].sort()
  const narrow = { methods: ['GET' as const], paths: ['/v1/*'], maxUses: 3, expiresInHours: 48 }
  const card = await cardOf(desk.grant(ids.toReversed(), narrow))
  expect(card.facts.after).toEqual({
    secrets: ids.join(', '),
    may: 'use',
    hosts: 'api.provider.test',
    methods: 'GET',
    paths: '/v1/*',
    uses: '3',
    'expires in': '48 hours',
  })
  expect(JSON.stringify(card)).not.toContain('Grace')
})

test('a card of a wide access says so', async () => {
  await desk.t.call('policies.set', { procedure: 'grants.create', decision: 'ask' })
  const [id] = [await desk.secret()]
  const card = await cardOf(desk.grant(id, { actions: ['use', 'reveal'] }))
  expect(card.facts.after).toMatchObject({
    secrets: id,
    may: 'use, reveal',
    methods: 'every',
    paths: 'every',
    uses: 'any number',
    'expires in': '24 hours',
  })
})

test('a rule over sensitive items sees those that are given away', async () => {
  await desk.t.call('policies.set', { procedure: 'grants.create', decision: 'ask', when: { sensitive: true } })
  expect(await desk.grant(await desk.secret())).toMatchObject({ actions: ['use'] })
  const card = await cardOf(desk.grant([await desk.secret(), await sensitiveItem()]))
  expect(card.facts.why).toContain('on a sensitive item')
})
