const aboutInvoices = ['invoices.create', 'invoices.update', 'invoices.send', 'invoices.void', 'invoices.duplicate']

/** Commands whose card states an amount; a limit on any other would never be reached. */
export const commandsWithAmount: ReadonlySet<string> = new Set([
  ...aboutInvoices,
  'payments.requestRefund',
  'ledger.post',
  'ledger.reverse',
])

/** Commands whose card names a payee. */
export const commandsWithPayee: ReadonlySet<string> = new Set([
  ...aboutInvoices,
  'payments.requestRefund',
  'customers.update',
  'payees.check',
  'payees.release',
])
