import type { Approval } from '../../../shared/contract/approvals'
import type { Input, Reply } from '../../../shared/contract/index'
import type { Actor } from '../dispatch/index'
import { openTestDispatch, type TestDispatch } from '../dispatch/testing'
import { newId } from '../ports/ids'

type Refund = Input<'payments.requestRefund'>

/** A business in which amounts are paid back to payees by a stand-in handler that keeps what it was asked; all else is the app's own. */
export interface GovernanceBed extends TestDispatch {
  /** The business that pays; tests may put another in its place. */
  businessId: string
  /** What was carried out, in order. */
  readonly paid: Refund[]
  /** Pays so many minor units to a payee. */
  pay(minor: number, payee?: string, actor?: Actor, currency?: string): Promise<Reply<'payments.requestRefund'>>
  /** As `pay`, for an amount that must wait. */
  ask(minor: number, payee?: string, actor?: Actor): Promise<Approval>
  card(approvalId: string): Promise<Approval>
  pending(): Promise<Approval[]>
  decide(asked: Pick<Approval, 'id' | 'digest'>, decision?: 'approve' | 'deny', by?: Actor): Promise<Approval>
  rule(input: Omit<Input<'policies.set'>, 'procedure'> & { procedure?: string }): Promise<string>
}

/** For tests only. The refund limit is switched off, so that only the test's own rules look. */
export async function openGovernanceBed(): Promise<GovernanceBed> {
  const t = openTestDispatch()
  const businessId = await t.business()
  const paid: Refund[] = []
  t.handle('payments.requestRefund', {
    editable: ({ amount, reason }) => [
      { field: 'amount', kind: 'money', value: amount },
      { field: 'reason', kind: 'text', value: reason },
    ],
    facts: (_, { paymentId, amount }) => ({
      businessId: bed.businessId,
      what: `Pay ${amount.minor} back`,
      amount,
      payee: paymentId,
      before: {},
      after: {},
      undo: 'no',
    }),
    run: (context, input) => {
      paid.push(input)
      context.note({ businessId: bed.businessId })
      const { paymentId, amount, reason } = input
      const refundId = newId('ref', context.now)
      return { refundId, paymentId, amount, reason, status: 'submitted', problem: null, requestedAt: context.now }
    },
  })
  let requests = 0
  const bed: GovernanceBed = Object.assign(t, {
    businessId,
    paid,
    pay: (minor: number, payee = 'cus_a', actor: Actor = t.owner, currency = 'USD') => {
      requests += 1
      const input = { requestId: `pay-${requests}`, paymentId: payee, amount: { minor, currency }, reason: 'Agreed' }
      return t.call('payments.requestRefund', input, actor)
    },
    ask: async (minor: number, payee?: string, actor?: Actor) => {
      const outcome = await bed.pay(minor, payee, actor)
      if (outcome.status !== 'awaitingApproval') throw new Error('It did not wait')
      return bed.card(outcome.approvalId)
    },
    card: async (approvalId: string) => {
      const found = (await t.call('approvals.list', { limit: 200 })).items.find(({ id }) => id === approvalId)
      if (found === undefined) throw new Error('There is no such card')
      return found
    },
    pending: async () => (await t.call('approvals.list', { status: 'pending', limit: 200 })).items,
    decide: async (
      { id, digest }: Pick<Approval, 'id' | 'digest'>,
      decision: 'approve' | 'deny' = 'approve',
      by: Actor = t.owner,
    ) => {
      const outcome = await t.call('approvals.decide', { approvalId: id, digest, decision }, by)
      if (outcome.status !== 'done') throw new Error('A decision never waits')
      return outcome.value
    },
    rule: async (input: Omit<Input<'policies.set'>, 'procedure'> & { procedure?: string }) => {
      const outcome = await t.call('policies.set', { procedure: 'payments.requestRefund', ...input })
      if (outcome.status !== 'done') throw new Error('It waits')
      return outcome.value.id
    },
  })
  await bed.call('policies.setPreset', { presetId: 'refund_limit', on: false })
  return bed
}
