import type { CommandName } from '../../shared/contract/index'
import { payeeChecks } from '../../shared/contract/payees'
import type { CommandCase } from './commandTable'
import type { Desk } from './desk'
import type { LiveApp } from './liveApp'

interface HeldPayee {
  readonly payeeId: string
  readonly checksum: string
}

/** The payee of a customer whose e-mail has just changed, as its checklist names it. */
export async function newHeldPayee(live: LiveApp, { businessId, newCustomer }: Desk): Promise<HeldPayee> {
  const customerId = await newCustomer()
  await live.run('customers.update', { customerId, email: 'new@customer.example' })
  const page = (cursor: string | null) =>
    live.call('payees.list', { businessId, quarantined: true, limit: 200, ...(cursor === null ? {} : { cursor }) })
  for (let { items, nextCursor } = await page(null); ; { items, nextCursor } = await page(nextCursor)) {
    const found = items.find(({ subjectId }) => subjectId === customerId)
    if (found !== undefined) return { payeeId: found.id, checksum: found.checksum ?? '' }
    if (nextCursor === null) throw new Error('The customer is not held')
  }
}

/** As `commandCases`, of rules and payees. */
export function governanceCases(live: LiveApp, desk: Desk): { readonly [N in CommandName]?: CommandCase<N> } {
  const { businessId } = desk
  let hours = 24
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
    'payees.check': { input: async () => ({ ...(await newHeldPayee(live, desk)), check: 'document_seen', done: true }) },
    'payees.release': {
      input: async () => {
        const payee = await newHeldPayee(live, desk)
        for (const check of payeeChecks) await live.run('payees.check', { ...payee, check, done: true })
        return payee
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
