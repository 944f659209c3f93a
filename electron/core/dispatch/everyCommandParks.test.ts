import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Approval, approval as approvalSchema } from '../../../shared/contract/approvals'
import { type CommandName, type Input, procedureOf } from '../../../shared/contract/index'
import { scopes } from '../../../shared/contract/procedure'
import { AppError } from '../../../shared/errors'
import { type CommandCase, commandCases, parkableNames } from '../../../tests/support/commandTable'
import { type Desk, newRequestId, openDesk } from '../../../tests/support/desk'
import { type LiveApp, openLiveApp } from '../../../tests/support/liveApp'
import { digestTables, recordTables } from '../../../tests/support/tables'
import { sql } from '../db/index'
import { commandsWithAmount, commandsWithPayee } from '../policies/index'
import type { Actor } from './actor'

let live: LiveApp
let desk: Desk
let cases: ReturnType<typeof commandCases>
/** A script with every right. */
let script: Actor

beforeAll(async () => {
  live = await openLiveApp('practice')
  desk = await openDesk(live)
  cases = commandCases(live, desk)
  await desk.newPayment()
  await desk.newEntry()
  await cases['integrations.connect']?.again?.()
  const token = await live.run('tokens.create', { name: 'A script', scopes: [...scopes], expiresInHours: 24 })
  script = { name: `token:${token.id}`, scopes: new Set(scopes) }
})
afterAll(() => live.close())

type AnyInput = Record<string, unknown>

/** Through dispatch: as a door calls it, also what only the window may do. */
function call(name: CommandName, input: AnyInput): Promise<{ status: string; approvalId?: string; value?: unknown }> {
  const door = procedureOf(name).doors === 'window' ? 'window' : 'api'
  return live.app.dispatcher.callByName(name, input, { actor: script, door }) as Promise<{ status: string }>
}

const rule = (procedure: CommandName, decision: 'allow' | 'ask' | 'refuse') =>
  live.send('policies.set', { procedure, decision }).then((answer) => answer.body as { status: string; approvalId?: string })

/** Once a rule holds back changes of rules, the owner approves their own. */
async function setRule(procedure: CommandName, decision: 'allow' | 'ask' | 'refuse'): Promise<void> {
  const outcome = await rule(procedure, decision)
  if (outcome.approvalId !== undefined) await decide(outcome.approvalId, 'approve')
}

async function cardOf(approvalId: string): Promise<Approval> {
  const { items } = await live.call('approvals.list', { limit: 200 })
  const card = items.find(({ id }) => id === approvalId)
  if (card === undefined) throw new Error('There is no card')
  return card
}

async function decide(approvalId: string, decision: 'approve' | 'deny'): Promise<Approval> {
  const { digest } = await cardOf(approvalId)
  return live.run('approvals.decide', { approvalId, digest, decision })
}

/** What the provider sends and is sent comes and goes by itself; so do the notes that a key was used for it. */
const notOurs = new Set([
  ...recordTables,
  ...['approval', 'approval_rule', 'command_fact', 'provider_event', 'outbox', 'secret_use', 'schedule_run'],
])
const domainTables = () => digestTables(live.db, notOurs)

/** Names and row counts of the tables that differ. */
function changes(before: Record<string, string>, after: Record<string, string>): Record<string, number> {
  const count = (text: string | undefined) => Number.parseInt(text ?? '0', 10)
  return Object.fromEntries(
    Object.keys(after)
      .filter((table) => before[table] !== after[table])
      .map((table) => [table, count(after[table]) - count(before[table])]),
  )
}

/** The app looks for new events every few seconds by itself. */
const callsAtProvider = async () => {
  const { items } = await live.call('practice.calls', { provider: 'stripe' })
  return items.filter(({ path }) => !path.startsWith('/v1/events')).length
}

const auditRows = (procedure: string) =>
  live.db
    .all<{ actor: string; outcome: string; details: string }>(
      sql`SELECT actor, outcome, details FROM audit_row WHERE procedure = ${procedure} ORDER BY seq`,
    )
    .map((row) => ({ ...row, details: JSON.parse(row.details) as AnyInput }))

test('the table has a case for every command that can wait', () => {
  expect(Object.keys(cases).sort()).toEqual([...parkableNames].sort())
})

describe.each(parkableNames)('a rule over %s', (name) => {
  const caseOf = () => cases[name] as CommandCase<CommandName>
  const fresh = async (): Promise<AnyInput> => {
    const input = (await caseOf().input()) as Input<CommandName> & AnyInput
    await desk.settle()
    return { requestId: newRequestId(), ...input }
  }
  const again = async () => void (await caseOf().again?.())

  test('makes it wait as a card, and approved it does what it does without the rule', async () => {
    const unparked = await fresh()
    const first = domainTables()
    expect((await call(name, unparked)).status).toBe('done')
    await desk.settle()
    const effect = changes(first, domainTables())
    await again()

    const asked = await fresh()
    await setRule(name, 'ask')
    const before = domainTables()
    const atProvider = await callsAtProvider()
    const parked = await call(name, asked)
    expect(parked).toEqual({ status: 'awaitingApproval', approvalId: expect.any(String) })
    expect(await call(name, asked)).toEqual(parked)
    expect(changes(before, domainTables())).toEqual({})
    expect(await callsAtProvider()).toBe(atProvider)

    const card = await cardOf(parked.approvalId ?? '')
    expect(approvalSchema.parse(card)).toEqual(card)
    expect(card).toMatchObject({ procedure: name, askedBy: script.name, status: 'pending', note: null, problem: null })
    expect(card.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(card.facts.businessId).toBe(caseOf().ofVault ? null : desk.businessId)
    expect(card.facts.what.length).toBeGreaterThan(10)
    expect(card.facts.amount !== null, 'an amount').toBe(commandsWithAmount.has(name))
    expect(card.facts.payee !== null, 'a payee').toBe(commandsWithPayee.has(name))
    expect(card.facts.why).toBe('Your rule: this always asks.')
    expect(JSON.stringify(card)).not.toMatch(/brook|sk_test|whsec/i)

    expect(await decide(card.id, 'approve')).toMatchObject({ id: card.id, status: 'approved', problem: null })
    await desk.settle()
    expect(changes(before, domainTables())).toEqual(effect)
    expect(auditRows(name).at(-1)).toMatchObject({
      actor: script.name,
      outcome: 'done',
      details: { approvalId: card.id, approvedBy: 'owner' },
    })
    expect(await call(name, asked)).toEqual(parked)
    await setRule(name, 'allow')
    await again()
  })

  test('denied it never runs; refused it is refused; allowed it runs', async () => {
    const denied = await fresh()
    await setRule(name, 'ask')
    const parked = await call(name, denied)
    const before = domainTables()
    expect(await decide(parked.approvalId ?? '', 'deny')).toMatchObject({ status: 'denied' })
    await desk.settle()
    expect(changes(before, domainTables())).toEqual({})
    expect(await call(name, denied)).toEqual(parked)

    if (name === 'policies.set') {
      expect((await live.send('policies.set', { procedure: name, decision: 'refuse' })).status).toBe(400)
      await setRule(name, 'allow')
      return
    }
    await setRule(name, 'refuse')
    const refused = await fresh()
    const unruled = domainTables()
    const refusal = call(name, refused)
    await expect(refusal).rejects.toBeInstanceOf(AppError)
    await expect(refusal).rejects.toMatchObject({ code: 'refused_by_policy' })
    expect(auditRows(name).at(-1)).toMatchObject({ actor: script.name, outcome: 'refused_by_policy' })
    expect(changes(unruled, domainTables())).toEqual({})
    await setRule(name, 'allow')
    expect((await call(name, refused)).status).toBe('done')
    await again()
  })
})
