import type { CommandName } from '../../shared/contract/index'
import { payeeChecks } from '../../shared/contract/payees'
import type { CommandCase } from './commandTable'
import type { Desk } from './desk'
import type { LiveApp } from './liveApp'

/** As `commandCases`, of rules and payees. */
export function governanceCases(live: LiveApp, desk: Desk): { readonly [N in CommandName]?: CommandCase<N> } {
  const { businessId } = desk
  let hours = 24
  /** A customer whose e-mail has just changed. */
  const heldPayee = async (): Promise<string> => {
    const customerId = await desk.newCustomer()
    await live.run('customers.update', { customerId, email: 'new@customer.example' })
    for (let cursor: string | null = null; ; ) {
      const page: Awaited<ReturnType<typeof list>> = await list(cursor)
      const found = page.items.find(({ subjectId }) => subjectId === customerId)
      if (found !== undefined) return found.id
      if (page.nextCursor === null) throw new Error('The customer is not held')
      cursor = page.nextCursor
    }
  }
  const list = (cursor: string | null) =>
    live.call('payees.list', { businessId, quarantined: true, limit: 200, ...(cursor === null ? {} : { cursor }) })
  return {
    'policies.remove': {
      input: async () => {
        const when = { weekdays: [1, 2], hours: { from: '01:00', to: '02:00' } }
        const rule = await live.run('policies.set', { businessId, procedure: 'rates.set', decision: 'ask', when })
        return { policyId: rule.id }
      },
    },
    'policies.setPreset': {
      input: () => ({ businessId, presetId: 'new_payee', on: true }),
      again: () => live.run('policies.setPreset', { businessId, presetId: 'new_payee', on: false }),
    },
    'payees.check': { input: async () => ({ payeeId: await heldPayee(), check: 'document_seen', done: true }) },
    'payees.release': {
      input: async () => {
        const payeeId = await heldPayee()
        for (const check of payeeChecks) await live.run('payees.check', { payeeId, check, done: true })
        return { payeeId }
      },
    },
    'payees.setQuarantine': {
      input: () => {
        hours = hours === 72 ? 24 : hours + 1
        return { hours }
      },
      ofVault: true,
    },
  }
}
