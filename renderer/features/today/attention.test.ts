import { describe, expect, it } from 'vitest'
import type { Approval } from '../../../shared/contract/approvals'
import type { Invoice } from '../../../shared/contract/invoices'
import type { SecretSummary } from '../../../shared/contract/secrets'
import { attention, type TodayFacts } from './attention'

const money = (minor: number) => ({ minor, currency: 'USD' })
function invoice(id: string, change: Partial<Invoice>): Invoice {
  return {
    id,
    businessId: 'b',
    customerId: 'c',
    number: `INV-${id}`,
    status: 'open',
    currency: 'USD',
    issuedOn: '2026-11-01',
    dueOn: '2026-11-15',
    lines: [],
    subtotal: money(100),
    tax: money(0),
    total: money(100),
    amountPaid: money(60),
    amountDue: money(40),
    hostedInvoiceUrl: null,
    memo: null,
    overdue: true,
    problem: null,
    createdAt: 0,
    version: 1,
    ...change,
  }
}
const nothing: TodayFacts = {
  today: '2026-11-21',
  approvals: [],
  overdue: [],
  drafts: [],
  troubled: [],
  integrations: [],
  deadEvents: 0,
  dueSecrets: [],
  noKit: false,
  now: 1000,
}

describe('attention', () => {
  it('is silent when nothing waits', () => {
    expect(attention(nothing)).toEqual([])
  })

  it('puts broken deliveries before late money, and late money before drafts', () => {
    const rows = attention({
      ...nothing,
      overdue: [invoice('1', {})],
      drafts: [invoice('2', { status: 'draft', number: null })],
      troubled: [invoice('3', { status: 'sending', problem: 'Stripe did not answer.' })],
      deadEvents: 2,
    })
    expect(rows.map((row) => row.id)).toEqual(['dead', '3', '1', '2'])
    expect(rows[1]).toMatchObject({ text: 'INV-3 could not be sent yet', detail: 'Stripe did not answer.' })
    expect(rows[2]).toMatchObject({ text: 'INV-1 overdue by 6 days', amount: money(40) })
    expect(rows[3]?.amount).toEqual(money(100))
  })

  it('shows the longest overdue first and sums up the rest', () => {
    const overdue = ['15', '10', '12', '11', '14', '13'].map((day) => invoice(day, { dueOn: `2026-11-${day}` }))
    const rows = attention({ ...nothing, overdue })
    expect(rows.map((row) => row.id)).toEqual(['10', '11', '12', '13', 'overdue'])
    expect(rows.at(-1)?.text).toBe('and 2 more')
  })

  it('shows a plan as one row that leads to its first step, and sums up what is beyond four', () => {
    const approval = (id: string, step: number | null): Approval => ({
      id,
      procedure: 'secrets.create',
      askedBy: 'assistant',
      facts: {
        businessId: 'b',
        what: `Keep ${id}.`,
        amount: null,
        payee: null,
        about: null,
        before: {},
        after: {},
        undo: 'yes',
        why: 'A rule asks.',
      },
      digest: id,
      demands: { stepUp: false, notBefore: null, secondApprover: false, approvedBy: [] },
      plan: step === null ? null : { id: 'plan', title: 'Move house', step, steps: 2 },
      editable: [],
      status: 'pending',
      createdAt: 0,
      expiresAt: 0,
      decidedAt: null,
      note: null,
      problem: null,
    })
    const approvals = [
      approval('a', null),
      approval('p2', 2),
      approval('p1', 1),
      ...['b', 'c', 'd', 'e'].map((id) => approval(id, null)),
    ]
    const rows = attention({ ...nothing, approvals })
    expect(rows.map(({ id, text }) => [id, text])).toEqual([
      ['a', 'Keep a'],
      ['p1', 'Move house'],
      ['b', 'Keep b'],
      ['c', 'Keep c'],
      ['approvals', 'and 2 more'],
    ])
    expect(rows[1]?.target).toEqual({ kind: 'approvals', approvalId: 'p1' })
  })

  it('warns last of a vault that only its passphrase opens', () => {
    const rows = attention({ ...nothing, noKit: true, drafts: [invoice('2', { status: 'draft', number: null })] })
    expect(rows.map(({ id }) => id)).toEqual(['2', 'kit'])
  })

  it('names a single item that is due and leads many to the page of them all', () => {
    const due = (id: string, dueAt: number, rotationPhase: SecretSummary['rotationPhase'] = 'none'): SecretSummary => ({
      id,
      businessId: null,
      kind: 'api_key',
      title: id,
      tags: [],
      hint: null,
      sensitive: false,
      version: 1,
      createdAt: 0,
      updatedAt: 0,
      lastUsedAt: null,
      dueAt,
      rotationPhase,
      attachmentCount: 0,
      deletedAt: null,
    })
    const rows = attention({
      ...nothing,
      dueSecrets: [due('late', 1000), due('later', 500), due('soon', 2000), due('rotating', 500, 'added')],
    })
    expect(rows.map(({ tone, detail, target }) => [tone, detail, target])).toEqual([
      ['wax', 'late, later', { kind: 'expiring' }],
      ['quiet', 'soon', { kind: 'secret', secretId: 'soon' }],
    ])
  })
})
