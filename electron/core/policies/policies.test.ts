import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Input } from '../../../shared/contract/index'
import { scopes } from '../../../shared/contract/procedure'
import { AppError } from '../../../shared/errors'
import { sql } from '../db/index'
import type { Actor } from '../dispatch/actor'
import { payeeDetailsChanged } from '../payees/index'
import { type GovernanceBed, openGovernanceBed } from './testing'

let t: GovernanceBed
beforeEach(async () => {
  t = await openGovernanceBed()
})
afterEach(() => t.cleanup())

const usd = (minor: number) => ({ minor, currency: 'USD' })
const refund = 'payments.requestRefund'
const statusOf = async (minor: number, payee?: string, currency?: string) => (await t.pay(minor, payee, t.owner, currency)).status
const rules = async (businessId?: string) => (await t.call('policies.list', businessId === undefined ? {} : { businessId })).items

describe('a rule', () => {
  test('of the same procedure and conditions is replaced, whatever its limit; one with other conditions stands beside it', async () => {
    await t.rule({ decision: 'ask', over: usd(100) })
    await t.rule({ decision: 'ask', over: usd(200), when: {} })
    await t.rule({ decision: 'refuse', when: { weekdays: [7, 6] } })
    await t.rule({ decision: 'ask', when: { weekdays: [6, 7, 6] }, demands: { stepUp: true } })
    await t.rule({ decision: 'ask', procedure: '*', over: usd(5) })
    expect(
      (await rules()).map(({ procedure, decision, over, when, demands }) => ({ procedure, decision, over, when, demands })),
    ).toEqual([
      { procedure: '*', decision: 'ask', over: usd(5), when: {}, demands: {} },
      { procedure: refund, decision: 'ask', over: usd(200), when: {}, demands: {} },
      { procedure: refund, decision: 'ask', over: null, when: { weekdays: [6, 7] }, demands: { stepUp: true } },
    ])
  })

  test('says itself in a sentence, and on a card the change of it too', async () => {
    await t.rule({ decision: 'ask', when: { newPayee: true }, demands: { coolingMinutes: 5 } })
    const sentence = 'Refund a payment: asks first to someone new. Approving takes 5 minutes of waiting.'
    expect((await rules()).map((rule) => rule.sentence)).toEqual([sentence])
    await t.rule({ procedure: 'policies.set', decision: 'ask' })
    await t.call('policies.set', { procedure: refund, decision: 'allow', when: { newPayee: true } })
    const [card] = await t.pending()
    expect(card?.facts).toMatchObject({
      what: 'Set the rule of payments.requestRefund: Refund a payment: runs without asking to someone new.',
      before: { rule: sentence },
    })
  })

  test('of a business stands in for the vault’s of the same conditions only; the others look too', async () => {
    const other = await t.business()
    await t.rule({ decision: 'refuse' })
    await t.rule({ decision: 'allow', businessId: t.businessId })
    expect(await statusOf(1)).toBe('done')
    await t.rule({ decision: 'ask', over: usd(10), when: { currencies: ['USD'] } })
    expect(await statusOf(11)).toBe('awaitingApproval')
    await t.rule({ decision: 'allow', businessId: other, over: usd(10), when: { currencies: ['USD'] } })
    expect(await statusOf(11)).toBe('awaitingApproval')
  })

  test('taken out of force stays on record, and a second time is not there', async () => {
    const policyId = await t.rule({ decision: 'refuse' })
    await expect(t.pay(1)).rejects.toMatchObject({
      code: 'refused_by_policy',
      message: 'Nothing was done. Your rule: this always is refused.',
    })
    expect(await t.call('policies.remove', { policyId })).toMatchObject({ status: 'done', value: { id: policyId } })
    expect(await statusOf(1)).toBe('done')
    await expect(t.call('policies.remove', { policyId })).rejects.toMatchObject({ code: 'not_found' })
    expect(t.test.db.read.get(sql`SELECT replaced_at FROM policy WHERE id = ${policyId}`)).toEqual({ replaced_at: t.now })
    for (const change of [
      sql`DELETE FROM policy`,
      sql`UPDATE policy SET decision = 'allow'`,
      sql`UPDATE policy SET replaced_at = NULL`,
    ]) {
      expect(() => t.test.db.write((w) => w.run(change))).toThrow()
    }
  })

  test('asks with a card that names what would be taken out of force', async () => {
    const policyId = await t.rule({ decision: 'refuse' })
    await t.rule({ procedure: 'policies.remove', decision: 'ask' })
    await t.call('policies.remove', { policyId })
    expect((await t.pending())[0]?.facts).toMatchObject({
      what: 'Take a rule out of force. Refund a payment: is always refused.',
      before: { rule: 'refuse' },
      after: { rule: 'none' },
    })
  })

  test.each<[Partial<Input<'policies.set'>>, string]>([
    [{ when: { splitWithinHours: 24 } }, '"splitWithinHours" needs "over"'],
    [{ when: { hours: { from: '10:00', to: '10:00' } } }, 'begin and end at the same time'],
    [{ decision: 'refuse', demands: { stepUp: true } }, 'they need the decision "ask"'],
    [{ demands: { coolingMinutes: 60, timeoutHours: 1 } }, 'must end before "timeoutHours"'],
    [{ demands: { coolingMinutes: 72 * 60 } }, 'must end before "timeoutHours"'],
    [{ procedure: 'ledger.import' }, 'cannot wait for an approval'],
    [{ procedure: 'policies.set', decision: 'refuse', when: { actors: ['owner', 'tokens'] } }, 'could never be taken back'],
    [{ procedure: 'nothing.here' }, 'must name a command'],
  ])('such as %j is refused', async (input, why) => {
    const before = await rules()
    const set = t.call('policies.set', { procedure: refund, decision: 'ask', ...input })
    await expect(set).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining(why) })
    await expect(t.call('policies.backtest', { rule: { procedure: refund, decision: 'ask', ...input } })).rejects.toMatchObject({
      code: 'invalid_input',
    })
    expect(await rules()).toEqual(before)
  })

  test.each<[Partial<Input<'policies.set'>>, string]>([
    [{ procedure: 'customers.create', over: { minor: 100, currency: 'USD' } }, 'customers.create states no amount'],
    [{ procedure: 'tokens.create', when: { currencies: ['EUR'] } }, 'states no amount'],
    [{ procedure: 'secrets.create', when: { dailySumOver: { minor: 100, currency: 'USD' } } }, 'states no amount'],
    [{ procedure: 'ledger.post', when: { newPayee: true } }, 'ledger.post names no payee'],
    [{ procedure: 'secrets.reveal', when: { payees: ['cus_a'] } }, 'names no payee'],
  ])('that would never apply, as %j, is refused', async (input, why) => {
    const before = await rules()
    const set = t.call('policies.set', { procedure: refund, decision: 'ask', ...input })
    await expect(set).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining(why) })
    expect(await rules()).toEqual(before)
    await t.rule({ procedure: 'ledger.post', decision: 'ask', over: { minor: 100, currency: 'USD' } })
  })

  test('may forbid others to change rules, as long as the owner can', async () => {
    await t.rule({ procedure: 'policies.set', decision: 'refuse', when: { actors: ['tokens'] } })
    const token = await t.token(['policies:write'])
    const set = { procedure: refund, decision: 'allow' } as const
    await expect(t.call('policies.set', set, token)).rejects.toMatchObject({ code: 'refused_by_policy' })
    expect(await t.call('policies.set', set)).toMatchObject({ status: 'done' })
  })

  test('over setting rules holds for every way to change them, so that none goes around it', async () => {
    const held = await t.rule({ decision: 'refuse', over: usd(5) })
    await t.call('policies.setPreset', { presetId: 'new_payee', on: true })
    const own = await t.rule({ procedure: 'policies.set', decision: 'ask', when: { actors: ['tokens'] } })
    const token = await t.token(['policies:write'])
    for (const policyId of [held, own]) {
      expect(await t.call('policies.remove', { policyId }, token)).toMatchObject({ status: 'awaitingApproval' })
    }
    const off = { presetId: 'new_payee', on: false } as const
    expect(await t.call('policies.setPreset', off, token)).toMatchObject({ status: 'awaitingApproval' })
    const tried = await t.call('policies.backtest', { rule: { procedure: 'policies.set', decision: 'ask' } })
    expect(tried.examples.map(({ procedure }) => procedure)).toContain('policies.remove')
    expect(await t.call('policies.setPreset', off)).toMatchObject({ status: 'done' })
    expect(await t.call('policies.remove', { policyId: own })).toMatchObject({ status: 'done' })
    expect(await t.call('policies.remove', { policyId: held }, token)).toMatchObject({ status: 'done' })
  })

  test('may refuse what cannot wait, save what decides, opens and stops', async () => {
    await t.rule({ procedure: 'ledger.import', decision: 'refuse', when: { actors: ['tokens'] } })
    t.handle('ledger.import', { task: () => Promise.reject(new AppError('conflict', 'It got through.')) })
    const token = await t.token(['ledger:write'])
    const importing = (actor?: Actor) => t.call('ledger.import', { businessId: t.businessId }, actor)
    await expect(importing(token)).rejects.toMatchObject({ code: 'refused_by_policy' })
    await expect(importing()).rejects.toMatchObject({ message: 'It got through.' })
    for (const procedure of ['approvals.decide', 'vault.lock', 'safety.pause']) {
      await expect(t.rule({ procedure, decision: 'refuse' })).rejects.toMatchObject({ code: 'invalid_input' })
    }
  })
})

describe('what was done before', () => {
  test('counts in the sum of the business’s day, which begins at its midnight', async () => {
    await t.rule({ decision: 'ask', when: { dailySumOver: usd(100) } })
    t.now = Date.parse('2026-01-15T04:00:00Z')
    expect(await statusOf(60)).toBe('done')
    expect(await statusOf(40)).toBe('done')
    expect(await statusOf(1)).toBe('awaitingApproval')
    t.now = Date.parse('2026-01-15T05:00:00Z')
    expect(await statusOf(100)).toBe('done')
    expect(await statusOf(1)).toBe('awaitingApproval')
  })

  test('counts once it is approved, not while it waits', async () => {
    await t.rule({ decision: 'ask', when: { dailySumOver: usd(100) } })
    const asked = await t.ask(101)
    expect(await statusOf(60)).toBe('done')
    expect(await t.decide(asked)).toMatchObject({ status: 'approved' })
    expect(await statusOf(1)).toBe('awaitingApproval')
  })

  test('is summed in the base currency at the rate of its time; without a rate the rule applies', async () => {
    const rate = { businessId: t.businessId, base: 'EUR', quote: 'USD', on: '2026-01-01' }
    await t.call('rates.set', { ...rate, rate: '1.10' })
    await t.rule({ decision: 'ask', when: { dailySumOver: usd(200) } })
    expect(await statusOf(100, 'cus_a', 'EUR')).toBe('done')
    expect(await statusOf(90)).toBe('done')
    expect(await statusOf(1)).toBe('awaitingApproval')
    t.now += 86_400_000
    const sums = () =>
      t.test.db.read.all(
        sql`SELECT base_minor FROM command_fact WHERE outcome = 'done' AND amount_minor IS NOT NULL ORDER BY audit_seq`,
      )
    expect(sums()).toEqual([{ base_minor: 110 }, { base_minor: 90 }])
    await t.rule({ decision: 'allow', when: { dailySumOver: usd(200) } })
    expect(await statusOf(5, 'cus_a', 'GBP')).toBe('done')
    await t.rule({ decision: 'ask', when: { dailySumOver: usd(200) } })
    expect(await statusOf(1)).toBe('awaitingApproval')
  })

  test('is not summed at a rate that somebody but the owner has just set, since it could be made for the sum', async () => {
    const script = await t.token(['rates:write', 'payments:write'])
    const rate = { businessId: t.businessId, base: 'EUR', quote: 'USD', on: '2026-01-01' }
    await t.rule({ decision: 'ask', over: usd(10_000) })
    const refund = async (actor: Actor = script) => (await t.pay(1_000_000, 'cus_a', actor, 'EUR')).status
    await t.call('rates.set', { ...rate, rate: '0.000001' }, script)
    expect(await refund()).toBe('awaitingApproval')
    expect((await t.pending()).at(-1)?.facts.why).toContain('No exchange rate between EUR and USD')
    await t.call('rates.set', { ...rate, rate: '1.10' })
    await t.call('rates.set', { ...rate, on: '2026-01-10', rate: '0.000001' }, script)
    await t.call('rates.set', { ...rate, base: 'USD', quote: 'EUR', on: '2026-01-11', rate: '1000000' }, script)
    expect(await refund()).toBe('awaitingApproval')
    t.now += 86_400_000
    expect(await refund(t.owner)).toBe('done')
  })

  test('is summed exactly also where a sum is larger than one amount can be', async () => {
    const most = Number.MAX_SAFE_INTEGER
    await t.rule({ decision: 'ask', when: { dailySumOver: usd(most) } })
    const insert = (seq: number, minor: number) =>
      sql`INSERT INTO command_fact (audit_seq, at, on_date, minute, procedure, business_id, actor, amount_minor, amount_currency, base_minor, sensitive, outcome)
          VALUES (${seq}, ${t.now}, '2026-01-15', 0, ${refund}, ${t.businessId}, 'owner', ${minor}, 'USD', ${minor}, 0, 'done')`
    const bare = { businessId: t.businessId, name: 'Ada Brook', email: 'ada@brook.example' }
    for (let i = 0; i < 3; i++) await t.call('customers.create', bare)
    const [first = 0, ...more] = t.test.db.read
      .all<{ seq: number }>(sql`SELECT seq FROM audit_row WHERE procedure = 'customers.create'`)
      .map(({ seq }) => seq)
    t.test.db.write((w) => w.run(insert(first, most - 5)))
    expect(await statusOf(5)).toBe('done')
    expect(await statusOf(1)).toBe('awaitingApproval')
    t.test.db.write((w) => {
      for (const seq of more) w.run(insert(seq, most))
    })
    expect(await statusOf(1)).toBe('awaitingApproval')
  })

  test('shows a splitting to one payee within the window', async () => {
    await t.rule({ decision: 'ask', over: usd(1_000), when: { splitWithinHours: 24 } })
    expect(await statusOf(600)).toBe('done')
    expect(await statusOf(600, 'cus_b')).toBe('done')
    t.now += 24 * 3_600_000 - 1
    expect((await t.ask(401)).facts.why).toBe(
      'Your rule: when several amounts to one payee within 24 hours pass USD 10.00 together asks.',
    )
    expect(await statusOf(400)).toBe('done')
    t.now += 1
    expect(await statusOf(600)).toBe('done')
    expect(await statusOf(1)).toBe('awaitingApproval')
  })

  test('tells who is new, and a payee whose details changed is held until the quarantine is over', async () => {
    await t.rule({ decision: 'ask', when: { newPayee: true } })
    const first = await t.ask(1)
    expect(await t.decide(first)).toMatchObject({ status: 'approved' })
    expect(await statusOf(1)).toBe('done')
    expect(await statusOf(1, 'cus_b')).toBe('awaitingApproval')

    await t.rule({ decision: 'refuse', when: { changedPayee: true } })
    expect(await statusOf(1)).toBe('done')
    const change = { businessId: t.businessId, kind: 'bank_account', subjectId: 'cus_a', by: ['owner'], now: t.now } as const
    t.test.db.write((w) => payeeDetailsChanged(w, { ...change, detailsDigest: Buffer.alloc(32, 1) }))
    await expect(t.pay(1)).rejects.toMatchObject({
      message: 'Nothing was done. Your rule: to a payee whose details changed lately is refused.',
    })
    t.now += 48 * 3_600_000
    expect(await statusOf(1)).toBe('done')
  })

  test('is kept in the transaction of what was done: a failed command leaves nothing', async () => {
    t.handle('payments.requestRefund', {
      facts: () => ({ businessId: t.businessId, what: 'Pay', amount: usd(1), payee: null, before: {}, after: {}, undo: 'no' }),
      run: () => {
        throw new TypeError('a defect')
      },
    })
    await expect(t.pay(1)).rejects.toThrow('a defect')
    const facts = () =>
      t.test.db.read.all<{ procedure: string }>(sql`SELECT procedure FROM command_fact WHERE procedure = ${refund}`)
    expect(facts()).toEqual([])
    for (const change of [sql`DELETE FROM command_fact`, sql`UPDATE command_fact SET at = 0`]) {
      expect(() => t.test.db.write((w) => w.run(change))).toThrow('what was stated')
    }
  })

  test('of what belongs to no business is told by the clock of the vault’s first business', async () => {
    await t.rule({ procedure: 'tokens.revoke', decision: 'refuse', when: { hours: { from: '06:00', to: '08:00' } } })
    const { id: tokenId } = await t.token(['rates:read'])
    t.now = Date.parse('2026-01-15T12:00:00Z')
    await expect(t.call('tokens.revoke', { tokenId })).rejects.toMatchObject({ code: 'refused_by_policy' })
    t.now = Date.parse('2026-01-15T13:00:00Z')
    expect(await t.call('tokens.revoke', { tokenId })).toMatchObject({ status: 'done' })
  })
})

describe('ready rules', () => {
  const preset = async (id: string, businessId?: string) =>
    (await t.call('policies.presets', businessId === undefined ? {} : { businessId })).items.find((item) => item.id === id)

  test('are off but the refund limit, and are only offered where their commands exist', async () => {
    await t.call('policies.setPreset', { presetId: 'refund_limit', on: true })
    const { items } = await t.call('policies.presets', {})
    expect(items.map(({ id, on, over }) => [id, on, over?.minor ?? null])).toEqual([
      ['refund_limit', true, 1_000_000],
      ['any_over', false, 1_000_000],
      ['big_sum_step_up', false, 1_000_000],
      ['split_payments', false, 1_000_000],
      ['new_payee', false, null],
      ['changed_payee', false, null],
      ['out_of_hours', false, null],
      ['reveal_sensitive', false, null],
    ])
    expect(items[0]?.title).toBe('Every refund over USD 10,000.00 asks first')
  })

  test('switched on are rules, and switched off leave no rule', async () => {
    for (const { id, on } of (await t.call('policies.presets', {})).items) {
      expect(on).toBe(false)
      await t.call('policies.setPreset', { presetId: id, on: true })
      expect(await preset(id)).toMatchObject({ on: true, policyId: expect.stringMatching(/^pol_/) })
    }
    expect((await t.call('policies.presets', {})).items.every(({ on }) => on)).toBe(true)
    expect((await rules()).map(({ procedure }) => procedure)).toEqual([
      '*',
      '*',
      'integrations.reveal',
      ...Array.from({ length: 6 }, () => refund),
      'secrets.attachment',
      'secrets.copyTicket',
      'secrets.export',
      'secrets.reveal',
      'secrets.saveAttachment',
    ])
    for (const { id } of (await t.call('policies.presets', {})).items)
      await t.call('policies.setPreset', { presetId: id, on: false })
    expect(await rules()).toEqual([])
  })

  test('take an amount where they have one, and stand beside the others', async () => {
    await t.call('policies.setPreset', { presetId: 'any_over', on: true, over: usd(500) })
    await t.call('policies.setPreset', { presetId: 'big_sum_step_up', on: true, over: usd(900) })
    expect(await preset('any_over')).toMatchObject({ over: usd(500), title: 'Anything over USD 5.00 asks first' })
    expect((await t.ask(501)).demands).toMatchObject({ stepUp: false, notBefore: null })
    expect((await t.ask(901)).demands).toMatchObject({ stepUp: true, notBefore: t.now + 600_000 })
    await t.call('policies.setPreset', { presetId: 'any_over', on: true, over: usd(700) })
    expect(await statusOf(700)).toBe('done')
    await expect(t.call('policies.setPreset', { presetId: 'new_payee', on: true, over: usd(1) })).rejects.toMatchObject({
      code: 'invalid_input',
    })
    await expect(t.call('policies.setPreset', { presetId: 'nothing', on: true })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('can be off for one business while the vault has them on', async () => {
    await t.call('policies.setPreset', { presetId: 'refund_limit', on: true, over: usd(10) })
    expect(await statusOf(11)).toBe('awaitingApproval')
    const { businessId } = t
    await t.call('policies.setPreset', { presetId: 'refund_limit', on: false, businessId })
    expect(await statusOf(11)).toBe('done')
    expect([await preset('refund_limit'), await preset('refund_limit', businessId)]).toMatchObject([{ on: true }, { on: false }])
    await t.call('policies.setPreset', { presetId: 'refund_limit', on: false, businessId })
    await t.call('policies.setPreset', { presetId: 'refund_limit', on: true, over: usd(20), businessId })
    expect(await statusOf(21)).toBe('awaitingApproval')
    expect(await statusOf(20)).toBe('done')
    await expect(t.call('policies.presets', { businessId: 'biz_unknown' })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('show on a card what is switched', async () => {
    await t.rule({ procedure: 'policies.setPreset', decision: 'ask' })
    await t.call('policies.setPreset', { presetId: 'any_over', on: true, over: usd(100) })
    await t.call('policies.setPreset', { presetId: 'new_payee', on: false })
    expect((await t.pending()).map(({ facts }) => [facts.what, facts.before, facts.after])).toEqual([
      [
        'Switch a ready rule on: Anything over USD 1.00 asks first',
        { rule: 'off' },
        { rule: 'Anything over USD 1.00 asks first' },
      ],
      ['Switch a ready rule off: Paying someone for the first time asks first', { rule: 'off' }, { rule: 'off' }],
    ])
  })
})

test('who may not set rules reads them, and who may not read them gets none', async () => {
  const reader = await t.token(scopes.filter((scope) => scope !== 'policies:write' && scope !== 'approvals:decide'))
  expect(await t.call('policies.presets', {}, reader)).toMatchObject({ items: expect.any(Array) })
  await expect(t.call('policies.setPreset', { presetId: 'any_over', on: true }, reader)).rejects.toMatchObject({
    code: 'forbidden',
  })
  const blind = await t.token(['rates:read'])
  await expect(t.call('policies.list', {}, blind)).rejects.toMatchObject({ code: 'forbidden' })
})
