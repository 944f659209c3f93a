import { sql } from '../../electron/core/db/index'
import { type CommandName, contract, type Input, type ProcedureName, procedureOf } from '../../shared/contract/index'
import { type Desk, entryInput, invoiceInput, newRequestId } from './desk'
import { governanceCases } from './governanceCommands'
import { grantCases } from './grantCommands'
import { type LiveApp, practiceKey, practiceWebhookSecret } from './liveApp'
import { safetyCases } from './safetyCommands'
import { secretCases } from './secretCommands'
import { vaultCases } from './vaultCommands'

/** Every command that a rule can make wait, by name. */
export const parkableNames = (Object.keys(contract) as ProcedureName[]).filter((name) => {
  const procedure = procedureOf(name)
  return procedure.kind === 'command' && procedure.parkable && !procedure.secretOutput
}) as CommandName[]

export interface CommandCase<N extends CommandName> {
  /** An input that works once, without a requestId unless the command asks for one; called anew for each use. */
  readonly input: () => Promise<Input<N>> | Input<N>
  /** Of no business: the vault's own affair. */
  readonly ofVault?: true
  /** Makes the same input work again after it was carried out. */
  readonly again?: () => Promise<unknown>
}

/** One case for each parkable command of the contract; a command that has none fails the tests that use the table. */
export function commandCases(live: LiveApp, desk: Desk): { readonly [N in CommandName]?: CommandCase<N> } {
  const { businessId, customerId } = desk
  const connect = { businessId, provider: 'stripe', secretKey: practiceKey, webhookSecret: practiceWebhookSecret } as const
  /** Twice, so that there is a webhook secret from before, as after every rotation. */
  const reconnect = async () => {
    await live.run('integrations.connect', connect)
    await live.run('integrations.connect', connect)
  }
  let month = 0
  let rate = 0
  const vaultName = () => `Studio ${newRequestId()}`
  return {
    'businesses.create': {
      input: () => ({ name: vaultName(), currency: 'JPY', country: 'JP', timeZone: 'Asia/Tokyo' }),
      ofVault: true,
    },
    'businesses.update': {
      input: async () => {
        const { items } = await live.call('businesses.list', {})
        return { businessId, version: items.find(({ id }) => id === businessId)?.version ?? 0, name: vaultName() }
      },
    },
    'customers.create': { input: () => ({ businessId, name: 'Ada Brook', email: 'ada@brook.example' }) },
    'customers.update': {
      input: async () => ({ customerId: await desk.newCustomer(), email: `${newRequestId()}@brook.example` }),
    },
    'integrations.connect': { input: () => connect, again: reconnect },
    'integrations.disconnect': {
      input: () => ({ businessId, provider: 'stripe' }),
      again: reconnect,
    },
    'audit.addAnchor': { input: () => ({ name: vaultName() }), ofVault: true },
    'audit.removeAnchor': {
      input: async () => {
        const added = { name: vaultName() }
        const outcome = await live.app.dispatcher.call('audit.addAnchor', added, { actor: live.app.owner, door: 'window' })
        if (outcome.status !== 'done') throw new Error('No anchor was added')
        return { anchorId: outcome.value.items.at(-1)?.id ?? '' }
      },
      ofVault: true,
    },
    'rates.set': {
      input: () => {
        rate += 1
        return { businessId, base: 'EUR', quote: 'USD', on: `20${20 + rate}-01-10`, rate: '1.0845' }
      },
    },
    'invoices.create': { input: () => invoiceInput(businessId, customerId) },
    'invoices.update': { input: async () => ({ invoiceId: (await desk.newDraft()).id, memo: newRequestId() }) },
    'invoices.send': { input: async () => ({ invoiceId: (await desk.newDraft()).id, requestId: newRequestId() }) },
    'invoices.void': { input: async () => ({ invoiceId: (await desk.newOpenInvoice()).id, reason: 'Written by mistake' }) },
    'invoices.duplicate': { input: async () => ({ invoiceId: (await desk.newDraft()).id }) },
    'payments.requestRefund': {
      input: async () => ({
        requestId: newRequestId(),
        paymentId: (await desk.newPayment()).id,
        amount: { minor: 2_500, currency: 'USD' },
        reason: 'Half a day less',
      }),
    },
    'policies.set': { input: () => ({ procedure: 'rates.set', decision: 'allow' }), ofVault: true },
    'ledger.createAccount': { input: () => ({ businessId, account: `expenses:${newRequestId()}`, type: 'expenses' }) },
    'ledger.post': { input: () => ({ ...entryInput(businessId), requestId: newRequestId() }) },
    'ledger.reverse': {
      input: async () => ({ entryId: await desk.newEntry(), occurredOn: '2026-01-10', reason: 'Posted twice' }),
    },
    'ledger.closePeriod': {
      input: () => {
        month += 1
        return { businessId, through: `2001-0${month}-28` }
      },
    },
    'events.sync': { input: () => ({ businessId }) },
    'events.replay': {
      input: async () => {
        await desk.settle()
        const event = live.db.get<{ id: string }>(sql`SELECT id FROM provider_event WHERE business_id = ${businessId} LIMIT 1`)
        return { eventId: event?.id ?? '' }
      },
    },
    ...governanceCases(live, desk),
    ...safetyCases(live),
    ...secretCases(live, desk),
    ...vaultCases(live),
    ...grantCases(live, desk),
    'tokens.revoke': { input: async () => ({ tokenId: await desk.newToken() }), ofVault: true },
  }
}
