import type { CommandName } from '../../../shared/contract/index'

/** What each command does, as short as a person says it. */
const commands: Readonly<Record<CommandName, string>> = {
  'businesses.create': 'Create a business',
  'businesses.update': 'Change a business',
  'customers.create': 'Add a customer',
  'customers.update': 'Change a customer',
  'integrations.connect': 'Connect Stripe',
  'integrations.disconnect': 'Disconnect Stripe',
  'integrations.reveal': 'Show a stored key',
  'rates.set': 'Store an exchange rate',
  'invoices.create': 'Write an invoice',
  'invoices.update': 'Change a draft',
  'invoices.send': 'Send an invoice',
  'invoices.void': 'Void an invoice',
  'invoices.duplicate': 'Duplicate an invoice',
  'payments.requestRefund': 'Refund a payment',
  'approvals.decide': 'Decide an approval',
  'policies.set': 'Set a rule',
  'ledger.createAccount': 'Add an account',
  'ledger.post': 'Post a journal entry',
  'ledger.reverse': 'Reverse an entry',
  'ledger.closePeriod': 'Close a period',
  'ledger.import': 'Import entries',
  'ledger.importFile': 'Import entries from a file',
  'ledger.cancelImport': 'Cancel an import',
  'ledger.saveExport': 'Export the journal',
  'events.sync': 'Fetch events from Stripe',
  'events.replay': 'Apply an event again',
  'vault.lock': 'Lock the vault',
  'vault.unlock': 'Unlock the vault',
  'vault.changePassphrase': 'Change the passphrase',
  'tokens.create': 'Make an access token',
  'tokens.revoke': 'Revoke an access token',
  'practice.setFaults': 'Set practice faults',
}

/** What the app notes by itself, outside a command. */
const others: Readonly<Record<string, string>> = {
  'invoices.issued': 'Invoice issued',
  'invoices.declined': 'Invoice declined',
  'invoices.voided': 'Invoice voided',
  'invoices.voidDeclined': 'Voiding declined',
  'invoices.paid': 'Invoice paid',
  'invoices.uncollectible': 'Invoice written off',
  'payments.received': 'Payment received',
  'payments.refunded': 'Refund booked',
  'payments.refundFailed': 'Refund failed',
  'payments.refundFeeKnown': 'Fee of a refund booked',
  'payments.refundPending': 'Refund accepted',
  'payments.feeKnown': 'Stripe fee booked',
  'events.apply': 'Apply a Stripe event',
  'outbox.send': 'Deliver to Stripe',
  'outbox.invoice.send': 'Deliver an invoice to Stripe',
  'outbox.invoice.void': 'Deliver a voiding to Stripe',
  'outbox.refund': 'Deliver a refund to Stripe',
  'approvals.expire': 'Approval expired',
  'api.authenticate': 'Open the API with a token',
}

/** A step in words; its name where it is not known. */
export function stepWords(procedure: string): string {
  if (Object.hasOwn(commands, procedure)) return commands[procedure as CommandName]
  return (Object.hasOwn(others, procedure) ? others[procedure] : undefined) ?? procedure
}
